import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'

/** The e2e run leaves its pictures here; `npm run pictures` puts them into docs. */
const folder = path.resolve('test-results', 'pictures')

/** Takes a picture of the page when it has come to rest, named like `02-https-settings`. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' })
}
