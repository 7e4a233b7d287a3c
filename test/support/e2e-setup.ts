import { requireCertutil, whyNoBrowserTrust } from './browser-trust.ts'
import { requireChromium } from './chromium.ts'

/** Before the first e2e test: what they need is there, or one sentence says what to install. */
export function setup(): void {
  requireChromium()
  if (!whyNoBrowserTrust()) requireCertutil()
}
