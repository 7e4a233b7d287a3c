import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { EdgekeepError } from '../contract/errors.ts'
import { productVersion } from '../contract/product-version.ts'
import { windowShows } from '../launch/desktop-window.ts'
import { openHome, type Home } from '../launch/home.ts'
import { announceScheme } from './app-protocol.ts'
import { askBeforeClosing } from './closing.ts'
import { actionOf } from './desktop-action.ts'
import { openDesktopLog, type DesktopLog } from './desktop-log.ts'
import type { DesktopOptions } from './desktop-options.ts'
import type { ElectronApi } from './electron-api.ts'
import { tieToEngine, type EngineTie } from './engine-tie.ts'
import { watchFaults } from './failures.ts'
import { holdMainWindow, type HeldWindow } from './held-window.ts'
import { namedFiles } from './named-files.ts'
import { closeInspectors } from './no-inspector.ts'
import { waitForOpenedFiles, type OpenWith } from './open-with.ts'
import { showProgress } from './page-commands.ts'
import { takeResidence, type Residence } from './residence.ts'
import { hidden, type LoginStart } from './start-at-login.ts'
import { findInstaller } from './updates/installer.ts'
import { sessionFetch } from './updates/session-fetch.ts'
import { channelOf, createUpdates, type Updates } from './updates/updates.ts'
import { prepareWindows, tellUpdates } from './windows.ts'
import { runWithoutHome } from './without-home.ts'

/** The desktop app, from start to end. One for each home: a second start shows the first one's window and ends. */
export function runDesktop(options: DesktopOptions): void {
  const { electron, homeFolder, installation } = options
  const { app } = electron
  let where: { log: DesktopLog; logFolder: string } | null = null
  const fail = (error: unknown) => {
    where?.log.error({ err: error }, 'The desktop app did not start')
    giveUp(electron, error, where?.logFolder)
  }
  try {
    closeInspectors(electron)
    announceScheme(electron)
    app.enableSandbox()
    const home = usableHome(homeFolder)
    if (home instanceof EdgekeepError) return runWithoutHome(options, home, fail)
    // Electron's lock is one for each of these folders, and it takes only one that is there.
    const folder = join(home.folder, 'desktop')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    app.setPath('userData', folder)
    if (!app.requestSingleInstanceLock()) return app.exit(0)
    const log = openDesktopLog(home.logFolder)
    where = { log, logFolder: home.logFolder }
    // Before Electron is ready: the engine starts beside it.
    const tie = tieToEngine(home, installation, log)
    const window = holdMainWindow()
    takeOpenedFiles(options, home, waitForOpenedFiles(electron, window))
    void app
      .whenReady()
      .then(() => run(options, home, { folder, log, window, tie }))
      .catch(fail)
  } catch (error) {
    fail(error)
  }
}

/** What the person can mend is said in the window; anything else is thrown. */
function usableHome(folder: string | undefined): Home | EdgekeepError {
  try {
    return openHome(folder)
  } catch (error) {
    if (error instanceof EdgekeepError) return error
    throw error
  }
}

/** Those of this start, of later ones, and, on macOS, those that an event names, before the app is ready too. */
function takeOpenedFiles(
  { electron: { app }, argv, workingDirectory }: DesktopOptions,
  home: Home,
  openWith: OpenWith,
): void {
  const add = (words: readonly string[], folder: string) =>
    openWith.add(
      namedFiles(words, {
        workingDirectory: folder,
        packaged: app.isPackaged,
        homeFolder: home.folder,
      }),
    )
  add(argv, workingDirectory)
  app.on('second-instance', (_event, words, folder) => add(words, folder))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openWith.add([path])
  })
}

/** The window opens while the engine starts; neither waits for the other. */
function run(
  options: DesktopOptions,
  home: Home,
  { folder, log, window, tie }: Kept & { tie: EngineTie },
): void {
  const { electron, installation, faults, say, argv } = options
  const { app } = electron
  const { logFolder } = home
  watchFaults(electron, { faults, log, logFolder })
  let quitting = false
  app.on('before-quit', () => (quitting = true))

  const login = loginStart(options, home)
  const { root } = installation
  const residence = takeResidence({ electron, home, folder, root, log, login, window })
  const updates = updatesOf(options, { folder, log, window })
  prepareWindows(electron, window, {
    installation,
    home,
    folder,
    log,
    logFolder,
    tie,
    updates,
    retry: () => tie.retry(),
    shows: () => say(windowShows),
    opened(opened) {
      askBeforeClosing(electron, opened, residence, () => !quitting && tie.isOurs())
      opened.on('closed', () => {
        if (process.platform !== 'darwin' && residence.preferences()?.onClose !== 'keep') app.quit()
      })
    },
  })
  endInOrder(electron, { tie, residence, updates })
  const act = (words: readonly string[]) => {
    const action = actionOf(words)
    if (action === 'pause-https') return residence.pauseHttps()
    window.show(action === 'inspector' ? '/inspector' : undefined)
    return Promise.resolve(false)
  }
  app.on('second-instance', (_event, words) => void act(words))
  app.on('open-file', () => window.show())
  app.on('activate', () => window.show())
  // Started only to pause HTTPS, it has nothing more to do.
  if (!argv.includes(hidden)) void act(argv).then((isDone) => isDone && app.quit())
}

/** How the system starts this app again: a packaged one by itself, else Electron with the app's folder. */
function loginStart({ electron: { app }, installation, homeFolder }: DesktopOptions, home: Home): LoginStart {
  const words = app.isPackaged ? [] : [installation.root]
  if (homeFolder !== undefined) words.push('--home', home.folder)
  // What an AppImage is mounted at is gone with the app.
  return { program: process.env['APPIMAGE'] ?? process.execPath, words }
}

/** What the app has of its own in the home, and its window. */
interface Kept {
  folder: string
  log: DesktopLog
  window: HeldWindow
}

function updatesOf(
  { electron, installation: { root } }: DesktopOptions,
  { folder, log, window }: Kept,
): Updates {
  const { app } = electron
  return createUpdates({
    channel: channelOf(root),
    current: productVersion,
    installer: findInstaller(electron),
    folder: join(folder, 'updates'),
    fetch: sessionFetch(electron),
    log,
    tell: (state) => tellUpdates(window, state),
    showProgress: (progress) => showProgress(window.current(), progress),
    quit: () => app.quit(),
  })
}

/** Windows first, then the engine this app started, then the app: `will-quit` comes when all windows are closed. */
function endInOrder(
  { app }: ElectronApi,
  { tie, residence, updates }: { tie: EngineTie; residence: Residence; updates: Updates },
): void {
  let ended = false
  app.on('will-quit', (event) => {
    if (ended) return
    event.preventDefault()
    residence.close()
    void tie.end().finally(() => {
      ended = true
      updates.atQuit()
      app.quit()
    })
  })
}

/** The status tells the launcher that started this app that no window shows. */
function giveUp({ app, dialog }: ElectronApi, error: unknown, logFolder: string | undefined): void {
  dialog.showErrorBox('Edgekeep', sentenceOf(error, logFolder))
  app.exit(3)
}

function sentenceOf(error: unknown, logFolder: string | undefined): string {
  if (error instanceof EdgekeepError) return error.message
  const details =
    logFolder === undefined ? String(error) : `The details are in ${join(logFolder, 'desktop.log')}.`
  return `Edgekeep could not be started because of an unexpected error. ${details}`
}
