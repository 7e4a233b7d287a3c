import type { Diagnosis } from '../../contract/diagnosis.ts'

const gravity = { bad: 0, attention: 3, good: 4 } as const
const lockedRank = 1
const waits = 2

/** Whose root counts is for the person to say, and it can be said after the passphrase as well as before. */
const notOfTheFiles = ['unknown-authority', 'self-signed']
/** What is locked may be the very piece that is missed. */
const mayBeLocked = {
  'key-locked': ['key-mismatch'],
  'archive-locked': ['key-mismatch', 'missing-intermediate'],
}

/**
 * How soon each of `found` is to be dealt with, the smallest number first: the gravest, but the passphrase
 * before what it may settle and what waits for it. What it cannot mend, such as the end of the lifetime, stays
 * before it: nobody is asked for a passphrase in vain.
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
