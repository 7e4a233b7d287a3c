import { join } from 'node:path'
import { productVersion } from '../contract/engine/product-version.ts'
import type { Home } from '../engine-process/home.ts'
import type { SpawnedEngine } from '../engine-process/spawn-engine.ts'
import { askBeforeClosing } from './closing.ts'
import type { DesktopOptions, AppState } from './desktop-options.ts'
import type { ElectronApi } from './electron-api.ts'
import { connectToEngine, type EngineConnection } from './engine-connection.ts'
import { showProgress } from './page-commands.ts'
import { openDesktopSession, type DesktopSession } from './desktop-session.ts'
import type { LoginStart } from './start-at-login.ts'
import { onStay } from './unsaved.ts'
import { findInstaller } from './updates/installer.ts'
import { sessionFetch } from './updates/session-fetch.ts'
import { channelOf, createUpdates, type Updates } from './updates/updates.ts'
import { attendWindows, postUpdates } from './window-services.ts'

/** Runs the app after its window has opened. `spawned`: an engine that was started ahead. */
export function startSession(
  options: DesktopOptions,
  state: AppState,
  spawned: SpawnedEngine | null,
): DesktopSession {
  const { electron, installation } = options
  const { app } = electron
  const { home, folder, log, window } = state
  let quitting = false
  app.on('before-quit', () => (quitting = true))
  // Chromium handles one signal in the life of a process, and ignores others after a quit that was cancelled.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => app.quit())

  const connection = connectToEngine(home, installation, log, { spawned })
  const login = loginStart(options, home)
  const session = openDesktopSession({
    electron,
    home,
    folder,
    root: installation.root,
    log,
    login,
    window,
    present: (presence) => (presence.state === 'stopped' ? app.quit() : connection.observe(presence)),
  })
  const updates = updatesOf(options, state)
  attendWindows(electron, window, {
    installation,
    home,
    log,
    logFolder: home.logFolder,
    connection,
    updates,
    retry: () => connection.retry(),
  })
  window.onOpened((opened) => {
    onStay(opened, () => (quitting = false))
    askBeforeClosing(electron, opened, session, { isQuitting: () => quitting, isOurs: connection.isOurs })
    opened.on('closed', () => {
      if (process.platform !== 'darwin' && session.preferences()?.onClose !== 'keep') app.quit()
    })
  })
  endInOrder(electron, { connection, session, updates })
  return session
}

/** Command of the start at login: a packaged app alone, else Electron with the app's folder. */
function loginStart({ electron: { app }, installation, homeFolder }: DesktopOptions, home: Home): LoginStart {
  const args = app.isPackaged ? [] : [installation.root]
  if (homeFolder !== undefined) args.push('--home', home.folder)
  // The mount of an AppImage disappears with the app.
  return { dataFolder: home.folder, program: process.env['APPIMAGE'] ?? process.execPath, args }
}

function updatesOf(
  { electron, installation: { root } }: DesktopOptions,
  { folder, log, window }: AppState,
): Updates {
  const { app } = electron
  return createUpdates({
    clock: () => new Date(),
    channel: channelOf(root),
    current: productVersion,
    installer: findInstaller(electron),
    folder: join(folder, 'updates'),
    fetch: sessionFetch(electron),
    log,
    publish: (state) => postUpdates(window, state),
    showProgress: (progress) => showProgress(window.current(), progress),
    quit: () => app.quit(),
  })
}

/**
 * Ends in order: windows, then the engine of this app, then the app. `will-quit` comes when all windows are
 * closed. Electron ignores a `quit` from a microtask of that event, as in an app without its own engine.
 */
function endInOrder(
  { app }: ElectronApi,
  {
    connection,
    session,
    updates,
  }: { connection: EngineConnection; session: DesktopSession; updates: Updates },
): void {
  let ended = false
  app.on('will-quit', (event) => {
    if (ended) return
    event.preventDefault()
    session.close()
    void connection.end().finally(() => {
      ended = true
      updates.atQuit()
      setImmediate(() => app.quit())
    })
  })
}
