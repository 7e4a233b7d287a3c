import type { DesktopLog } from './desktop-log.ts'
import type { ElectronApi } from './electron-api.ts'
import { join } from 'node:path'

/** Source of uncaught errors: Node's `process`, or a stand-in. */
export type Faults = Pick<NodeJS.Process, 'on'>

const details = 'What happened is in the log. If something does not work, quit Edgekeep and start it again.'

/**
 * Logs uncaught errors and shows the first one with a way to the log; the app continues, since it holds no
 * state of its own and its engine is another process.
 */
export function watchFaults(
  { dialog, shell }: Pick<ElectronApi, 'dialog' | 'shell'>,
  { faults, log, logFolder }: { faults: Faults; log: DesktopLog; logFolder: string | null },
): void {
  let isShown = false
  const onFault = (kind: string) => (error: unknown) => {
    log.error({ err: error, kind }, 'Desktop app error')
    if (isShown) return
    isShown = true
    void dialog
      .showMessageBox({
        type: 'error',
        message: 'Edgekeep ran into an unexpected error.',
        detail: details,
        buttons: logFolder === null ? ['Close'] : ['Close', 'Show the log'],
        cancelId: 0,
      })
      .then(({ response }) => {
        if (response === 1 && logFolder !== null) return shell.openPath(logFolder)
        return undefined
      })
  }
  faults.on('uncaughtException', onFault('exception'))
  faults.on('unhandledRejection', onFault('rejection'))
}

/** A page that crashes again within this time is not reloaded without asking. */
const againWithinMs = 60_000

/**
 * Reloads the window when its renderer process dies; asks when it dies again within a minute. The edge is
 * another process and serves on meanwhile.
 */
export function reviveWindow(
  { app, dialog }: Pick<ElectronApi, 'app' | 'dialog'>,
  window: Electron.BrowserWindow,
  log: DesktopLog,
): void {
  let revivedAt = -Infinity
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    log.error({ reason, exitCode }, 'Renderer process gone')
    if (performance.now() - revivedAt > againWithinMs) {
      revivedAt = performance.now()
      window.webContents.reload()
      return
    }
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'The window stopped twice within a minute.',
        detail: 'HTTPS goes on while the engine runs. What stopped it is in the log.',
        buttons: ['Open it again', 'Quit Edgekeep'],
        defaultId: 0,
        cancelId: 0,
      })
      .then(({ response }) => {
        if (response === 1) app.quit()
        else if (!window.isDestroyed()) window.webContents.reload()
      })
  })
}

/** Shows why the app does not start, and ends it. The exit status tells the launcher that no window shows. */
export function showFatalError(
  { app, dialog }: Pick<ElectronApi, 'app' | 'dialog'>,
  error: unknown,
  logFolder: string | undefined,
): void {
  dialog.showErrorBox('Edgekeep', sentenceOf(error, logFolder))
  app.exit(3)
}

/** Errors of the contract are readable; recognized by name, since the contract may not be loaded yet. */
function sentenceOf(error: unknown, logFolder: string | undefined): string {
  if (error instanceof Error && error.name === 'EdgekeepError') return error.message
  const details =
    logFolder === undefined ? String(error) : `The details are in ${join(logFolder, 'desktop.log')}.`
  return `Edgekeep could not be started because of an unexpected error. ${details}`
}
