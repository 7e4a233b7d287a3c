import { close, url } from 'node:inspector'
import type { ElectronApi } from './electron-api.ts'

/** By which Chromium offers the page to a debugger. */
const switches = ['remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-address']

/**
 * Nobody can look into a packaged app: Node's inspector, that a switch or a variable may have opened before any
 * code of ours ran, is closed, and Chromium's does not open. Must run before the app is ready. An app from a
 * checkout can be debugged by who starts it.
 */
export function closeInspectors({ app }: Pick<ElectronApi, 'app'>): void {
  if (!app.isPackaged) return
  if (url() !== undefined) close()
  for (const name of switches) app.commandLine.removeSwitch(name)
}
