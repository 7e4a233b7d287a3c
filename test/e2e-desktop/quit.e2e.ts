import { once } from 'node:events'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { connectEngine } from '../../src/engine-process/connect.ts'
import { openHome, type Home } from '../../src/engine-process/home.ts'
import { startEngine, type EngineProcess } from '../../src/engine-process/start-engine.ts'
import {
  needsElectron,
  startDesktop,
  startServingDesktop,
  type DesktopApp,
} from '../support/desktop/desktop-app.ts'
import { casesOf } from '../support/long-form.ts'
import { temporaryFolder } from '../support/engine/engine.ts'

beforeEach(needsElectron)

/** Clicks the menu item, like its accelerator and the tray's item. */
const clickQuit = (app: DesktopApp) =>
  app.electron.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()!.items.flatMap(({ submenu }) => submenu?.items ?? [])
    items.find(({ accelerator }) => accelerator === 'CmdOrCtrl+Q')!.click()
  })
const closeWindow = (app: DesktopApp) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
const signal = (name: NodeJS.Signals) => async (app: DesktopApp) => void app.electron.process().kill(name)

const ways: [string, (app: DesktopApp) => Promise<unknown>][] = [
  ['the menu', clickQuit],
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

/** The short form has each way with an engine that answers, and each state of an engine with one or two ways. */
const waysWhere = (...names: string[]) => casesOf(ways, ([name]) => names.includes(name))

describe('quitting', () => {
  test.each(ways)('ends the app and its own engine, by %s', async (_name, way) => {
    const app = await startToQuit(openHome(temporaryFolder()))
    const pid = await engineOf(app)
    await ends(app, way)
    expect(isAlive(pid)).toBe(false)
  })

  test('ends the app with the engine that “edgekeep stop” stops, its own or a joined one', async () => {
    const stop = (app: DesktopApp) => app.ask((client) => client.engine.end({ restart: false }))
    const app = await startToQuit(openHome(temporaryFolder()))
    const pid = await engineOf(app)
    await ends(app, stop)
    expect(isAlive(pid)).toBe(false)
    const home = openHome(temporaryFolder())
    const engine = await startEngine(home, { portTaken: 'next' })
    await ends(await startToQuit(home), stop)
    await engine.exited
  })

  test.each(waysWhere('the menu', 'SIGTERM, as a session ends'))(
    'ends the app and its own engine where that does not answer, by %s',
    async (_name, way) => {
      const app = await startToQuit(openHome(temporaryFolder()))
      const pid = await engineOf(app)
      process.kill(pid, 'SIGSTOP')
      await ends(app, way)
      await expect.poll(() => isAlive(pid)).toBe(false)
    },
  )

  test.each(waysWhere('the window’s X'))(
    'ends the app and leaves an engine that it joined running, whether or not that answers, by %s',
    async (_name, way) => {
      const { home, engine } = await startJoined()
      await ends(await startToQuit(home), way)
      expect(await engineAnswers(home)).toBe(true)
      const app = await startToQuit(home)
      process.kill(engine.pid, 'SIGSTOP')
      await ends(app, way)
      process.kill(engine.pid, 'SIGCONT')
      expect(await engineAnswers(home)).toBe(true)
    },
  )
})

test('closing the window asks what becomes of HTTPS, too, where another program started the engine', async () => {
  const { home } = await startJoined()
  const app = (await startServingDesktop({ home }))!
  await app.window.getByText('shop.localhost').first().waitFor()
  const cancelled = await answerBoxes(app, 2)
  await closeWindow(app)
  await expect.poll(cancelled).toMatchObject([
    {
      message: 'Keep HTTPS running when the window is closed?',
      detail: expect.stringContaining('as long as the program that started the engine keeps it') as string,
    },
  ])
  expect(await windowCount(app)).toBe(1)
  await answerBoxes(app, 1)
  await ends(app, closeWindow)
  expect(await engineAnswers(home)).toBe(true)
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

describe('quitting over unsaved changes', () => {
  test('asks, whichever way it comes, and the app stays until they may be lost', async () => {
    const app = await startToQuit(openHome(temporaryFolder()))
    await leaveUnsaved(app)
    for (const [name, way] of ways.filter(([each]) => !each.startsWith('SIG'))) {
      const asked = await answerUnsaved(app, 0)
      await way(app)
      await expect.poll(asked, { message: name }).toEqual(['Close the window and lose the unsaved changes?'])
    }
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGTERM'] as const) {
      const asked = await answerUnsaved(app, 0)
      app.electron.process().kill(name)
      await expect.poll(asked, { message: name }).toHaveLength(1)
      expect(await windowCount(app)).toBe(1)
    }
    await answerUnsaved(app, 1)
    await ends(app, clickQuit)
  })

  test('does not end HTTPS without the question when the window is closed later', async () => {
    const app = (await startServingDesktop())!
    await leaveUnsaved(app)
    const asked = await answerUnsaved(app, 0)
    await clickQuit(app)
    await expect.poll(asked).toHaveLength(1)
    const shown = await answerBoxes(app, 2)
    await closeWindow(app)
    await expect.poll(shown).toMatchObject([
      {
        message: 'Keep HTTPS running when the window is closed?',
        // The tests run without a session bus.
        detail: expect.stringContaining('start Edgekeep again to open the window') as string,
      },
    ])
    expect(await windowCount(app)).toBe(1)
    await answerUnsaved(app, 1)
    await ends(app, clickQuit)
  })
})

const windowCount = (app: DesktopApp) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

/** Changes a port in Settings and leaves it unsaved. */
async function leaveUnsaved({ window }: DesktopApp): Promise<void> {
  await window.getByRole('link', { name: 'Settings' }).click()
  await window.getByRole('textbox', { name: 'HTTPS port' }).fill('9443')
  await window.getByText('Unsaved changes').first().waitFor()
}

/** Answers message boxes with the button at `answer`; returns the boxes shown since then. */
async function answerBoxes(app: DesktopApp, answer: number): Promise<() => Promise<unknown[]>> {
  await app.electron.evaluate(({ dialog }, response) => {
    const shown: unknown[] = []
    ;(globalThis as { shown?: unknown[] }).shown = shown
    dialog.showMessageBox = ((...words: unknown[]) => {
      shown.push(words.at(-1))
      return Promise.resolve({ response, checkboxChecked: false })
    }) as typeof dialog.showMessageBox
  }, answer)
  return () => app.electron.evaluate(() => (globalThis as { shown?: unknown[] }).shown ?? [])
}

/**
 * Answers the question about unsaved changes with the button at `answer`; returns the questions since then.
 */
async function answerUnsaved(app: DesktopApp, answer: number): Promise<() => Promise<string[]>> {
  await app.electron.evaluate(({ dialog }, response) => {
    const asked: string[] = []
    ;(globalThis as { asked?: string[] }).asked = asked
    dialog.showMessageBoxSync = ((...words: unknown[]) => {
      asked.push((words.at(-1) as { message: string }).message)
      return response
    }) as typeof dialog.showMessageBoxSync
  }, answer)
  return () => app.electron.evaluate(() => (globalThis as { asked?: string[] }).asked ?? [])
}
