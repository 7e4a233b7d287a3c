import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { readOrdinaryFile, UnsuitableFile } from '../../platform/files/ordinary-file.ts'
import type { BoundedFiles } from './found.ts'

const mostFiles = 2000
const mostFileBytes = 4 * 1024 * 1024
const mostBytes = 64 * 1024 * 1024
const mostNames = 10_000
/** One file may be included, and one folder reached by links, again and again. */
const mostLooks = 10_000
const mostNamesInAll = 100_000

/** Failure to read one file; the others are read. `message` is a reason in words, without a path. */
export class UnreadableFile extends Error {}

/** Reason of a file that another user could read. */
export const notPermitted = 'this user may not read it'

const reasons = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', notPermitted],
  ['EPERM', notPermitted],
  ['ELOOP', 'its links lead in a circle'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'its folder is a file'],
  ['ENXIO', 'it is no ordinary file'],
])

/**
 * Files of another program. A hostile setup may name a device, a pipe that never ends, itself, or every file of
 * the computer: only ordinary files are read, up to a size, number and total.
 */
export function boundedFiles(): BoundedFiles {
  const read = new Set<string>()
  const look = lookLimit()

  function bytesOf(path: string, most = mostFileBytes): Buffer<ArrayBuffer> {
    if (read.size >= mostFiles) throw tooMuch(`it consists of more than ${mostFiles} files`)
    const bytes = trying(() => readOrdinaryFile(path, most), most)
    look({ bytes: bytes.length })
    read.add(trying(() => realpathSync(path)))
    return bytes
  }

  return {
    read,
    bytes: bytesOf,
    text: (path) => bytesOf(path).toString('utf8'),
    names(folder) {
      const found = trying(() => (existsSync(folder) ? readdirSync(folder) : []))
      if (found.length > mostNames) throw new UnreadableFile(`it has more than ${mostNames} files`)
      look({ names: found.length })
      return found.toSorted()
    },
    exists: existsSync,
    isOnDisk: true,
    isFolder: (path) => existsSync(path) && statSync(path).isDirectory(),
  }
}

/** Limits of one setup, called with each reading of a file or folder. */
export function lookLimit(): (found: { bytes?: number; names?: number }) => void {
  let looksLeft = mostLooks
  let namesLeft = mostNamesInAll
  let bytesLeft = mostBytes
  return ({ bytes = 0, names = 0 }) => {
    looksLeft -= 1
    namesLeft -= names
    bytesLeft -= bytes
    if (bytesLeft < 0) throw tooMuch('its files are larger than 64 MiB together')
    if (Math.min(looksLeft, namesLeft) < 0)
      throw tooMuch('its files and folders lead to each other too often')
  }
}

function trying<T>(act: () => T, most = 0): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof UnsuitableFile) throw new UnreadableFile(unsuitable(error, most), { cause: error })
    const { code } = error as NodeJS.ErrnoException
    throw new UnreadableFile(reasons.get(code ?? '') ?? `error ${code}`, { cause: error })
  }
}

function unsuitable({ sizeBytes, message }: UnsuitableFile, most: number): string {
  return sizeBytes === null ? message : `it is larger than ${most / 1024 ** 2} MiB`
}

function tooMuch(reason: string): EdgekeepError {
  return new EdgekeepError('import.unreadable', { reason })
}
