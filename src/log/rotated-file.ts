import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const defaultMaxBytes = 5 * 1024 * 1024
const keptFiles = 3

export interface RotatedFile {
  /**
   * Opens the file where it is not open.
   * @throws the system's error
   */
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
    for (let age = keptFiles - 1; age > 0; age -= 1) moveIfThere(`${path}.${age}`, `${path}.${age + 1}`)
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
