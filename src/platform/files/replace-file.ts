import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'

/**
 * Replaces a file atomically: writes a new one with this mode beside it, then renames it. Programs with the
 * old file open, and hard links to it, keep the old bytes.
 */
export function replaceFile(path: string, bytes: Uint8Array, mode: number): void {
  const next = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeNew(next, bytes, mode)
    chmodSync(next, mode)
    renameSync(next, path)
  } finally {
    rmSync(next, { force: true })
  }
}

/** Target of a symbolic link, so that replacing the file leaves the link in place. */
export function linkTargetOf(path: string): string {
  return existsSync(path) && lstatSync(path).isSymbolicLink() ? realpathSync(path) : path
}

function writeNew(path: string, bytes: Uint8Array, mode: number): void {
  const handle = openSync(path, 'wx', mode)
  try {
    writeFileSync(handle, bytes)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
