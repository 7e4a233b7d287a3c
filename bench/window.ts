import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import type { Vault } from '../src/engine/vault/vault.ts'
import { axeViolations } from '../test/support/browser/axe.ts'
import { openBrowser } from '../test/support/browser/browser.ts'
import { openTestEngine, originAt, temporaryFolder } from '../test/support/engine/engine.ts'
import { freePort } from '../test/support/free-port.ts'
import { createTestAuthority, issueTestLeaf } from '../test/support/pki/certificates.ts'
import { edgekeep, startEdgekeep } from '../test/support/processes/cli.ts'
import { certificateRow } from '../test/support/vault/vault-rows.ts'

/**
 * The window with many domains and certificates, in a real Chromium: `npm run bench -- window [--rows
 * 100,1000,10000]`. Milliseconds: from an act until two frames later everything it changes is painted.
 */
const { values } = parseArgs({ options: { rows: { type: 'string', default: '100,1000,10000' } } })

type Figures = Record<string, number>

const authority = createTestAuthority()
const table: Record<string, Figures> = {}
for (const rows of values.rows.split(',').map(Number)) table[`${rows} rows`] = await measure(rows)
console.log(`load ${loadavg()[0]?.toFixed(1)}`)
console.table(table)

async function measure(rows: number): Promise<Figures> {
  const folder = temporaryFolder()
  const browser = await openBrowser({ switches: [] })
  try {
    const home = path.join(folder, 'home')
    mkdirSync(home, { mode: 0o700 })
    const filling = await openTestEngine(home)
    fill(filling.engine.context.parts.vault, rows)
    await filling.engine.close()
    const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
    const running = await startEdgekeep(home, ports)
    try {
      const page = await browser.context.newPage()
      return {
        ...(await domainFigures(page, running.ui ?? '', { home, rows })),
        ...(await certificateFigures(page)),
      }
    } finally {
      await running.interrupt()
    }
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Fills in as many certificates as domains; every hundredth has a key, and serves a hundred domains. */
function fill(vault: Vault, rows: number): void {
  let certificateId = ''
  vault.change(() => {
    for (let at = 0; at < rows; at += 1) {
      const row = at % 100 === 0 ? withKey(vault, at) : certificateRow({ name: `Certificate ${at}` })
      if (at % 100 !== 0) vault.certificates.insert(row)
      else certificateId = row.id
      vault.domains.insert({ name: nameOf(at), origin: originAt(3000), httpsState: 'on', certificateId })
    }
  })
}

function withKey(vault: Vault, at: number) {
  const { chainPem, keyPem, fingerprintSha256 } = issueTestLeaf(authority, { names: [`*.shop${at}.test`] })
  const row = certificateRow({ id: randomUUID(), name: `Shop ${at}`, chainPem, fingerprintSha256 })
  vault.certificates.insert(row)
  vault.keys.sealKey(row.id, row.spkiSha256, Buffer.from(keyPem))
  return row
}

function nameOf(at: number): string {
  return `d${at}.shop${at - (at % 100)}.test`
}

/** Notes when the first row is there, and the longest task. */
function observePage(): void {
  const seen = globalThis as unknown as { firstRowAt?: number; longestTaskMs: number }
  seen.longestTaskMs = 0
  new MutationObserver((_, observer) => {
    if (!document.querySelector('tbody tr')) return
    observer.disconnect()
    requestAnimationFrame(() => (seen.firstRowAt = performance.now()))
  }).observe(document, { childList: true, subtree: true })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longestTaskMs = Math.max(seen.longestTaskMs, duration)
  }).observe({ type: 'longtask' })
}

async function domainFigures(
  page: Page,
  url: string,
  { home, rows }: { home: string; rows: number },
): Promise<Figures> {
  await page.addInitScript(observePage)
  await page.goto(url)
  const shown = await firstRowMs(page)
  const filter = page.getByRole('searchbox', { name: 'Filter domains' })
  const first = page.getByRole('row').nth(1)
  await first.waitFor()
  await page.locator(`table[aria-rowcount="${rows + 1}"]`).waitFor()
  const figures: Figures = { 'shown ms': shown, elements: await elements(page) }
  figures['filter ms'] = await paintedMs(page, () => filter.fill('d17'))
  figures['clear ms'] = await paintedMs(page, () => filter.fill(''))
  const all = page.getByRole('checkbox').first()
  figures['select all ms'] = await paintedMs(page, () => all.click())
  await all.click()
  figures['open ms'] = await paintedMs(page, async () => {
    await first.getByRole('link').first().click()
    await page.getByRole('heading', { level: 1 }).waitFor()
  })
  figures['back ms'] = await paintedMs(page, async () => {
    await page.goBack()
    await first.waitFor()
  })
  await filter.fill(nameOf(0))
  await edgekeep(home, ['domain', 'set', nameOf(0), '--origin', 'http://127.0.0.1:3999'])
  figures['change seen ms'] = await paintedMs(page, () => page.getByText(':3999').last().waitFor())
  await filter.fill('')
  figures['sort ms'] = await paintedMs(page, () =>
    page.getByRole('button', { name: 'Origin', exact: true }).click(),
  )
  return {
    ...figures,
    'longest task ms': await longestTask(page),
    ...(await memory(page)),
    'axe findings': await axeFindings(page),
  }
}

async function certificateFigures(page: Page): Promise<Figures> {
  return {
    'certificates ms': await paintedMs(page, async () => {
      await page.getByRole('link', { name: 'Certificates', exact: true }).click()
      await page.getByRole('row').nth(1).waitFor()
    }),
    'certificates: elements': await elements(page),
    'certificates: longest task ms': await longestTask(page),
    'certificates: axe findings': await axeFindings(page),
  }
}

/** Prints them, too. */
async function axeFindings(page: Page): Promise<number> {
  const findings = await axeViolations(page)
  for (const finding of findings) console.log(finding)
  return findings.length
}

/** Time from the page's load event. */
function firstRowMs(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const seen = globalThis as unknown as { firstRowAt?: number }
    while (seen.firstRowAt === undefined) await new Promise((resolve) => requestAnimationFrame(resolve))
    const [loaded] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    return Math.round(seen.firstRowAt - (loaded?.loadEventEnd ?? 0))
  })
}

async function paintedMs(page: Page, act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await act()
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
  return Math.round(performance.now() - startedAt)
}

function elements(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('*').length)
}

/** Since the last reading. */
function longestTask(page: Page): Promise<number> {
  return page.evaluate(() => {
    const seen = globalThis as unknown as { longestTaskMs: number }
    const longest = Math.round(seen.longestTaskMs)
    seen.longestTaskMs = 0
    return longest
  })
}

async function memory(page: Page): Promise<Figures> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0
  return { 'heap MB': Math.round(used / 1e6) }
}
