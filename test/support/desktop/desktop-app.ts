import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { originDefaults } from '../../../src/contract/domains/origins.ts'
import { _electron, errors, type ElectronApplication, type Page } from 'playwright-core'
import type { TestContext } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import { connectEngine } from '../../../src/engine-process/connect.ts'
import { chromiumRefusesUser, hasDisplay } from '../../../src/engine-process/display.ts'
import { fetchElectron, findElectron } from '../../../src/engine-process/electron-binary.ts'
import { openHome, type Home } from '../../../src/engine-process/home.ts'
import { temporaryFolder } from '../engine/engine.ts'

const root = path.resolve('.')
export const patientMs = 180_000

let program: Promise<string | { whyNot: string }> | undefined

/** Path of Electron, downloaded if absent, or the reason why it is unavailable. */
function findProgram(): Promise<string | { whyNot: string }> {
  program ??= (async () => {
    if (chromiumRefusesUser())
      return { whyNot: 'Chromium’s sandbox does not run as root, and there is no ordinary user to run it as' }
    if (!hasDisplay()) return { whyNot: 'there is no display for Electron (on Linux: install Xvfb)' }
    const found = findElectron(root) ?? (await fetchElectron(root, patientMs))
    return found ?? { whyNot: 'Electron’s binary is not there and cannot be fetched' }
  })()
  return program
}

export async function needsElectron(context: TestContext): Promise<void> {
  const found = await findProgram()
  if (typeof found !== 'string') context.skip(found.whyNot)
}

export interface DesktopApp {
  home: Home
  electron: ElectronApplication
  window: Page
  /** Command line of this app, to start it a second time. */
  start: { executablePath: string; args: string[] }
  ask<T>(question: (client: Client) => Promise<T>): Promise<T>
  /** Main process log. */
  log(): string
  /** Quits as a person does, and leaves the home. */
  quit(): Promise<void>
  close(): Promise<void>
}

interface StartOptions {
  home?: Home
  words?: string[]
  environment?: Record<string, string>
  /** The app's folder; absent: the checkout. */
  appFolder?: string
  /** Wait for an engine; default true. */
  awaitsEngine?: boolean
}

type LaunchOptions = NonNullable<Parameters<typeof _electron.launch>[0]>

/** Retries once, with a message: at a machine's first start Playwright may not attach to a visible window. */
async function launch(options: LaunchOptions): Promise<ElectronApplication> {
  try {
    return await _electron.launch({ ...options, timeout: 60_000 })
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error
    console.log(`Electron is started once more: ${error.message.split('\n')[0]}`)
    return _electron.launch(options)
  }
}

/** Starts the desktop app on `home`, by default a fresh one; null if Electron cannot run here. */
export async function startDesktop(o: StartOptions = {}): Promise<DesktopApp | null> {
  const executablePath = await findProgram()
  if (typeof executablePath !== 'string') return null
  const home = o.home ?? openHome(temporaryFolder())
  const start = { executablePath, args: [o.appFolder ?? root, '--home', home.folder] }
  // Keeps the system's colour scheme: the app could not change one that Playwright sets.
  const electron = await launch({
    ...start,
    colorScheme: null,
    env: { ...(process.env as Record<string, string>), ...o.environment },
    args: [...start.args, ...(o.words ?? [])],
  })
  const window = await electron.firstWindow()
  window.setDefaultTimeout(30_000)
  if (o.awaitsEngine !== false) await untilEngineRuns(home)
  let ended = false
  const quit = async () => {
    if (ended) return
    ended = true
    await electron.close()
  }
  return {
    home,
    electron,
    window,
    start,
    quit,
    ask: (question) => askEngine(home, question),
    log: () => readFileSync(path.join(home.logFolder, 'desktop.log'), 'utf8'),
    async close() {
      await quit()
      rmSync(home.folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Polls the engine: the window does not wait for it. */
async function untilEngineRuns(home: Home): Promise<void> {
  const until = performance.now() + patientMs / 2
  for (;;) {
    const connection = await connectEngine(home).catch(() => null)
    if (connection) return connection.close()
    if (performance.now() > until) throw new Error('no engine came up')
    await delay(50)
  }
}

async function askEngine<T>(home: Home, question: (client: Client) => Promise<T>): Promise<T> {
  const connection = await connectEngine(home)
  if (!connection) throw new Error('no engine runs')
  try {
    return await question(connection.client)
  } finally {
    await connection.close()
  }
}

/** The app with `shop.localhost` on HTTPS with a free certificate; null where there is no Electron. */
export async function startServingDesktop(o: StartOptions = {}): Promise<DesktopApp | null> {
  const app = await startDesktop(o)
  await app?.ask(async ({ domains, https }) => {
    const origin = {
      protocol: 'http' as const,
      host: '127.0.0.1',
      httpPort: 3000,
      httpsPort: 443,
      ...originDefaults,
    }
    await domains.add({ name: 'shop.localhost', origin })
    await https.enable({ domain: 'shop.localhost', source: { type: 'free' } })
  })
  return app
}
