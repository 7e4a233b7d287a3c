import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { quoted } from '../../../platform/commands/shell.ts'

const startFiles = ['.bashrc', '.bash_profile', '.profile', '.zshrc', '.zprofile', '.config/fish/config.fish']
const completionFiles = [
  '.local/share/bash-completion/completions/edgekeep',
  '.config/fish/completions/edgekeep.fish',
]

/**
 * Steps to remove what people put into their shells by hand: lines that load the completion or the variables
 * of `trust env`, which fail once the program is gone, and saved completions.
 */
export function shellTraces(home: string): string[] {
  const lines = startFiles.flatMap((name) => {
    const path = join(home, name)
    return linesOf(path).flatMap((line, at) =>
      /\bedgekeep (?:completion|trust env)\b/.test(line.split('#')[0] ?? '')
        ? [`- Delete line ${at + 1} of ${path}, which runs Edgekeep.`]
        : [],
    )
  })
  const files = completionFiles.map((name) => join(home, name)).filter((path) => existsSync(path))
  return [...lines, ...files.map((path) => `- Delete the shell completion: rm ${quoted(path)}`)]
}

/** Lines of a file; none if it cannot be read. */
function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}
