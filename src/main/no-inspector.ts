import { close, url } from 'node:inspector'
import type { ElectronApi } from './electron-api.ts'

/** Chromium switches that expose the page to a debugger. */
const switches = ['remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-address']

/**
 * Disables debuggers in a packaged app: closes Node's inspector, which a switch or a variable may have opened
 * before any code of the app ran, and keeps Chromium's closed. Must run before the app is ready. An app from
 * a checkout stays debuggable for its developer.
 */
export function closeInspectors({ app }: Pick<ElectronApi, 'app'>): void {
  if (!app.isPackaged) return
  if (url() !== undefined) close()
  for (const name of switches) app.commandLine.removeSwitch(name)
}
