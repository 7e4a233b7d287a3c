import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectEngine } from '../../src/launch/connect.ts'
import { chromiumRefusesUser, hasDisplay } from '../../src/launch/display.ts'
import { fetchElectron, findElectron } from '../../src/launch/electron-binary.ts'
import { openHome, type Home } from '../../src/launch/home.ts'
import { temporaryFolder } from '../support/engine.ts'

const root = path.resolve('.')
const PATIENT_MS = 180_000

let home: Home
/** The program and how it is started. */
let start: { executablePath: string; args: string[] }
let app: ElectronApplication | undefined
let window: Page
let whyNot: string | undefined

/** Electron's program, fetched where it is not there yet; undefined where it cannot be had, with the reason kept. */
async function electronOrReason(): Promise<string | undefined> {
  if (chromiumRefusesUser()) {
    whyNot = 'Chromium’s sandbox does not run as root, and there is no ordinary user to run it as'
    return undefined
  }
  if (!hasDisplay()) {
    whyNot = 'there is no display for Electron (on Linux: install Xvfb)'
    return undefined
  }
  const program = findElectron(root) ?? (await fetchElectron(root, PATIENT_MS))
  if (!program) whyNot = 'Electron’s binary is not there and cannot be fetched'
  return program ?? undefined
}

beforeAll(async () => {
  const executablePath = await electronOrReason()
  if (!executablePath) return
  home = openHome(temporaryFolder())
  start = { executablePath, args: [root, '--home', home.folder] }
  app = await _electron.launch(start)
  window = await app.firstWindow()
}, PATIENT_MS + 60_000)
afterAll(async () => {
  await app?.close()
  if (home) rmSync(home.folder, { recursive: true, force: true, maxRetries: 5 })
})
beforeEach((context) => {
  if (whyNot) context.skip(whyNot)
})

describe('the desktop app', () => {
  test('shows the window on an engine of its own', async () => {
    await window.getByRole('heading', { name: 'No domain yet' }).waitFor()
    const connection = await connectEngine(home)
    expect(await connection?.client.engine.status()).toMatchObject({ edge: { state: 'running' } })
    await connection?.close()
  })

  test('adds a domain, which the engine then serves', async () => {
    await window.getByRole('button', { name: 'Add domain' }).first().click()
    const dialog = window.getByRole('dialog', { name: 'Add a domain' })
    await dialog.getByLabel('Domain').fill('shop.test')
    await dialog.getByLabel('Origin').fill('http://127.0.0.1:3000')
    await dialog.getByRole('button', { name: 'Add domain' }).click()
    await window.getByRole('heading', { name: 'shop.test' }).waitFor()
    const connection = await connectEngine(home)
    expect(await connection?.client.domains.list()).toMatchObject([{ name: 'shop.test' }])
    await connection?.close()
  })

  test('gives the page nothing of Node or Electron', async () => {
    const reachable = await window.evaluate(() =>
      ['require', 'process', 'Buffer', 'module', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
    )
    expect(reachable).toEqual([])
  })

  test('stays on its page and opens no other window', async () => {
    const before = window.url()
    await window.evaluate(() => {
      globalThis.open('https://example.com/somewhere')
      location.href = 'https://example.com/'
    })
    await window.waitForTimeout(500)
    expect(window.url()).toBe(before)
    expect(app?.windows()).toHaveLength(1)
  })

  test('looks into a file that a second start names, and the second start ends', async () => {
    const file = path.resolve('test/support/pki-samples/chain.p7b')
    const second = spawn(start.executablePath, [...start.args, file], { stdio: 'ignore' })
    const [status] = (await once(second, 'exit')) as [number]
    expect(status).toBe(0)
    await window.getByRole('navigation', { name: 'Pieces found' }).getByText('chain.p7b').first().waitFor()
  })

  test('ends its engine when it ends', async () => {
    await app?.close()
    app = undefined
    expect(await connectEngine(home)).toBeNull()
  })
})
