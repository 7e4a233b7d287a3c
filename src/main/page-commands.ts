import {
  pageCommandSchema,
  progressSchema,
  type PageCommand,
  type Progress,
} from '../contract/engine/desktop.ts'
import type { ElectronApi } from './electron-api.ts'
import type { MainWindowHandle } from './main-window-handle.ts'
import { isOurWindow } from './app-protocol.ts'

export function takeCommands(
  { ipcMain }: Pick<ElectronApi, 'ipcMain'>,
  handle: MainWindowHandle,
  acts: Record<PageCommand, () => void>,
): void {
  ipcMain.on('edgekeep:command', (event, word: unknown) => {
    const command = pageCommandSchema.safeParse(word)
    if (isOurWindow(event) && command.success) acts[command.data]()
  })
  ipcMain.on('edgekeep:progress', (event, given: unknown) => {
    const progress = progressSchema.safeParse(given)
    if (isOurWindow(event) && progress.success) showProgress(handle.current(), progress.data)
  })
}

/** Progress on task bar or dock. Electron takes a negative number for none, above 1 for unknown length. */
export function showProgress(window: Electron.BrowserWindow | null, progress: Progress): void {
  window?.setProgressBar(progress === null ? -1 : progress === 'unknown' ? 2 : progress)
}
