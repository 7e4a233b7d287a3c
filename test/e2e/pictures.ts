import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'

/** Folder of the screenshots; unset: none are taken. No test compares them, they are for a reviewer. */
const { EDGEKEEP_LOOK: look, EDGEKEEP_PICTURES: folder = look && 'test-results/pictures' } = process.env

/**
 * Takes a screenshot of the page at rest, without the notices of earlier steps, which would cover it. `npm
 * run pictures` puts the pictures into docs, where the README shows them.
 */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (!folder) return
  const file = path.resolve(folder, `${name}.png`)
  await showNotices(page, false)
  // Panels slide for less than this.
  await page.waitForTimeout(350)
  await page.screenshot({ path: file, animations: 'disabled' })
  writeFileSync(path.resolve(folder, `${name}.txt`), await page.locator('body').innerText())
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

/**
 * Takes a screenshot at each supported width, dark and light; only if `EDGEKEEP_LOOK` is set, for a review of
 * a screen.
 */
export async function lookOver(page: Page, name: string): Promise<void> {
  if (!look) return takePicture(page, name)
  const before = page.viewportSize()
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [760, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 })
      await takePicture(page, `${name}-${width}-${colorScheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: null })
  if (before) await page.setViewportSize(before)
}
