import { once } from 'node:events'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { casesOf } from '../support/long-form.ts'
import { atRest, axeViolations, ofColors, wcag } from '../support/browser/axe.ts'
import { showPart } from '../support/browser/domain-page.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'

const authority = createTestAuthority()
const leaf = issueTestLeaf(authority, { names: ['site.test'] })

let opened: OpenedWindow
beforeAll(async () => {
  opened = await openWindow()
  await edgekeep(opened.home.folder, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000'])
  await edgekeep(opened.home.folder, ['https', 'on', 'shop.test', '--free'])
  await edgekeep(opened.home.folder, ['vault', 'recovery-key', '--new', '--yes'])
}, 120_000)
afterAll(() => opened?.close())

async function askForCertificates(): Promise<void> {
  await showPart(opened.window, 'TLS')
  const choice = opened.window.getByRole('radiogroup', { name: 'Client certificates' })
  await choice.getByText('Required').click()
}

/** Runs axe on the window at rest. */
async function violations(runOnly = wcag): Promise<string[]> {
  await closeNotices()
  await atRest(opened.window)
  return axeViolations(opened.window, runOnly)
}

/** A notice that fades out is too faint for the contrast rule. */
async function closeNotices(): Promise<void> {
  const notices = opened.window.locator('.mantine-Notification-root')
  await notices.locator('button').evaluateAll((buttons) => {
    for (const button of buttons) (button as HTMLElement).click()
  })
  await expect.poll(() => notices.count()).toBe(0)
}

const places: [name: string, go: () => Promise<void>][] = [
  ['the list of domains', () => link('Domains')],
  ['a domain', () => link('shop.test')],
  ...['Origins', 'Redirect and HSTS', 'Headers', 'Access', 'Findings', 'History'].map(
    (part): [string, () => Promise<void>] => [`its part ${part}`, () => showPart(opened.window, part)],
  ),
  ['its protocol, with client certificates', () => askForCertificates()],
  ['the HTTPS settings', () => modify()],
  ['the acts on many domains', () => actsOnMany()],
  ['the policies for many domains', () => policiesForMany()],
  ['the certificates', () => link('Certificates')],
  ['the acts on many certificates', () => actsOnCertificates()],
  ['a certificate, its note and its history', () => certificate()],
  ['its replacement', () => press('Replace…')],
  ['the import of a folder', () => folder()],
  ['the inspector', () => link('Inspector')],
  ['what it says of files', () => inspected()],
  ['the verdicts of clients', () => tab('Preflight')],
  ['the time machine', () => tab('Time machine')],
  ['a comparison', () => tab('Compare')],
  ['the clean files', () => tab('Clean files')],
  ['the octets of a certificate', () => octets()],
  ['the traffic', () => traffic()],
  ['the usage', () => usage()],
  ['the price of requests', () => press('Set a price')],
  ['the activity', () => activity()],
  ['what trusts the local authority', () => pageOf('Trust')],
  ['where the names lead', () => link(/^Names/)],
  ['the local authority', () => link('Local authority')],
  ['what the local authority has issued', () => pageOf('Issuing')],
  ['the form of a certificate', () => press('Issue a certificate')],
  ['moving in', () => pageBehind('Domains', 'Move in…')],
  ['the servers to publish to', () => pageBehind('Domains', 'Publish…')],
  ['the projects', () => pageBehind('Domains', 'Projects')],
  ['the watched servers', () => pageBehind('Certificates', 'Watched servers')],
  ['the settings', () => link('Settings')],
  ['a program that gets notices', () => programForNotices()],
  ['the ways to keep the vault’s key', () => instead('Change protection…')],
  ['a new recovery key', () => instead('Replace recovery key…')],
  ['what is asked for before it is used', () => typedBack()],
  ['the backup', () => instead('Back up…')],
  ['automatic backups', () => instead('Set up…')],
  ['a locked vault', () => lock()],
]

async function link(name: string | RegExp): Promise<void> {
  await opened.window.keyboard.press('Escape')
  await opened.window.getByRole('link', { name, exact: true }).first().click()
}
async function pageOf(name: string): Promise<void> {
  await link(name)
  await opened.window.getByRole('heading', { name, level: 1 }).waitFor()
}
async function pageBehind(section: string, button: string): Promise<void> {
  await link(section)
  await press(button)
}
async function tab(name: string): Promise<void> {
  await opened.window.getByRole('tab', { name }).click()
}

/** Inspects a pair whose chain is out of order, so that every section has content. */
async function inspected(): Promise<void> {
  const { window } = opened
  await link('Inspector')
  if (await window.getByRole('button', { name: 'Clear', exact: true }).isVisible()) await press('Clear')
  const files = [leaf.leafPem, leaf.keyPem, authority.certificatePem]
  await window
    .locator('input[type=file]')
    .first()
    .setInputFiles(
      files.map((text, at) => ({ name: `${at}.pem`, mimeType: 'text/plain', buffer: Buffer.from(text) })),
    )
  await window.getByRole('region', { name: 'What to know first' }).waitFor()
  await window.getByRole('group', { name: /^Chain/ }).waitFor()
}
async function octets(): Promise<void> {
  await opened.window
    .getByRole('navigation')
    .getByRole('button', { name: /^site\.test/ })
    .click()
  await tab('Structure')
  await opened.window.getByRole('tree').waitFor()
}
async function actsOnMany(): Promise<void> {
  await selectShop()
  await press('More')
}
async function selectShop(): Promise<void> {
  await link('Domains')
  await opened.window.getByRole('checkbox', { name: 'Select shop.test' }).check()
}
async function actsOnCertificates(): Promise<void> {
  await opened.window.getByRole('checkbox', { name: 'Select all certificates' }).check()
  await press('More')
}
async function policiesForMany(): Promise<void> {
  await selectShop()
  await press('Set policy…')
}
async function modify(): Promise<void> {
  await showPart(opened.window, 'HTTPS and certificate')
  await press('Modify')
}
async function press(name: string): Promise<void> {
  await opened.window.getByRole('button', { name, exact: true }).click()
}

/** Opens Usage with one counted request and its numbers unfolded. */
async function usage(): Promise<void> {
  await fetch(`http://127.0.0.1:${opened.running.httpPort}/`).then((answer) => answer.text())
  await link('Usage')
  await opened.window.getByText('Show the numbers').click()
}

/** Opens Traffic with a refused request in the drawer. */
async function traffic(): Promise<void> {
  await link('Traffic')
  await opened.window.getByRole('heading', { name: 'Traffic', exact: true }).waitFor()
  const row = opened.window.getByRole('option').filter({ hasText: 'nowhere.test' }).first()
  // The edge tells of handshakes from the moment on that it has heard of a viewer.
  for (let attempt = 0; attempt < 20 && !(await row.isVisible()); attempt += 1) {
    const socket = connect({ host: '127.0.0.1', port: opened.running.httpsPort, servername: 'nowhere.test' })
    await once(socket, 'error')
    await opened.window.waitForTimeout(250)
  }
  await row.click()
  await opened.window.getByRole('complementary', { name: 'Details' }).getByText('JA4 fingerprint').waitFor()
}

/** Opens Activity with a row unfolded and the audit trail verified. */
async function activity(): Promise<void> {
  await link('Activity')
  await opened.window.getByRole('button', { name: /^What changed: Added shop\.test/ }).click()
  await press('Verify audit trail')
  await opened.window.getByText(/^The audit trail is intact/).waitFor()
}
async function certificate(): Promise<void> {
  await link('shop.test')
  await opened.window.getByRole('tab', { name: 'History' }).click()
  await opened.window.getByRole('list', { name: 'History, newest first' }).waitFor()
  await press('Change note and tags')
}
/** Escape ends one thing at a time: the dialog, then the drawer. */
async function folder(): Promise<void> {
  await opened.window.keyboard.press('Escape')
  await opened.window.getByRole('dialog', { name: /^Replace/ }).waitFor({ state: 'detached' })
  await link('Certificates')
  await opened.window.getByRole('dialog').waitFor({ state: 'detached' })
  await press('Import a folder')
}
async function programForNotices(): Promise<void> {
  await press('Add a channel…')
  const dialog = opened.window.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Kind' }).click()
  await opened.window.getByRole('option', { name: 'Program', exact: true }).click()
  await dialog.getByText('edgekeep notice add').waitFor()
}
async function instead(name: string): Promise<void> {
  await opened.window.keyboard.press('Escape')
  await opened.window.getByRole('dialog').waitFor({ state: 'detached' })
  await press(name)
}
/** Requests a confirmation code instead of typing the recovery key. */
async function typedBack(): Promise<void> {
  await press('I have written it down')
  await press('Use a confirmation code instead')
  await press('Write the code')
  await opened.window.getByText(/confirmation-code\.txt$/).waitFor()
}
async function lock(): Promise<void> {
  await instead('Lock the vault')
  await opened.window.getByRole('region', { name: 'The vault is locked' }).waitFor()
}

/** Pages that have the components of all, each reached without the one before it. */
const shortInDark = [
  'the list of domains',
  'a domain',
  'the certificates',
  'what it says of files',
  'the usage',
  'the activity',
  'what trusts the local authority',
  'the settings',
  'the ways to keep the vault’s key',
  'a locked vault',
]
const inDark = casesOf(places, ([name]) => shortInDark.includes(name))

describe.each([
  ['light', wcag, places],
  ['dark', ofColors, inDark],
] as const)('in %s, axe finds nothing wrong with', (colorScheme, rules, shown) => {
  beforeAll(() => opened.window.emulateMedia({ colorScheme }))
  afterAll(() => press('Unlock'))

  test.each(shown)('%s', async (_name, go) => {
    await go()
    expect(await violations(rules)).toEqual([])
  })
})

test('axe would have found a control without a name, and in the dark a faint word', async () => {
  await opened.window.evaluate(`document.querySelector('main').append(document.createElement('button'))`)
  expect(await violations()).toEqual([expect.stringContaining('button-name')])
  await opened.window.evaluate(`document.querySelector('h1').style.color = '#444'`)
  expect(await violations(ofColors)).toEqual([expect.stringContaining('color-contrast')])
})
