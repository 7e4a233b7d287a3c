import { SecretBytes, wipedTogether } from '../../domain/secret-bytes.ts'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { inputLimitBytes } from '../../contract/shared/input-limit.ts'
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
  return paths.flatMap((path) =>
    path === '-' ? [readStdin()] : isFolder(path) ? readFolder(path) : [readFile(path)],
  )
}

export function readFile(path: string): NamedBytes {
  const name = basename(path)
  return trying(name, () => {
    const { size: sizeBytes } = statSync(path)
    if (sizeBytes > inputLimitBytes) {
      throw new EdgekeepError('input.too_large', {
        place: { file: name },
        sizeBytes,
        limitBytes: inputLimitBytes,
      })
    }
    return { name, path, bytes: ownBytes(path) }
  })
}

function readFolder(path: string): NamedBytes[] {
  const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => ({ ...readFile(join(path, entry.name)), inFolder: true }))
}

function readStdin(): NamedBytes {
  return { name: 'standard input', path: '-', bytes: ownBytes(0) }
}

/** Copies into a buffer of its own, which can be wiped: Node's buffer may be part of a shared one. */
function ownBytes(source: string | number): Uint8Array<ArrayBuffer> {
  using read = new SecretBytes(readFileSync(source))
  return new Uint8Array(read.bytes)
}

function isFolder(path: string): boolean {
  return trying(basename(path), () => statSync(path).isDirectory())
}

const reasons = new Map<string, string>(
  Object.entries({
    ENOENT: 'there is no such file',
    EACCES: 'this user may not read it',
    EISDIR: 'it is a folder',
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

function trying<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof EdgekeepError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new EdgekeepError(
      'input.file_unreadable',
      { file, reason: reasons.get(code ?? '') ?? `error ${code}` },
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
