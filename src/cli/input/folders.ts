import { count, formatNumber } from '../../contract/text/count.ts'
import { readdirSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { compareText } from '../../domain/compare.ts'
import { type NamedBytes, readFile } from './files.ts'
import { usageError } from '../frame/command.ts'

/** Limit of one call of the contract. */
const filesAtMost = 5000

/**
 * Reads the files below the folders, and files that are named directly; each by its path below the given
 * folder. A symlink to a file counts as the file (Certbot's `live` is made of them), one to a folder is not
 * followed. Unreadable files come with a reason.
 */
export function readFolders(paths: string[]): { files: NamedBytes[]; unreadable: UnreadableFile[] } {
  const found = paths.flatMap((path) =>
    filesBelow(path).map((file) => ({ file, name: nameBelow(path, file) })),
  )
  if (found.length > filesAtMost) {
    const reason = `There are ${count(found.length, 'file')}; at most ${formatNumber(filesAtMost)} are taken at once. Give a smaller folder.`
    throw usageError(reason)
  }
  const files: NamedBytes[] = []
  const unreadable: UnreadableFile[] = []
  for (const { file, name } of found) {
    try {
      files.push({ ...readFile(file), name })
    } catch (error) {
      if (!(error instanceof EdgekeepError)) throw error
      unreadable.push({ name, error })
    }
  }
  return { files, unreadable }
}

export interface UnreadableFile {
  name: string
  error: EdgekeepError
}

function filesBelow(path: string): string[] {
  if (!isFolder(path)) return [path]
  const entries = readdirSync(path, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !isFolder(file))
    .toSorted(compareText)
}

/** A missing path is no folder; reading it reports the reason. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function nameBelow(given: string, file: string): string {
  return relative(given, file).replaceAll('\\', '/') || basename(file)
}
