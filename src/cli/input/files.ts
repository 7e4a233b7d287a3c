import { wipedTogether } from '../../domain/secret-bytes.ts'
import { closeSync, openSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { inputLimitBytes } from '../../contract/shared/input-limit.ts'
import { readDescriptor, readOrdinaryFile, UnsuitableFile } from '../../platform/files/ordinary-file.ts'
import { linkTargetOf, replaceFile } from '../../platform/files/replace-file.ts'
import { usageError } from '../frame/command.ts'

export interface NamedBytes {
  name: string
  bytes: Uint8Array<ArrayBuffer>
  /** Path on the command line; it must not leave this machine. */
  path: string
  /** It was found in a folder of the command line. */
  inFolder?: boolean
}

/** Reads the files of the command line; a folder stands for its files. */
export function readFiles(paths: string[]): NamedBytes[] {
  return paths.flatMap((path) => (path !== '-' && isFolder(path) ? readFolder(path) : [readArgument(path)]))
}

/** Input that a shell opened for this process: standard input, and a process substitution. */
const openedByShell = /^(?:-|\/dev\/stdin|\/dev\/fd\/\d+)$/

/** Reads a file of the command line. */
export function readArgument(path: string): NamedBytes {
  if (!openedByShell.test(path)) return readFile(path)
  const name = path === '-' ? 'standard input' : basename(path)
  return trying(name, () => {
    const descriptor = path === '-' ? 0 : openSync(path, 'r')
    try {
      return { name, path, bytes: readDescriptor(descriptor, inputLimitBytes) }
    } finally {
      if (descriptor !== 0) closeSync(descriptor)
    }
  })
}

/** Reads an ordinary file, which may be a stranger's. */
export function readFile(path: string): NamedBytes {
  const name = basename(path)
  return trying(name, () => ({ name, path, bytes: readOrdinaryFile(path, inputLimitBytes) }))
}

function readFolder(path: string): NamedBytes[] {
  const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => ({ ...readFile(join(path, entry.name)), inFolder: true }))
}

function isFolder(path: string): boolean {
  return trying(basename(path), () => statSync(path).isDirectory())
}

const reasons = new Map<string, string>(
  Object.entries({
    ENOENT: 'there is no such file',
    EACCES: 'this user may not read it',
    EISDIR: 'it is a folder',
    ELOOP: 'its links lead in a circle',
    ENXIO: 'it is no ordinary file',
  }),
)

const writeReasons = new Map(
  Object.entries({
    ENOENT: 'its folder does not exist',
    EACCES: 'this user may not write there',
    EISDIR: 'it is a folder',
    ENOSPC: 'the disk is full',
  }),
)

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return code === undefined ? message : (reasons.get(code) ?? `error ${code}`)
}

function trying<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof UnsuitableFile && error.sizeBytes !== null)
      throw new EdgekeepError('input.too_large', {
        place: { file },
        sizeBytes: error.sizeBytes,
        limitBytes: inputLimitBytes,
      })
    throw new EdgekeepError(
      'input.file_unreadable',
      { file, reason: reasonOf(error as NodeJS.ErrnoException) },
      { cause: error },
    )
  }
}

/**
 * Writes the output file of a command. A secret goes into a new file that only its owner can read, even if a
 * file exists: processes that have the old one open do not see the secret.
 * @throws `usage.wrong` if it cannot be written
 */
export function writeOutput(path: string, bytes: Uint8Array, kind: 'public' | 'secret'): void {
  try {
    if (kind === 'secret' && !isDevice(path)) replaceFile(linkTargetOf(path), bytes, 0o600)
    else writeFileSync(path, bytes, { mode: 0o644 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = writeReasons.get(code ?? '') ?? `error ${code}`
    const reason = `${path} cannot be written: ${why}. Choose another place.`
    throw usageError(reason, error)
  }
}

/** A pipe, terminal or other device, which is written to instead of replaced. */
function isDevice(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && !found.isFile() && !found.isDirectory()
}

/** Copies files for the contract, and wipes the read bytes. */
export function asUploads(files: NamedBytes[]): File[] {
  using _bytes = wipedTogether(files.map(({ bytes }) => bytes))
  return files.map(({ name, bytes }) => new File([bytes], name))
}
