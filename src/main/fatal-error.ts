import { join } from 'node:path'
import type { ElectronApi } from './electron-api.ts'

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
