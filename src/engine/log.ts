import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'

export type Log = pino.Logger

const defaultMaxBytes = 5 * 1024 * 1024
const KEPT_FILES = 3

/** JSON lines in `folder/name.log`, owner-only, rotated by size; nothing goes to stdout. */
export function openLog(folder: string, name: string): { log: Log; close(): void } {
  const file = openRotatedFile(folder, name)
  const write = (line: string) => file.write(withoutKeys(line))
  const log = pino({ base: { process: name }, timestamp: pino.stdTimeFunctions.isoTime }, { write })
  return { log, close: () => file.close() }
}

export interface RotatedFile {
  write(text: string): void
  close(): void
}

/** `folder/name.log`, owner-only. When it is full it becomes `name.log.1`, and so on to the last that is kept. */
export function openRotatedFile(folder: string, name: string, maxBytes = defaultMaxBytes): RotatedFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${name}.log`)
  let file = openSync(path, 'a', 0o600)
  let size = fstatSync(file).size

  const rotate = () => {
    closeSync(file)
    for (let age = KEPT_FILES - 1; age > 0; age -= 1) moveIfThere(`${path}.${age}`, `${path}.${age + 1}`)
    moveIfThere(path, `${path}.1`)
    file = openSync(path, 'a', 0o600)
    size = 0
  }
  return {
    write(text) {
      if (size > maxBytes) rotate()
      size += writeSync(file, text)
    },
    close: () => closeSync(file),
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/**
 * The last line of defence: no code hands a key to the log, and if one ever did, a PEM private
 * key (whole, or cut off before its end) would still not reach the file.
 */
export function withoutKeys(line: string): string {
  const [before = '', ...keys] = line.split(/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/)
  return [before, ...keys.map(afterKey)].join('[private key removed]')
}

/** What follows a key in the text after its first line: its last line, or the end of the JSON string, ends it. */
function afterKey(text: string): string {
  const end = text.search(/-----END|"/)
  return end < 0 ? '' : text.slice(end).replace(/^-----END [A-Z0-9 ]*PRIVATE KEY-----/, '')
}
