import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { EdgekeepError } from '../../contract/errors/registry.ts'

/** Windows uses ACLs inherited from the user's profile; mode bits mean nothing. */
const hasModes = process.platform !== 'win32'

/**
 * Creates the folder for its owner alone, or checks that it is. Changes the mode of an empty folder of this
 * user: it never had anything that others could have read.
 */
export function claimFolder(folder: string): void {
  const before = statSync(folder, { throwIfNoEntry: false })
  if (before && !before.isDirectory())
    throw new EdgekeepError('home.unusable', { reason: 'it is not a folder' })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (hasModes && isLoose(statSync(folder)) && readdirSync(folder).length === 0) chmodSync(folder, 0o700)
  refuseOthers(statSync(folder), 'it', '700')
}

/** Creates an empty file for its owner alone, or checks that an existing one is. */
export function claimFile(path: string, what: string): void {
  createEmpty(path)
  const found = statSync(path)
  if (!found.isFile()) throw new EdgekeepError('home.unusable', { reason: `${what} is not a file` })
  refuseOthers(found, what, '600')
}

/** @throws `home.unusable` if another user can reach the file */
export function refuseOthers(found: Stats, what: string, mode: string): void {
  if (!hasModes) return
  if (found.uid !== process.getuid?.()) throw belongsToAnother(what)
  if (isLoose(found)) throw readable(what, found, mode)
}

/** Writes and syncs a file; `flag` as of `open`: a new one has the mode 600. */
export function writeDurably(path: string, bytes: Buffer, flag: 'wx' | 'r+'): void {
  const handle = openSync(path, flag, 0o600)
  try {
    writeFileSync(handle, bytes)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Syncs the folder, so that a new or renamed file survives a power cut. */
export function syncFolder(folder: string): void {
  if (!hasModes) return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Sets the mode at creation, so that there is no moment in which others can open it. SQLite gives its WAL the
 * mode of the database. Does not open an existing file: closing the lock file would release this process's
 * own lock on it (POSIX fcntl).
 */
function createEmpty(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function isLoose(found: Stats): boolean {
  return (found.mode & 0o077) !== 0
}

function readable(what: string, found: Stats, mode: string): EdgekeepError {
  const bits = (found.mode & 0o777).toString(8)
  const reason = `others on this machine can reach ${what} (mode ${bits}); make it yours alone with chmod ${mode}`
  return new EdgekeepError('home.unusable', { reason })
}

function belongsToAnother(what: string): EdgekeepError {
  return new EdgekeepError('home.unusable', { reason: `${what} belongs to another user` })
}
