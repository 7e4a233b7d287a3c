/**
 * Mergeable histogram of times in microseconds, after HdrHistogram. Each power of two has sixteen buckets of
 * equal width, so the error is at most 3 % for any value, and histograms merge bucket by bucket without loss.
 */
const subBits = 4
const subBuckets = 1 << subBits

/** Counts by bucket; absent buckets are 0. */
export type Latency = Map<number, number>

/** Returns the bucket of a time. Times above 71 minutes fall into the last one. */
export function bucketOf(microseconds: number): number {
  const value = microseconds >= 0xffff_ffff ? 0xffff_ffff : microseconds >>> 0
  if (value < subBuckets) return value
  const shift = 31 - Math.clz32(value) - subBits
  return (shift + 1) * subBuckets + (value >>> shift) - subBuckets
}

/** Lower bound of a bucket, in microseconds. */
export function bucketStart(bucket: number): number {
  if (bucket < subBuckets) return bucket
  const shift = Math.floor(bucket / subBuckets) - 1
  return (subBuckets + (bucket % subBuckets)) * 2 ** shift
}

export function addLatency(to: Latency, more: Iterable<readonly [number, number]>): void {
  for (const [bucket, count] of more) to.set(bucket, (to.get(bucket) ?? 0) + count)
}

/** Quantile in milliseconds, at the middle of its bucket; null for an empty histogram. */
export function quantileMs(latency: Latency, share: number): number | null {
  let total = 0
  for (const count of latency.values()) total += count
  if (total === 0) return null
  let left = Math.max(1, Math.ceil(total * share))
  let bucket = 0
  for (const [at, count] of [...latency].toSorted(([a], [b]) => a - b)) {
    bucket = at
    left -= count
    if (left <= 0) break
  }
  return (bucketStart(bucket) + bucketStart(bucket + 1)) / 2 / 1000
}
