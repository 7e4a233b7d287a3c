import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'

export type Log = pino.Logger

const defaultMaxBytes = 5 * 1024 * 1024
const KEPT_FILES = 3

/**
 * JSON lines in `folder/name.log`, owner-only, rotated by size; nothing goes to stdout. Never throws, not on a
 * full disk either: what was to be logged must not end because of that. Lines that are lost are counted, and
 * the next one that can be written says how many.
 */
export function openLog(folder: string, name: string): { log: Log; close(): void } {
  const file = openRotatedFile(folder, name)
  let lost = 0
  const write = (line: string) => {
    try {
      if (lost > 0) file.write(`\n${JSON.stringify({ time: new Date().toISOString(), linesLost: lost })}\n`)
      lost = 0
      file.write(withoutKeys(line))
    } catch {
      lost += 1
    }
  }
  const log = pino({ base: { process: name }, timestamp: pino.stdTimeFunctions.isoTime }, { write })
  return { log, close: () => file.close() }
}

export interface RotatedFile {
  /** Opens the file where it is not open. Throws the system's error. */
  write(text: string): void
  close(): void
}

/** `folder/name.log`, owner-only. When it is full it becomes `name.log.1`, and so on to the last that is kept. */
export function openRotatedFile(folder: string, name: string, maxBytes = defaultMaxBytes): RotatedFile {
  const path = join(folder, `${name}.log`)
  let file: number | null = null
  let size = 0

  const open = () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const opened = openSync(path, 'a', 0o600)
    size = fstatSync(opened).size
    return opened
  }
  const close = () => {
    if (file !== null) closeSync(file)
    file = null
  }
  const rotate = () => {
    close()
    for (let age = KEPT_FILES - 1; age > 0; age -= 1) moveIfThere(`${path}.${age}`, `${path}.${age + 1}`)
    moveIfThere(path, `${path}.1`)
  }
  return {
    write(text) {
      file ??= open()
      if (size > maxBytes) {
        rotate()
        file = open()
      }
      size += writeSync(file, text)
    },
    close,
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
  return line.replaceAll(
    /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:(?!-----END)[^"])*(?:-----END [A-Z0-9 ]*PRIVATE KEY-----)?/g,
    '[private key removed]',
  )
}
