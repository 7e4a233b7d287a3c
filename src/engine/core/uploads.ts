import type { Core } from './core.ts'
import { wipedTogether } from '../../domain/secret-bytes.ts'
import { expandFiles } from '../../pki/expansion/expand-files.ts'
import type { KeyWorkOptions } from '../../pki/formats/key-work.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { inputLimitBytes, inputLimitFiles } from '../../contract/shared/input-limit.ts'
import { isPacked, unpacked } from '../../contract/inspect/packed-files.ts'
import type { InputFile } from '../../pki/intake/intake.ts'
import { gcAtEnd } from './schedule-gc.ts'

function refuseTooLarge(files: File[]): void {
  const sizeBytes = files.reduce((sum, file) => sum + file.size, 0)
  if (sizeBytes > inputLimitBytes)
    throw new EdgekeepError('input.too_large', { sizeBytes, limitBytes: inputLimitBytes })
}

/**
 * Reads uploads into memory, with their names as they were sent. The caller wipes the bytes.
 * @throws `input.too_large` before anything is read
 */
export async function readUploads(files: File[]): Promise<InputFile[]> {
  refuseTooLarge(files)
  const read = await Promise.all(
    files.map(async (file) => ({ file, bytes: new Uint8Array(await file.arrayBuffer()) })),
  )
  using stack = new DisposableStack()
  stack.use(wipedTogether(read.map(({ bytes }) => bytes)))
  const inputs = read.flatMap(({ file, bytes }) =>
    isPacked(file) ? unpacked(bytes) : [{ name: file.name, bytes }],
  )
  refuseTooMany(inputs)
  stack.move()
  return inputs
}

/** Packed files count one by one, like single files. */
function refuseTooMany({ length }: InputFile[]): void {
  if (length > inputLimitFiles)
    throw new EdgekeepError('input.invalid', {
      reason: `${length} files are more than are taken at once, which is ${inputLimitFiles}. Give fewer.`,
    })
}

/** Reads, expands, uses, then zeroes the files; intake copies the parts that it keeps longer. */
export async function withUploads<T>(
  files: File[],
  use: (inputs: InputFile[]) => T | Promise<T>,
): Promise<T> {
  const read = await readUploads(files)
  const inputs = read.map(({ name, bytes }) => ({ name: baseName(name), bytes }))
  using _gc = gcAtEnd()
  using _bytes = wipedTogether(inputs.map(({ bytes }) => bytes))
  const expanded = await expandFiles(inputs)
  using _entries = wipedTogether(expanded.map(({ bytes }) => bytes))
  return await use(expanded)
}

/**
 * Reads and expands each file on demand; the reader zeroes the bytes. Names include the folders below the given one,
 * since a file name alone is ambiguous among many.
 */
export function uploadsInTurn(files: File[]): (() => Promise<InputFile[]>)[] {
  refuseTooLarge(files)
  return files.map((file) => async () => {
    const name = file.name.split(/[\\/]/).filter(Boolean).slice(-3).join('/') || 'file'
    const bytes = new Uint8Array(await file.arrayBuffer())
    const expanded = await expandFiles([{ name, bytes }])
    if (!expanded.some((one) => one.bytes === bytes)) bytes.fill(0)
    return expanded
  })
}

function baseName(name: string): string {
  return name.split(/[\\/]/).at(-1) || 'file'
}

/**
 * Options for a call that opens files: it ends when the caller aborts, and every window gets its progress.
 */
export function keyWork({ parts }: { parts: Core }, signal: AbortSignal | undefined): KeyWorkOptions {
  return { signal, onProgress: (done) => parts.topics.openings.publish({ done }) }
}
