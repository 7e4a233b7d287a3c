import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { windowShows } from '../engine-process/window-shows.ts'
import { openHome, unusableHome } from '../engine-process/home.ts'
import type { UnusableFolder } from '../engine-process/home-folder.ts'
import { errorOutputLog } from './desktop-log.ts'
import type { DesktopOptions } from './desktop-options.ts'
import { watchFaults } from './failures.ts'
import { createMainWindowHandle } from './main-window-handle.ts'
import { attendWindows } from './window-services.ts'
import { prepareWindows, windowFilesOf } from './windows.ts'

/**
 * Runs the desktop app with an unusable home: a window with the reason, the Inspector and a retry, which
 * restarts the app once the home is usable. It writes only to Electron's own folder, a temporary one.
 */
export function runWithUnusableHome(
  options: DesktopOptions,
  folderIs: UnusableFolder,
  fail: (error: unknown) => void,
): void {
  const { electron, installation, homeFolder, faults, say } = options
  const { app } = electron
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-without-home-'))
  app.setPath('userData', folder)
  const log = errorOutputLog
  const listeners: (() => void)[] = []
  const why = unusableHome(folderIs)
  let problem: EdgekeepError = why
  const retry = () => {
    try {
      openHome(homeFolder)
    } catch (error) {
      if (!(error instanceof EdgekeepError)) throw error
      problem = error
      for (const listener of listeners) listener()
      return
    }
    app.relaunch()
    app.quit()
  }
  log.error({ err: why }, 'Home folder unusable')
  const window = createMainWindowHandle()
  const begin = async () => {
    watchFaults(electron, { faults, log, logFolder: null })
    const connection = {
      problem: () => problem,
      onChange: (listener: () => void) => void listeners.push(listener),
    }
    const files = await windowFilesOf(installation)
    prepareWindows(electron, window, { installation, files, folder, log, shows: () => say(windowShows) })
    attendWindows(electron, window, {
      installation,
      home: null,
      log,
      logFolder: null,
      connection,
      updates: null,
      retry,
    })
    window.onOpened((opened) => void opened.on('closed', () => app.quit()))
    app.on('activate', () => window.show())
    app.on('quit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
    window.show()
  }
  void app.whenReady().then(begin).catch(fail)
}
