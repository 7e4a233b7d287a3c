import { EdgekeepError } from '../../../contract/errors.ts'

/** What the engine takes in one call; more is refused before it is sent. */
export const largestUploadBytes = 16 * 1024 * 1024

/** Throws `input.too_large` for the file that alone is too large, else for all `files` together. */
export function refuseTooLarge(files: readonly File[]): void {
  const large = files.find((file) => file.size > largestUploadBytes)
  const sizeBytes = large?.size ?? files.reduce((sum, file) => sum + file.size, 0)
  if (sizeBytes <= largestUploadBytes) return
  throw new EdgekeepError('input.too_large', {
    ...(large ? { place: { file: large.name } } : {}),
    sizeBytes,
    limitBytes: largestUploadBytes,
  })
}
