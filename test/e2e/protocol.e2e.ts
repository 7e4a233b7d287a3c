import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientPurpose, createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { showPart } from '../support/browser/domain-page.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { shakeHands, writeTo } from '../support/pki/openssl.ts'
import { takePicture } from './pictures.ts'
import { startOrigin, type TestOrigin } from '../support/edge/origin.ts'

const staff = createTestAuthority({ commonName: 'Staff authority' })
const ada = issueTestLeaf(staff, { names: ['ada.example'], purposes: [clientPurpose] })

let origin: TestOrigin
let opened: OpenedWindow
beforeAll(async () => {
  origin = await startOrigin((_request, response) => response.end('the page'))
  opened = await openWindow()
  const { folder } = opened.home
  await edgekeep(folder, ['domain', 'add', 'shop.test', '--origin', `http://127.0.0.1:${origin.port}`])
  await edgekeep(folder, ['https', 'on', 'shop.test', '--free'])
}, 120_000)
afterAll(async () => {
  await opened?.close()
  await origin.close()
})

const section = () => opened.window.getByRole('region', { name: 'TLS' })
const choose = (group: string, option: string) =>
  section().getByRole('radiogroup', { name: group }).getByText(option, { exact: true }).click()
const save = async () => {
  await section().getByRole('button', { name: 'Save TLS settings' }).click()
  await opened.window.getByText('TLS settings saved.').first().waitFor()
  // The notice of the previous save may still be open.
  await section().getByText('Unsaved changes').waitFor({ state: 'detached' })
}
const visit = (...more: string[]) => shakeHands(opened.running.httpsPort, 'shop.test', ...more)

describe('the protocol of a domain, in the window', () => {
  test('has a minimum version, which counts from the next handshake on', async () => {
    await opened.window.getByRole('link', { name: 'shop.test' }).click()
    await showPart(opened.window, 'TLS')
    await expect.poll(() => visit('-tls1_2')).toContain('the page')
    await choose('Minimum TLS version', 'TLS 1.3')
    await save()
    await expect.poll(() => visit('-tls1_2')).toContain('alert protocol version')
    await expect.poll(() => visit()).toContain('the page')
  })

  test('accepts only TLS 1.3 with the modern ciphers, and shows that', async () => {
    await choose('Minimum TLS version', 'TLS 1.2')
    await choose('Cipher suites', 'Modern')
    await section().getByText('The modern cipher suites are TLS 1.3 only.').waitFor()
    await save()
    await expect.poll(() => visit('-tls1_2')).toContain('alert protocol version')
    await choose('Cipher suites', 'Intermediate')
    await save()
    await expect.poll(() => visit('-tls1_2')).toContain('the page')
  })

  test('turns HTTP/2 off, and tells what comes of stapling', async () => {
    await section().getByRole('switch', { name: 'HTTP/2' }).click()
    await section().getByRole('switch', { name: 'OCSP stapling' }).click()
    await section().getByText('Takes effect when saved.').waitFor()
    await save()
    await expect.poll(() => visit('-alpn', 'h2')).toContain('alert no application protocol')
    await section().getByText('The certificate names no OCSP responder.').waitFor()
  })

  test('requires client certificates of the authorities that are pasted', async () => {
    const { window } = opened
    await choose('Client certificates', 'Required')
    expect(await section().getByRole('button', { name: 'Save TLS settings' }).isDisabled()).toBe(true)
    const paste = section().getByLabel('Pasted authority certificates')
    await paste.fill(ada.leafPem)
    await section().getByText('“ada.example” is not a certificate authority.').waitFor()
    await paste.fill(
      staff.certificatePem + staff.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    )
    await section().getByRole('listitem').getByText('Staff authority').waitFor()
    await save()
    const { cert, key } = writeTo(opened.home.folder, { cert: ada.leafPem, key: ada.keyPem })
    await expect.poll(() => visit()).toContain('asks for a client certificate')
    await expect.poll(() => visit('-cert', cert!, '-key', key!)).toContain('the page')
    await section().getByRole('button', { name: 'Save TLS settings' }).scrollIntoViewIfNeeded()
    for (const colorScheme of ['light', 'dark'] as const) {
      await window.emulateMedia({ colorScheme })
      await takePicture(window, `protocol-${colorScheme}`)
    }
    await window.emulateMedia({ colorScheme: 'light' })
  })
})
