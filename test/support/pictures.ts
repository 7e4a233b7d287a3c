import path from 'node:path'
import type { Page } from 'playwright-core'

/** Takes a picture of the page at rest. `npm run pictures` puts them into docs, where the README shows them. */
export async function takePicture(page: Page, name: string): Promise<void> {
  // Notices fade and panels slide for less than this.
  await page.waitForTimeout(350)
  await page.screenshot({
    path: path.resolve('test-results/pictures', `${name}.png`),
    animations: 'disabled',
  })
}
