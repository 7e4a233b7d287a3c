import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { EdgekeepError } from '../contract/errors.ts'
import type { WindowPlace } from '../contract/window-places.ts'
import { WINDOW_SHOWS } from '../launch/desktop-window.ts'
import { openHome, type Home } from '../launch/home.ts'
import type { Installation } from '../launch/installation.ts'
import { indexWindowFiles } from '../web/window-files.ts'
import { announceScheme, serveWindow } from './app-protocol.ts'
import { askBeforeClosing } from './closing.ts'
import { actionOf } from './desktop-action.ts'
import { openDesktopLog, type DesktopLog } from './desktop-log.ts'
import type { ElectronApi } from './electron-api.ts'
import { tieToEngine, type EngineTie } from './engine-tie.ts'
import { applicationMenu } from './application-menu.ts'
import { watchFaults, type Faults } from './failures.ts'
import { lockDownContents, lockDownSession } from './lock-down.ts'
import { relayPorts } from './port-relay.ts'
import { openMainWindow } from './main-window.ts'
import { namedFiles } from './named-files.ts'
import { closeInspectors } from './no-inspector.ts'
import { waitForOpenedFiles } from './open-with.ts'
import { takeResidence, type Residence } from './residence.ts'
import { HIDDEN, type LoginStart } from './start-at-login.ts'

export interface DesktopOptions {
  electron: ElectronApi
  /** The home of `--home`; absent: the usual one. */
  homeFolder: string | undefined
  /** As the process got it, the program first; files that it names are opened in the Inspector. */
  argv: readonly string[]
  workingDirectory: string
  installation: Installation
  /** Where errors come that nothing caught. */
  faults: Faults
  /** Tells the process that started this one. */
  say: (line: string) => void
}

/** The desktop app, from start to end. One for each home: a second start shows the first one's window and ends. */
export function runDesktop(options: DesktopOptions): void {
  const { electron, homeFolder } = options
  const { app } = electron
  try {
    closeInspectors(electron)
    const home = openHome(homeFolder)
    // Electron's lock is one for each of these folders, and it takes only one that is there.
    const folder = join(home.folder, 'desktop')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    app.setPath('userData', folder)
    if (!app.requestSingleInstanceLock()) return app.exit(0)
    app.enableSandbox()
    announceScheme(electron)
    takeOpenedFiles(options, home)
    const log = openDesktopLog(home.logFolder)
    void app
      .whenReady()
      .then(() => run(options, home, { folder, log }))
      .catch((error: unknown) => {
        log.error({ err: error }, 'The desktop app did not start')
        giveUp(electron, error)
      })
  } catch (error) {
    giveUp(electron, error)
  }
}

/** Those of this start, of later ones, and, on macOS, those that an event names, before the app is ready too. */
function takeOpenedFiles({ electron, argv, workingDirectory }: DesktopOptions, home: Home): void {
  const { app } = electron
  const openWith = waitForOpenedFiles(electron)
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

async function run(options: DesktopOptions, home: Home, { folder, log }: Kept): Promise<void> {
  const { electron, installation, faults, say, argv } = options
  const { app, session } = electron
  watchFaults(electron, { faults, log, logFolder: home.logFolder })
  const files = indexWindowFiles(installation.rendererFolder)
  lockDownSession(session.defaultSession)
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents, electron.shell))
  serveWindow(session.defaultSession, files)
  const tie = await tieToEngine(home, installation)
  let quitting = false
  app.on('before-quit', () => (quitting = true))
  void tie.lost.then((error) => giveUp(electron, error))
  relayPorts(electron, home)

  const open = (place: WindowPlace) => {
    const shows = () => say(WINDOW_SHOWS)
    const window = openMainWindow(electron, { installation, folder, log, place, shows })
    if (tie.isOurs) askBeforeClosing(electron, window, residence, () => quitting)
  }
  const show = (place?: WindowPlace) => showWindow(electron, open, place)
  const login = loginStart(options, home)
  const { root } = installation
  const residence = takeResidence({ electron, home, folder, root, log, login, show })
  endInOrder(electron, tie, residence)
  offerMenu(options, home, show)
  const act = (words: readonly string[]) => {
    const action = actionOf(words)
    if (action === 'pause-https') return residence.pauseHttps()
    show(action === 'inspector' ? '/inspector' : undefined)
    return Promise.resolve(false)
  }
  app.on('second-instance', (_event, words) => void act(words))
  app.on('open-file', () => show())
  app.on('activate', () => show())
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' && residence.preferences()?.onClose !== 'keep') app.quit()
  })
  // Started only to pause HTTPS, it has nothing more to do.
  if (!argv.includes(HIDDEN)) void act(argv).then((isDone) => isDone && app.quit())
}

/** Brings the window to the front, or opens one; at `place` where one is named. */
function showWindow(
  { BrowserWindow }: ElectronApi,
  open: (place: WindowPlace) => void,
  place: WindowPlace | undefined,
): void {
  const window = BrowserWindow.getAllWindows()[0]
  if (!window) return open(place ?? '/domains')
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
  if (place) window.webContents.postMessage('edgekeep:go', place, [])
}

function offerMenu(
  { electron, installation }: DesktopOptions,
  home: Home,
  show: (place?: WindowPlace) => void,
): void {
  const { app, Menu, shell } = electron
  Menu.setApplicationMenu(
    applicationMenu(electron, {
      go: show,
      showGuide: () => void shell.openPath(join(installation.root, 'docs', 'guide', 'getting-started.md')),
      showLogs: () => void shell.openPath(home.logFolder),
      quit: () => app.quit(),
    }),
  )
}

/** How the system starts this app again: a packaged one by itself, else Electron with the app's folder. */
function loginStart({ electron: { app }, installation, homeFolder }: DesktopOptions, home: Home): LoginStart {
  const words = app.isPackaged ? [] : [installation.root]
  if (homeFolder !== undefined) words.push('--home', home.folder)
  // What an AppImage is mounted at is gone with the app.
  return { program: process.env['APPIMAGE'] ?? process.execPath, words }
}

/** What the app has of its own in the home. */
interface Kept {
  folder: string
  log: DesktopLog
}

/** Windows first, then the engine this app started, then the app: `will-quit` comes when all windows are closed. */
function endInOrder({ app }: ElectronApi, tie: EngineTie, residence: Residence): void {
  let ended = false
  app.on('will-quit', (event) => {
    if (ended) return
    event.preventDefault()
    residence.close()
    void tie.end().finally(() => {
      ended = true
      app.quit()
    })
  })
}

/** The status tells the launcher that started this app that no window shows. */
function giveUp({ app, dialog }: ElectronApi, error: unknown): void {
  dialog.showErrorBox('Edgekeep', sentenceOf(error))
  app.exit(3)
}

function sentenceOf(error: unknown): string {
  return error instanceof EdgekeepError
    ? error.message
    : 'Something went wrong that Edgekeep has no name for.'
}
