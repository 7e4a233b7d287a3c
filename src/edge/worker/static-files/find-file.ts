import { constants, type BigIntStats } from 'node:fs'
import { open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { FolderOrigin } from '../../../contract/origins.ts'
import { identityOf } from '../../protocol/file-identity.ts'
import { isServable, pathSegments } from './file-path.ts'
import type { VaultGuard } from './vault-guard.ts'

/** A folder that is served, and what of it never is. */
export interface ServedFolder {
  origin: FolderOrigin
  guard: VaultGuard
}

export interface FoundFile {
  handle: FileHandle
  /** The last name of its path. */
  name: string
  size: number
  mtime: Date
  etag: string
}

/** `missing` also stands for files that exist but are not served: a client cannot tell the difference. */
export type Finding =
  | { kind: 'file'; file: FoundFile }
  | { kind: 'missing' }
  | { kind: 'forbidden' }
  /** A folder that was asked for without its final slash. */
  | { kind: 'redirect' }
  /** The root itself is not there, or cannot be read. */
  | { kind: 'unreadable'; code: string }

const isWindows = process.platform === 'win32'

/** The file below the folder that `target` names, a folder's index where `asksFolder`; the caller closes it. */
export async function findFile(
  { origin, guard }: ServedFolder,
  target: string,
  asksFolder: boolean,
): Promise<Finding> {
  const { folder, dotFiles } = origin
  const segments = pathSegments(target, dotFiles, isWindows)
  if (segments === null) return { kind: 'missing' }
  let root: string
  try {
    root = await realpath(folder)
  } catch (error) {
    return { kind: 'unreadable', code: codeOf(error) }
  }
  try {
    const below = { root, dotFiles, guard }
    const found = await openBelow(below, segments)
    if (found && found !== 'folder') {
      if (!asksFolder) return { kind: 'file', file: found }
      await found.handle.close()
    }
    if (found !== 'folder') return { kind: 'missing' }
    if (!asksFolder) return { kind: 'redirect' }
    const index = await openBelow(below, [...segments, 'index.html'])
    return index && index !== 'folder' ? { kind: 'file', file: index } : { kind: 'missing' }
  } catch (error) {
    return failed(codeOf(error))
  }
}

/** The page for what is missing that the folder brings itself, as static hosts have it. */
export async function findMissingPage(served: ServedFolder): Promise<FoundFile | null> {
  const found = await findFile(served, '/404.html', false)
  return found.kind === 'file' ? found.file : null
}

interface Below {
  /** Without links. */
  root: string
  dotFiles: boolean
  guard: VaultGuard
}

/**
 * Links are followed first and then judged: where they lead must lie below the root and be servable, and
 * not be the vault's. The path can be changed at any moment, so what counts is judged on the file that was
 * opened.
 */
async function openBelow(below: Below, segments: string[]): Promise<FoundFile | 'folder' | null> {
  const path = await realpath(join(below.root, ...segments))
  if (!isWithin(below, path)) return null
  const before = await stat(path, { bigint: true })
  if (before.isDirectory()) return (await below.guard.isOfVault(before, path)) ? null : 'folder'
  // A socket, a pipe or a device is nothing to serve, nor to be opened.
  if (!before.isFile()) return null
  const handle = await open(path, openFlags)
  try {
    const found = await handle.stat({ bigint: true })
    if (found.isFile() && (await mayServe(below, { handle, found, path }))) {
      const mtime = found.mtime
      const etag = `"${found.size.toString(16)}-${found.mtimeNs.toString(16)}"`
      return { handle, name: segments.at(-1) ?? '', size: Number(found.size), mtime, etag }
    }
    await handle.close()
    return null
  } catch (error) {
    await handle.close().catch(() => undefined)
    throw error
  }
}

/** Should a pipe or a terminal have taken the place of a file since, opening it neither waits nor takes it over. */
const openFlags =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

interface Opened {
  handle: FileHandle
  found: BigIntStats
  /** By which it was opened. */
  path: string
}

async function mayServe(below: Below, opened: Opened): Promise<boolean> {
  const path = await realPathOf(opened)
  // Another file has this name by now: where the opened one lies is not known.
  if (identityOf(await stat(path, { bigint: true })) !== identityOf(opened.found)) return false
  return isWithin(below, path) && !(await below.guard.isOfVault(opened.found, path))
}

/** By its descriptor where the system tells it, and not by a path in which a folder may have been exchanged. */
function realPathOf({ handle, path }: Opened): Promise<string> {
  if (process.platform !== 'linux') return realpath(path)
  return readlink(`/proc/self/fd/${handle.fd}`).catch(() => realpath(path))
}

function isWithin({ root, dotFiles }: Below, path: string): boolean {
  const names = relative(root, path).split(sep)
  return names.every((name) => isServable(name, dotFiles, isWindows))
}

function failed(code: string): Finding {
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'forbidden' }
  if (missingCodes.has(code)) return { kind: 'missing' }
  return { kind: 'unreadable', code }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN'
}

/** ENXIO is what a pipe or socket answers that is opened without waiting. */
const missingCodes = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EISDIR', 'ENXIO', 'EINVAL'])
