import path from 'node:path'
import type { Page } from 'playwright-core'

/**
 * Takes a picture of the page at rest, without the notices of the steps before, which would cover what
 * it is about. `npm run pictures` puts the pictures into docs, where the README shows them.
 */
export async function takePicture(page: Page, name: string): Promise<void> {
  const file = path.resolve(process.env.EDGEKEEP_PICTURES ?? 'test-results/pictures', `${name}.png`)
  await showNotices(page, false)
  // Panels slide for less than this.
  await page.waitForTimeout(350)
  await page.screenshot({ path: file, animations: 'disabled' })
  await showNotices(page, true)
}

/** Set on the elements: the window's policy refuses a style sheet that a test would bring. */
async function showNotices(page: Page, shown: boolean): Promise<void> {
  await page.locator('.mantine-Notifications-root').evaluateAll(
    (roots, visibility) => {
      for (const root of roots) (root as HTMLElement).style.visibility = visibility
    },
    shown ? '' : 'hidden',
  )
}
