import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectEngine } from '../../src/engine-process/connect.ts'
import { showDanger } from '../support/browser/domain-page.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { lookOver, takePicture } from './pictures.ts'

const own = 'a passphrase of the vault'
const another = 'a passphrase of the backup'

let opened: OpenedWindow
/** The trust stores of the person who runs this are left alone. */
const person = mkdtempSync(path.join(tmpdir(), 'edgekeep-person-'))
const homeBefore = process.env.HOME
beforeAll(async () => {
  process.env.HOME = person
  opened = await openWindow()
  await run('domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000')
  await run('https', 'on', 'shop.test', '--free')
}, 120_000)
afterAll(async () => {
  await opened?.close()
  process.env.HOME = homeBefore
  rmSync(person, { recursive: true, force: true })
})

const run = (...args: string[]) => edgekeep(opened.home.folder, args)
const button = (name: string) => opened.window.getByRole('button', { name, exact: true })
const link = (name: string) => opened.window.getByRole('link', { name, exact: true })
const says = (words: string | RegExp) => opened.window.getByText(words).first().waitFor()
const locked = () => opened.window.getByRole('region', { name: 'The vault is locked' })
const dialog = () => opened.window.getByRole('dialog')
const choose = (name: string, text: Buffer) =>
  dialog().locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: text })

async function type(label: string, passphrase: string, labelAgain?: string): Promise<void> {
  await dialog().getByLabel(label).fill(passphrase)
  if (labelAgain) await dialog().getByLabel(labelAgain).fill(passphrase)
}

/** Runs a command of the palette by its name. */
async function command(name: string): Promise<void> {
  const { keyboard } = opened.window
  await keyboard.press('Control+K')
  const palette = opened.window.getByRole('dialog', { name: 'Search and commands' })
  // The palette takes the focus and selects the first hit a moment after it opens.
  await palette.locator('input:focus').waitFor()
  await keyboard.type(name)
  await palette.locator('[data-selected]').filter({ hasText: name }).waitFor()
  await keyboard.press('Enter')
  await palette.waitFor({ state: 'detached' })
}

/** Over any page, by the keyboard, after a wrong passphrase. */
async function unlockSecondTime(): Promise<void> {
  const field = opened.window.getByLabel('Passphrase of the vault')
  await field.fill('some other passphrase')
  await field.press('Enter')
  await locked().getByText('The passphrase does not open the vault.').waitFor()
  await field.fill(own)
  await field.press('Enter')
  await locked().waitFor({ state: 'detached' })
}

/** A passphrase that was sent is nowhere on the page, in no field and no attribute. */
async function expectNotKept(passphrase: string): Promise<void> {
  const page = await opened.window.evaluate(
    `document.documentElement.outerHTML + [...document.querySelectorAll('input')].map((i) => i.value).join()
      + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + location.href`,
  )
  expect(page).not.toContain(passphrase)
}

let backup: Buffer
let recoveryKey: string

/** Has the code written into its file, reads it there and types it. */
async function typeCode(): Promise<void> {
  await dialog().getByRole('button', { name: 'Write the code' }).click()
  const path = await dialog()
    .getByText(/confirmation-code\.txt$/)
    .innerText()
  await dialog()
    .getByLabel('Confirmation code')
    .fill(readFileSync(path, 'utf8').split('\n', 1)[0] ?? '')
}

/** A test machine may have a keychain or none. */
async function expectKeychainOfferedWhereItWorks(): Promise<void> {
  const connection = (await connectEngine(opened.home))!
  const states = await connection.client.vault.protectors()
  await connection.close()
  const whyNot = states.find(({ protector }) => protector === 'os-keychain')?.whyNot ?? null
  if (whyNot !== null) await dialog().getByText(`Not available: ${whyNot}.`).waitFor()
  const keychain = dialog().getByRole('radio', { name: 'In this computer’s keychain' })
  expect(await keychain.isDisabled()).toBe(whyNot !== null)
}

describe('the vault in the window', () => {
  test('moves its key under a passphrase, which is asked for twice', async () => {
    await link('Settings').click()
    await takePicture(opened.window, '13-settings')
    await button('Change protection…').click()
    await expectKeychainOfferedWhereItWorks()
    await dialog().getByRole('radio', { name: 'Under your passphrase' }).check()
    await type('New passphrase of the vault', own)
    await dialog().getByRole('button', { name: 'Change protection' }).click()
    await says('The passphrases do not match.')
    await type('New passphrase of the vault', own, 'Repeat passphrase')
    await typeCode()
    await takePicture(opened.window, '40-protection-code')
    await dialog().getByLabel('Confirmation code').fill('not the code')
    await dialog().getByRole('button', { name: 'Change protection' }).click()
    const refusal = dialog().getByRole('alert')
    await refusal.waitFor()
    await dialog().getByRole('radio', { name: 'In a file beside the vault' }).check()
    // A refusal belongs to the protector that was selected.
    await refusal.waitFor({ state: 'detached' })
    await dialog().getByRole('radio', { name: 'Under your passphrase' }).check()
    await type('New passphrase of the vault', own, 'Repeat passphrase')
    await typeCode()
    await dialog().getByRole('button', { name: 'Change protection' }).click()
    await says('Vault protection changed. Everything was encrypted again with a new key.')
    await expectNotKept(own)
  })

  test('gets a recovery key, shown once and typed back in part, when a backup is asked for without one', async () => {
    const { window } = opened
    await command('Back up')
    const shown = dialog().getByRole('group', { name: 'recovery key' })
    await shown.waitFor()
    await takePicture(window, '41-recovery-key')
    recoveryKey = (await shown.getByRole('code').allInnerTexts()).join('-')
    expect(recoveryKey).toMatch(/^([0-9A-Z]{5}-){7}[0-9A-Z]{5}$/)
    await dialog().getByRole('button', { name: 'I have written it down' }).click()
    const fields = dialog().getByLabel(/^Group \d$/)
    const labels = await dialog()
      .getByText(/^Group \d$/)
      .allInnerTexts()
    await fields.first().fill('AAAAA')
    await dialog().getByRole('button', { name: 'Use this key' }).click()
    await dialog().getByText('That does not match.').first().waitFor()
    for (const [at, label] of labels.entries())
      await fields.nth(at).fill(recoveryKey.split('-')[Number(label.slice(-1)) - 1]?.toLowerCase() ?? '')
    await dialog().getByRole('button', { name: 'Use this key' }).click()
    await dialog().getByText('Required, so that no other program can do this.').waitFor()
    await dialog().getByLabel('Current passphrase of the vault').fill(own)
    await takePicture(window, '42-recovery-key-typed')
    await dialog().getByRole('button', { name: 'Use this key' }).click()
    await says(/^A new recovery key was set for backups/)
    await opened.window
      .getByRole('dialog', { name: 'Recovery key for backups' })
      .waitFor({ state: 'detached' })
    await opened.window.getByRole('dialog', { name: 'Back up the vault' }).waitFor()
    await expectNotKept(recoveryKey)
    await window.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
  })

  test('is backed up to a file that the browser saves', async () => {
    const { window } = opened
    await command('Back up')
    await type('Passphrase of the backup', another, 'Repeat passphrase')
    await dialog().getByLabel('Current passphrase of the vault').fill(own)
    await takePicture(window, '43-backup')
    const download = window.waitForEvent('download')
    await dialog().getByRole('button', { name: 'Create backup' }).click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/^edgekeep-\d{4}-\d\d-\d\d\.backup$/)
    backup = readFileSync(await file.path())
    expect(backup.includes('shop.test')).toBe(false)
    await expectNotKept(another)
  })

  test('replaces its key with the passphrase given once more, and shows what could not be cleaned up', async () => {
    const oldCopy = path.join(opened.home.folder, 'vault-schema-1.copy')
    mkdirSync(path.join(oldCopy, 'something'), { recursive: true })
    await button('Replace the key…').click()
    await type('Passphrase of the vault', 'some other passphrase')
    await dialog().getByRole('button', { name: 'Replace the key' }).click()
    await says('The passphrase does not open the vault. Nothing was changed; try again.')
    await type('Passphrase of the vault', own)
    await dialog().getByRole('button', { name: 'Replace the key' }).click()
    await says('The vault has a new key, and everything was encrypted again.')
    await says('Clean-up is not finished')
    await says(/^An old copy of the vault in its folder could not be removed/)
    await opened.window.getByRole('link', { name: 'Vault warning' }).waitFor()
    rmSync(oldCopy, { recursive: true })
  })

  test('makes copies of itself, and says how the last one went', async () => {
    const { window } = opened
    const copies = temporaryFolder()
    await button('Set up…').click()
    await dialog().getByLabel('Folder', { exact: true }).fill(path.join(copies, 'not there'))
    await type('Passphrase of these backups', another, 'Repeat passphrase')
    await dialog().getByLabel('Current passphrase of the vault').fill(own)
    await dialog().getByRole('button', { name: 'Save and back up now' }).click()
    await dialog().getByRole('alert').waitFor()
    await dialog().getByLabel('Current passphrase of the vault').fill(own)
    await dialog().getByLabel('Folder', { exact: true }).fill(copies)
    await type('Passphrase of these backups', another, 'Repeat passphrase')
    await takePicture(window, '16-schedule')
    await dialog().getByRole('button', { name: 'Save and back up now' }).click()
    await says(`Every day to ${copies}. The 7 newest backups are kept.`)
    await says(/^Last backup: edgekeep-.*\.backup, /)
    expect(readdirSync(copies)).toHaveLength(1)
    await expectNotKept(another)
    await button('Turn off').click()
    await says('Automatic backups are off.')
    rmSync(copies, { recursive: true })
  })

  test('keeps how it locks', async () => {
    await opened.window
      .getByRole('switch', { name: 'Stop serving HTTPS while locked', disabled: false })
      .press('Space')
    await says('Domains are unreachable over HTTPS until the vault is unlocked.')
    await opened.window
      .getByRole('switch', { name: 'Stop serving HTTPS while locked', disabled: false })
      .press('Space')
    await says('The edge keeps serving with the certificates it has loaded.')
  })

  test('is locked by the palette; its contents stay readable, and changes are refused with the reason', async () => {
    const { window } = opened
    await command('Lock the vault')
    await locked().waitFor()
    await window.getByRole('region', { name: 'Edge and search' }).getByText('Locked').waitFor()
    await link('Domains').click()
    await takePicture(window, '14-locked')
    await link('shop.test').first().click()
    await showDanger(window)
    const pause = button('Pause HTTPS')
    expect(await pause.getAttribute('aria-disabled')).toBe('true')
    expect(await pause.getAttribute('aria-description')).toBe(
      'The vault is locked. Unlock it to change this.',
    )
    await pause.press('Enter')
    expect((await run('domain', 'list')).out).toMatch(/shop\.test.*on/)
  })

  test('is unlocked over any page with its passphrase, by the keyboard', async () => {
    await unlockSecondTime()
    await expectNotKept(own)
  })

  test('says everywhere that HTTPS is down when its engine died, until it is unlocked from a domain', async () => {
    const { window } = opened
    await run('redirect', 'shop.test', 'https')
    const status = (await run('status', '--json')).json() as unknown as { status: { pid: number } }
    process.kill(status.status.pid, 'SIGKILL')
    await locked().getByText('HTTPS is down for 1 domain').waitFor({ timeout: 30_000 })
    await window
      .getByRole('region', { name: 'Edge and search' })
      .getByText('HTTPS is down for 1 domain')
      .waitFor()
    await link('Domains: HTTPS is down for 1 domain').click()
    const row = window.getByRole('row', { name: /shop\.test/ })
    expect(await row.innerText()).toMatch(/Down[\s\S]*HTTPS is down/)
    await lookOver(window, '46-down-list')
    await link('shop.test').first().click()
    await window.getByRole('alert').getByText('HTTP answers 503 instead of redirecting').waitFor()
    await window.getByRole('region', { name: 'Verification' }).getByText('HTTPS is down').waitFor()
    await lookOver(window, '47-down-domain')
    const shown = [await run('status'), await run('domain', 'show', 'shop.test')].map(({ out }) => out)
    expect(shown[0]).toMatch(/0 on HTTPS, HTTPS DOWN for 1/)
    expect(shown[1]).toMatch(/DOWN \(the vault is locked\)[\s\S]*edgekeep unlock/)
    await window.getByRole('alert').getByRole('button', { name: 'Unlock' }).click()
    await window.keyboard.type(own)
    await window.keyboard.press('Enter')
    await locked().waitFor({ state: 'detached' })
    await window.getByText('HTTP answers 503 instead of redirecting').waitFor({ state: 'detached' })
  })

  test('takes over a configuration file after showing its difference', async () => {
    const exported = await run('config', 'export')
    const { window } = opened
    await link('Settings').click()
    await button('Import…').click()
    const more = [
      'domains:',
      '  added.test:',
      '    origin: { protocol: http, host: 127.0.0.1, httpPort: 5000, httpsPort: 443, hostHeader: null, sni: null, verify: false }',
      '    https: off',
      '    redirect: { mode: none, code: 301 }',
      '',
    ].join('\n')
    const text = exported.out.replace('httpPort: 3000', 'httpPort: 4000').replace('domains:\n', more)
    await choose('edgekeep.yaml', Buffer.from(text))
    // A new domain lists only the settings that differ from their defaults.
    const added = window.getByRole('row', { name: /^added\.test/ })
    expect((await added.getByRole('cell').last().innerText()).split('\n')).toEqual([
      'origin.protocol http',
      'origin.host 127.0.0.1',
      'origin.httpPort 5000',
      'origin.httpsPort 443',
      'origin.verify false',
    ])
    const row = window.getByRole('row', { name: /^shop\.test origin\.httpPort/ })
    await row.waitFor()
    expect(await row.getByRole('cell').allInnerTexts()).toEqual([
      'shop.test',
      'origin.httpPort',
      '3000',
      '4000',
    ])
    await lookOver(window, '15-configuration')
    await button('Make 2 changes').click()
    await says('Configuration imported.')
  })

  test('is restored from a backup, and the window comes back on it', async () => {
    await run('domain', 'add', 'later.test', '--origin', 'http://127.0.0.1:3000')
    const isHeld = process.platform === 'linux'
    if (isHeld) await run('trust', 'install', '--client', 'chromium', '--yes')
    await button('Restore…').click()
    await choose('edgekeep.backup', backup)
    await type('Passphrase of the backup', 'some other passphrase')
    await dialog().getByLabel('Recovery key', { exact: true }).fill(recoveryKey)
    await button('Open the backup').click()
    await says(/^The backup does not open/)
    await type('Passphrase of the backup', another)
    await button('Open the backup').click()
    await says('In the backup')
    const lists = await dialog().getByRole('list').allInnerTexts()
    expect(lists[0]).toMatch(/^1 domain\n1 certificate\ncreated /)
    expect(lists[1]).toMatch(/^3 domains\n1 certificate\n/)
    await type('New passphrase of the vault', own, 'Repeat passphrase')
    if (isHeld) await says('This computer trusts the present local authority')
    await lookOver(opened.window, '44-restore')
    await button('Replace and restore').click()
    await dialog().waitFor({ state: 'detached' })
    await link('Domains').click()
    await link('later.test').waitFor({ state: 'detached', timeout: 30_000 })
    await link('shop.test').first().waitFor({ timeout: 30_000 })
    await locked().waitFor({ timeout: 30_000 })
    await expectNotKept(recoveryKey)
    await unlockSecondTime()
  })

  test('shows changes made elsewhere, and lists wrong passphrases in Activity', async () => {
    const { window } = opened
    const wrong = await edgekeep(
      opened.home.folder,
      ['vault', 'rotate', '--password-stdin'],
      'not it at all\n',
    )
    expect(wrong.status).toBe(2)
    await says(/^A wrong passphrase, recovery key or code was entered/)
    await takePicture(window, '45-notice')
    await link('Activity').click()
    await says('Entered a wrong passphrase, recovery key or code (rotate)')
    await says('Entered wrong passphrases to unlock the vault (1)')
  })
})
