import { EdgekeepError } from '../../../contract/errors.ts'

/** Larger than any chain or archive the engine reads; a bigger file is refused before it is sent. */
export const largestFileBytes = 16 * 1024 * 1024

/** Throws `input.too_large` for the first of `files` that is too large to be sent. */
export function refuseTooLarge(files: readonly File[]): void {
  const large = files.find((file) => file.size > largestFileBytes)
  if (!large) return
  throw new EdgekeepError('input.too_large', {
    place: { file: large.name },
    sizeBytes: large.size,
    limitBytes: largestFileBytes,
  })
}
