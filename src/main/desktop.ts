import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { EdgekeepError } from '../contract/errors.ts'
import { WINDOW_SHOWS } from '../launch/desktop-window.ts'
import { openHome, type Home } from '../launch/home.ts'
import type { Installation } from '../launch/installation.ts'
import { indexWindowFiles } from '../web/window-files.ts'
import { announceScheme, serveWindow } from './app-protocol.ts'
import type { ElectronApi } from './electron-api.ts'
import { tieToEngine, type EngineTie } from './engine-tie.ts'
import { applicationMenu } from './application-menu.ts'
import { lockDownContents, lockDownSession } from './lock-down.ts'
import { relayPorts } from './port-relay.ts'
import { openMainWindow } from './main-window.ts'
import { namedFiles } from './named-files.ts'
import { closeInspectors } from './no-inspector.ts'
import { waitForOpenedFiles } from './open-with.ts'

export interface DesktopOptions {
  electron: ElectronApi
  /** The home of `--home`; absent: the usual one. */
  homeFolder: string | undefined
  /** As the process got it, the program first; files that it names are opened in the Inspector. */
  argv: readonly string[]
  workingDirectory: string
  installation: Installation
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
    void app
      .whenReady()
      .then(() => run(options, home))
      .catch((error: unknown) => giveUp(electron, error))
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

async function run({ electron, installation, say }: DesktopOptions, home: Home): Promise<void> {
  const { app, BrowserWindow, Menu, session } = electron
  const files = indexWindowFiles(installation.rendererFolder)
  lockDownSession(session.defaultSession)
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents, electron.shell))
  serveWindow(session.defaultSession, files)
  Menu.setApplicationMenu(applicationMenu(electron))
  const tie = await tieToEngine(home, installation)
  endInOrder(electron, tie)
  void tie.lost.then((error) => giveUp(electron, error))
  relayPorts(electron, home)

  const open = () => openMainWindow(electron, installation, () => say(WINDOW_SHOWS))
  const show = () => {
    const window = BrowserWindow.getAllWindows()[0]
    if (!window) return open()
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
  app.on('second-instance', show)
  app.on('open-file', show)
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  open()
}

/** Windows first, then the engine this app started, then the app: `will-quit` comes when all windows are closed. */
function endInOrder({ app }: ElectronApi, tie: EngineTie): void {
  let ended = false
  app.on('will-quit', (event) => {
    if (ended) return
    event.preventDefault()
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
