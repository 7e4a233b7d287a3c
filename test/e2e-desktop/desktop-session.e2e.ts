import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectEngine } from '../../src/engine-process/connect.ts'
import { takePicture } from '../e2e/pictures.ts'
import {
  needsElectron,
  patientMs,
  startDesktop,
  startServingDesktop,
  type DesktopApp,
} from '../support/desktop/desktop-app.ts'
import { temporaryFolder } from '../support/engine/engine.ts'

let app: DesktopApp

beforeAll(async () => {
  const started = await startServingDesktop()
  if (started) app = started
}, patientMs + 60_000)
afterAll(() => app?.close())
beforeEach(needsElectron)

/** Answers the next message boxes with the button at `response`, and records their texts and buttons. */
function answerBoxes(response: number): Promise<void> {
  return app.electron.evaluate(({ dialog }, answer) => {
    const said: unknown[] = []
    ;(globalThis as { said?: unknown[] }).said = said
    dialog.showMessageBox = ((...words: unknown[]) => {
      said.push(words.at(-1))
      return Promise.resolve({ response: answer, checkboxChecked: false })
    }) as typeof dialog.showMessageBox
  }, response)
}

const closeWindow = () =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
const windowCount = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
const state = () => app.ask((client) => client.domains.get({ domain: 'shop.localhost' }))

describe('the app beside its window', () => {
  test('closing the window asks what becomes of HTTPS; cancelled, the window stays', async () => {
    await app.window.getByText('shop.localhost').first().waitFor()
    await answerBoxes(2)
    await closeWindow()
    await expect
      .poll(() => app.electron.evaluate(() => (globalThis as { said?: unknown[] }).said))
      .toMatchObject([{ message: 'Keep HTTPS running when the window is closed?' }])
    expect(await windowCount()).toBe(1)
  })

  test('kept running, the window goes and HTTPS stays; it is asked once', async () => {
    await answerBoxes(0)
    await closeWindow()
    await expect.poll(windowCount).toBe(0)
    const { desktop, edge } = await app.ask((client) => client.engine.status())
    expect(desktop.onClose).toBe('keep')
    expect(edge.state).toBe('running')
  })

  test('a second start brings a window back, and a menu leads it to its place', async () => {
    const comes = app.electron.waitForEvent('window')
    const second = spawn(app.start.executablePath, app.start.args, { stdio: 'ignore' })
    const ended = once(second, 'exit')
    app.window = await comes
    expect(await ended).toEqual([0, null])
    await app.window.getByText('shop.localhost').first().waitFor()
  })

  test('Settings show and change what was chosen', async () => {
    await app.window.getByRole('link', { name: 'Settings' }).click()
    const choice = app.window.getByRole('combobox', { name: 'When the window is closed' })
    await expect.poll(() => choice.inputValue()).toBe('Keep HTTPS running')
    await takePicture(app.window, 'desktop-settings')
    await choice.click()
    await app.window.getByRole('option', { name: 'Quit Edgekeep' }).click()
    await expect
      .poll(() => app.ask((client) => client.engine.status()).then(({ desktop }) => desktop.onClose))
      .toBe('quit')
  })

  test('the tray pauses and resumes HTTPS for all domains', async () => {
    const click = (label: string) =>
      app.electron.evaluate((_electron, wanted) => {
        const menu = (globalThis as { trayMenu?: { label: string; click(): void }[] }).trayMenu
        menu?.find((item) => item.label === wanted)?.click()
      }, label)
    const isEnabled = (label: string) =>
      app.electron.evaluate((_electron, wanted) => {
        const menu = (globalThis as { trayMenu?: { label: string; enabled?: boolean }[] }).trayMenu
        return menu?.find((item) => item.label === wanted)?.enabled
      }, label)
    // Electron keeps the menu that a tray was given to itself; the test listens for the next one.
    await app.electron.evaluate(({ Menu }) => {
      const build = Menu.buildFromTemplate.bind(Menu)
      Menu.buildFromTemplate = (template) => {
        if (template.some(({ label }) => label === 'Pause HTTPS for all domains'))
          (globalThis as { trayMenu?: unknown }).trayMenu = template
        return build(template)
      }
    })
    await app.ask((client) => client.desktop.setPreferences({ onClose: 'quit' }))
    await expect.poll(() => app.electron.evaluate(() => 'trayMenu' in globalThis)).toBe(true)
    await expect.poll(() => isEnabled('Pause HTTPS for all domains')).toBe(true)
    await click('Pause HTTPS for all domains')
    await expect.poll(() => state().then(({ https }) => https.state)).toBe('paused')
    await expect.poll(() => isEnabled('Resume HTTPS for all domains')).toBe(true)
    await click('Resume HTTPS for all domains')
    await expect.poll(() => state().then(({ https }) => https.state)).toBe('on')
  })

  test('closing the window ends the app and its engine if the app is set to quit', async () => {
    const ended = once(app.electron.process(), 'exit')
    await closeWindow()
    await ended
    expect(await connectEngine(app.home)).toBeNull()
  })

  test('another data folder leaves the autostart entry of this one alone', async () => {
    const config = temporaryFolder()
    const entries = () => readdirSync(path.join(config, 'autostart'))
    const environment = { XDG_CONFIG_HOME: config }
    const first = (await startDesktop({ environment }))!
    await first.ask((client) => client.desktop.setPreferences({ startAtLogin: true }))
    await expect.poll(() => existsSync(path.join(config, 'autostart')) && entries().length).toBe(1)
    const [entry] = entries()
    const second = (await startDesktop({ environment }))!
    await second.ask((client) => client.desktop.setPreferences({ startAtLogin: true }))
    await expect.poll(() => entries().length).toBe(2)
    await second.ask((client) => client.desktop.setPreferences({ startAtLogin: false }))
    await expect.poll(entries).toEqual([entry])
    rmSync(path.join(config, 'autostart', entry!))
    await first.ask((client) => client.desktop.setPreferences({ startAtLogin: true }))
    await expect.poll(entries).toEqual([entry])
    await second.close()
    await first.close()
  })

  test('started hidden, as at login, it serves without a window', async () => {
    const hidden = spawn(app.start.executablePath, [...app.start.args, '--hidden'], { stdio: 'ignore' })
    try {
      await expect
        .poll(
          () =>
            app
              .ask((client) => client.engine.status())
              .then(
                ({ edge }) => edge.state,
                () => 'none',
              ),
          {
            timeout: 30_000,
          },
        )
        .toBe('running')
    } finally {
      const ended = once(hidden, 'exit')
      hidden.kill('SIGTERM')
      await ended
    }
    await expect.poll(() => connectEngine(app.home), { timeout: 15_000 }).toBeNull()
  })
})
