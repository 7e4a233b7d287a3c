import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Client } from '../../src/client/client.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { whyNoBrowserTrust } from '../support/browser/browser-trust.ts'
import { openTestEngine, testEdge, type TestEngine } from '../support/engine/engine.ts'
import { openFirefox, whyNoFirefox } from '../support/browser/firefox.ts'
import { needs } from '../support/needs.ts'
import { startOrigin } from '../support/edge/origin.ts'
import { openPage, statusOf } from '../support/browser/proof-page.ts'

/* The page that tries a browser which is open already, in a real Chromium and a real Firefox. */

let opened: TestEngine
let client: Client
let rootPem: string
let home: string
const homeBefore = process.env.HOME
beforeAll(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
  client = opened.client
  await client.authority.rotate({ allow: ['example.com'] })
  rootPem = (await client.authority.get())!.root.pem
})
afterAll(() => opened.close())
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'edgekeep-trust-'))
  process.env.HOME = home
})
afterEach(() => {
  process.env.HOME = homeBefore
  rmSync(path.join(opened.folder, 'trust'), { recursive: true, force: true })
  rmSync(home, { recursive: true, force: true })
})

const rows = async () => (await client.trust.status()).clients.filter(({ kind }) => kind === 'browser')

describe('Chromium', () => {
  needs(whyNoBrowserTrust())

  test.each([
    ['that trusts the authority is proven', true, [], 'trusted', /^Chromium \d+ trusts the local authority$/],
    ['that does not is told why', false, [], 'refused', /^Chromium \d+ does not trust the local authority$/],
    [
      'that accepts anything proves nothing',
      false,
      ['--ignore-certificate-errors'],
      'careless',
      /^Chromium \d+ accepts any certificate$/,
    ],
  ] as const)('%s', async (_, trusts, switches, outcome, title) => {
    const browser = await openBrowser({
      ...(trusts ? { authorityPem: rootPem } : {}),
      switches: [...switches],
    })
    try {
      const { address, next } = await openPage(client)
      const page = await browser.context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      await page.goto(address)
      expect(await next()).toMatchObject({ type: 'opened', browser: expect.stringMatching(/^Chromium \d+$/) })
      const over = await next()
      expect(over, JSON.stringify(over)).toMatchObject({ outcome, title: expect.stringMatching(title) })
      await page.getByRole('heading', { name: title }).waitFor()
      expect(await page.title()).toMatch(title)
      expect(complaints.filter((each) => /Content Security|local network/i.test(each))).toEqual([])
      // The profile of this test is no row of this computer: a proven browser has a row of its own.
      const own = (await rows()).filter(({ id }) => id.startsWith('page:'))
      expect(own.map(({ name, proof }) => [name, proof?.ok])).toEqual(
        trusts ? [[expect.stringMatching(/^Chromium \d+$/), true]] : [],
      )
    } finally {
      await browser.close()
    }
  })
})

test('a Chromium of this HOME is proven at its row, and says through which store', async ({ skip }) => {
  const missing = whyNoBrowserTrust()
  if (missing) skip(missing)
  const steps = await client.trust.apply({ action: 'install', clients: ['chromium'] })
  for await (const step of steps) if (step.type === 'outcome') expect(step.outcome.outcome).toBe('done')
  const browser = await openBrowser({ home })
  try {
    const { address, next } = await openPage(client)
    const page = await browser.context.newPage()
    await page.goto(address)
    await next()
    const over = await next()
    expect(over, JSON.stringify(over)).toMatchObject({
      outcome: 'trusted',
      client: { name: 'Chromium', state: 'trusted', proof: { ok: true, through: expect.any(String) } },
    })
    expect((await rows()).flatMap(({ name, proof }) => (proof?.ok ? [name] : []))).toEqual(['Chromium'])
  } finally {
    await browser.close()
  }
})

test('a web site that has even learnt the address reads nothing, uses nothing up and proves nothing', async ({
  skip,
}) => {
  const missing = whyNoBrowserTrust()
  if (missing) skip(missing)
  const site = await startOrigin((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>a site</title>'),
  )
  const browser = await openBrowser({ authorityPem: rootPem, hosts: ['evil.test'] })
  const { address, next, abort } = await openPage(client)
  try {
    const page = await browser.context.newPage()
    await page.goto(`http://evil.test:${site.port}/`)
    const learnt = await page.evaluate<string[]>(siteThatTries(address))
    for (const each of learnt) expect(['nothing', 'opaque 0 ']).toContain(each)
    expect(await statusOf(address)).toBe(200)
    expect(await next()).toMatchObject({ type: 'opened' })
  } finally {
    abort()
    await browser.close()
    await site.close()
  }
})

describe('Firefox', () => {
  needs(whyNoFirefox())

  test.each([
    ['that trusts the authority is proven, at the row of its profile', true],
    ['that does not is told why, and what to do with its row', false],
  ] as const)('%s', async (_, trusts) => {
    const firefox = await openFirefox({ ...(trusts ? { authorityPem: rootPem } : {}), hosts: [] })
    try {
      // Two profiles, as Firefox makes them: the first is open.
      const folder = path.join(home, '.mozilla/firefox')
      mkdirSync(path.join(folder, 'b.default'), { recursive: true })
      symlinkSync(firefox.profile, path.join(folder, 'a.default-esr'))
      const profile = (index: number, name: string) =>
        `[Profile${index}]\nName=${name}\nIsRelative=1\nPath=${name}\n`
      writeFileSync(path.join(folder, 'profiles.ini'), profile(0, 'a.default-esr') + profile(1, 'b.default'))
      const { address, next } = await openPage(client)
      expect(await firefox.visit(address)).toMatchObject({ error: null })
      expect(await next()).toMatchObject({ type: 'opened', browser: expect.stringMatching(/^Firefox \d+$/) })
      const over = await next()
      expect(over, JSON.stringify(over)).toMatchObject({
        outcome: trusts ? 'trusted' : 'refused',
        words: trusts ? null : expect.stringContaining('alert'),
        client: { name: 'Firefox, profile a.default-esr', proof: { ok: trusts } },
        ...(trusts ? {} : { todo: expect.stringContaining('“Firefox, profile a.default-esr”') }),
      })
      await expect.poll(() => firefox.title()).toMatch(trusts ? / trusts / : / does not trust /)
      const proofs = (await rows()).flatMap(({ name, proof }) => (proof ? [[name, proof.ok]] : []))
      expect(proofs).toEqual([['Firefox, profile a.default-esr', trusts]])
    } finally {
      await firefox.close()
    }
  })
})

/** Site that tries to read the page, by each way to load or to send something. */
function siteThatTries(address: string): string {
  return `(async (address) => {
    const read = async (url, options) => {
      try {
        const response = await fetch(url, { ...options, signal: AbortSignal.timeout(5000) })
        return response.type + ' ' + response.status + ' ' + await response.text()
      } catch {
        return 'nothing'
      }
    }
    const frame = document.createElement('iframe')
    frame.src = address
    const framed = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
    document.body.append(frame)
    await framed
    return [
      await read(address, {}),
      await read(address, { mode: 'no-cors' }),
      await read(address + 'verdict', { method: 'POST' }),
      await read(address + 'verdict', { method: 'POST', mode: 'no-cors' }),
      frame.contentDocument === null ? 'nothing' : frame.contentDocument.documentElement.outerHTML,
    ]
  })(${JSON.stringify(address)})`
}
