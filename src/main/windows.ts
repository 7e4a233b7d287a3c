import type { Installation } from '../engine-process/installed-at.ts'
import { indexWindowFiles, type WindowFiles } from '../web/window-files.ts'
import { serveWindow, warmAnswers } from './app-protocol.ts'
import type { DesktopLog } from './desktop-log.ts'
import type { ElectronApi } from './electron-api.ts'
import type { MainWindowHandle } from './main-window-handle.ts'
import { lockDownContents, lockDownSession } from './lock-down.ts'
import { openMainWindow } from './main-window.ts'

export interface WindowOptions {
  installation: Installation
  files: WindowFiles
  folder: string
  log: DesktopLog
  shows: () => void
}

/** Prepares permissions and page files; then `handle` can show windows, and `attendWindows` serves them. */
export function prepareWindows(
  electron: ElectronApi,
  handle: MainWindowHandle,
  { installation, files, folder, log, shows }: WindowOptions,
): void {
  const { app, session, shell } = electron
  lockDownSession(session.defaultSession)
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents, shell))
  serveWindow(session.defaultSession, files)
  // Whether the app quits is decided when the window closes, not here.
  app.on('window-all-closed', () => undefined)
  handle.openWith((place) => openMainWindow(electron, { installation, folder, log, place, shows }))
  handle.onOpened(() => warmAnswers())
}

/**
 * Lists the files of the built window.
 *
 * @throws `install.incomplete`
 */
export async function windowFilesOf({ rendererFolder }: Installation): Promise<WindowFiles> {
  const files = indexWindowFiles(rendererFolder)
  if (files) return files
  const { EdgekeepError } = await import('../contract/errors/registry.ts')
  throw new EdgekeepError('install.incomplete', { part: 'the built window' })
}
