import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * The files and folders that a command line of the app names, absolute. Chromium may put switches first and
 * add some of its own in what a second start hands over, so that a switch and its value can stand apart:
 * whatever begins with a dash is none, nor is the app's own folder, nor the home, nor what is not there.
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
  const words = argv.slice(1).filter((argument) => argument !== '' && !argument.startsWith('-'))
  return words
    .slice(o.packaged ? 0 : 1)
    .map((word) => resolve(o.workingDirectory, word))
    .filter((path) => existsSync(path) && realpathSync(path) !== o.homeFolder)
}
