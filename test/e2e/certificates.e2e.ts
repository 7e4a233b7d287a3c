import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createPrivateKey } from 'node:crypto'
import path from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { foundInText, needlesOf } from '../support/pki/needles.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { takePicture } from './pictures.ts'

const authority = createTestAuthority({ commonName: 'Shop test authority' })
const shop = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test'] })
const stranger = issueTestLeaf(authority, { names: ['other.test'] })
const needles = needlesOf(shop.keyPem)
const lockedKeyPem = createPrivateKey(shop.keyPem)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
  .toString()

let downloads: string
let opened: OpenedWindow
beforeAll(async () => {
  downloads = temporaryFolder()
  opened = await openWindow()
  await opened.browser.context.grantPermissions(['clipboard-read', 'clipboard-write'])
}, 120_000)
afterAll(async () => {
  await opened?.close()
  rmSync(downloads, { recursive: true, force: true })
})

/** Pastes `text` with the keyboard. */
async function paste(field: Locator, text: string): Promise<void> {
  await opened.window.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await field.focus()
  await opened.window.keyboard.press('ControlOrMeta+v')
}

/** Files of the disk with these contents. */
function filesOf(contents: Record<string, string>): string[] {
  const folder = mkdtempSync(path.join(downloads, 'given-'))
  return Object.entries(contents).map(([name, content]) => {
    writeFileSync(path.join(folder, name), content)
    return path.join(folder, name)
  })
}

/** Every place of the page that could hold a key: text, attributes and field values. */
async function keyInPage(): Promise<string[]> {
  const fields = await opened.window.evaluate(() =>
    [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
  )
  return foundInText(`${await opened.window.content()}\n${fields.join('\n')}`, needles)
}

describe('a person keeps a certificate in the vault', () => {
  test('certificate and key are pasted and imported, and the page never holds the key', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Certificates', exact: true }).click()
    await window.getByRole('button', { name: 'Import a certificate' }).click()
    const dialog = window.getByRole('dialog', { name: 'Import a certificate' })
    await paste(dialog.getByLabel('Or paste the certificate'), shop.chainPem)
    await dialog.getByText('There is a certificate but no private key').first().waitFor()
    await paste(dialog.getByLabel('Or paste the private key'), shop.keyPem)
    await dialog.getByText('The key belongs to the certificate').waitFor()
    expect(await keyInPage()).toEqual([])
    // Escape asks before it discards the files; the second one closes only the question.
    const question = window.getByRole('dialog', { name: 'Discard the files?' })
    await window.keyboard.press('Escape')
    await question.getByRole('button', { name: 'Discard' }).waitFor()
    await window.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    await dialog.getByText('The key belongs to the certificate').waitFor()
    await dialog.getByLabel('Name in the vault').fill('Shop, production')
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await window.getByText('The key is sealed in the vault and matches this certificate').waitFor()
    await takePicture(window, '10-certificate')
    expect(await keyInPage()).toEqual([])
  })

  test('the same certificate is not imported twice', async () => {
    const { window } = opened
    await window.keyboard.press('Escape')
    await window.getByRole('button', { name: 'Import a certificate' }).click()
    const dialog = window.getByRole('dialog', { name: 'Import a certificate' })
    await dialog
      .locator('input[type=file]')
      .setInputFiles(filesOf({ 'shop.crt': shop.chainPem, 'shop.key': shop.keyPem }))
    await dialog.getByText('This certificate is already in the vault.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  test('an unreadable file is reported once, asks for no passphrase, and is removed alone', async () => {
    const { window } = opened
    await window.getByRole('button', { name: 'Import a certificate' }).click()
    const dialog = window.getByRole('dialog', { name: 'Import a certificate' })
    // A keystore (JKS) of a version that there is not.
    const buffer = Buffer.concat([Buffer.from('feedfeed00000009', 'hex'), Buffer.alloc(64)])
    const [certificate] = filesOf({ 'other.crt': stranger.chainPem })
    const chooser = dialog.locator('input[type=file]')
    await chooser.setInputFiles([{ name: 'broken.jks', mimeType: 'application/octet-stream', buffer }])
    await dialog.getByText(/The Java keystore \(JKS\) in broken\.jks/).waitFor()
    expect(await dialog.getByText(/in broken\.jks/).count()).toBe(1)
    expect(await dialog.getByLabel(/passphrase/i).count()).toBe(0)
    await chooser.setInputFiles(certificate!)
    await dialog.getByRole('button', { name: 'Remove other.crt' }).waitFor()
    await dialog.getByRole('button', { name: 'Remove broken.jks' }).click()
    await dialog.getByText(/in broken\.jks/).waitFor({ state: 'detached' })
    await dialog.getByRole('button', { name: 'Remove other.crt' }).waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  test('it is renamed, and its public parts are saved without the key', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Shop, production' }).click()
    await window.getByRole('button', { name: 'Rename' }).click()
    await window.getByLabel('Name in the vault').fill('The shop')
    await window.getByRole('button', { name: 'Save', exact: true }).click()
    await window.getByRole('dialog', { name: /The shop/ }).waitFor()
    await window.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      window.waitForEvent('download'),
      window.getByRole('menuitem', { name: 'Chain as PEM' }).click(),
    ])
    const saved = readFileSync(await download.path(), 'utf8')
    expect(saved.replaceAll(/\s/g, '')).toBe(shop.chainPem.replaceAll(/\s/g, ''))
  })

  test('deleting lists the losses first, and then removes the certificate', async () => {
    const { window } = opened
    await window.getByRole('button', { name: 'Delete', exact: true }).click()
    const dialog = window.getByRole('dialog', { name: 'Delete “The shop”?' })
    await dialog.getByText('its private key, which may be the only copy').waitFor()
    await dialog.getByRole('button', { name: 'Delete certificate and key' }).click()
    await window.getByRole('heading', { name: 'No certificates yet' }).waitFor()
    const { out } = await edgekeep(opened.home.folder, ['cert', 'list', '--json'])
    expect(out).not.toContain(shop.fingerprintSha256)
  })
})

describe('a person inspects files', () => {
  const pieces = () => opened.window.getByRole('navigation', { name: 'Pieces found' })

  test('matching files are grouped, and each fault is shown with its place', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Inspector', exact: true }).click()
    await window.locator('input[type=file]').setInputFiles(
      filesOf({
        'shop.crt': shop.chainPem,
        'shop.key': lockedKeyPem,
        'other.crt': stranger.chainPem,
        'broken.crt': shop.leafPem.slice(0, 200),
        'readme.txt': 'Nothing of use.',
      }),
    )
    await pieces()
      .getByRole('button', { name: /shop\.test/ })
      .waitFor()
    await window
      .getByText(/No certificate, key, request or revocation list was found in readme\.txt/)
      .waitFor()
    await pieces().getByText('No matching key.').first().waitFor()
  })

  test('a passphrase is asked for in place, and then the key finds its certificate', async () => {
    const { window } = opened
    await window.getByLabel(/Passphrase for shop\.key/).fill('close sesame')
    await window.getByRole('button', { name: 'Unlock' }).click()
    await window
      .getByText(/The passphrase does not open the private key in shop\.key/)
      .first()
      .waitFor()
    await window.getByLabel(/Passphrase for shop\.key/).fill('open sesame')
    await window.getByRole('button', { name: 'Unlock' }).click()
    await window.getByText('The key belongs to the certificate').waitFor()
    expect(await keyInPage()).toEqual([])
    await takePicture(window, '11-inspector')
  })

  test('a verification for another name is refused with the rule that was broken', async () => {
    const { window } = opened
    await pieces()
      .getByRole('button', { name: /^shop\.test/ })
      .click()
    await window.getByRole('tab', { name: 'Verification' }).click()
    await window.getByLabel('Host name or address').fill('wrong.test')
    await window.getByRole('button', { name: 'Verify' }).click()
    await window.getByText('shop.test would be refused for wrong.test.').waitFor()
    await window.getByText(/It does not cover wrong\.test/).waitFor()
    await window
      .getByText(/RFC 5280, section/)
      .first()
      .waitFor()
  })

  test('another certificate is judged when it is chosen, although the first has its key here', async () => {
    const { window } = opened
    await pieces()
      .getByRole('button', { name: /^other\.test/ })
      .click()
    await window.getByRole('tab', { name: 'Verification' }).click()
    await window.getByText('other.test would be refused for wrong.test.').waitFor()
  })

  test('inspected files go on to the import dialog, and nothing is stored before that', async () => {
    const { window } = opened
    await pieces()
      .getByRole('button', { name: /^Summary/ })
      .click()
    await window.getByRole('button', { name: 'Add to the vault…' }).click()
    const dialog = window.getByRole('dialog', { name: 'Import a certificate' })
    await dialog.getByLabel(/Passphrase for shop\.key/).fill('open sesame')
    await dialog.getByRole('button', { name: 'Unlock' }).click()
    await dialog.getByText('The key belongs to the certificate').waitFor()
    expect((await edgekeep(opened.home.folder, ['cert', 'list', '--json'])).out).not.toContain('shop.test')
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await window.getByText('The key is sealed in the vault and matches this certificate').waitFor()
    await window.keyboard.press('Escape')
  })

  test('clear forgets everything', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Inspector', exact: true }).click()
    await window.getByRole('button', { name: 'Clear', exact: true }).click()
    await window.getByLabel('Or paste PEM').waitFor()
    expect(await pieces().count()).toBe(0)
  })
})
