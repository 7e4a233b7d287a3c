import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createPrivateKey } from 'node:crypto'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  accessInformation,
  authorityInformationAccess,
  makeCertificate,
  makeKeys,
  type MadeCertificate,
} from '../support/pki/certificate-maker.ts'
import { dropFiles } from '../support/browser/drop-files.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { foundInText, needlesOf } from '../support/pki/needles.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { sample, samplePassphrase } from '../support/pki/samples.ts'
import { makeZip } from '../support/pki/zip-maker.ts'
import { watchLongestTask } from './main-thread.ts'
import { lookOver, takePicture } from './pictures.ts'

const dayMs = 24 * 60 * 60 * 1000
const days = (count: number) => new Date(Date.now() + count * dayMs)
const authority = (
  subject: string,
  issuer?: MadeCertificate,
  over: { from?: number; to?: number; keys?: ReturnType<typeof makeKeys> } = {},
) =>
  makeCertificate({
    subject,
    ...(issuer ? { issuer } : {}),
    keys: over.keys ?? makeKeys('ec'),
    authority: true,
    notBefore: days(over.from ?? -300),
    notAfter: days(over.to ?? 900),
  })
/** Makes a site's certificate with the caIssuers URL of its issuer. */
const site = (issuer: MadeCertificate | undefined, ...names: string[]) =>
  makeCertificate({
    subject: names[0] ?? '',
    ...(issuer ? { issuer } : {}),
    keys: makeKeys('ec'),
    names,
    extensions: { [authorityInformationAccess]: accessInformation('http://ca.test/r3.cer') },
    notBefore: days(-10),
    notAfter: days(80),
  })

const root = authority('Bakery Root X1', undefined, { from: -900, to: 2000 })
const intermediate = authority('Bakery R3', root)
const ended = authority('Bakery R3', authority('Bakery Root X0'), {
  to: -20,
  from: -900,
  keys: intermediate.keys,
})
const shop = site(intermediate, 'shop.test', 'www.shop.test')
const other = site(intermediate, 'other.test')

const pem = ({ der }: MadeCertificate) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END CERTIFICATE-----\n`
const key = ({ keys }: MadeCertificate) => keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const lockedKey = (made: MadeCertificate) =>
  createPrivateKey(key(made))
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: samplePassphrase })
    .toString()

let folder: string
let opened: OpenedWindow
beforeAll(async () => {
  folder = temporaryFolder()
  opened = await openWindow()
  await opened.window.getByRole('link', { name: 'Inspector', exact: true }).click()
}, 120_000)
afterAll(async () => {
  await opened?.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  const clear = opened.window.getByRole('button', { name: 'Clear', exact: true })
  if (await clear.isVisible()) await clear.click()
  await opened.window.getByLabel('Or paste PEM').waitFor()
})

type Contents = Record<string, string | Uint8Array>

function filesOf(contents: Contents): string[] {
  const here = mkdtempSync(path.join(folder, 'given-'))
  return Object.entries(contents).map(([name, content]) => {
    writeFileSync(path.join(here, name), content)
    return path.join(here, name)
  })
}

const headline = () => opened.window.getByRole('region', { name: 'What to know first' })
const tab = (name: string | RegExp) => opened.window.getByRole('tab', { name })
const pieces = () => opened.window.getByRole('navigation', { name: 'Pieces found' })
const button = (name: string) => opened.window.getByRole('button', { name, exact: true })

async function give(contents: Contents): Promise<void> {
  await opened.window.locator('input[type=file]').first().setInputFiles(filesOf(contents))
}

/** Waits for the sentence and the next step. */
async function says(sentence: string | RegExp, nextStep: string | RegExp): Promise<void> {
  await headline().getByText(sentence).waitFor()
  await headline().getByText(nextStep).waitFor()
}

async function trust(made: MadeCertificate): Promise<void> {
  const [chooser] = await Promise.all([
    opened.window.waitForEvent('filechooser'),
    button('Trust other roots…').click(),
  ])
  await chooser.setFiles(filesOf({ 'root.pem': pem(made) }))
  await opened.window.getByText('Trusted: only the certificates in root.pem.').waitFor()
}

describe('the Inspector has one sentence with the fault and the next step for', () => {
  test('the key of another certificate', async () => {
    await give({ 'shop.crt': pem(shop) + pem(intermediate), 'other.key': key(other) })
    await says(
      'The private key does not belong to the certificate for shop.test',
      'Find the key that was made',
    )
    await takePicture(opened.window, 'inspector-01-wrong-key')
  })

  test('an intermediate that is missing', async () => {
    await give({ 'shop.crt': pem(shop), 'shop.key': key(shop) })
    await trust(root)
    await says(/The intermediate “Bakery R3”.* is missing\./, 'http://ca.test/r3.cer')
    await takePicture(opened.window, 'inspector-02-missing-intermediate')
  })

  test('the root in the chain', async () => {
    await give({ 'all.pem': pem(intermediate) + pem(shop) + pem(root), 'shop.key': key(shop) })
    await trust(root)
    await says('it includes the root “Bakery Root X1”', 'Save the clean files')
    await tab('Clean files').click()
    await opened.window.getByRole('region', { name: 'The files, compared with what is served' }).waitFor()
    await takePicture(opened.window, 'inspector-03-root-included')
    await button('Save clean files').click()
    const [download] = await Promise.all([
      opened.window.waitForEvent('download'),
      opened.window
        .getByRole('menuitem', { name: 'Certificate and chain, in the order that servers need' })
        .click(),
    ])
    const saved = readFileSync(await download.path(), 'utf8')
    expect(saved.replaceAll('\n', '')).toBe((pem(shop) + pem(intermediate)).replaceAll('\n', ''))
  })

  test('an expired intermediate with a cross-signed way out', async () => {
    await give({ 'all.pem': pem(shop) + pem(ended) + pem(intermediate), 'shop.key': key(shop) })
    await trust(root)
    await says('has expired, but another path is valid', 'Serve the chain without the expired')
    const graph = opened.window.getByRole('group', { name: /^Chain/ })
    await graph.scrollIntoViewIfNeeded()
    expect(await graph.getByRole('listitem').allInnerTexts()).toHaveLength(4)
    await takePicture(opened.window, 'inspector-04-cross-signed')
  })

  test('a name that it does not cover', async () => {
    await give({ 'all.pem': pem(shop) + pem(intermediate), 'shop.key': key(shop) })
    await trust(root)
    await opened.window.getByLabel('Host name or address').fill('shop.example')
    await button('Verify').click()
    await says(/does not cover shop\.example/, 'Use it for shop.test, www.shop.test')
    await takePicture(opened.window, 'inspector-05-wrong-host')
  })

  test('a PFX from Windows', async () => {
    await give({ 'windows.pfx': sample('rsa-legacy-rc2.p12').bytes })
    await says('The archive in windows.pfx is locked with a passphrase.', 'Enter the passphrase.')
    const field = opened.window.getByLabel(/Passphrase for windows\.pfx/)
    await field.fill('close sesame')
    await field.press('Enter')
    await says('The passphrase does not open the archive in windows.pfx.', 'Try the passphrase again')
    await field.fill(samplePassphrase)
    await field.press('Enter')
    await headline().getByText('is locked').waitFor({ state: 'detached' })
    await pieces()
      .getByRole('button', { name: /private key/i })
      .first()
      .waitFor()
    await takePicture(opened.window, 'inspector-06-pfx')
    expect(await opened.window.content()).not.toContain(samplePassphrase)
  })

  test('an archive whose key takes long, which is cancelled while its progress is shown', async () => {
    await give({ 'firefox.p12': sample('p256-nss.p12').bytes })
    const field = opened.window.getByLabel(/Passphrase for firefox\.p12/)
    await field.fill(samplePassphrase)
    await field.press('Enter')
    await opened.window.getByRole('progressbar', { name: 'Key derivation' }).waitFor()
    await takePicture(opened.window, 'inspector-33-deriving')
    await opened.window.getByRole('button', { name: 'Cancel' }).click()
    await opened.window.getByRole('progressbar').waitFor({ state: 'detached' })
    await says('The archive in firefox.p12 is locked with a passphrase.', 'Enter the passphrase.')
    expect(await field.isEditable()).toBe(true)
  })

  test('a P7B from an authority', async () => {
    await give({ 'chain.p7b': sample('chain.p7b').bytes })
    await headline()
      .getByText(/was issued by|leads to/)
      .waitFor()
    // A P7B never holds a key, which is no finding for somebody who reads it.
    expect(await opened.window.getByText('private key').count()).toBe(0)
    await takePicture(opened.window, 'inspector-07-p7b')
  })

  test('a key with a passphrase', async () => {
    await give({ 'shop.crt': pem(shop) + pem(intermediate), 'shop.key': lockedKey(shop) })
    await trust(root)
    await says('The private key in shop.key is locked with a passphrase.', 'Enter the passphrase.')
    const field = opened.window.getByLabel(/Passphrase for shop\.key/)
    await field.fill(samplePassphrase)
    await field.press('Enter')
    await opened.window.getByText('The key belongs to the certificate').waitFor()
    await takePicture(opened.window, 'inspector-08-locked-key')
    expect(foundInText(await opened.window.content(), needlesOf(key(shop)))).toEqual([])
  })

  test('a request and no certificate', async () => {
    await give({ 'shop.csr': sample('p256.request.pem').bytes })
    await says(/^This is a certificate request \(CSR\)/, 'Send it to your certificate authority')
    await takePicture(opened.window, 'inspector-09-request')
  })

  test('a mixed folder of two hundred files, dropped', async () => {
    const { window } = opened
    const sites = Array.from({ length: 99 }, (_, at) => site(intermediate, `site${at}.test`))
    const contents: Contents = { 'chain.pem': pem(intermediate), README: 'All sites.' }
    for (const [at, made] of sites.entries()) {
      contents[`site${at}.crt`] = pem(made)
      if (at !== 7) contents[`site${at}.key`] = key(made)
    }
    const [first] = filesOf(contents)
    const longest = await watchLongestTask(window)
    await dropFiles(window, { x: 700, y: 400 }, [path.dirname(first!)])
    await says(
      /^These files hold 99 certificates: 98 with a private key, 1 without/,
      'Select one for details',
    )
    await headline().getByRole('button', { name: 'Add 98 pairs to the vault…' }).waitFor()
    await window.getByRole('tab', { name: /^Lint/, selected: true }).waitFor()
    const longestMs = await longest()
    console.log(`The window's longest task with 200 files: ${longestMs} ms`)
    // About three times the usual time: quadratic growth exceeds it.
    expect(longestMs).toBeLessThan(150)
    await takePicture(window, 'inspector-10-folder')
    // Only visible rows are in the document; the keyboard reaches the rest.
    expect(await pieces().getByRole('button').count()).toBeLessThan(60)
    await pieces()
      .getByRole('button', { name: /^Summary/ })
      .focus()
    await window.keyboard.press('End')
    await window.keyboard.press('ArrowUp')
    await window.locator('nav[aria-label="Pieces found"] [aria-current="true"]:focus').waitFor()
    await window.keyboard.press('Home')
    await headline().waitFor()
  })

  test('names beyond ASCII are readable, and in ASCII where they could be taken for others', async () => {
    const { window } = opened
    const idn = site(intermediate, 'xn--bcher-kva.test', 'xn--80ak6aa92e.com')
    await give({ 'idn.pem': [idn, intermediate].map(pem).join('') })
    await pieces()
      .getByRole('button', { name: /^bücher\.test/ })
      .click()
    await window.getByRole('heading', { level: 2, name: 'bücher.test' }).first().waitFor()
    const names = window.locator('code')
    await names.filter({ hasText: 'bücher.test' }).first().waitFor()
    expect(await names.allInnerTexts()).toEqual(['bücher.testxn--bcher-kva.test', 'xn--80ak6aa92e.com'])
    await lookOver(window, 'inspector-idn')
  })

  test('a self-signed certificate', async () => {
    const alone = site(undefined, 'shop.test')
    await give({ 'shop.crt': pem(alone), 'shop.key': key(alone) })
    await says(
      'is self-signed: no trusted authority issued it',
      'For a public site, get a certificate from a public authority',
    )
    await takePicture(opened.window, 'inspector-11-self-signed')
  })

  test('the certificate of an authority in a site’s place', async () => {
    await give({ 'ca.crt': pem(intermediate), 'ca.key': key(intermediate) })
    await says('a CA certificate, not a server’s', 'Add the certificate that this authority issued')
    await takePicture(opened.window, 'inspector-12-authority-as-leaf')
  })

  test('a certificate without names in a zip, before the trust of its authority', async () => {
    const nameless = makeCertificate({ subject: 'shop.test', keys: makeKeys('ec') })
    const order = makeZip([
      { name: 'order/shop.crt', content: pem(nameless), deflated: true },
      { name: 'order/README.txt', content: 'Thank you.' },
    ])
    await give({ 'order.zip': order })
    await says('No subject alternative names', 'Issue it again with its host names')
    await pieces().getByText('order.zip/order/shop.crt').first().waitFor()
    await takePicture(opened.window, 'inspector-13-no-names')
  })

  test('a web page that was saved as a certificate', async () => {
    await give({ 'shop.crt': '<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>' })
    await says('shop.crt is a web page (404 Not Found), not a certificate.', 'The download failed')
  })
})

describe('beside the sentence', () => {
  beforeEach(async () => {
    await give({ 'all.pem': pem(shop) + pem(intermediate), 'shop.key': key(shop) })
    await headline().waitFor()
  })

  test('every CDN, server and client says whether it would take it', async () => {
    await tab('Preflight').click()
    await opened.window.getByText(/would accept it, \d+ with a warning, \d+ would refuse it/).waitFor()
    await opened.window.getByRole('region', { name: 'CDNs' }).getByRole('button').first().click()
    await opened.window
      .getByText(/^Read on \d{4}-\d\d-\d\d at/)
      .first()
      .waitFor()
    await takePicture(opened.window, 'inspector-preflight')
  })

  test('it is held against another purpose than a server’s', async () => {
    await trust(root)
    await opened.window.getByText('shop.test would be accepted.').waitFor()
    await opened.window.getByRole('combobox', { name: 'Used for' }).click()
    await opened.window.getByRole('option', { name: 'A client' }).click()
    await button('Verify').click()
    await opened.window.getByText('shop.test would be refused.').waitFor()
  })

  test('a root among the files is taken as trusted with one click', async () => {
    const chooser = opened.window.locator('input[type=file]').first()
    await chooser.setInputFiles(filesOf({ 'our-root.pem': pem(root) }))
    // The sentence moves the button down, and a click that begins before and ends after it is lost.
    await opened.window.getByText(/but it includes the root “Bakery Root X1”/).waitFor()
    await button('Trust our-root.pem').click()
    await opened.window.getByText('Trusted: only the certificates in our-root.pem.').waitFor()
    await opened.window.getByText('shop.test would be accepted.').waitFor()
  })

  test('it is verified by the rules of the web and by certificate policies', async () => {
    const stray = makeCertificate({
      subject: 'stray.test',
      issuer: intermediate,
      keys: makeKeys('ec'),
      names: ['shop.test'],
      notBefore: days(-10),
      notAfter: days(80),
    })
    await button('Clear').click()
    await give({ 'all.pem': pem(stray) + pem(intermediate), 'shop.key': key(stray) })
    await trust(root)
    const accepted = opened.window.getByText('stray.test would be accepted.')
    await accepted.waitFor()
    await button('Rules: RFC 5280').click()
    await opened.window.getByRole('combobox', { name: 'Rules' }).click()
    await opened.window.getByRole('option', { name: 'RFC 5280 and CA/Browser Forum (web)' }).click()
    await button('Verify').click()
    await opened.window.getByText('stray.test would be refused.').waitFor()
    await headline()
      .getByText(/has the common name “stray.test”/)
      .waitFor()
    await opened.window.getByRole('combobox', { name: 'Rules' }).click()
    await opened.window.getByRole('option', { name: 'RFC 5280', exact: true }).click()
    const oids = opened.window.getByLabel('Acceptable certificate policies (empty: any)')
    await oids.fill('2.23.140.1.2.1, web')
    await opened.window.getByText(/^web is not an object identifier/).waitFor()
    await oids.fill('2.23.140.1.2.1')
    await opened.window.getByLabel('Require an acceptable policy for the whole path').check()
    await button('Verify').click()
    await headline()
      .getByText(/A certificate policy is required/)
      .waitFor()
    await lookOver(opened.window, 'inspector-policies')
    await opened.window.getByLabel('Require an acceptable policy for the whole path').uncheck()
    await oids.fill('')
    await button('Verify').click()
    await accepted.waitFor()
  })

  test('time goes on as far as one likes, by the keyboard', async () => {
    await trust(root)
    await tab('Time machine').click()
    await opened.window.getByText(/6 of 6 client types accept it/).waitFor()
    await opened.window.getByRole('slider', { name: 'Day' }).press('End')
    await opened.window.getByText(/0 of 6 client types accept it/).waitFor()
    await takePicture(opened.window, 'inspector-time')
  })

  test('it is compared with another file', async () => {
    await tab('Compare').click()
    const [chooser] = await Promise.all([
      opened.window.waitForEvent('filechooser'),
      button('From another file…').click(),
    ])
    await chooser.setFiles(filesOf({ 'other.crt': pem(other) }))
    await opened.window.getByText('2 names are lost').waitFor()
    await opened.window.getByText('A new key', { exact: true }).waitFor()
    await takePicture(opened.window, 'inspector-compare')
  })

  test('each side of the comparison accepts the files dropped on it', async () => {
    const { window } = opened
    await tab('Compare').click()
    const drop = async (side: string, made: MadeCertificate) => {
      const box = await window.getByRole('region', { name: side, exact: true }).boundingBox()
      const at = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20 }
      await dropFiles(window, at, filesOf({ 'dropped.crt': pem(made) }))
    }
    await drop('After', other)
    await window.getByText('2 names are lost').waitFor()
    await drop('Before', site(intermediate, 'older.test'))
    await window.getByText('1 name is lost').waitFor()
    expect(await window.getByRole('region', { name: 'Before', exact: true }).innerText()).toContain(
      'older.test',
    )
    // Files dropped on one side of the comparison do not open in the list too.
    expect(await pieces().getByText('dropped.crt').count()).toBe(0)
    await takePicture(window, 'inspector-compare-sides')
  })

  test('its octets and its structure show each other', async () => {
    await pieces()
      .getByRole('button', { name: /^shop\.test/ })
      .click()
    await tab('Structure').click()
    await opened.window.getByRole('tree', { name: 'ASN.1' }).focus()
    for (let step = 0; step < 4; step += 1) await opened.window.keyboard.press('ArrowDown')
    await opened.window.getByText(/^INTEGER, octets \d+ to \d+ \(\d+\)/).waitFor()
    expect(await opened.window.locator('[data-mark]').count()).toBeGreaterThan(2)
    await takePicture(opened.window, 'inspector-structure')
  })

  test('nothing is in the vault until it is added there', async () => {
    const list = () => edgekeep(opened.home.folder, ['cert', 'list', '--json'])
    expect((await list()).out).not.toContain('shop.test')
    await button('Add to the vault…').click()
    const dialog = opened.window.getByRole('dialog', { name: 'Import a certificate' })
    await dialog.getByText('The key belongs to the certificate').waitFor()
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await opened.window.getByText('The key is sealed in the vault and matches this certificate').waitFor()
    expect((await list()).out).toContain('shop.test')
    await opened.window.keyboard.press('Escape')
    await opened.window.getByRole('link', { name: 'Inspector', exact: true }).click()
  })

  test('everything is saved as one report, without a key', async () => {
    await button('Save report').click()
    const [download] = await Promise.all([
      opened.window.waitForEvent('download'),
      opened.window.getByRole('menuitem', { name: 'For reading and printing (HTML)' }).click(),
    ])
    const report = readFileSync(await download.path(), 'utf8')
    expect(report).toMatch(/^<!doctype html>/i)
    expect(report).toContain('shop.test')
    expect(foundInText(report, needlesOf(key(shop)))).toEqual([])
  })

  test('a server is asked for its certificate on request, and compared with the file', async () => {
    const run = (...args: string[]) => edgekeep(opened.home.folder, args)
    await run('domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000')
    await run('https', 'on', 'shop.test', '--cert', 'shop.test')
    await button('Ask a server…').press('Enter')
    const asking = opened.window.getByRole('dialog', { name: 'What does a server send?' })
    await asking.getByText('This goes online', { exact: false }).waitFor()
    await asking.getByLabel('Server', { exact: true }).fill(`127.0.0.1:${opened.running.httpsPort}`)
    await asking.getByLabel('Server name (SNI)').fill('shop.test')
    await opened.window.keyboard.press('Enter')
    await asking.getByText(/TLS 1\.3/).waitFor()
    const compared = asking.getByRole('region', { name: 'What it sends, compared with the file' })
    await compared
      .getByText(/same certificate/i)
      .first()
      .waitFor()
    await takePicture(opened.window, 'inspector-server')
    await asking.getByRole('button', { name: 'Inspect it here' }).click()
    await pieces().getByText(`127.0.0.1-${opened.running.httpsPort}.pem`).first().waitFor()
  })
})
