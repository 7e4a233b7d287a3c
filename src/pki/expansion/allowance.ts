import { EdgekeepError } from '../../contract/errors/registry.ts'
import { formatSize } from '../../contract/text/format-size.ts'
import { limits } from '../limits.ts'

/** Bounds of what the archives of one call expand to. Each check throws `input.archive_too_large`. */
export interface Allowance {
  /** Octets that may still be expanded. */
  readonly bytesLeft: number
  /** Raises the bound that the ratio sets to all archives together. */
  addGiven(bytes: number): void
  countEntries(archive: string, count: number): void
  countMailLines(archive: string, count: number): void
  /** Spends octets that are inflated, before that: empty blocks cost time, and expand to nothing. */
  spendCompressed(archive: string, bytes: number): void
  /** Spends expanded octets, which may be too many in all, or for the compressed ones. */
  spend(archive: string, size: { bytes: number; compressed: number }): void
  error(archive: string, reason: string): EdgekeepError
}

export function createAllowance(): Allowance {
  const ratio = createRatioCheck()
  const totalSize = formatSize(limits.totalBytes)
  const expanded = createCounter(limits.totalBytes, `it expands to more than ${totalSize}`)
  return {
    get bytesLeft() {
      return expanded.left
    },
    addGiven: ratio.addGiven,
    countEntries: createCounter(limits.files, `it has more than ${limits.files} entries`).take,
    countMailLines: createCounter(
      limits.mailLines,
      `with it, the messages have more than ${limits.mailLines} lines`,
    ).take,
    spendCompressed: createCounter(limits.totalBytes, `it has more than ${totalSize} to expand`).take,
    spend(archive, size) {
      ratio.check(archive, size)
      expanded.take(archive, size.bytes)
    },
    error: tooLarge,
  }
}

function tooLarge(archive: string, reason: string): EdgekeepError {
  return new EdgekeepError('input.archive_too_large', { place: { file: archive }, reason })
}

/** A refused archive takes nothing from the files after it. */
function createCounter(limit: number, reason: string) {
  let left = limit
  return {
    get left() {
      return left
    },
    take(archive: string, amount: number) {
      if (amount > left) throw tooLarge(archive, reason)
      left -= amount
    },
  }
}

/** Bounds the ratio of each entry, and of all together, which may be many that are small. */
function createRatioCheck() {
  let given = 0
  let gained = 0
  const isBomb = (bytes: number, compressed: number) =>
    bytes > limits.archiveRatioFrom && bytes > compressed * limits.archiveRatio
  return {
    addGiven(bytes: number) {
      given += bytes
    },
    check(archive: string, { bytes, compressed }: { bytes: number; compressed: number }) {
      const gain = Math.max(0, bytes - compressed)
      if (isBomb(bytes, compressed) || isBomb(gained + gain, given))
        throw tooLarge(archive, `it expands to more than ${limits.archiveRatio} times its size`)
      gained += gain
    },
  }
}
