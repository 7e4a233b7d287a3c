import type { FoundFile } from './find-file.ts'

/** `mayRange`: whether a Range field counts (RFC 9110, section 13.1.5). */
export type Verdict = { status: 200; mayRange: boolean } | { status: 304 | 412 }

/** Preconditions in the order of RFC 9110, section 13.2.2. `field` takes a name in lower case. */
export function judgeConditions(
  field: (name: string) => string | undefined,
  { etag, mtime }: Pick<FoundFile, 'etag' | 'mtime'>,
): Verdict {
  const ifMatch = field('if-match')
  const ifUnmodifiedSince = timeOf(field('if-unmodified-since'))
  if (ifMatch !== undefined) {
    if (!hasTag(ifMatch, etag, false)) return { status: 412 }
  } else if (ifUnmodifiedSince !== null && secondsOf(mtime) > ifUnmodifiedSince) return { status: 412 }
  const ifNoneMatch = field('if-none-match')
  const ifModifiedSince = timeOf(field('if-modified-since'))
  if (ifNoneMatch !== undefined) {
    if (hasTag(ifNoneMatch, etag, true)) return { status: 304 }
  } else if (ifModifiedSince !== null && secondsOf(mtime) <= ifModifiedSince) return { status: 304 }
  const ifRange = field('if-range')
  return { status: 200, mayRange: ifRange === undefined || isSame(ifRange, etag, mtime) }
}

function isSame(ifRange: string, etag: string, mtime: Date): boolean {
  if (ifRange.startsWith('"') || ifRange.startsWith('W/')) return ifRange === etag
  return timeOf(ifRange) === secondsOf(mtime)
}

function hasTag(list: string, etag: string, isWeak: boolean): boolean {
  if (list.trim() === '*') return true
  return list.split(',').some((item) => {
    const tag = item.trim()
    return tag === etag || (isWeak && tag === `W/${etag}`)
  })
}

/** Seconds, the resolution of HTTP dates. */
function timeOf(date: string | undefined): number | null {
  const time = date === undefined ? NaN : Date.parse(date)
  return Number.isNaN(time) ? null : Math.floor(time / 1_000)
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1_000)
}
