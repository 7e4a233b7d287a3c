import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, type OpenedWindow } from '../support/open-window.ts'
import { takePicture } from './pictures.ts'

const missing =
  process.platform === 'linux' ? undefined : 'the stores of this system are not known to the page Trust'
if (missing) console.log(`Skipped: the page Trust, because ${missing}.`)

let opened: OpenedWindow
let home: string
const homeBefore = process.env.HOME

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'edgekeep-person-'))
  process.env.HOME = home
  opened = await openWindow()
}, 120_000)
afterAll(async () => {
  await opened?.close()
  process.env.HOME = homeBefore
  rmSync(home, { recursive: true, force: true })
})

describe.skipIf(missing)('the page Trust', () => {
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
    const dialog = window.getByRole('dialog', { name: 'Have the local authority trusted' })
    await dialog.getByText('for web sites only').waitFor({ timeout: 30_000 })
    await dialog.getByRole('button', { name: 'Install' }).click()
    await dialog.getByText('Done', { exact: false }).waitFor({ timeout: 30_000 })
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await row().getByText('Installed, not proven').waitFor({ timeout: 60_000 })
    await row().getByRole('button', { name: 'Prove' }).click()
    await row().getByText('Proven', { exact: true }).waitFor({ timeout: 90_000 })
    await takePicture(window, 'trust')
    expect(await row().innerText()).toContain('It finished a handshake with the edge')
  }, 240_000)
})
