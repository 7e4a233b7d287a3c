import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../src/client/client.ts'
import { connectEngine } from '../../src/engine-process/connect.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { startOrigin } from '../support/edge/origin.ts'
import { enableByUpload, originAt } from '../support/engine/engine.ts'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { lookOver, takePicture } from './pictures.ts'
import { unless } from '../support/needs.ts'
import { sentences } from '../../src/contract/text/sentences.ts'

const missing =
  process.platform === 'linux' ? undefined : 'the stores of this system are not known to the page Trust'

let opened: OpenedWindow
let home: string
let connection: Awaited<ReturnType<typeof connectEngine>> | undefined
const homeBefore = process.env.HOME

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'edgekeep-person-'))
  process.env.HOME = home
  opened = await openWindow()
}, 120_000)
afterAll(async () => {
  await connection?.close()
  await opened?.close()
  process.env.HOME = homeBefore
  rmSync(home, { recursive: true, force: true })
})

/** Removes the root from the database that Chromium-based browsers share, as a person does; returns its undoing. */
function takeOutByHand(): () => void {
  const folder = path.join(home, '.pki/nssdb')
  const database = ['-d', `sql:${folder}`]
  // NSS keeps the integrity of its trust in the second file.
  const files = ['cert9.db', 'key4.db'].map((name) => path.join(folder, name))
  const bytes = files.map((file) => readFileSync(file))
  const listed = execFileSync('certutil', ['-L', ...database], { encoding: 'utf8' })
  const [, nickname = ''] = /^(Edgekeep.*?) {2,}/m.exec(listed) ?? []
  execFileSync('certutil', ['-D', ...database, '-n', nickname])
  return () => files.forEach((file, at) => writeFileSync(file, bytes[at]!))
}

describe('the page Trust', unless(missing), () => {
  const row = () => opened.window.getByRole('listitem').filter({ hasText: /^Chromium/ })

  test('shows the clients of this computer, what they read, and that Chromium does not trust yet', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Trust' }).click()
    await window.getByRole('heading', { name: 'Trust', level: 1 }).waitFor()
    await row().getByText('Does not trust it').waitFor({ timeout: 60_000 })
    await takePicture(window, 'trust-nothing-yet')
  }, 90_000)

  test('shows what would change, changes it, and calls it proven only after Chromium itself was seen', async () => {
    const { window } = opened
    await row().getByRole('button', { name: 'Install…' }).click()
    const dialog = window.getByRole('dialog', { name: 'Install the local authority' })
    await dialog.getByText('for web sites only').waitFor({ timeout: 30_000 })
    await dialog.getByRole('button', { name: 'Install' }).click()
    await dialog.getByText('Done', { exact: false }).waitFor({ timeout: 30_000 })
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await row().getByText('Installed, not tested').waitFor({ timeout: 60_000 })
    await row().getByRole('button', { name: 'Test', exact: true }).click()
    await row().getByText('Passed its test', { exact: true }).waitFor({ timeout: 90_000 })
    await takePicture(window, 'trust')
    expect(await row().innerText()).toContain('It finished a handshake with the edge')
  }, 240_000)

  test('takes back what was proven once the root is taken out by hand while it is open', async () => {
    const { window } = opened
    const putBack = takeOutByHand()
    await window.evaluate("dispatchEvent(new Event('focus'))")
    await row().getByText('Does not trust it').waitFor({ timeout: 60_000 })
    await lookOver(window, 'trust-taken-out')
    putBack()
    await window.evaluate("dispatchEvent(new Event('focus'))")
    await row().getByText('Installed, not tested').waitFor({ timeout: 60_000 })
  }, 240_000)

  test('gives a page that tries a browser which is open already, and says what came of it, there and here', async () => {
    const { window } = opened
    await window.getByRole('button', { name: 'Test an open browser…', disabled: false }).click()
    const dialog = window.getByRole('dialog', { name: 'Test a browser that is open' })
    const link = dialog.getByRole('link', { name: 'Open in this browser' })
    const addressOf = async () => (await link.getAttribute('href', { timeout: 30_000 })) ?? ''
    await dialog.getByText('Waiting for the page to be opened').waitFor()
    await lookOver(window, 'proof-page-dialog')
    // The window's own browser has a HOME of its own, where nothing is installed.
    const [page] = await Promise.all([window.context().waitForEvent('page'), link.click()])
    await page.getByRole('heading', { name: /^Chromium \d+ does not trust the local authority$/ }).waitFor()
    await lookOver(page, 'proof-page-refused')
    await expect(page.reload()).rejects.toThrow('ERR_CONNECTION_REFUSED')
    await page.close()
    await dialog.getByText(/^Chromium \d+ does not trust the local authority$/).waitFor()
    await lookOver(window, 'proof-page-dialog-refused')

    await dialog.getByRole('button', { name: 'Try again' }).click()
    const { root } = (await (await engineClient()).authority.get())!
    const trusting = await openBrowser({ authorityPem: root.pem })
    try {
      const second = await trusting.context.newPage()
      await second.goto(await addressOf())
      await second.getByRole('heading', { name: /^Chromium \d+ trusts the local authority$/ }).waitFor()
      await lookOver(second, 'proof-page-trusted')
    } finally {
      await trusting.close()
    }
    await dialog.getByText(/^Chromium \d+ trusts the local authority$/).waitFor()
    await lookOver(window, 'proof-page-dialog-trusted')
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    const own = window.getByRole('listitem').filter({ hasText: /^Chromium \d+ Passed its test/ })
    await own.waitFor({ timeout: 60_000 })
    await lookOver(window, 'trust-proven-by-page')
  }, 240_000)
})

describe('a root that is taken away', unless(missing), () => {
  const heldBy = 'the certificates that Chromium-based browsers share'

  test('is named with the stores that keep it, which are then offered the new one or none', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Local authority', exact: true }).click()
    await window.getByRole('button', { name: 'Replace…' }).click()
    const replace = window.getByRole('dialog', { name: 'Replace the local authority' })
    await replace.getByText(`These have the present root and keep it: ${heldBy}`).waitFor()
    await replace.getByText(sentences.authorityReplaced).waitFor()
    await lookOver(window, 'authority-replace')
    await replace.getByRole('button', { name: 'Replace', exact: true }).click()
    const earlier = window.getByRole('region', { name: 'Earlier root' })
    await earlier.getByText(heldBy).waitFor({ timeout: 60_000 })
    await lookOver(window, 'authority-earlier')
    const client = await engineClient()
    const stores = async () => (await client.trust.status()).stores.filter(({ kind }) => kind === 'nss')
    expect(await stores()).toMatchObject([{ state: 'stale' }])
    await earlier.getByRole('button', { name: 'Install the new root…', disabled: false }).click()
    const install = window.getByRole('dialog', { name: 'Install the local authority' })
    await install.getByText('for web sites only').first().waitFor({ timeout: 30_000 })
    await install.getByRole('button', { name: 'Cancel' }).click()
    await earlier.getByRole('button', { name: 'Take it out…', disabled: false }).click()
    const undo = window.getByRole('dialog', { name: 'Undo what was changed' })
    await undo.getByRole('button', { name: 'Undo', exact: true, disabled: false }).click()
    await undo.getByText(`As it was: ${heldBy}`).waitFor({ timeout: 60_000 })
    await undo.getByRole('button', { name: 'Close' }).last().click()
    await earlier.waitFor({ state: 'detached', timeout: 60_000 })
    expect(await stores()).toMatchObject([{ state: 'missing', undoable: false }])
  }, 240_000)
})

describe('the end of it all, in the settings', unless(missing), () => {
  test('shows what is undone before the program is removed, and does it', async () => {
    const { window } = opened
    const client = await engineClient()
    const outcomes: string[] = []
    for await (const event of await client.trust.apply({ action: 'install', clients: ['chromium'] }))
      if (event.type === 'outcome') outcomes.push(event.outcome.outcome)
    expect(outcomes).toEqual(['done'])
    await client.desktop.setPreferences({ startAtLogin: true })
    await window.goto(new URL('#/settings', window.url()).href)
    const section = window.getByRole('region', { name: 'Before you uninstall' })
    await section.getByRole('button', { name: 'Undo all changes to this computer…', disabled: false }).click()
    const dialog = window.getByRole('dialog', { name: 'Undo all changes to this computer' })
    await dialog.getByText('Edgekeep no longer starts when you log in.').waitFor({ timeout: 60_000 })
    await lookOver(window, 'uninstall')
    await dialog.getByRole('button', { name: 'Undo', exact: true, disabled: false }).click()
    await dialog.getByText('Done: start at login').waitFor({ timeout: 60_000 })
    await dialog.getByText('As it was: the certificates that Chromium-based browsers share').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    expect((await client.engine.status()).desktop.startAtLogin).toBe(false)
    await section.scrollIntoViewIfNeeded()
    await lookOver(window, 'uninstall-section')
  }, 180_000)
})

describe('the names on the page Trust', unless(missing), () => {
  test('say where each leads, and a suffix shows what it would change', async () => {
    const { window } = opened
    const client = await engineClient()
    if (!(await client.authority.get())) await client.authority.rotate({ allow: ['example.com'] })
    for (const name of ['*.wild.test', 'app.dev', 'own.localhost'])
      await client.domains.add({ name, origin: originAt(9) })
    await window.goto(new URL('#/trust/names', window.url()).href)
    await window.reload()
    const names = window.getByRole('region', { name: 'Names' })
    await names.getByRole('listitem').filter({ hasText: 'www.wild.test' }).waitFor({ timeout: 60_000 })
    expect(await names.innerText()).toContain('HSTS list')
    await names.scrollIntoViewIfNeeded()
    await lookOver(window, 'trust-names')
    const [report] = (await client.names.status({ domains: ['*.wild.test'] })).names
    if (report?.install) {
      expect(await names.innerText()).not.toContain('edgekeep names install www.wild.test')
      await names.getByRole('button', { name: 'Point it here: www.wild.test' }).click()
      const name = window.getByRole('dialog', { name: 'Point a name here' })
      await name.getByText('Points www.wild.test to this computer').waitFor({ timeout: 30_000 })
      await lookOver(window, 'name-plan')
      await name.getByRole('button', { name: 'Cancel' }).click()
    } else expect(await names.innerText()).toContain(report?.fix)
    await names.getByRole('button', { name: 'Point a suffix here…' }).click()
    const dialog = window.getByRole('dialog', { name: 'Point a whole suffix here' })
    await dialog.getByLabel('Suffix').fill('com')
    await dialog.getByRole('button', { name: 'Show what changes' }).click()
    await dialog.getByText('top-level domain').waitFor({ timeout: 30_000 })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await names.getByRole('button', { name: 'Point a suffix here…' }).click()
    await dialog.getByLabel('Suffix').fill('test')
    await lookOver(window, 'suffix')
    await dialog.getByRole('button', { name: 'Show what changes' }).click()
    await dialog.getByText('every name below .test').waitFor({ timeout: 30_000 })
    await lookOver(window, 'suffix-plan')
    await dialog
      .getByRole('button', { name: /Cancel|Close/ })
      .last()
      .click()
    await window.getByRole('link', { name: 'Local authority', exact: true }).click()
    await window.getByRole('button', { name: 'QR code…' }).click()
    const code = window.getByRole('dialog', { name: 'Fingerprint of the root' })
    await code.getByRole('img', { name: 'QR code of the SHA-256 fingerprint' }).waitFor()
    await lookOver(window, 'authority-code')
    await code.getByRole('button', { name: 'Close' }).last().click()
    for (const domain of ['*.wild.test', 'app.dev', 'own.localhost']) await client.domains.remove({ domain })
  }, 180_000)
})

async function ended(events: Promise<AsyncIterable<unknown>>): Promise<void> {
  const all = []
  for await (const event of await events) all.push(event)
}

async function engineClient(): Promise<Client> {
  connection ??= await connectEngine(opened.home)
  if (!connection) throw new Error('No engine runs.')
  return connection.client
}

describe('the page of a domain', unless(missing), () => {
  test('shows all that makes it green before anything is changed', async () => {
    const { window } = opened
    const client = await engineClient()
    await client.domains.add({ name: 'shop.test', origin: originAt(9) })
    await window.goto(new URL('#/domains/shop.test', window.url()).href)
    const offer = window.getByRole('complementary', { name: 'Next: trusted HTTPS' })
    await lookOver(window, 'setup-offer')
    await offer.getByRole('button', { name: 'Set up…' }).click()
    const dialog = window.getByRole('dialog', { name: 'Set up trusted HTTPS for shop.test' })
    await dialog.getByText('Turns HTTPS on for shop.test').waitFor({ timeout: 60_000 })
    await dialog.getByText('Points shop.test to this computer').waitFor()
    await lookOver(window, 'make-green')
    // The person who runs this may have all permissions: the rest is tested on a recorded system.
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await client.domains.get({ domain: 'shop.test' })).toMatchObject({ https: { state: 'off' } })
    await offer.getByRole('button', { name: 'Not now' }).click()
    await offer.waitFor({ state: 'detached' })
    await window.getByRole('button', { name: 'Set up trusted HTTPS' }).click()
    await dialog.getByText('Turns HTTPS on for shop.test').waitFor({ timeout: 60_000 })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  }, 120_000)

  test('offers the cures for a certificate of a private authority, and shows what trust in its root means', async () => {
    const { window } = opened
    const client = await engineClient()
    const root = createTestAuthority({ commonName: 'Acme Corp Root' })
    const domain = 'corp.localhost'
    await client.domains.add({ name: domain, origin: originAt(9) })
    await enableByUpload(client, domain, issueTestLeaf(root, { names: [domain] }))
    await window.goto(new URL(`#/domains/${domain}`, window.url()).href)
    await window.getByRole('button', { name: 'Set up trusted HTTPS' }).click()
    const dialog = window.getByRole('dialog', { name: 'Set up trusted HTTPS for corp.localhost' })
    await dialog
      .getByText('Your browsers refuse the certificate of this domain.')
      .waitFor({ timeout: 60_000 })
    await dialog.getByText('edgekeep setup corp.localhost --trust-root FILE').waitFor()
    expect(await dialog.getByRole('button', { name: 'Copy' }).count()).toBeGreaterThan(1)
    await lookOver(window, 'private-authority')
    const chooser = window.waitForEvent('filechooser')
    await dialog.getByRole('button', { name: 'Choose the root’s file…' }).click()
    const file = {
      name: 'root.crt',
      mimeType: 'application/x-x509-ca-cert',
      buffer: Buffer.from(root.certificatePem),
    }
    await (await chooser).setFiles(file)
    await dialog
      .getByText('It is not limited to names: whoever holds its key')
      .first()
      .waitFor({ timeout: 60_000 })
    await lookOver(window, 'private-root')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await client.domains.remove({ domain })
  }, 180_000)

  test('knows that it is green in Chromium, and opens the domain by its one primary button, until trust is undone', async () => {
    const { window } = opened
    const client = await engineClient()
    const domain = 'shop.localhost'
    const origin = await startOrigin((_request, response) => void response.end('The shop'))
    await client.domains.add({ name: domain, origin: originAt(origin.port) })
    await client.https.enable({ domain, source: { type: 'free' } })
    await client.domains.setRedirect({ domain, redirect: { mode: 'https', code: 302 } })
    const others = ['api.localhost', 'blog.localhost', 'docs.localhost']
    for (const name of others) {
      await client.domains.add({ name, origin: originAt(origin.port) })
      await client.https.enable({ domain: name, source: { type: 'free' } })
    }
    await client.domains.check({ domain: 'api.localhost' })
    await client.https.pause({ domain: 'docs.localhost' })
    const trusted = (action: 'install' | 'undo') =>
      ended(client.trust.apply({ action, clients: ['chromium'], elevation: 'leave' }))
    await trusted('install')
    await ended(client.setup.prove({ domain, clients: ['chromium'] }))
    await client.domains.check({ domain })
    await window.goto(new URL(`#/domains/${domain}`, window.url()).href)
    const heading = window.getByRole('heading', { level: 1 })
    await heading.getByText('Green in Chromium').waitFor({ timeout: 60_000 })
    const link = window.getByRole('link', { name: `Open ${domain}` })
    expect(await link.getAttribute('href')).toMatch(/^https:\/\/shop\.localhost:\d+\/$/)
    expect(await window.getByRole('button', { name: 'Set up trusted HTTPS' }).count()).toBe(0)
    expect(await window.getByText('Open in browser').count()).toBe(0)
    await window.getByRole('button', { name: 'Other ways to open' }).waitFor()
    await lookOver(window, 'domain-green')
    await window.getByRole('link', { name: 'Domains' }).first().click()
    const row = window.getByRole('row').filter({ hasText: domain })
    await row.getByText('Green', { exact: true }).waitFor()
    await window.emulateMedia({ colorScheme: 'dark' })
    await lookOver(window, 'domains-green')
    await window.emulateMedia({ colorScheme: 'light' })
    await trusted('undo')
    await window.goto(new URL(`#/domains/${domain}`, window.url()).href)
    await heading.getByText('Not tested in your browsers').waitFor({ timeout: 60_000 })
    await window.getByRole('button', { name: 'Set up trusted HTTPS' }).waitFor()
    expect(await window.getByText(/Works|works here/).count()).toBe(0)
    await lookOver(window, 'domain-not-green')
    for (const name of [domain, ...others]) await client.domains.remove({ domain: name })
    await origin.close()
  }, 180_000)

  test('offers to allow the authority a domain that it is not held to', async () => {
    const { window } = opened
    const client = await engineClient()
    await client.domains.add({ name: 'shop.example.com', origin: originAt(9) })
    await window.goto(new URL('#/domains/shop.example.com', window.url()).href)
    await window.getByRole('button', { name: 'Turn on HTTPS' }).click()
    const settings = window.getByRole('dialog', { name: 'HTTPS settings for shop.example.com' })
    await settings.getByRole('radio', { name: 'Free' }).click()
    await settings
      .getByText('The local authority may not issue for shop.example.com')
      .waitFor({ timeout: 30_000 })
    await lookOver(window, 'free-outside')
    await settings.getByRole('button', { name: 'Allow shop.example.com…' }).click()
    await window.getByRole('dialog').getByText(sentences.authorityWidened).waitFor()
    await lookOver(window, 'free-allow')
    await window.getByRole('button', { name: 'Allow and make a new root' }).click()
    await settings
      .getByText('The local authority may not issue for')
      .waitFor({ state: 'detached', timeout: 30_000 })
    expect((await client.authority.get())?.chosen).toEqual(['shop.example.com'])
  }, 120_000)
})
