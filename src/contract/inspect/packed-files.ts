import { z } from 'zod'
import { EdgekeepError } from '../errors/registry.ts'
import { inputLimitFiles } from '../shared/input-limit.ts'

/*
 * Many files as one: a line of JSON with each name and size in octets, then their contents one after the
 * other. A browser encodes the files of a call in one go on its main thread, which costs it about a
 * millisecond for each; one `File` that is put together of many costs it once.
 */

const mediaType = 'application/vnd.edgekeep.files'
/** More than a thousand of the longest names that file systems have. */
const mostIndexBytes = 1024 * 1024
const lineFeed = 0x0a

const indexSchema = z
  .array(z.tuple([z.string().max(1024), z.number().int().nonnegative()]))
  .max(inputLimitFiles)

/** Packs `files` into one file for a call. Reads nothing yet. */
export function packed(files: readonly File[]): File {
  const index = JSON.stringify(files.map(({ name, size }) => [name.slice(0, 1024), size]))
  return new File([index, '\n', ...files], 'files', { type: mediaType })
}

export function isPacked({ type }: File): boolean {
  return type === mediaType
}

/**
 * Returns the files in `pack`, as views of it.
 * @throws `input.invalid` if they do not match the index
 */
export function unpacked(pack: Uint8Array<ArrayBuffer>): { name: string; bytes: Uint8Array<ArrayBuffer> }[] {
  const end = pack.subarray(0, mostIndexBytes).indexOf(lineFeed)
  const index = indexSchema.safeParse(end < 0 ? null : jsonOf(pack.subarray(0, end)))
  if (!index.success) throw wrong()
  let at = end + 1
  const files = index.data.map(([name, size]) => ({ name, bytes: pack.subarray(at, (at += size)) }))
  if (at !== pack.length) throw wrong()
  return files
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

function wrong(): EdgekeepError {
  return new EdgekeepError('input.invalid', {
    reason: 'The files that were sent as one are not what their index says. Give them again.',
  })
}
