import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { startOrigin, type TestOrigin } from '../support/edge/origin.ts'
import { answerBody, loadHttp1, type Load } from '../support/edge/load.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { watchBusySeconds } from './main-thread.ts'
import { lookOver, takePicture } from './pictures.ts'

const authority = createTestAuthority()
const names = ['shop.test', 'api.shop.test']
const leaf = issueTestLeaf(authority, { names })
let opened: OpenedWindow
let origin: TestOrigin

beforeAll(async () => {
  origin = await startOrigin((_request, response) => response.end(answerBody))
  opened = await openWindow()
  const { folder } = opened.home
  const files = ['site.crt', 'site.key'].map((name) => path.join(folder, name))
  writeFileSync(files[0] ?? '', leaf.chainPem)
  writeFileSync(files[1] ?? '', leaf.keyPem, { mode: 0o600 })
  for (const name of names) {
    await edgekeep(folder, ['domain', 'add', name, '--origin', `http://127.0.0.1:${origin.port}`])
    await edgekeep(folder, ['https', 'on', name, '--upload', ...files])
  }
}, 120_000)
afterAll(async () => {
  await opened?.close()
  await origin?.close()
})

const page = () => opened.window
/** The number of a tile. */
async function number(title: string): Promise<number> {
  const tile = page()
    .locator('dl > div')
    .filter({ has: page().getByText(title, { exact: true }) })
  const text = await tile.getByRole('definition').first().innerText()
  return Number(text.replaceAll(',', ''))
}

/** About 2,000 requests a second for `seconds`. */
async function load(seconds: number): Promise<Load> {
  const sum: Load = { sent: 0, answered: 0 }
  const { httpsPort, httpPort } = opened.running
  for (let round = 0; round < seconds * 10; round += 1) {
    const next = pause(100)
    await Promise.all([
      loadHttp1({ host: 'shop.test', port: httpsPort, ca: authority.certificatePem }, 140, sum),
      loadHttp1({ host: 'api.shop.test', port: httpsPort, ca: authority.certificatePem }, 40, sum),
      loadHttp1({ host: 'shop.test', port: httpPort, ca: null }, 20, sum),
    ])
    await next
  }
  return sum
}

describe('the usage page', () => {
  test('says what to do while nothing was served', async () => {
    await page().getByRole('link', { name: 'Usage', exact: true }).click()
    await page().getByRole('heading', { name: 'No requests in this period' }).waitFor()
    await page().getByRole('link', { name: 'Go to Domains' }).waitFor()
  })

  test('counts along while 2,000 requests a second are served, and stays smooth', async () => {
    const busySeconds = await watchBusySeconds(page())
    const startedAt = performance.now()
    const { sent, answered } = await load(6)
    expect(answered).toBe(sent)
    await page().getByText('HTTPS requests', { exact: true }).waitFor()
    await expect.poll(() => number('HTTPS requests')).toBe(sent * 0.9)
    expect(await number('HTTP requests')).toBe(sent * 0.1)
    // In processor time, which other work on this machine does not lengthen.
    const seconds = (performance.now() - startedAt) / 1000
    expect(await busySeconds()).toBeLessThan(0.25 * seconds)
  })

  test('shows the same numbers as a table, and by domain', async () => {
    await page().getByText('Show the numbers').press('Enter')
    const table = page().getByRole('table', { name: 'Requests over time' })
    expect(await table.getByRole('row').count()).toBe(1 + 24)
    const domains = page().getByRole('table', { name: 'By domain' })
    expect(await domains.getByRole('rowheader').allInnerTexts()).toEqual(names)
    await page().getByText('Show the numbers').press('Enter')
  })

  test('estimates the cost, once it knows the price', async () => {
    await page().getByRole('button', { name: 'Set a price' }).click()
    const dialog = page().getByRole('dialog', { name: 'Price of HTTPS requests' })
    await dialog.getByLabel('Price of 10,000 requests').fill('0.5')
    await dialog.getByRole('button', { name: 'Save' }).click()
    const cost = ((await number('HTTPS requests')) / 10_000) * 0.5
    await page()
      .getByText(`€${cost.toFixed(2)}`, { exact: true })
      .waitFor()
    await takePicture(page(), '16-usage')
    await page().emulateMedia({ colorScheme: 'dark' })
    await takePicture(page(), '17-usage-dark')
    await page().emulateMedia({ colorScheme: 'light' })
  })

  test('does not set a price over another that was set meanwhile: it is shown, and the person chooses', async () => {
    const { folder } = opened.home
    await page()
      .getByRole('button', { name: /for 10,000/ })
      .click()
    const dialog = page().getByRole('dialog', { name: 'Price of HTTPS requests' })
    const save = dialog.getByRole('button', { name: 'Save' })
    await dialog.getByLabel('Price of 10,000 requests').fill('0.7')
    await edgekeep(folder, ['usage', 'price', '0.6', 'CNY'])
    const meanwhile = dialog.getByRole('alert', { name: 'Changed elsewhere meanwhile' })
    await meanwhile.getByText('0.6').waitFor()
    await lookOver(page(), 'usage-price-meanwhile')
    expect(await save.isDisabled()).toBe(true)
    await meanwhile.getByRole('button', { name: 'Keep my changes' }).click()
    await save.click()
    await dialog.waitFor({ state: 'hidden' })
    expect((await edgekeep(folder, ['usage', 'price'])).out).toContain('0.7 EUR')
  })

  test('shows one domain, and another time', async () => {
    const all = await number('HTTPS requests')
    await page().getByRole('combobox', { name: 'Domain' }).click()
    await page().getByRole('option', { name: 'api.shop.test' }).click()
    await expect.poll(() => number('HTTPS requests')).toBeLessThan(all / 2)
    await page().getByRole('radio', { name: 'Hour', exact: true }).press('Space')
    await page().getByText('By minute').waitFor()
    await page().getByRole('button', { name: 'Custom…' }).click()
    await page().getByLabel('From', { exact: true }).fill('2026-01-01')
    await page().getByLabel('To', { exact: true }).fill('2026-01-31')
    await page().getByRole('button', { name: 'Show these days' }).click()
    await page().getByRole('heading', { name: 'No requests in this period' }).waitFor()
    await page().getByText('24 hours').click()
    await page().getByText('By hour').waitFor()
  })

  test('gives the numbers as CSV', async () => {
    const downloading = page().waitForEvent('download')
    await page().getByRole('button', { name: 'CSV' }).click()
    const file = await (await downloading).path()
    const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
    expect(head).toMatch(/^from,domain,http_requests,https_requests/)
    expect(lines.every((line) => line.split(',')[1] === 'api.shop.test')).toBe(true)
  })

  test('has today’s numbers beside each domain', async () => {
    await page().getByRole('link', { name: 'Domains', exact: true }).click()
    const row = page()
      .getByRole('row')
      .filter({ has: page().getByRole('link', { name: 'shop.test', exact: true }) })
    const before = Number((await row.locator('[data-column=today]').innerText()).replaceAll(',', ''))
    expect(before).toBeGreaterThan(0)
    await loadHttp1({ host: 'shop.test', port: opened.running.httpsPort, ca: authority.certificatePem }, 20, {
      sent: 0,
      answered: 0,
    })
    const whole = new Intl.NumberFormat('en').format(before + 20)
    await row.locator('[data-column=today]', { hasText: whole }).waitFor()
  })
})
