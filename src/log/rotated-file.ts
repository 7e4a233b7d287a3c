import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const defaultMaxBytes = 5 * 1024 * 1024
const KEPT_FILES = 3

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
