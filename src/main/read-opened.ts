import { constants } from 'node:fs'
import { open, opendir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { inputLimitBytes, inputLimitFiles } from '../contract/shared/input-limit.ts'
import type { OpenedFiles } from '../contract/engine/desktop.ts'

const mostEntries = 10_000
const deepest = 16
const mostReasons = 3

/**
 * Reads `paths`, ordinary files and the ordinary files in folders, within the Inspector's limits. Others (a
 * pipe, a device, a link inside a folder) are never opened.
 */
export async function readOpened(paths: readonly string[]): Promise<OpenedFiles> {
  const opened: OpenedFiles = { files: [], refused: [] }
  let left = inputLimitBytes
  for (const path of await ordinaryFiles(paths)) {
    try {
      const file = await readOne(path, left)
      left -= file.bytes.length
      opened.files.push(file)
    } catch (error) {
      if (opened.refused.length < mostReasons) opened.refused.push(reasonOf(error, basename(path)))
    }
  }
  return opened
}

async function ordinaryFiles(paths: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const budget = { entries: mostEntries }
  for (const path of paths.slice(0, inputLimitFiles)) {
    const facts = await stat(path).catch(() => null)
    // The attempt to read a missing file reports it.
    if (facts?.isDirectory()) await collect(path, found, budget, deepest)
    else if (!facts || facts.isFile()) found.push(path)
  }
  return found.slice(0, inputLimitFiles)
}

async function collect(
  folder: string,
  found: string[],
  budget: { entries: number },
  depth: number,
): Promise<void> {
  const entries = await opendir(folder).catch(() => null)
  if (!entries) return
  const folders: string[] = []
  for await (const entry of entries) {
    if (found.length >= inputLimitFiles || budget.entries-- <= 0) break
    const path = join(folder, entry.name)
    if (entry.isFile()) found.push(path)
    else if (entry.isDirectory()) folders.push(path)
  }
  if (depth > 0) for (const each of folders) await collect(each, found, budget, depth - 1)
}

/** Opens without waiting for a writer, in case a pipe has replaced the file meanwhile. */
async function readOne(path: string, limitBytes: number): Promise<OpenedFiles['files'][number]> {
  const name = basename(path)
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const facts = await handle.stat()
    if (!facts.isFile())
      throw new EdgekeepError('input.file_unreadable', { file: name, reason: 'it is not a file' })
    if (facts.size > limitBytes)
      throw new EdgekeepError('input.too_large', {
        place: { file: name },
        sizeBytes: facts.size,
        limitBytes,
      })
    const bytes = new Uint8Array(facts.size)
    let length = 0
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return { name, lastModified: facts.mtimeMs, bytes: bytes.slice(0, length) }
  } finally {
    await handle.close()
  }
}

function reasonOf(error: unknown, file: string): string {
  if (error instanceof EdgekeepError) return error.message
  const { code } = error as NodeJS.ErrnoException
  const reason =
    code === 'EACCES' || code === 'EPERM'
      ? 'this user may not read it'
      : code === 'ENOENT'
        ? 'there is no such file'
        : `the system says ${code ?? 'no'}`
  return new EdgekeepError('input.file_unreadable', { file, reason }).message
}
