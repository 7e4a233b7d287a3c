import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { codeOf, setUpRecovery } from '../support/vault/recovery.ts'

const own = 'a passphrase of the vault'
const another = 'a passphrase of the backup'
/** Electron shows any progress above 1 as indeterminate. */
const lengthUnknown = 2
const none = -1

let app: DesktopApp
let folder: string
let saved: string

beforeAll(async () => {
  folder = temporaryFolder()
  saved = path.join(folder, 'vault.backup')
  const started = await startDesktop()
  if (!started) return
  app = started
  await app.electron.evaluate(({ BrowserWindow, session }, downloads) => {
    const window = BrowserWindow.getAllWindows()[0]
    if (!window) return
    const shown: number[] = []
    ;(globalThis as { shown?: number[] }).shown = shown
    const show = window.setProgressBar.bind(window)
    window.setProgressBar = (progress) => {
      shown.push(progress)
      show(progress)
    }
    // Instead of the dialog that asks where to save.
    session.defaultSession.on('will-download', (_event, item) => item.setSavePath(downloads))
  }, saved)
}, patientMs + 60_000)
afterAll(async () => {
  await app?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})
beforeEach(needsElectron)

/** Values of the progress bar since the last call: 0 to 1, 2 for indeterminate, -1 for none. */
const shownSince = () =>
  app.electron.evaluate(() => {
    const { shown = [] } = globalThis as { shown?: number[] }
    return shown.splice(0)
  })

/** `shownSince`, once the bar is gone again. */
async function shownUntilDone(): Promise<number[]> {
  const all: number[] = []
  await expect
    .poll(async () => {
      all.push(...(await shownSince()))
      return all.length > 1 && all.at(-1)
    })
    .toBe(none)
  return all
}

const dialog = () => app.window.getByRole('dialog')

describe('the bar on the task bar or dock', () => {
  test('shows how far an import is, and is gone with its end', async () => {
    const authority = createTestAuthority({ commonName: 'Authority of many' })
    const many = path.join(folder, 'many')
    mkdirSync(many)
    for (let index = 0; index < 12; index++) {
      const leaf = issueTestLeaf(authority, { names: [`host-${index}.test`] })
      writeFileSync(path.join(many, `${index}.pem`), leaf.chainPem + leaf.keyPem)
    }
    await app.window.getByRole('link', { name: 'Certificates' }).first().click()
    await shownSince()
    await app.window.getByRole('button', { name: 'Import a folder' }).first().click()
    const files = Array.from({ length: 12 }, (_, index) => path.join(many, `${index}.pem`))
    await dialog().locator('input[type=file]').first().setInputFiles(files)
    await dialog().getByRole('button', { name: 'Import 12 files' }).click()
    await dialog().getByText('12 certificates are in the vault').waitFor()
    const shown = await shownUntilDone()
    expect(shown.some((part) => part > 0 && part <= 1)).toBe(true)
    await dialog().getByRole('button', { name: 'Close' }).last().click()
  })

  test('shows that a backup is made, and that it is restored', async () => {
    const { recoveryKey } = await app.ask(async (client) => {
      const recovery = await setUpRecovery({ client })
      await client.vault.protect({
        protector: 'passphrase',
        passphrase: own,
        proof: await codeOf({ client }),
      })
      return recovery
    })
    await app.window.getByRole('link', { name: 'Settings' }).first().click()
    await app.window.getByRole('button', { name: 'Back up…' }).click()
    await dialog().getByLabel('Passphrase of the backup').fill(another)
    await dialog().getByLabel('Repeat passphrase').fill(another)
    await dialog().getByLabel('Current passphrase of the vault').fill(own)
    await shownSince()
    await dialog().getByRole('button', { name: 'Create backup' }).click()
    expect(await shownUntilDone()).toContain(lengthUnknown)
    await expect.poll(() => existsSync(saved)).toBe(true)

    await app.window.getByRole('button', { name: 'Restore…' }).click()
    await dialog().locator('input[type=file]').setInputFiles(saved)
    await dialog().getByLabel('Passphrase of the backup').fill(another)
    await dialog().getByLabel('Recovery key', { exact: true }).fill(recoveryKey)
    await dialog().getByRole('button', { name: 'Open the backup' }).click()
    await dialog().getByText('In the backup').waitFor()
    await dialog().getByLabel('New passphrase of the vault').fill(own)
    await dialog().getByLabel('Repeat passphrase').fill(own)
    await shownSince()
    await dialog().getByRole('button', { name: 'Replace and restore' }).click()
    expect(await shownUntilDone()).toContain(lengthUnknown)
  })
})
