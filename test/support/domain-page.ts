import type { Page } from 'playwright-core'

/** Goes to one part of the page of a domain, as a person does. */
export async function showPart(window: Page, name: string): Promise<void> {
  await window
    .getByRole('navigation', { name: /^Settings of/ })
    .getByRole('link', { name })
    .click()
}
