import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Dialog, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { showDanger } from '../support/browser/domain-page.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { dropFiles } from '../support/browser/drop-files.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { takePicture } from './pictures.ts'

const long = 'a-rather-long-name.of-some-customer.staging.example.test'
const shop = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })

let opened: OpenedWindow
beforeAll(async () => {
  opened = await openWindow()
  await run('domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000')
  await run('domain', 'add', long, '--origin', 'https://192.168.178.100:13443')
  await run('https', 'on', long, '--free')
}, 120_000)
afterAll(() => opened?.close())

const run = (...args: string[]) => edgekeep(opened.home.folder, args)
const go = (page: string) =>
  opened.window.evaluate((to) => {
    location.hash = `#${to}`
  }, page)
const button = (name: string | RegExp) => opened.window.getByRole('button', { name })
const dialog = () => opened.window.getByRole('dialog')

/** All text of an element is within its box, and within the window. */
async function isWhole(element: Locator): Promise<boolean> {
  await element.waitFor()
  return element.evaluate((shown) => {
    const { left, right, width } = shown.getBoundingClientRect()
    const all = [shown, ...shown.querySelectorAll('*')]
    const cut = all.some(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
    return width > 0 && left >= 0 && right <= innerWidth && !cut
  })
}

test.each([720, 760, 949, 1280, 1920])(
  'no part of a domain or a button is cut off at %i pixels',
  async (width) => {
    const { window } = opened
    await window.setViewportSize({ width, height: 900 })
    await go('/domains')
    const row = window.getByRole('row', { name: /shop\.test/ })
    await expect.poll(() => isWhole(row.getByRole('link', { name: 'shop.test' }))).toBe(true)
    expect(await isWhole(row.getByText('3000').filter({ visible: true }))).toBe(true)
    const other = window.getByRole('row', { name: long })
    expect(await isWhole(other.getByText(':13443').filter({ visible: true }))).toBe(true)
    // A name longer than its column wraps, or is whole in its title.
    if (width < 1000) expect(await isWhole(other.getByRole('link', { name: long }))).toBe(true)
    expect(await window.evaluate(() => document.body.scrollWidth <= innerWidth)).toBe(true)
    if (width === 760) await takePicture(window, 'narrow-domains')
    await go('/certificates')
    expect(await isWhole(button('Download certificate'))).toBe(true)
    await go('/issuing')
    const issued = window.getByRole('region', { name: 'Issued' })
    await issued.getByText(long).waitFor()
    expect(await isWhole(issued.getByRole('table'))).toBe(true)
  },
)

test.each<[page: string, primary: string | null]>([
  ['/domains', 'Add domain'],
  ['/domains/shop.test', 'Set up trusted HTTPS'],
  [`/domains/${long}`, 'Set up trusted HTTPS'],
  ['/domains/shop.test/origins', 'Set up trusted HTTPS'],
  ['/domains/shop.test/redirects', 'Set up trusted HTTPS'],
  ['/domains/shop.test/access', 'Set up trusted HTTPS'],
  ['/certificates', 'Import a certificate'],
  ['/certificates/calendar', null],
  ['/certificates/watch', 'Watch servers…'],
  ['/domains/+move-in', null],
  ['/domains/+targets', null],
  ['/domains/+projects', null],
  ['/trust', 'Install everywhere…'],
  ['/trust/names', 'Install everywhere…'],
  ['/trust/devices', 'Install everywhere…'],
  ['/issuing', 'Issue a certificate'],
  ['/inspector', null],
  ['/traffic', `Go to ${long}`],
  ['/usage', 'Go to Domains'],
  ['/activity', null],
  ['/settings', null],
])('the page %s has at most one primary button: %s', async (page, primary) => {
  const { window } = opened
  await go(page)
  await window.locator('#page h1').waitFor()
  const filled = window
    .locator('#page .mantine-Button-root:not([data-variant]):not([data-disabled])')
    .filter({ visible: true })
  await expect.poll(() => filled.allTextContents()).toEqual(primary === null ? [] : [primary])
})

test('changed ports are saved, with the note that they apply at the next start', async () => {
  const { window, running } = opened
  await window.setViewportSize({ width: 1280, height: 900 })
  await go('/settings')
  const https = window.getByLabel('HTTPS port')
  await window.getByText(`This run: ${running.httpsPort}, set on the command line.`).waitFor()
  await https.fill(String(running.httpPort))
  await window.getByLabel('HTTP port', { exact: true }).fill(String(running.httpPort))
  await button('Save').click()
  await window.getByText(/is set twice/).waitFor()
  await button('Discard').click()
  await window.getByLabel('Workers', { exact: true }).fill('2')
  // The draft survives a change of page, and closing the window asks before it is lost.
  await go('/domains')
  await window.getByRole('row', { name: /shop\.test/ }).waitFor()
  const asked = new Promise<Dialog>((resolve) => window.once('dialog', resolve))
  await window.close({ runBeforeUnload: true })
  const question = await asked
  expect(question.type()).toBe('beforeunload')
  await question.dismiss()
  await go('/settings')
  await window.getByLabel('Workers', { exact: true }).waitFor()
  expect(await window.getByLabel('Workers', { exact: true }).inputValue()).toBe('2')
  await button('Save').click()
  await window.getByText('Now: 1, until Edgekeep starts again.').waitFor()
  await window.getByText('Quit Edgekeep and open it again to use the new settings.').waitFor()
  expect((await run('settings')).out).toMatch(/Workers +2; now 1/)
})

test('an origin is checked while a domain is added, and a missing folder is reported first', async () => {
  await go('/domains/+')
  await dialog().getByLabel('Domain').fill('site.test')
  await dialog().getByLabel('Origin').fill('1')
  await dialog().getByRole('button', { name: 'Test origin' }).click()
  await dialog().getByText('The origin did not respond correctly').waitFor()
  await dialog().getByLabel('Origin').fill(`${opened.home.folder}-none`)
  await dialog().getByRole('button', { name: 'Add domain' }).click()
  await dialog().getByText('There is no such folder.').waitFor()
  await dialog().getByRole('button', { name: 'Add anyway' }).click()
  await opened.window.getByRole('heading', { name: 'site.test' }).waitFor()
})

test('a pair dropped on a domain’s page is in its HTTPS settings, and turning off can keep it', async () => {
  const { window } = opened
  await go('/domains/shop.test')
  await window.getByRole('heading', { name: 'shop.test' }).waitFor()
  const files = [path.join(opened.home.folder, 'shop.crt'), path.join(opened.home.folder, 'shop.key')]
  writeFileSync(files[0]!, shop.chainPem)
  writeFileSync(files[1]!, shop.keyPem)
  await dropFiles(window, { x: 600, y: 500 }, files)
  await dialog().getByRole('button', { name: 'Save' }).click()
  await dialog().waitFor({ state: 'detached' })
  await showDanger(window)
  await button('Turn off HTTPS…').click()
  await dialog().getByLabel('Keep the certificate and its key in My certificates').check()
  await dialog()
    .getByRole('button', { name: /^Turn off/ })
    .click()
  await dialog().waitFor({ state: 'detached' })
  const { certificates } = (await run('cert', 'list', '--json')).json() as unknown as {
    certificates: { name: string; kept: boolean }[]
  }
  expect(certificates.find(({ name }) => name === 'shop.test')).toMatchObject({ kept: true })
})

test('the first tab of a domain’s page has its origin and redirect, and removing the domain can keep its certificate', async () => {
  const { window } = opened
  await run('redirect', long, 'https')
  await go(`/domains/${long}`)
  const first = window.getByRole('region', { name: 'Origin and redirect' })
  await first.getByText('https://192.168.178.100:13443').waitFor()
  await first.getByText('HTTP → HTTPS').waitFor()
  await first.getByRole('link', { name: 'Change the redirect' }).waitFor()
  await showDanger(window)
  await button('Remove domain…').click()
  await dialog().getByLabel('Keep the certificate and its key in My certificates').check()
  await dialog().getByRole('button', { name: 'Remove domain', exact: true }).click()
  await dialog().waitFor({ state: 'detached' })
  const { certificates } = (await run('cert', 'list', '--json')).json() as unknown as {
    certificates: { name: string; kept: boolean }[]
  }
  expect(certificates.find(({ name }) => name === long)).toMatchObject({ kept: true })
})
