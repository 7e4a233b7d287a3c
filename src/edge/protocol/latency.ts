/**
 * Times in a histogram that can be added to another one, after HdrHistogram: within each power of
 * two there are sixteen buckets of equal width, so that a value is known to within 3 % whatever its
 * size, and two histograms are added bucket by bucket without losing anything. Units are microseconds.
 */
const subBits = 4
const subBuckets = 1 << subBits

/** Counts by bucket; what is not in it is 0. */
export type Latency = Map<number, number>

/** The bucket of a time. Everything above 71 minutes counts as that. */
export function bucketOf(microseconds: number): number {
  const value = microseconds >= 0xffff_ffff ? 0xffff_ffff : microseconds >>> 0
  if (value < subBuckets) return value
  const shift = 31 - Math.clz32(value) - subBits
  return (shift + 1) * subBuckets + (value >>> shift) - subBuckets
}

/** The least time that falls into a bucket, in microseconds. */
export function bucketStart(bucket: number): number {
  if (bucket < subBuckets) return bucket
  const shift = Math.floor(bucket / subBuckets) - 1
  return (subBuckets + (bucket % subBuckets)) * 2 ** shift
}

export function addLatency(to: Latency, more: Iterable<readonly [number, number]>): void {
  for (const [bucket, count] of more) to.set(bucket, (to.get(bucket) ?? 0) + count)
}

/** The time below which `share` of all lie, in milliseconds: the middle of its bucket. Null where there is none. */
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
