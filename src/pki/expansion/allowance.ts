import { EdgekeepError } from '../../contract/errors/registry.ts'
import { formatSize } from '../../contract/text/format-size.ts'
import { limits } from '../limits.ts'

/** Bounds of what the archives of one call expand to. */
export interface Allowance {
  /** Octets that may still be expanded. */
  readonly bytesLeft: number
  /** @throws `input.archive_too_large` for more entries than a call may have */
  countEntries(archive: string, count: number): void
  /** @throws `input.archive_too_large` for too many octets, or too many for the compressed ones */
  spend(archive: string, size: { bytes: number; compressed: number }): void
  error(archive: string, reason: string): EdgekeepError
}

export function createAllowance(): Allowance {
  let entriesLeft: number = limits.files
  let bytesLeft: number = limits.totalBytes
  const error = (archive: string, reason: string) =>
    new EdgekeepError('input.archive_too_large', { place: { file: archive }, reason })
  return {
    get bytesLeft() {
      return bytesLeft
    },
    countEntries(archive, count) {
      entriesLeft -= count
      if (entriesLeft < 0) throw error(archive, `it has more than ${limits.files} entries`)
    },
    spend(archive, { bytes, compressed }) {
      const isBomb = bytes > limits.archiveRatioFrom && bytes > compressed * limits.archiveRatio
      if (isBomb) throw error(archive, `it expands to more than ${limits.archiveRatio} times its size`)
      bytesLeft -= bytes
      if (bytesLeft < 0) throw error(archive, `it expands to more than ${formatSize(limits.totalBytes)}`)
    },
    error,
  }
}
