import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { spawnAhead, type SpawnedEngine } from '../engine-process/spawn-engine.ts'
import { windowShows } from '../engine-process/window-shows.ts'
import { makeHome, UnusableFolder, type Home } from '../engine-process/home-folder.ts'
import { announceScheme } from './app-protocol.ts'
import { openDesktopLog, type DesktopLog } from './desktop-log.ts'
import { type DesktopOptions, type AppState, engineOptions } from './desktop-options.ts'
import { holdEarlyMessages } from './early-messages.ts'
import { watchFaults, showFatalError } from './failures.ts'
import { createMainWindowHandle } from './main-window-handle.ts'
import { namedFiles, waitForOpenedFiles, type OpenWith } from './open-with.ts'
import { hidden } from './start-at-login.ts'
import { prepareWindows, windowFilesOf } from './windows.ts'
import { close, url } from 'node:inspector'
import type { ElectronApi } from './electron-api.ts'

/*
 * The app starts in two parts, so that its window shows soon. This one is small: it loads neither the
 * contract nor zod nor an HTTP client, opens the window and lets Chromium load its page. `start-session.ts`, with
 * everything else, is loaded when the window shows.
 */

/** Time from showing the window to its first paint, for which Electron needs this thread. */
const paintsWithinMs = 30

/** Timeout after which engine and tray start even if the page does not show. */
const showsWithinMs = 3000

/** Runs the desktop app, one for each home: a second start shows the first one's window and ends. */
export function runDesktop(options: DesktopOptions): void {
  const { electron, homeFolder } = options
  const { app } = electron
  let where: { log: DesktopLog; logFolder: string } | null = null
  const fail = (error: unknown) => {
    where?.log.error({ err: error }, 'Desktop app start failed')
    showFatalError(electron, error, where?.logFolder)
  }
  try {
    closeInspectors(electron)
    announceScheme(electron)
    app.enableSandbox()
    // The app's menu is set later; Electron would create a default one before.
    if (process.platform !== 'darwin') electron.Menu.setApplicationMenu(null)
    const home = usableHome(homeFolder)
    if (home instanceof UnusableFolder) {
      void import('./unusable-home.ts').then(
        ({ runWithUnusableHome }) => runWithUnusableHome(options, home, fail),
        fail,
      )
      return
    }
    // Electron's lock is one for each of these folders, and needs an existing one.
    const folder = join(home.folder, 'desktop')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    app.setPath('userData', folder)
    if (!app.requestSingleInstanceLock()) return app.exit(0)
    const log = openDesktopLog(home.logFolder)
    where = { log, logFolder: home.logFolder }
    const window = createMainWindowHandle()
    takeOpenedFiles(options, home, waitForOpenedFiles(electron, window))
    void app
      .whenReady()
      .then(() => run(options, { home, folder, log, window }))
      .catch(fail)
  } catch (error) {
    fail(error)
  }
}

/** Errors that the person can fix are returned for the window; others are thrown. */
function usableHome(folder: string | undefined): Home | UnusableFolder {
  try {
    return makeHome(folder)
  } catch (error) {
    if (error instanceof UnusableFolder) return error
    throw error
  }
}

/** Files of this start, of later ones, and of macOS's `open-file`, which precedes the app's ready event. */
function takeOpenedFiles(
  { electron: { app }, argv, workingDirectory }: DesktopOptions,
  home: Home,
  openWith: OpenWith,
): void {
  const add = (args: readonly string[], folder: string) =>
    openWith.add(
      namedFiles(args, {
        workingDirectory: folder,
        packaged: app.isPackaged,
        homeFolder: home.folder,
      }),
    )
  add(argv, workingDirectory)
  app.on('second-instance', (_event, args, folder) => add(args, folder))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openWith.add([path])
  })
}

/**
 * Opens the window first. The engine starts when Chromium has the page: before that both would compete for
 * the same cores, and the window would show later. Everything else is loaded when the window shows, when its
 * page sends its first message, or at once if no window is opened.
 */
async function run(options: DesktopOptions, state: AppState): Promise<void> {
  const { electron, installation, faults, log, say, argv } = { ...options, ...state }
  const { home, folder, window } = state
  watchFaults(electron, { faults, log, logFolder: home.logFolder })
  const early = holdEarlyMessages(electron)
  const files = await windowFilesOf(installation)
  const action = actionOf(argv)
  const opens = !argv.includes(hidden) && action !== 'pause-https'
  let spawned: SpawnedEngine | null = null
  const needed = new Promise<void>((resolve) => {
    early.onFirst(resolve)
    const shows = () => {
      say(windowShows)
      setTimeout(resolve, paintsWithinMs)
    }
    prepareWindows(electron, window, { installation, files, folder, log, shows })
    if (!opens) return resolve()
    window.show(action === 'inspector' ? '/inspector' : undefined)
    const opened = window.current()
    opened?.once('closed', resolve)
    opened?.webContents.once('did-navigate', () => (spawned = spawnAhead(home, installation, engineOptions)))
    setTimeout(resolve, showsWithinMs)
  })
  const session = needed.then(async () => {
    const { startSession } = await import('./start-session.ts')
    return startSession(options, state, spawned)
  })
  const act = async (args: readonly string[]) => {
    const wanted = actionOf(args)
    if (wanted === 'pause-https') return (await session).pauseHttps()
    window.show(wanted === 'inspector' ? '/inspector' : undefined)
    return false
  }
  electron.app.on('second-instance', (_event, args) => void act(args))
  electron.app.on('open-file', () => window.show())
  electron.app.on('activate', () => window.show())
  const { pauseHttps } = await session
  early.handOn()
  // The window was closed before the listener for that was set.
  if (opens && window.current() === null && process.platform !== 'darwin') electron.app.quit()
  // The app was started only to pause HTTPS.
  if (action === 'pause-https' && (await pauseHttps())) electron.app.quit()
}

/** Action of the app's entry in a desktop's menu, besides opening the window. */
export type DesktopAction = 'inspector' | 'pause-https'

/** Switches without values: Chromium separates a switch from its value when it forwards a second start. */
const switches = new Map<string, DesktopAction>([
  ['--inspector', 'inspector'],
  ['--pause-https', 'pause-https'],
])

/** Action on the command line `argv`; null to open the window only. */
export function actionOf(argv: readonly string[]): DesktopAction | null {
  const given = argv.find((argument) => switches.has(argument))
  return given === undefined ? null : (switches.get(given) ?? null)
}

/** Chromium switches that expose the page to a debugger. */
const debuggingSwitches = ['remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-address']

/**
 * Disables debuggers in a packaged app: closes Node's inspector, which a switch or a variable may have opened
 * before any code of the app ran, and keeps Chromium's closed. Must run before the app is ready. An app from
 * a checkout stays debuggable for its developer.
 */
function closeInspectors({ app }: Pick<ElectronApi, 'app'>): void {
  if (!app.isPackaged) return
  if (url() !== undefined) close()
  for (const name of debuggingSwitches) app.commandLine.removeSwitch(name)
}
