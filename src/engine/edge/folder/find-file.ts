import { constants } from 'node:fs'
import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { FolderOrigin } from '../../../contract/origins.ts'
import { isServable, pathSegments } from './file-path.ts'

export interface FoundFile {
  handle: FileHandle
  /** The last name of its path. */
  name: string
  size: number
  mtime: Date
  etag: string
}

/** `missing` also stands for what is there and not served: nobody learns the difference. */
export type Finding =
  | { kind: 'file'; file: FoundFile }
  | { kind: 'missing' }
  | { kind: 'forbidden' }
  /** A folder that was asked for without its final slash. */
  | { kind: 'redirect' }
  /** The root itself is not there, or cannot be read. */
  | { kind: 'unreadable'; code: string }

const isWindows = process.platform === 'win32'

/** The file below `origin.folder` that `target` names, a folder's index where `asksFolder`; the caller closes it. */
export async function findFile(
  { folder, dotFiles }: FolderOrigin,
  target: string,
  asksFolder: boolean,
): Promise<Finding> {
  const segments = pathSegments(target, dotFiles, isWindows)
  if (segments === null) return { kind: 'missing' }
  let root: string
  try {
    root = await realpath(folder)
  } catch (error) {
    return { kind: 'unreadable', code: codeOf(error) }
  }
  try {
    const found = await openBelow(root, segments, dotFiles)
    if (found && found !== 'folder') {
      if (!asksFolder) return { kind: 'file', file: found }
      await found.handle.close()
    }
    if (found !== 'folder') return { kind: 'missing' }
    if (!asksFolder) return { kind: 'redirect' }
    const index = await openBelow(root, [...segments, 'index.html'], dotFiles)
    return index && index !== 'folder' ? { kind: 'file', file: index } : { kind: 'missing' }
  } catch (error) {
    return failed(codeOf(error))
  }
}

/** The page for what is missing that the folder brings itself, as static hosts have it. */
export async function findMissingPage(origin: FolderOrigin): Promise<FoundFile | null> {
  const found = await findFile(origin, '/404.html', false)
  return found.kind === 'file' ? found.file : null
}

export function pathOf(target: string): string {
  const question = target.indexOf('?')
  return question < 0 ? target : target.slice(0, question)
}

/**
 * Links are followed first and then judged: where they lead must lie below the root and be servable.
 * What is opened is the path without links, and not followed once more. Who can change the folder
 * between the two can serve what they like anyway.
 */
async function openBelow(
  root: string,
  segments: string[],
  dotFiles: boolean,
): Promise<FoundFile | 'folder' | null> {
  const path = await realpath(join(root, ...segments))
  const within = relative(root, path)
  const names = within === '' ? [] : within.split(sep)
  if (!names.every((name) => isServable(name, dotFiles, isWindows))) return null
  const before = await stat(path)
  // A socket, a pipe or a device is nothing to serve, nor to be opened.
  if (!before.isFile()) return before.isDirectory() ? 'folder' : null
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const found = await handle.stat({ bigint: true })
    if (found.isFile()) {
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
