import { once } from 'node:events'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { connectEngine } from '../../src/launch/connect.ts'
import { openHome, type Home } from '../../src/launch/home.ts'
import { startEngine, type EngineProcess } from '../../src/launch/start-engine.ts'
import { needsElectron, startDesktop, type DesktopApp } from '../support/desktop-app.ts'
import { temporaryFolder } from '../support/engine.ts'

beforeEach(needsElectron)

/** Clicks an item of the menu of the window or of the tray, as its accelerator or a person does. */
const clickMenu = (label: string) => (app: DesktopApp) =>
  app.electron.evaluate(({ Menu }, wanted) => {
    const find = (items: Electron.MenuItem[]): Electron.MenuItem | undefined =>
      items.flatMap((item) => [item, ...(item.submenu?.items ?? [])]).find((item) => item.label === wanted)
    find(Menu.getApplicationMenu()?.items ?? [])?.click()
  }, label)
const closeWindow = (app: DesktopApp) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
const signal = (name: NodeJS.Signals) => async (app: DesktopApp) => void app.electron.process().kill(name)

const ways: [string, (app: DesktopApp) => Promise<unknown>][] = [
  ['the menu', clickMenu('Quit Edgekeep')],
  ['the window’s X', closeWindow],
  ['SIGTERM, as a session ends', signal('SIGTERM')],
  ['SIGINT, at a terminal', signal('SIGINT')],
  ['SIGHUP, as a terminal closes', signal('SIGHUP')],
]

/** Resolves when the process of the app is gone; the test's timeout is the deadline. */
async function ends(app: DesktopApp, way: (app: DesktopApp) => Promise<unknown>): Promise<void> {
  const child = app.electron.process()
  const exited = once(child, 'exit')
  // The answer of a process that ends may not come.
  await Promise.race([way(app), exited])
  await exited
  await app.quit()
}

async function startToQuit(home: Home): Promise<DesktopApp> {
  const app = (await startDesktop({ home }))!
  await app.window.getByRole('heading', { name: 'No domain yet' }).waitFor()
  return app
}

async function engineOf(app: DesktopApp): Promise<number> {
  const { pid } = await app.ask((client) => client.engine.status())
  return pid
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe.each(ways)('quitting by %s', (_name, way) => {
  test('ends the app and its own engine', async () => {
    const app = await startToQuit(openHome(temporaryFolder()))
    const pid = await engineOf(app)
    await ends(app, way)
    expect(isAlive(pid)).toBe(false)
  })

  test('ends the app and its own engine where that does not answer', async () => {
    const app = await startToQuit(openHome(temporaryFolder()))
    const pid = await engineOf(app)
    process.kill(pid, 'SIGSTOP')
    await ends(app, way)
    await expect.poll(() => isAlive(pid)).toBe(false)
  })

  test('ends the app and leaves an engine that it joined running, whether or not that answers', async () => {
    const { home, engine } = await startJoined()
    await ends(await startToQuit(home), way)
    expect(await engineAnswers(home)).toBe(true)
    const app = await startToQuit(home)
    process.kill(engine.pid, 'SIGSTOP')
    await ends(app, way)
    process.kill(engine.pid, 'SIGCONT')
    expect(await engineAnswers(home)).toBe(true)
  })
})

async function startJoined(): Promise<{ home: Home; engine: EngineProcess }> {
  const home = openHome(temporaryFolder())
  const engine = await startEngine(home, { portTaken: 'next' })
  onTestFinished(async () => {
    process.kill(engine.pid, 'SIGCONT')
    await engine.stop()
  })
  return { home, engine }
}

async function engineAnswers(home: Home): Promise<boolean> {
  const connection = await connectEngine(home)
  await connection?.close()
  return connection !== null
}
