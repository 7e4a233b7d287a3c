import { requireCertutil, whyNoBrowserTrust } from './browser-trust.ts'
import { requireChromium } from './chromium.ts'

/** Checks the requirements of e2e tests before the first one, and names what to install. */
export function setup(): void {
  requireChromium()
  if (!whyNoBrowserTrust()) requireCertutil()
}
