import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'

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
