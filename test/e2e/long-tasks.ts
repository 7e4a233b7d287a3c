import type { Page } from 'playwright-core'

interface Watching {
  longTasks?: PerformanceObserver
  longestTaskMs?: number
}

/** From here on the page notes its tasks of 50 ms and more; the answer gives the longest in ms, 0 for none. */
export async function watchLongTasks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const here = globalThis as Watching
    here.longestTaskMs = 0
    const note = (entries: PerformanceEntryList) => {
      for (const { duration } of entries) here.longestTaskMs = Math.max(here.longestTaskMs ?? 0, duration)
    }
    here.longTasks = new PerformanceObserver((list) => note(list.getEntries()))
    here.longTasks.observe({ entryTypes: ['longtask'] })
  })
  return () =>
    page.evaluate(() => {
      const here = globalThis as Watching
      const last = here.longTasks?.takeRecords() ?? []
      here.longTasks?.disconnect()
      return Math.max(here.longestTaskMs ?? 0, ...last.map(({ duration }) => duration))
    })
}
