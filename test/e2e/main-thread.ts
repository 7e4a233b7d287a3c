import type { Page } from 'playwright-core'

/*
 * Work of the main thread of a window's page, in processor time: a task that lost the processor to other work
 * of the machine is no longer for it.
 */

/** Seconds in which the thread is busy from here on. */
export async function watchBusySeconds(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  }
  const before = await busy()
  return async () => (await busy()) - before
}

/** An event of a trace: of which thread, and how long it had the processor, in microseconds. */
interface TraceEvent {
  name: string
  pid: number
  tid: number
  tdur?: number
  args?: { name?: string }
}

/** The longest task from here on, in milliseconds. Throws where nothing was measured. */
export async function watchLongestTask(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'] },
  })
  return async () => {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
    await session.send('Tracing.end')
    await complete
    return longestOf(events)
  }
}

function longestOf(events: readonly TraceEvent[]): number {
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const main = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  )
  const tasks = events.filter((event) => event.tdur !== undefined && main.has(threadOf(event)))
  if (tasks.length === 0) throw new Error('The trace has no task of a page.')
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000
}
