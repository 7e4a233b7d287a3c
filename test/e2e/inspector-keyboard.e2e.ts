import { createPrivateKey } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { keyboardAt } from '../support/browser/keyboard.ts'
import { foundInText, needlesOf } from '../support/pki/needles.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'

const authority = createTestAuthority({ commonName: 'Keyboard test authority' })
const shop = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test'] })
const next = issueTestLeaf(authority, { names: ['shop.test'] })

const passphrase = 'open sesame'
const locked = (keyPem: string) =>
  createPrivateKey(keyPem)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
    .toString()

let folder: string
let opened: OpenedWindow
let window: Page
let at: ReturnType<typeof keyboardAt>
beforeAll(async () => {
  folder = temporaryFolder()
  opened = await openWindow()
  window = opened.window
  at = keyboardAt(window)
  // Registers before the key that opens the chooser, which comes sooner than a later listener.
  window.on('filechooser', () => undefined)
}, 120_000)
afterAll(async () => {
  await opened?.close()
  rmSync(folder, { recursive: true, force: true })
})

const button = (name: string | RegExp) => window.getByRole('button', { name, exact: true })
const tab = (name: string | RegExp) => window.getByRole('tab', { name })
const headline = () => window.getByRole('region', { name: 'What to know first' })
const summary = () => window.getByRole('button', { name: /^Summary/ })
const press = (key: string) => window.keyboard.press(key)
const says = (words: string | RegExp) => window.getByText(words).first().waitFor()

function written(name: string, content: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  return file
}

/** Presses Enter where a file chooser opens, and chooses. */
async function chooseByEnter(...files: string[]): Promise<void> {
  const [chooser] = await Promise.all([window.waitForEvent('filechooser'), press('Enter')])
  await chooser.setFiles(files)
}

/** Picks the item `name` from the focused menu; returns the saved file. */
async function saveFromMenu(name: string): Promise<string> {
  await press('Enter')
  await at.goTo(window.getByRole('menuitem', { name }), 'ArrowDown')
  const [download] = await Promise.all([window.waitForEvent('download'), press('Enter')])
  return readFileSync(await download.path(), 'utf8')
}

/** Moves from the open tab to the one called `name`. */
async function openTab(name: string | RegExp): Promise<void> {
  await at.goTo(tab(name), 'ArrowRight')
  await window.getByRole('tab', { name, selected: true }).waitFor()
}

describe('the Inspector, used by keyboard alone,', () => {
  test('is reached from the loaded page', async () => {
    await window.getByRole('link', { name: 'Inspector', exact: true }).waitFor()
    await press('Tab')
    await at.isAt(button('Skip to the page'))
    await at.goTo(window.getByRole('link', { name: 'Inspector', exact: true }))
    await press('Enter')
    await window.getByRole('heading', { name: 'Inspector', exact: true }).waitFor()
  })

  test('accepts pasted text, and leads on to the result', async () => {
    await at.goTo(window.getByRole('textbox', { name: 'Or paste PEM' }))
    await at.paste(shop.chainPem + shop.keyPem)
    await headline().waitFor()
    await at.isAt(summary())
    expect(foundInText(await window.content(), needlesOf(shop.keyPem))).toEqual([])
  })

  test('is cleared, and leads back to where files are given', async () => {
    await at.goBackTo(button('Clear'))
    await press('Enter')
    await at.isAt(button('choose files: Files to inspect'))
  })

  test('opens locked files with a passphrase', async () => {
    await chooseByEnter(written('shop.crt', shop.chainPem), written('locked.key', locked(shop.keyPem)))
    await headline().getByText('The private key in locked.key is locked with a passphrase.').waitFor()
    await at.isAt(summary())
    const field = window.getByLabel(/^Passphrase for locked\.key/)
    await at.goTo(field)
    await window.keyboard.type('close sesame')
    await press('Enter')
    await says('The passphrase does not open')
    await at.isAt(field)
    await press('ControlOrMeta+A')
    await window.keyboard.type(passphrase)
    await press('Enter')
    await says('The key belongs to the certificate')
    expect(await window.content()).not.toContain(passphrase)
    await at.goBackTo(button('Clear'))
    await press('Enter')
    await at.isAt(button('choose files: Files to inspect'))
  })

  test('takes files from the chooser, all at once and one more', async () => {
    await chooseByEnter(written('shop.crt', authority.certificatePem + shop.chainPem))
    await headline().waitFor()
    await at.isAt(summary())
    await at.goBackTo(button('Add files'))
    await chooseByEnter(written('shop.key', shop.keyPem))
    await window.getByText('shop.key').first().waitFor()
    await at.isAt(button('Add files'))
  })

  test('takes a paste wherever the focus is', async () => {
    await at.goTo(button('Clear'))
    await at.paste(next.leafPem)
    await window.getByText('pasted text').first().waitFor()
    await at.isAt(button('Clear'))
    await press('Enter')
    await at.isAt(button('choose files: Files to inspect'))
    await chooseByEnter(
      written('all.pem', authority.certificatePem + shop.chainPem),
      written('shop.key', shop.keyPem),
    )
    await at.isAt(summary())
  })

  test('shows each piece as the arrows come to it', async () => {
    const pieces = window.getByRole('navigation', { name: 'Pieces found' })
    for (const name of [/^shop\.test/, /^Keyboard test authority/, /private key/i]) {
      const piece = pieces.getByRole('button', { name }).first()
      await at.goTo(piece, 'ArrowDown')
      expect(await piece.getAttribute('aria-current')).toBe('true')
    }
    await press('Home')
    await at.isAt(summary())
  })

  test('keeps the focus in what a slow machine shows late', async () => {
    const session = await window.context().newCDPSession(window)
    await session.send('Emulation.setCPUThrottlingRate', { rate: 20 })
    const pieces = window.getByRole('navigation', { name: 'Pieces found' })
    // Types ahead without a pause: down the pieces, into the details, and back.
    for (const key of ['ArrowDown', 'ArrowDown', 'Tab', 'Tab', 'ArrowRight']) await press(key)
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    const title = await pieces.locator('[aria-current="true"]').innerText()
    await window
      .getByRole('heading', { level: 2, name: title.split('\n')[0] ?? '' })
      .last()
      .waitFor()
    await at.isAt(window.locator('#page :focus'))
    await at.goBackTo(pieces.locator('[aria-current="true"]'))
    await press('Home')
    await at.isAt(summary())
  })

  test('opens the tabs of a certificate, down to its octets', async () => {
    await at.goTo(window.getByRole('button', { name: /^shop\.test/ }).first(), 'ArrowDown')
    await at.goTo(tab('Facts'))
    await openTab(/^Extensions/)
    await openTab('Structure')
    await at.goTo(window.getByRole('tree', { name: 'ASN.1' }))
    for (let step = 0; step < 4; step += 1) await press('ArrowDown')
    await says(/^INTEGER, octets \d+ to \d+/)
    await at.goBackTo(window.getByRole('button', { name: /^shop\.test/ }).first())
    await press('Home')
    await at.isAt(summary())
  })

  test('verifies for a name, with roots of one’s own', async () => {
    await at.goTo(tab('Verification'))
    await at.goTo(button('Trust other roots…'))
    await chooseByEnter(written('root.pem', authority.certificatePem))
    await says('Trusted: only the certificates in root.pem.')
    await at.isAt(button('Trust other roots…'))
    await at.goBackTo(window.getByLabel('Host name or address'))
    await window.keyboard.type('blog.test')
    await press('Enter')
    await headline()
      .getByText(/does not cover blog\.test/)
      .waitFor()
    await at.isAt(window.getByLabel('Host name or address'))
    await press('ControlOrMeta+A')
    await press('Backspace')
    await at.goTo(button('Verify'))
    await press('Space')
    await says('shop.test would be accepted.')
    await at.isAt(button('Verify'))
    await at.goBackTo(tab('Verification'))
  })

  test('lints', async () => {
    await openTab(/^Lint/)
    await says(/rules? (was|were) checked|passes all \d+ rules/)
  })

  test('says who would accept it, and why not', async () => {
    await openTab('Preflight')
    const first = window.getByRole('region', { name: 'CDNs' }).getByRole('button').first()
    await at.goTo(first)
    await press('Enter')
    await says(/^Read on \d{4}-\d\d-\d\d at/)
    await at.isAt(first)
    await at.goBackTo(tab('Preflight'))
  })

  test('goes on in time', async () => {
    await openTab('Time machine')
    await says(/6 of 6 client types accept it/)
    await at.goTo(window.getByRole('slider', { name: 'Day' }))
    await press('End')
    await says(/0 of 6 client types accept it/)
    await at.goTo(window.getByLabel('Day, as a date'))
    await at.goBackTo(tab('Time machine'))
  })

  test('compares with a certificate of these files, and with another file', async () => {
    await openTab('Compare')
    await at.goTo(window.getByRole('combobox', { name: 'Compare with' }))
    await press('ArrowDown')
    await window.getByRole('option', { name: /^Keyboard test authority/ }).waitFor()
    await press('ArrowDown')
    await press('Enter')
    await says('2 names are lost')
    await at.isAt(window.getByRole('combobox', { name: 'Compare with' }))
    await at.goTo(button('From another file…'))
    await chooseByEnter(written('next.crt', next.chainPem))
    await says('1 name is lost')
    await at.isAt(button('From another file…'))
    await at.goBackTo(tab('Compare'))
  })

  test('shows the clean files beside the given ones, and saves them', async () => {
    await openTab('Clean files')
    await at.goTo(button('Save clean files'))
    const saved = await saveFromMenu('Certificate and chain, in the order that servers need')
    expect(saved.replaceAll('\n', '')).toBe(shop.chainPem.replaceAll('\n', ''))
    await at.isAt(button('Save clean files'))
    await at.goTo(window.getByRole('region', { name: 'The files, compared with what is served' }))
  })

  test('saves a report, without a key', async () => {
    await at.goBackTo(button('Save report'))
    const report = await saveFromMenu('For reading and printing (HTML)')
    expect(report).toContain('shop.test')
    expect(foundInText(report, needlesOf(shop.keyPem))).toEqual([])
    await at.isAt(button('Save report'))
  })

  test('asks a server, and leads back to where it was asked', async () => {
    const run = (...args: string[]) => edgekeep(opened.home.folder, args)
    await run('domain', 'add', 'blog.test', '--origin', 'http://127.0.0.1:3000')
    await run('https', 'on', 'blog.test', '--free')
    await at.goBackTo(button('Ask a server…'))
    await press('Enter')
    const asking = window.getByRole('dialog', { name: 'What does a server send?' })
    await at.goTo(asking.getByLabel('Server', { exact: true }))
    await window.keyboard.type(`127.0.0.1:${opened.running.httpsPort}`)
    await at.goTo(asking.getByLabel('Server name (SNI)'))
    await window.keyboard.type('blog.test')
    await press('Enter')
    await asking.getByText(/TLS 1\.3/).waitFor()
    await at.goTo(asking.getByRole('button', { name: 'Inspect it here' }))
    await press('Escape')
    await asking.waitFor({ state: 'detached' })
    await at.isAt(button('Ask a server…'))
  })

  test('adds to the vault, and only then', async () => {
    const list = () => edgekeep(opened.home.folder, ['cert', 'list', '--json'])
    expect((await list()).out).not.toContain('shop.test')
    await at.goTo(button('Add to the vault…'))
    await press('Enter')
    const dialog = window.getByRole('dialog', { name: 'Import a certificate' })
    await dialog.getByText('The key belongs to the certificate').waitFor()
    await at.goTo(dialog.getByRole('button', { name: 'Import', exact: true }))
    await press('Enter')
    await says('The key is sealed in the vault and matches this certificate')
    expect((await list()).out).toContain('shop.test')
  })
})
