import { inputLimitFiles } from '../contract/shared/input-limit.ts'
import type { ElectronApi } from './electron-api.ts'
import type { MainWindowHandle } from './main-window-handle.ts'
import { isOurWindow } from './app-protocol.ts'
import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'

/** Queue of files that the operating system opens with the app, until the window's page asks for them. */
export interface OpenWith {
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

/**
 * Absolute paths of files and folders on the app's command line. Chromium may reorder switches and add some
 * of its own when it forwards a second start, so that a switch and its value can stand apart. Ignored are
 * words with a leading dash, the app's own folder, the home and missing files.
 */
export function namedFiles(
  argv: readonly string[],
  o: {
    workingDirectory: string
    /** A packaged app has no folder of its own among its arguments; else that is the first. */
    packaged: boolean
    homeFolder: string
  },
): string[] {
  const positionals = argv.slice(1).filter((argument) => argument !== '' && !argument.startsWith('-'))
  return positionals
    .slice(o.packaged ? 0 : 1)
    .map((word) => resolve(o.workingDirectory, word))
    .filter((path) => existsSync(path) && realpathSync(path) !== o.homeFolder)
}
