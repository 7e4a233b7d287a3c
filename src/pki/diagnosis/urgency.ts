import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'

const gravity = { bad: 0, attention: 3, good: 4 } as const
const lockedRank = 1
const waits = 2

/** Trusting a root is a person's decision, possible before and after the passphrase. */
const notOfTheFiles = ['unknown-authority', 'self-signed']
/** Findings that a locked piece may settle, because it may be the missing piece. */
const mayBeLocked = {
  'key-locked': ['key-mismatch'],
  'archive-locked': ['key-mismatch', 'missing-intermediate'],
}

/**
 * Returns the urgency of each of `found`, the smallest number first: by gravity, but the passphrase before
 * the findings that it may settle or that depend on it. Findings that it cannot settle, such as expiry, come
 * first, so that nobody enters a passphrase in vain.
 */
export function urgencyAmong(found: readonly Diagnosis[]): (one: Diagnosis) => number {
  const locked = found.find(isLocked)
  const waiting = locked ? [...notOfTheFiles, ...mayBeLocked[locked.situation]] : []
  return (one) => {
    if (one === locked) return lockedRank
    return waiting.includes(one.situation) ? waits : gravity[one.severity]
  }
}

function isLocked(one: Diagnosis): one is Diagnosis & { situation: keyof typeof mayBeLocked } {
  return Object.hasOwn(mayBeLocked, one.situation)
}
