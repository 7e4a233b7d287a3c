import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { join } from 'node:path'

const defaultMaxBytes = 5 * 1024 * 1024
const maxFiles = 3

export type RotatedFile = ReturnType<typeof openRotatedFile>

/** `folder/name.log`, owner-only. A full file becomes `name.log.1`, and so on; the oldest is deleted. */
export function openRotatedFile(folder: string, name: string, maxBytes = defaultMaxBytes) {
  const path = join(folder, `${name}.log`)
  let file: number | null = null
  let opened: Stats | null = null
  let size = 0

  const open = () => {
    makeFolder(folder)
    const handle = openSync(path, 'a', 0o600)
    opened = fstatSync(handle)
    size = opened.size
    return handle
  }
  const isAtItsPath = () => {
    const found = statSync(path, { throwIfNoEntry: false })
    return found?.ino === opened?.ino && found?.dev === opened?.dev
  }
  const close = () => {
    if (file !== null) closeSync(file)
    file = null
  }
  const rotate = () => {
    close()
    for (let age = maxFiles - 1; age > 0; age -= 1) moveIfThere(`${path}.${age}`, `${path}.${age + 1}`)
    moveIfThere(path, `${path}.1`)
  }
  return {
    /**
     * Appends; opens the file if needed, and again after it was moved or deleted.
     *
     * @throws the system's error, also if the parent of its folder is gone
     */
    write(text: string) {
      if (file !== null && !isAtItsPath()) close()
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

/** Creates no parents: a home that was moved away would reappear empty. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
