import { basename, dirname, extname, join, normalize, resolve } from 'node:path'
import { wipedTogether } from '../../domain/secret-bytes.ts'
import { lookLimit, UnreadableFile } from './bounded-files.ts'
import type { BoundedFiles } from './found.ts'

export interface UploadedFile {
  /** Path below the chosen folder, which may come first, or the name alone. */
  name: string
  bytes: Uint8Array
}

/** Files that were chosen, at the usual place of their program: includes by whole paths find them there. */
export interface UploadedSetup extends Disposable {
  files: BoundedFiles
  /** Path that the reader begins at: the folder, or the only file. */
  path: string
}

/** Takes ownership of the bytes and wipes them. Nothing of this computer is read. */
export function uploadedFiles(uploads: UploadedFile[], usual: string | undefined): UploadedSetup {
  const folder = resolve(folderOf(usual ?? '/chosen'))
  const parts = uploads.map(({ name }) => name.split(/[\\/]/).filter((part) => part !== '' && part !== '..'))
  const [top] = parts[0] ?? []
  const isBelow = parts.every((names) => names.length > 1 && names[0] === top)
  const pathOf = (names: string[]) => join(folder, ...(isBelow ? names.slice(1) : names))
  const byPath = new Map(uploads.map(({ bytes }, index) => [pathOf(parts[index] ?? []), bytes]))
  const inFolders = new Map<string, Set<string>>()
  for (const path of byPath.keys())
    for (let below = path; below !== dirname(below); below = dirname(below)) {
      const names = inFolders.get(dirname(below)) ?? new Set()
      inFolders.set(dirname(below), names.add(basename(below)))
    }
  const [only] = byPath.keys()
  const read = new Set<string>()
  const look = lookLimit()

  function bytes(path: string): Buffer<ArrayBuffer> {
    const found = byPath.get(normalize(path))
    if (!found) throw new UnreadableFile('it is not among the chosen files')
    look({ bytes: found.length })
    read.add(path)
    return Buffer.from(found)
  }

  const files: BoundedFiles = {
    bytes,
    text: (path) => bytes(path).toString('utf8'),
    names(path) {
      const names = [...(inFolders.get(path) ?? [])]
      look({ names: names.length })
      return names.toSorted()
    },
    exists: (path) => byPath.has(path) || inFolders.has(path),
    isFolder: (path) => inFolders.has(path),
    isOnDisk: false,
    read,
  }
  const path = byPath.size === 1 && !isBelow && only !== undefined ? only : folder
  return { files, path, [Symbol.dispose]: () => wipedTogether(byPath.values())[Symbol.dispose]() }
}

/** Folder of a usual place, which may be a file. */
function folderOf(usual: string): string {
  return extname(usual) !== '' || basename(usual) === 'Caddyfile' ? dirname(usual) : usual
}
