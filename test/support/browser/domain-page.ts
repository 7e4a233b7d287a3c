import type { Page } from 'playwright-core'

export async function showPart(window: Page, name: string): Promise<void> {
  await window
    .getByRole('navigation', { name: /^Settings of/ })
    .getByRole('link', { name })
    .click()
}
