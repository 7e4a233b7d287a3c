import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type BrowserRun } from '../support/browser/browser.ts'
import { openTestEngine, originAt, temporaryFolder } from '../support/engine/engine.ts'
import { freePort } from '../support/free-port.ts'
import { startEdgekeep, type RunningEdgekeep } from '../support/processes/cli.ts'
import { lookOver } from './pictures.ts'
import { certificateRow } from '../support/vault/vault-rows.ts'

const rows = 700
let folder: string
let running: RunningEdgekeep
let browser: BrowserRun
let window: Page

beforeAll(async () => {
  folder = temporaryFolder()
  const home = path.join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  const { engine } = await openTestEngine(home)
  const { vault } = engine.context.parts
  vault.change(() => {
    for (let at = 1; at <= rows; at += 1) {
      const dnsNames = [at > rows - 11 ? `cellar${at}.test` : 'shop.test']
      vault.certificates.insert(certificateRow({ name: `Certificate ${at}`, dnsNames }))
      vault.domains.insert({ name: `d${at}.test`, origin: originAt(3000) })
    }
  })
  await engine.close()
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  running = await startEdgekeep(home, ports)
  browser = await openBrowser({ viewport: { width: 1280, height: 800 } })
  window = await browser.context.newPage()
  await window.goto(running.ui ?? '')
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await running?.interrupt()
  rmSync(folder, { recursive: true, force: true })
})

const rendered = () => window.getByRole('row').count()

/** Scrolls the page's content. */
async function scrollTo(place: 'top' | 'end'): Promise<void> {
  await window
    .locator('[data-scrolls]')
    .evaluate((box, end) => box.scrollTo({ top: end ? box.scrollHeight : 0 }), place === 'end')
}

describe('a long list', () => {
  test('renders the rows in view, and says how many there are', async () => {
    await window
      .getByRole('table')
      .and(window.locator(`[aria-rowcount="${rows + 1}"]`))
      .waitFor()
    expect(await rendered()).toBeLessThan(60)
    await window.getByRole('link', { name: 'd2.test', exact: true }).waitFor()
    await scrollTo('end')
    const last = window.getByRole('link', { name: `d${rows}.test`, exact: true })
    await last.waitFor()
    expect(await window.getByRole('row').last().getAttribute('aria-rowindex')).toBe(String(rows + 1))
    expect(await last.isVisible()).toBe(true)
    const box = async (name: string) => (await window.locator(name).boundingBox())!
    const [heading, scroller] = [await box('#page thead'), await box('[data-scrolls]')]
    expect(heading.y).toBeLessThanOrEqual(scroller.y)
    expect(heading.y + heading.height).toBeGreaterThan(scroller.y)
    await scrollTo('top')
  })

  test('selects rows that are not rendered', async () => {
    const all = window.getByRole('checkbox', { name: 'Select all domains' })
    await all.click()
    await window.getByText(`${rows} domains selected`).waitFor()
    await all.click()
  })

  test('keeps the focus of a row that is scrolled away', async () => {
    const link = window.getByRole('link', { name: 'd3.test', exact: true })
    await link.focus()
    await scrollTo('end')
    await window.getByRole('link', { name: `d${rows}.test`, exact: true }).waitFor()
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)
    await scrollTo('top')
  })

  test('is filtered and sorted as a whole, also by the keyboard', async () => {
    await lookOver(window, 'long-list')
    const heading = window.getByRole('columnheader', { name: 'Domain', exact: true })
    await heading.getByRole('button').focus()
    await window.keyboard.press('Enter')
    await window.getByRole('link', { name: `d${rows}.test`, exact: true }).waitFor()
    expect(await heading.getAttribute('aria-sort')).toBe('descending')
    await window.keyboard.press('Enter')
    await window.getByRole('link', { name: 'd1.test', exact: true }).waitFor()
    const shows = window.getByRole('radiogroup', { name: 'Show' })
    await shows.getByText('HTTPS off').click()
    await window.locator(`table[aria-rowcount="${rows + 1}"]`).waitFor()
    await shows.getByText('All').click()
  })

  test('is searched as a whole', async () => {
    const filter = window.getByRole('searchbox', { name: 'Filter domains' })
    await filter.fill(`d${rows}`)
    await window.getByRole('link', { name: `d${rows}.test`, exact: true }).waitFor()
    await filter.fill('')
  })

  test('is filtered in the address, after a reload, on the way back, and by name', async () => {
    const filter = window.getByRole('searchbox', { name: 'Filter domains' })
    const isFiltered = () => window.locator('table[aria-rowcount="12"]').waitFor()
    await filter.fill('d65')
    await isFiltered()
    await expect.poll(() => window.url()).toContain('#/domains?search=d65')
    await window.reload()
    await isFiltered()
    await window.getByRole('link', { name: 'd650.test', exact: true }).click()
    await window.getByRole('heading', { name: 'd650.test' }).waitFor()
    await window.goBack()
    await isFiltered()
    const saved = window.getByRole('button', { name: 'Saved filters' })
    await saved.click()
    await window.getByLabel('Save these filters as').fill('Sixty-fives')
    await lookOver(window, 'saved-filters')
    await window.keyboard.press('Enter')
    await window.keyboard.press('Escape')
    await filter.fill('')
    await window.locator(`table[aria-rowcount="${rows + 1}"]`).waitFor()
    await window.reload()
    await saved.click()
    await window.getByRole('button', { name: 'Sixty-fives', exact: true }).click()
    await isFiltered()
    expect(await filter.inputValue()).toBe('d65')
    await saved.click()
    await window.getByRole('button', { name: 'Delete Sixty-fives' }).click()
    await window.getByText('Sixty-fives').waitFor({ state: 'detached' })
    await window.keyboard.press('Escape')
    await filter.fill('')
  })

  test('is grouped by parent domain, and folded', async () => {
    const group = async (name: string) => {
      await window.getByRole('combobox', { name: 'Group by' }).click()
      await window.getByRole('option', { name, exact: true }).click()
    }
    await group('By parent domain')
    await window.locator(`table[aria-rowcount="${2 * rows + 1}"]`).waitFor()
    await lookOver(window, 'grouped')
    await window.getByRole('button', { name: 'd1.test 1 domain' }).click()
    await window.locator(`table[aria-rowcount="${2 * rows}"]`).waitFor()
    await window.getByRole('checkbox', { name: 'Select d1.test' }).check()
    await window.getByText('1 domain selected').waitFor()
    await window.getByRole('checkbox', { name: 'Select d1.test' }).uncheck()
    await group('No groups')
    await window.locator(`table[aria-rowcount="${rows + 1}"]`).waitFor()
  })

  test('has an act on many domains planned by domain, carried out, and its results', async () => {
    const filter = window.getByRole('searchbox', { name: 'Filter domains' })
    await filter.fill('d65')
    await window.locator('table[aria-rowcount="12"]').waitFor()
    await window.getByRole('checkbox', { name: 'Select all domains' }).click()
    const more = window.getByRole('button', { name: 'More', exact: true })
    const act = async (name: string, start: string) => {
      await more.click()
      await window.getByRole('menuitem', { name }).click()
      const dialog = window.getByRole('dialog')
      await lookOver(window, `bulk-${name}`)
      await dialog.getByRole('button', { name: start }).click()
      await dialog.getByText('11 done.').waitFor()
      // The button that had the focus is gone.
      await dialog.locator('button:focus').waitFor()
      await lookOver(window, `bulk-${name}-done`)
      return dialog
    }
    const close = (dialog: Locator) => dialog.getByRole('button', { name: 'Close' }).last().click()
    await close(await act('Turn HTTPS on…', 'Turn on for 11 domains'))
    await more.and(window.locator(':focus')).waitFor()
    await window.getByText('11 domains on HTTPS').waitFor()
    const redirected = await act('Redirect…', 'Redirect 11 domains')
    await redirected.getByRole('button', { name: 'Undo for 11' }).click()
    await redirected.getByText('Undone for 11.').waitFor()
    await close(redirected)
    await close(await act('Remove…', 'Remove 11 domains'))
    await window.locator('#page:focus').waitFor()
    await filter.fill('')
    await window.locator(`table[aria-rowcount="${rows - 11 + 1}"]`).waitFor()
  })

  test('renders certificates in the same way', async () => {
    await window.getByRole('link', { name: 'Certificates', exact: true }).click()
    await window.locator(`table[aria-rowcount="${rows + 1}"]`).waitFor()
    expect(await rendered()).toBeLessThan(60)
    await lookOver(window, 'long-certificates')
  })

  test('has an act on many certificates, its results and its undo', async () => {
    const search = window.getByRole('searchbox', { name: 'Search certificates' })
    await search.fill('cellar')
    await window.locator('table[aria-rowcount="12"]').waitFor()
    await window.getByRole('checkbox', { name: 'Select all certificates' }).click()
    await window.getByText('11 certificates selected').waitFor()
    const more = window.getByRole('button', { name: 'More', exact: true })
    const dialog = window.getByRole('dialog')
    const open = async (name: string) => {
      await window.getByRole('toolbar').getByRole('button', { name }).click()
      await dialog.waitFor()
    }
    await open('Tags…')
    await window.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await more.and(window.locator(':focus')).waitFor()
    await open('Tags…')
    await dialog.getByRole('combobox', { name: 'Add tags' }).fill('eu')
    await window.keyboard.press('Enter')
    await lookOver(window, 'bulk-certificate-tags')
    await dialog.getByRole('button', { name: 'Change tags of 11 certificates' }).click()
    await dialog.getByRole('button', { name: 'Undo for 11' }).click()
    await dialog.getByText('Undone for 11.').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await open('Delete…')
    await dialog.getByRole('button', { name: 'Delete 11 certificates and their keys' }).click()
    await dialog.getByText('11 done.').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await window.locator('#page:focus').waitFor()
    await search.fill('')
    await window.locator(`table[aria-rowcount="${rows - 11 + 1}"]`).waitFor()
  })

  test('is saved as CSV, as it is filtered', async () => {
    const search = window.getByRole('searchbox', { name: 'Search certificates' })
    await search.fill('Certificate 65')
    const table = window.getByRole('table')
    await table.and(window.locator(`:not([aria-rowcount="${rows - 11 + 1}"])`)).waitFor()
    const heading = window.getByRole('columnheader', { name: 'Certificate', exact: true })
    await heading.getByRole('button').click()
    const saved = window.waitForEvent('download')
    await window.getByRole('button', { name: 'Save as CSV' }).click()
    const lines = readFileSync(await (await saved).path(), 'utf8')
      .trimEnd()
      .split('\n')
    expect(String(lines.length)).toBe(await table.getAttribute('aria-rowcount'))
    expect(lines[0]).toMatch(/^name,names,issuer,/)
    expect(lines.some((line) => line.startsWith('Certificate 650,'))).toBe(true)
    await search.fill('')
  })
})
