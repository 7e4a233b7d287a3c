import { inputLimitFiles } from '../contract/shared/input-limit.ts'
import type { ElectronApi } from './electron-api.ts'
import type { MainWindowHandle } from './main-window-handle.ts'
import { isOurWindow } from './app-protocol.ts'

/** Queue of files that the operating system opens with the app, until the window's page asks for them. */
export interface OpenWith {
  /** Queues `paths` and notifies the page if there is one. */
  add(paths: readonly string[]): void
}

/**
 * Queues paths only. The files are read when the page asks, and their bytes go to it once and are not stored:
 * from there on they are treated as files dropped on the window.
 */
export function waitForOpenedFiles(
  { ipcMain }: Pick<ElectronApi, 'ipcMain'>,
  handle: MainWindowHandle,
): OpenWith {
  let waiting: readonly string[] = []
  const hand = async (page: Electron.WebContents) => {
    const paths = waiting
    waiting = []
    if (paths.length === 0) return
    const { readOpened } = await import('./read-opened.ts')
    const opened = await readOpened(paths)
    if (!page.isDestroyed()) page.postMessage('edgekeep:files', opened, [])
  }
  ipcMain.on('edgekeep:request-files', (event) => {
    if (isOurWindow(event)) void hand(event.sender)
  })
  return {
    add(paths) {
      waiting = [...waiting, ...paths].slice(0, inputLimitFiles)
      if (waiting.length > 0) handle.current()?.webContents.postMessage('edgekeep:files-waiting', null, [])
    },
  }
}
