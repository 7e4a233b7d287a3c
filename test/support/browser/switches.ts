import type { Locator } from 'playwright-core'

/**
 * Clicks a switch once it is enabled: it is disabled during its save. Its track covers the input, so the
 * click is forced, and a forced click on a disabled control does nothing.
 */
export async function flip(control: Locator): Promise<void> {
  await control.and(control.page().locator(':enabled')).click({ force: true })
}
