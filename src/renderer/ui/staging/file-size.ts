import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { inputLimitBytes } from '../../../contract/shared/input-limit.ts'

/** @throws `input.too_large` for a single oversized file, else for the total size */
export function refuseTooLarge(files: readonly File[]): void {
  const large = files.find((file) => file.size > inputLimitBytes)
  const sizeBytes = large?.size ?? files.reduce((sum, file) => sum + file.size, 0)
  if (sizeBytes <= inputLimitBytes) return
  throw new EdgekeepError('input.too_large', {
    ...(large ? { place: { file: large.name } } : {}),
    sizeBytes,
    limitBytes: inputLimitBytes,
  })
}
