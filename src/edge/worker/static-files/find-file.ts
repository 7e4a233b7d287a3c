import { constants, type BigIntStats } from 'node:fs'
import { open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { FolderOrigin } from '../../../contract/domains/origins.ts'
import { isInBoundary } from '../../protocol/folder-boundary.ts'
import { identityOf } from '../../protocol/file-identity.ts'
import type { VaultGuard } from './vault-guard.ts'
import { pathOf } from '../http/request.ts'

export interface ServedFolder {
  origin: FolderOrigin
  guard: VaultGuard
}

export interface FoundFile {
  handle: FileHandle
  name: string
  size: number
  mtime: Date
  etag: string
}

/** `missing` includes files that exist but are not served: a client cannot tell the difference. */
export type Finding =
  | { kind: 'file'; file: FoundFile }
  | { kind: 'missing' }
  | { kind: 'forbidden' }
  /** Folder requested without its final slash. */
  | { kind: 'redirect' }
  /** A link leads the root out of its boundary. */
  | { kind: 'moved' }
  /** The root itself is missing or unreadable. */
  | { kind: 'unreadable'; code: string }

const isWindows = process.platform === 'win32'

/** File that `target` names below the folder, or an index if `asksFolder`; the caller closes it. */
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
  if (!isInBoundary(origin, root)) return { kind: 'moved' }
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

/** Finds the folder's own 404 page, a convention of static hosts. */
export async function findMissingPage(served: ServedFolder): Promise<FoundFile | null> {
  const found = await findFile(served, '/404.html', false)
  return found.kind === 'file' ? found.file : null
}

interface Below {
  /** Real path, without links. */
  root: string
  dotFiles: boolean
  guard: VaultGuard
}

/**
 * Opens a file after resolving links: the result must lie below the root, be servable, and not belong to the
 * vault. The path can change at any moment, so the checks apply to the opened file.
 */
async function openBelow(below: Below, segments: string[]): Promise<FoundFile | 'folder' | null> {
  const path = await realpath(join(below.root, ...segments))
  if (!isWithin(below, path)) return null
  const before = await stat(path, { bigint: true })
  if (before.isDirectory()) return (await below.guard.isOfVault(before, path)) ? null : 'folder'
  // Sockets, pipes and devices are neither served nor opened.
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

/** O_NOFOLLOW_ANY of macOS (fcntl.h), which Node does not name: fails for a link anywhere in the path. */
const noLinks = process.platform === 'darwin' ? 0x2000_0000 : 0
/** A pipe or terminal may have replaced the file since: these flags neither wait nor take it over. */
const openFlags =
  constants.O_RDONLY |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0) |
  (constants.O_NOCTTY ?? 0) |
  noLinks

interface Opened {
  handle: FileHandle
  found: BigIntStats
  path: string
}

async function mayServe(below: Below, opened: Opened): Promise<boolean> {
  const path = await realPathOf(opened)
  // The path now names another file, so the place of the opened one is unknown.
  if (identityOf(await stat(path, { bigint: true })) !== identityOf(opened.found)) return false
  return isWithin(below, path) && !(await below.guard.isOfVault(opened.found, path))
}

/** Resolves the descriptor if the system allows it, because a folder in the path may have been replaced. */
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

/** ENXIO comes from opening a pipe or socket without waiting. */
const missingCodes = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EISDIR', 'ENXIO', 'EINVAL'])

/**
 * Splits a request's target into names, or returns null for targets that are never served: names with a
 * leading dot (but `.well-known`, RFC 8615), steps upwards, encoded separators and NUL, and names that
 * Windows would not read as a file's.
 */
export function pathSegments(target: string, dotFiles: boolean, isWindows: boolean): string[] | null {
  const segments: string[] = []
  for (const raw of pathOf(target).split('/')) {
    if (raw === '') continue
    const name = decoded(raw)
    if (name === null || !isServable(name, dotFiles, isWindows)) return null
    segments.push(name)
  }
  return segments
}

function isServable(name: string, dotFiles: boolean, isWindows: boolean): boolean {
  if (name === '.' || name === '..' || separatorPattern.test(name)) return false
  if (name.startsWith('.') && !dotFiles && name !== '.well-known') return false
  return !isWindows || !(windowsPattern.test(name) || devicePattern.test(name))
}

function decoded(raw: string): string | null {
  try {
    return decodeURIComponent(raw)
  } catch {
    // Not UTF-8, so it names no file.
    return null
  }
}

const separatorPattern = /[/\\\0]/
/** Streams (`a.txt::$DATA`), wildcards, and endings that Windows drops. */
const windowsPattern = /[:*?"<>|\x01-\x1f]|[. ]$/
const devicePattern = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i
