import { readFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'

/** The second button of the box. */
const showTheLog = 1

let app: DesktopApp

beforeAll(async () => {
  const started = await startDesktop()
  if (started) app = started
}, patientMs + 60_000)
afterAll(() => app?.close())
beforeEach(needsElectron)

/** Folders that the app has the system open are kept instead. */
function keepOpenedFolders(): Promise<void> {
  return app.electron.evaluate(({ shell }) => {
    const opened: string[] = []
    ;(globalThis as { opened?: string[] }).opened = opened
    shell.openPath = (folder) => {
      opened.push(folder)
      return Promise.resolve('')
    }
  })
}

const openedFolders = () => app.electron.evaluate(() => (globalThis as { opened?: string[] }).opened ?? [])

/** Answers the app's message boxes with the button at `answer`, and records their texts. */
function answerBoxes(answer: number): Promise<void> {
  return app.electron.evaluate(({ dialog }, response) => {
    const said: string[] = []
    ;(globalThis as { said?: string[] }).said = said
    dialog.showMessageBox = ((...words: unknown[]) => {
      said.push((words.at(-1) as { message: string }).message)
      return Promise.resolve({ response, checkboxChecked: false })
    }) as typeof dialog.showMessageBox
  }, answer)
}

const boxes = () => app.electron.evaluate(() => (globalThis as { said?: string[] }).said ?? [])

/** Ends the process that draws the window, and waits until the page has been loaded again. */
function crashUntilLoaded(): Promise<void> {
  return app.electron.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        contents?.once('did-finish-load', () => resolve())
        contents?.forcefullyCrashRenderer()
      }),
  )
}

/** Asked through the main process: the debugger's tie to the page went with its first process. */
function textShown(): Promise<string> {
  return app.electron.evaluate(({ BrowserWindow }) => {
    const read = `new Promise((resolve) => setTimeout(() => resolve(document.body.innerText), 500))`
    return BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(read) as Promise<string>
  })
}

describe('when something fails', () => {
  test('an error in the main process is logged and shown once, and the app goes on', async () => {
    await keepOpenedFolders()
    await answerBoxes(showTheLog)
    await app.electron.evaluate(() => {
      setTimeout(() => {
        throw new Error('thrown to be seen')
      }, 0)
      setTimeout(() => {
        void Promise.reject(new Error('rejected to be seen'))
      }, 0)
    })
    await expect.poll(() => app.log()).toContain('rejected to be seen')
    expect(app.log()).toContain('thrown to be seen')
    expect(await boxes()).toEqual(['Edgekeep ran into an unexpected error.'])
    const [opened = ''] = await openedFolders()
    expect(readFileSync(path.join(opened, 'desktop.log'), 'utf8')).toContain('thrown to be seen')
    await app.window.getByRole('heading', { name: 'No domain yet' }).waitFor()
  })

  test('an error of the engine that has no name is in the log that the window leads to', async () => {
    await keepOpenedFolders()
    const vault = new Database(path.join(app.home.folder, 'vault.db'))
    vault.exec('ALTER TABLE audit RENAME TO audit_away')
    try {
      await app.window.getByRole('link', { name: 'Activity' }).first().click()
      const said = app.window.getByRole('alert').filter({ hasText: 'The details are in its log' })
      await said.getByRole('button', { name: 'Show the log' }).click()
      await expect.poll(openedFolders).toHaveLength(1)
    } finally {
      vault.exec('ALTER TABLE audit_away RENAME TO audit')
      vault.close()
    }
    const [opened = ''] = await openedFolders()
    expect(readFileSync(path.join(opened, 'engine.log'), 'utf8')).toMatch(/no such table: (main\.)?audit/)
    await app.window.getByRole('link', { name: 'Domains' }).first().click()
  })

  test('a window whose process dies is loaded again by itself, and asks when it dies again', async () => {
    await answerBoxes(0)
    await crashUntilLoaded()
    await expect.poll(textShown, { timeout: 20_000 }).toContain('No domain yet')
    expect(await boxes()).toEqual([])
    await crashUntilLoaded()
    await expect.poll(textShown, { timeout: 20_000 }).toContain('No domain yet')
    expect(await boxes()).toEqual(['The window stopped twice within a minute.'])
    expect(app.log()).toContain('Renderer process gone')
  })

  test('an engine that was killed restarts, and the window reconnects', async () => {
    const before = await app.ask((client) => client.engine.status())
    process.kill(before.pid, 'SIGKILL')
    await expect
      .poll(
        () =>
          app
            .ask((client) => client.engine.status())
            .then(
              ({ pid }) => pid,
              () => before.pid,
            ),
        {
          timeout: 30_000,
        },
      )
      .not.toBe(before.pid)
    expect(app.log().match(/Desktop app error/g)).toHaveLength(2)
    await app.ask((client) =>
      client.domains.add({
        name: 'after.test',
        origin: {
          protocol: 'http',
          host: '127.0.0.1',
          httpPort: 3000,
          httpsPort: 443,
          hostHeader: null,
          sni: null,
          verify: true,
          anchorsPem: null,
          http2: false,
        },
      }),
    )
    await expect.poll(textShown, { timeout: 30_000 }).toContain('after.test')
  })
})
