import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { takePicture } from '../e2e/pictures.ts'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../support/pki/certificates.ts'
import { curlOf } from '../support/edge/curl.ts'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'
import { showPart } from '../support/browser/domain-page.ts'
import { dropFiles } from '../support/browser/drop-files.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { codeOf } from '../support/vault/recovery.ts'
import { filesWith, foundInText, needlesOf } from '../support/pki/needles.ts'
import { startOrigin, type TestOrigin } from '../support/edge/origin.ts'

const authority = createTestAuthority({ commonName: 'Shop test authority' })
const shop = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test'] })
const stranger = issueTestLeaf(authority, { names: ['shop.test'] })

let app: DesktopApp
let origin: TestOrigin
let downloads: string

beforeAll(async () => {
  downloads = temporaryFolder()
  origin = await startOrigin((_request, response) => response.end('<h1>The shop is open</h1>'))
  const started = await startDesktop()
  if (started) app = started
}, patientMs + 60_000)
afterAll(async () => {
  await app?.close()
  await origin?.close()
  rmSync(downloads, { recursive: true, force: true })
})
beforeEach(needsElectron)

/** A certificate and a key as files in the person's downloads. */
function pair(certificate: TestLeaf, key: TestLeaf): string[] {
  const folder = mkdtempSync(path.join(downloads, 'pair-'))
  const [certificateFile, keyFile] = [path.join(folder, 'shop.test.crt'), path.join(folder, 'shop.test.key')]
  writeFileSync(certificateFile, certificate.chainPem)
  writeFileSync(keyFile, key.keyPem)
  return [keyFile, certificateFile]
}

async function dropOnDialog(files: string[]): Promise<void> {
  const zone = app.window
    .locator('[data-drop-zone]')
    .filter({ has: app.window.getByLabel('Certificate and key files', { exact: true }) })
  await zone.scrollIntoViewIfNeeded()
  const box = (await zone.boundingBox())!
  await dropFiles(app.window, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, files)
}

async function curl(url: string, ...words: string[]) {
  const { edge } = await app.ask((client) => client.engine.status())
  const client = curlOf({ authority, https: edge.https!.port, http: edge.http!.port })
  try {
    return await client.curl(url, ...words)
  } finally {
    client.remove()
  }
}

describe('the main job, in the desktop app', () => {
  test('a domain is added', async () => {
    await app.window.getByRole('button', { name: 'Add domain' }).first().click()
    const dialog = app.window.getByRole('dialog', { name: 'Add a domain' })
    await dialog.getByLabel('Domain').fill('shop.test')
    await dialog.getByLabel('Origin').fill(`http://127.0.0.1:${origin.port}`)
    await dialog.getByRole('button', { name: 'Add domain' }).click()
    await app.window.getByRole('heading', { name: /^shop\.test/ }).waitFor()
    expect(await app.ask((client) => client.domains.list())).toMatchObject([{ name: 'shop.test' }])
  })

  test('a key of another certificate is refused when it is dropped, and nothing is stored', async () => {
    await app.window.getByRole('button', { name: 'Turn on HTTPS' }).click()
    const dialog = app.window.getByRole('dialog', { name: 'HTTPS settings for shop.test' })
    await dialog.getByRole('radio', { name: /Upload/ }).click()
    await dropOnDialog(pair(shop, stranger))
    await dialog.getByText('The key belongs to another certificate').first().waitFor()
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await app.ask((client) => client.certificates.list())).toEqual([])
  })

  test('certificate and key are dropped, seen to match, saved, and curl gets the page over HTTPS', async () => {
    await app.window.getByRole('button', { name: 'Turn on HTTPS' }).click()
    const dialog = app.window.getByRole('dialog', { name: 'HTTPS settings for shop.test' })
    await dialog.getByRole('radio', { name: /Upload/ }).click()
    await dropOnDialog(pair(shop, shop))
    await dialog.getByText('The key belongs to the certificate').first().waitFor()
    await takePicture(app.window, 'desktop-match')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await app.window.getByText('In the vault, sealed, and it matches the certificate').waitFor()
    expect(await curl('https://shop.test/')).toMatchObject({ status: 200, body: '<h1>The shop is open</h1>' })
  })

  test('HTTP is redirected to HTTPS', async () => {
    await showPart(app.window, 'Redirect and HSTS')
    await app.window.getByRole('radio', { name: 'HTTP → HTTPS' }).click()
    await app.window.getByRole('button', { name: 'Save redirect' }).click()
    await app.window.getByText('Redirect saved.').waitFor()
    expect((await curl('http://shop.test/cart')).status).toBe(301)
  })

  test('the window is looked at in light and dark', async () => {
    await app.window.getByRole('link', { name: 'Domains' }).first().click()
    await app.window.getByRole('table', { name: 'Domains' }).waitFor()
    for (const scheme of ['dark', 'light'] as const) {
      await app.electron.evaluate(({ nativeTheme }, source) => {
        nativeTheme.themeSource = source
      }, scheme)
      await expect
        .poll(() => app.window.evaluate(() => document.documentElement.dataset['mantineColorScheme']))
        .toBe(scheme)
      await takePicture(app.window, `desktop-domains-${scheme}`)
    }
  })

  test('neither the window nor any file of the home holds the key', async () => {
    const needles = needlesOf(shop.keyPem)
    expect(foundInText(await app.window.content(), needles)).toEqual([])
    expect(filesWith(app.home.folder, needles)).toEqual([])
  })

  test('a locked vault is shown at once, opens with its passphrase, and HTTPS goes on', async () => {
    const passphrase = 'four words that are mine'
    await app.ask(async (client) => {
      const proof = await codeOf({ client })
      return client.vault.protect({ protector: 'passphrase', passphrase, proof })
    })
    await app.ask((client) => client.vault.lock())
    await app.window
      .getByRole('button', { name: /Unlock/ })
      .first()
      .waitFor()
    await takePicture(app.window, 'desktop-locked')
    await app.window.getByLabel('Passphrase').first().fill(passphrase)
    await app.window
      .getByRole('button', { name: /Unlock/ })
      .first()
      .click()
    await expect
      .poll(() => app.ask((client) => client.engine.status()).then(({ protection }) => protection.locked))
      .toBe(false)
    expect((await curl('https://shop.test/')).status).toBe(200)
  })
})
