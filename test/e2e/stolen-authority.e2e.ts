import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type BrowserRun } from '../support/browser/browser.ts'
import { whyNoBrowserTrust } from '../support/browser/browser-trust.ts'
import { openFirefox, whyNoFirefox, type FirefoxRun } from '../support/browser/firefox.ts'
import { needs } from '../support/needs.ts'
import {
  bank,
  openFalseSite,
  stealAuthority,
  type Forged,
  type StolenAuthority,
} from '../support/pki/stolen-authority.ts'

const honest = 'shop.localhost'
const thieves = ['byIntermediate', 'byRoot', 'byOwnIntermediate'] as const
let stolen: StolenAuthority
beforeAll(async () => {
  stolen = await stealAuthority()
})

/** Whether a request came over a finished handshake while `visit` asked for the site. */
async function isTaken(forged: Forged, visit: (port: number) => Promise<unknown>): Promise<boolean> {
  const site = await openFalseSite(forged)
  try {
    await visit(site.port)
    return site.requests() > 0
  } finally {
    site.close()
  }
}

describe('Chromium that trusts a stolen authority', () => {
  const missing = whyNoBrowserTrust()
  needs(missing)
  let browser: BrowserRun | undefined
  beforeAll(async () => {
    if (!missing) browser = await openBrowser({ authorityPem: stolen.rootPem, hosts: [bank, honest] })
  })
  afterAll(() => browser?.close())

  const visit = (name: string) => async (port: number) => {
    const page = await browser!.context.newPage()
    // Most of these tests expect a refusal.
    await page.goto(`https://${name}:${port}/`).catch(() => undefined)
    await page.close()
  }

  test('accepts permitted names, and no forged bank', async () => {
    expect(await isTaken(stolen.byIntermediate(honest), visit(honest))).toBe(true)
    for (const thief of thieves)
      expect([thief, await isTaken(stolen[thief](bank), visit(bank))]).toEqual([thief, false])
  })
})

describe('Firefox that trusts a stolen authority', () => {
  const missing = whyNoFirefox()
  needs(missing)
  let firefox: FirefoxRun | undefined
  beforeAll(async () => {
    if (!missing) firefox = await openFirefox({ authorityPem: stolen.rootPem, hosts: [bank, honest] })
  }, 60_000)
  afterAll(() => firefox?.close())

  test('accepts permitted names, and no forged bank', async () => {
    const visit = (name: string) => (port: number) => firefox!.visit(`https://${name}:${port}/`)
    expect(await isTaken(stolen.byIntermediate(honest), visit(honest))).toBe(true)
    for (const thief of thieves)
      expect([thief, await isTaken(stolen[thief](bank), visit(bank))]).toEqual([thief, false])
  }, 60_000)
})
