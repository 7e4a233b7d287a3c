import type { Page } from 'playwright-core'

/** Opens the card with Pause, Turn off and Remove. */
export async function showDanger(window: Page): Promise<void> {
  const card = window.locator('details', { hasText: 'Remove domain…' })
  if ((await card.getAttribute('open')) === null) await card.locator('summary').click()
}

export async function showPart(window: Page, name: string): Promise<void> {
  await window
    .getByRole('navigation', { name: /^Settings of/ })
    .getByRole('link', { name })
    .click()
}
