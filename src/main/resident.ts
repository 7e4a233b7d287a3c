import { join } from 'node:path'
import { productVersion } from '../contract/product-version.ts'
import type { Home } from '../engine-process/home.ts'
import type { SpawnedEngine } from '../engine-process/spawn-engine.ts'
import { askBeforeClosing } from './closing.ts'
import type { DesktopOptions, Kept } from './desktop-options.ts'
import type { ElectronApi } from './electron-api.ts'
import { tieToEngine, type EngineTie } from './engine-tie.ts'
import { showProgress } from './page-commands.ts'
import { takeResidence, type Residence } from './residence.ts'
import type { LoginStart } from './start-at-login.ts'
import { onStay } from './unsaved.ts'
import { findInstaller } from './updates/installer.ts'
import { sessionFetch } from './updates/session-fetch.ts'
import { channelOf, createUpdates, type Updates } from './updates/updates.ts'
import { attendWindows, tellUpdates } from './window-services.ts'

/** Runs the app after its window has opened. `spawned`: an engine that was started ahead. */
export function reside(options: DesktopOptions, kept: Kept, spawned: SpawnedEngine | null): Residence {
  const { electron, installation } = options
  const { app } = electron
  const { home, folder, log, window } = kept
  let quitting = false
  app.on('before-quit', () => (quitting = true))

  const tie = tieToEngine(home, installation, log, { spawned })
  const login = loginStart(options, home)
  const residence = takeResidence({
    electron,
    home,
    folder,
    root: installation.root,
    log,
    login,
    window,
    present: tie.observe,
  })
  const updates = updatesOf(options, kept)
  attendWindows(electron, window, {
    installation,
    home,
    log,
    logFolder: home.logFolder,
    tie,
    updates,
    retry: () => tie.retry(),
  })
  window.onOpened((opened) => {
    onStay(opened, () => (quitting = false))
    askBeforeClosing(electron, opened, residence, () => !quitting && tie.isOurs())
    opened.on('closed', () => {
      if (process.platform !== 'darwin' && residence.preferences()?.onClose !== 'keep') app.quit()
    })
  })
  endInOrder(electron, { tie, residence, updates })
  return residence
}

/** Command of the start at login: a packaged app alone, else Electron with the app's folder. */
function loginStart({ electron: { app }, installation, homeFolder }: DesktopOptions, home: Home): LoginStart {
  const words = app.isPackaged ? [] : [installation.root]
  if (homeFolder !== undefined) words.push('--home', home.folder)
  // The mount of an AppImage disappears with the app.
  return { dataFolder: home.folder, program: process.env['APPIMAGE'] ?? process.execPath, words }
}

function updatesOf(
  { electron, installation: { root } }: DesktopOptions,
  { folder, log, window }: Kept,
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
    tell: (state) => tellUpdates(window, state),
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
      setImmediate(() => app.quit())
    })
  })
}
