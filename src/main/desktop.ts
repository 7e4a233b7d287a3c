import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { spawnAhead, type SpawnedEngine } from '../engine-process/spawn-engine.ts'
import { windowShows } from '../engine-process/window-shows.ts'
import { makeHome, UnusableFolder, type Home } from '../engine-process/home-folder.ts'
import { announceScheme } from './app-protocol.ts'
import { actionOf } from './desktop-action.ts'
import { openDesktopLog, type DesktopLog } from './desktop-log.ts'
import type { DesktopOptions, Kept } from './desktop-options.ts'
import { holdEarlyMessages } from './early-messages.ts'
import { engineOptions } from './engine-options.ts'
import { watchFaults } from './failures.ts'
import { giveUp } from './give-up.ts'
import { holdMainWindow } from './held-window.ts'
import { namedFiles } from './named-files.ts'
import { closeInspectors } from './no-inspector.ts'
import { waitForOpenedFiles, type OpenWith } from './open-with.ts'
import { hidden } from './start-at-login.ts'
import { prepareWindows, windowFilesOf } from './windows.ts'

/*
 * The start of the app in two parts, so that a person sees the window soon. This one is small: it loads neither the
 * contract nor zod nor an HTTP client, opens the window and lets Chromium load its page. `resident.ts`, with
 * everything else, is loaded when the window shows.
 */

/** From when the window shows until its first picture is on the screen, for which Electron needs this thread. */
const paintsWithinMs = 30

/** A page that cannot be shown keeps neither the engine nor the tray from starting. */
const showsWithinMs = 3000

/** The desktop app, from start to end. One for each home: a second start shows the first one's window and ends. */
export function runDesktop(options: DesktopOptions): void {
  const { electron, homeFolder } = options
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
    // Ours comes with the rest; Electron would make one of its own before.
    if (process.platform !== 'darwin') electron.Menu.setApplicationMenu(null)
    const home = usableHome(homeFolder)
    if (home instanceof UnusableFolder) {
      void import('./without-home.ts').then(({ runWithoutHome }) => runWithoutHome(options, home, fail), fail)
      return
    }
    // Electron's lock is one for each of these folders, and it takes only one that is there.
    const folder = join(home.folder, 'desktop')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    app.setPath('userData', folder)
    if (!app.requestSingleInstanceLock()) return app.exit(0)
    const log = openDesktopLog(home.logFolder)
    where = { log, logFolder: home.logFolder }
    const window = holdMainWindow()
    takeOpenedFiles(options, home, waitForOpenedFiles(electron, window))
    void app
      .whenReady()
      .then(() => run(options, { home, folder, log, window }))
      .catch(fail)
  } catch (error) {
    fail(error)
  }
}

/** What the person can mend is said in the window; anything else is thrown. */
function usableHome(folder: string | undefined): Home | UnusableFolder {
  try {
    return makeHome(folder)
  } catch (error) {
    if (error instanceof UnusableFolder) return error
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

/**
 * The window opens first. The engine is started when Chromium has the page: before that both would wait for the same
 * cores, and the window would show later. Everything else is loaded when the window shows, when its page asks for
 * something before that, or at once where no window is opened.
 */
async function run(options: DesktopOptions, kept: Kept): Promise<void> {
  const { electron, installation, faults, log, say, argv } = { ...options, ...kept }
  const { home, folder, window } = kept
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
  const residing = needed.then(async () => {
    const { reside } = await import('./resident.ts')
    return reside(options, kept, spawned)
  })
  const act = async (words: readonly string[]) => {
    const wanted = actionOf(words)
    if (wanted === 'pause-https') return (await residing).pauseHttps()
    window.show(wanted === 'inspector' ? '/inspector' : undefined)
    return false
  }
  electron.app.on('second-instance', (_event, words) => void act(words))
  electron.app.on('open-file', () => window.show())
  electron.app.on('activate', () => window.show())
  const { pauseHttps } = await residing
  early.handOn()
  // It was closed before anything could decide what that means.
  if (opens && window.current() === null && process.platform !== 'darwin') electron.app.quit()
  // Started only to pause HTTPS, it has nothing more to do.
  if (action === 'pause-https' && (await pauseHttps())) electron.app.quit()
}
