import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import type { Vault } from '../src/engine/vault/vault.ts'
import { watchBusySeconds, watchLongestTask } from '../test/e2e/main-thread.ts'
import { atRest, axeViolations, ofColors } from '../test/support/browser/axe.ts'
import { openBrowser } from '../test/support/browser/browser.ts'
import { openTestEngine, originAt, temporaryFolder } from '../test/support/engine/engine.ts'
import { freePort } from '../test/support/free-port.ts'
import { createTestAuthority, issueTestLeaf } from '../test/support/pki/certificates.ts'
import { edgekeep, edgekeepProcess, startEdgekeep } from '../test/support/processes/cli.ts'
import { certificateRow } from '../test/support/vault/vault-rows.ts'

/**
 * The window and the command line with many domains and certificates, in a real Chromium: `npm run bench -- window
 * [--rows 100,1000,10000]`. Milliseconds: from an act until two frames later everything it changes is painted;
 * `cpu` is the processor time of the page's thread in it, and of its longest task.
 */
const { values } = parseArgs({ options: { rows: { type: 'string', default: '100,1000,10000' } } })

type Figures = Record<string, number>

const authority = createTestAuthority()
const table: Record<string, Figures> = {}
for (const rows of values.rows.split(',').map(Number))
  for (const [figure, value] of Object.entries(await measure(rows)))
    (table[figure] ??= {})[`${rows} rows`] = value
console.log(`load ${loadavg()[0]?.toFixed(1)}`)
console.table(table)

async function measure(rows: number): Promise<Figures> {
  const folder = temporaryFolder()
  const home = path.join(folder, 'home')
  const browser = await openBrowser()
  try {
    mkdirSync(home, { mode: 0o700 })
    await changeVault(home, (vault) => fill(vault, rows))
    const figures = await whileRunning(home, async (url) => {
      const page = await browser.context.newPage()
      return {
        ...(await domainFigures(page, url, { home, rows })),
        ...(await certificateFigures(page)),
        ...(await listFigures(home)),
      }
    })
    await changeVault(home, (vault) => removeDomains(vault, rows))
    return { ...figures, ...(await whileRunning(home, () => importFigures(home))) }
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function changeVault(home: string, change: (vault: Vault) => void): Promise<void> {
  const { engine } = await openTestEngine(home)
  change(engine.context.parts.vault)
  await engine.close()
}

async function whileRunning(home: string, act: (url: string) => Promise<Figures>): Promise<Figures> {
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  const running = await startEdgekeep(home, ports)
  try {
    return await act(running.ui ?? '')
  } finally {
    await running.interrupt()
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

function removeDomains(vault: Vault, rows: number): void {
  vault.change(() => {
    for (let at = 0; at < rows; at += 1) vault.domains.remove(nameOf(at))
  })
}

function withKey(vault: Vault, at: number) {
  const { chainPem, keyPem, fingerprintSha256 } = issueTestLeaf(authority, { names: [`*.shop${at}.test`] })
  const row = certificateRow({
    id: randomUUID(),
    name: `Shop ${at}`,
    chainPem,
    fingerprintSha256,
    dnsNames: [`*.shop${at}.test`],
  })
  vault.certificates.insert(row)
  vault.keys.sealKey(row.id, row.spkiSha256, Buffer.from(keyPem))
  return row
}

function nameOf(at: number): string {
  return `d${at}.shop${at - (at % 100)}.test`
}

/** Notes when the first row is there. */
function observePage(): void {
  const seen = globalThis as unknown as { firstRowAt?: number }
  new MutationObserver((_, observer) => {
    if (!document.querySelector('tbody tr')) return
    observer.disconnect()
    requestAnimationFrame(() => (seen.firstRowAt = performance.now()))
  }).observe(document, { childList: true, subtree: true })
}

async function domainFigures(
  page: Page,
  url: string,
  { home, rows }: { home: string; rows: number },
): Promise<Figures> {
  await page.addInitScript(observePage)
  // A page of the same process, whose tasks are traced from here on.
  await page.goto(new URL('/none', url).href)
  const longestTask = await watchLongestTask(page)
  await page.goto(url)
  const shown = await firstRowMs(page)
  const filter = page.getByRole('searchbox', { name: 'Filter domains' })
  const first = page.getByRole('row').nth(1)
  await first.waitFor()
  await page.locator(`table[aria-rowcount="${rows + 1}"]`).waitFor()
  const figures: Figures = { 'shown ms': shown, elements: await elements(page) }
  figures['longest task while shown, cpu ms'] = Math.round(await longestTask())
  const longestLater = await watchLongestTask(page)
  const painted = async (act: string, run: () => Promise<unknown>) =>
    Object.assign(figures, await paintedFigures(page, act, run))
  await painted('filter', () => filter.fill('d17'))
  await painted('clear', () => filter.fill(''))
  const all = page.getByRole('checkbox').first()
  await painted('select all', () => all.click())
  await all.click()
  await painted('open', async () => {
    await first.getByRole('link').first().click()
    await page.getByRole('heading', { level: 1 }).waitFor()
  })
  await painted('back', async () => {
    await page.goBack()
    await first.waitFor()
  })
  await filter.fill(nameOf(0))
  await edgekeep(home, ['domain', 'set', nameOf(0), '--origin', 'http://127.0.0.1:3999'])
  await painted('change seen', () => page.getByText(':3999').last().waitFor())
  await filter.fill('')
  await painted('sort', () => page.getByRole('button', { name: 'Origin', exact: true }).click())
  return {
    ...figures,
    'longest task later, cpu ms': Math.round(await longestLater()),
    ...(await memory(page)),
    'axe findings': await axeFindings(page),
  }
}

async function certificateFigures(page: Page): Promise<Figures> {
  const longestTask = await watchLongestTask(page)
  const shown = await paintedFigures(page, 'certificates', async () => {
    await page.getByRole('link', { name: 'Certificates', exact: true }).click()
    await page.getByRole('row').nth(1).waitFor()
  })
  return {
    ...shown,
    'certificates: elements': await elements(page),
    'certificates: longest task, cpu ms': Math.round(await longestTask()),
    'certificates: axe findings': await axeFindings(page),
  }
}

async function listFigures(home: string): Promise<Figures> {
  const seconds = await commandSeconds(home, ['domain', 'list'])
  await commandSeconds(home, ['config', 'export', '--out', 'domains.yaml'])
  return { 'domain list s': seconds }
}

async function importFigures(home: string): Promise<Figures> {
  return {
    'config import s': await commandSeconds(home, ['config', 'import', '--yes', 'domains.yaml']),
    'change of one s': await commandSeconds(home, ['domain', 'set', nameOf(0), '--origin', '127.0.0.1:3998']),
  }
}

async function commandSeconds(home: string, args: string[]): Promise<number> {
  const startedAt = performance.now()
  const { status, err } = await edgekeepProcess(home, args)
  if (status !== 0) throw new Error(err)
  return Math.round((performance.now() - startedAt) / 10) / 100
}

/** Prints them, too; in dark those that depend on colours. */
async function axeFindings(page: Page): Promise<number> {
  await atRest(page)
  const inLight = await axeViolations(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await atRest(page)
  const findings = [...inLight, ...(await axeViolations(page, ofColors))]
  await page.emulateMedia({ colorScheme: null })
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

async function paintedFigures(page: Page, act: string, run: () => Promise<unknown>): Promise<Figures> {
  const busySeconds = await watchBusySeconds(page)
  const startedAt = performance.now()
  await run()
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
  const ms = Math.round(performance.now() - startedAt)
  return { [`${act} ms`]: ms, [`${act} cpu ms`]: Math.round((await busySeconds()) * 1000) }
}

function elements(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('*').length)
}

async function memory(page: Page): Promise<Figures> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0
  return { 'heap MB': Math.round(used / 1e6) }
}
