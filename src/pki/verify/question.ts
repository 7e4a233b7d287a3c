import type { PolicyInputs } from './policies.ts'

export type Purpose = 'server' | 'client' | 'any'

/** What is asked of every path, the same throughout one verification. */
export interface Question {
  /** Milliseconds since 1970, whole seconds: validity periods know nothing finer. */
  at: number
  purpose: Purpose
  /** How many intermediates a path may have; self-issued ones do not count (RFC 5280, section 4.2.1.9). */
  maxDepth: number
  policies: PolicyInputs
  /** Whether every path has to keep to the web's rules too, under whatever anchor. */
  webProfile: boolean
  /** Whether an anchor ends with its validity; some clients take only its name and key (RFC 5280, section 6.1.1 (d)). */
  anchorsExpire: boolean
  budget: Budget
}

/** Bounds on a search, so that hostile certificates cannot keep it busy (CVE-2018-16875 and similar). */
export interface Budget {
  /** Certificates that are added to a path and checked. */
  steps: number
  /** Certificates of the issuer's name that are considered as candidates. */
  candidates: number
  /** Signature checks; a cached answer costs nothing. */
  signatures: number
  nameComparisons: number
}

/** Of one verification. */
export function freshBudget(): Budget {
  return { steps: 4_000, candidates: 40_000, signatures: 250, nameComparisons: 250_000 }
}

/** Of all verifications that one answer is made of, such as a report or a timeline: each takes its part of it. */
export function sharedBudget(): Budget {
  return { steps: 100_000, candidates: 400_000, signatures: 2_000, nameComparisons: 2_500_000 }
}

/** A search with at most `most` of what is left of `whole`; what it spends is subtracted. */
export function withPart<R>(whole: Budget, most: Budget, search: (part: Budget) => R): R {
  const given: Budget = {
    steps: Math.min(whole.steps, most.steps),
    candidates: Math.min(whole.candidates, most.candidates),
    signatures: Math.min(whole.signatures, most.signatures),
    nameComparisons: Math.min(whole.nameComparisons, most.nameComparisons),
  }
  const part = { ...given }
  try {
    return search(part)
  } finally {
    whole.steps -= given.steps - Math.max(0, part.steps)
    whole.candidates -= given.candidates - Math.max(0, part.candidates)
    whole.signatures -= given.signatures - Math.max(0, part.signatures)
    whole.nameComparisons -= given.nameComparisons - Math.max(0, part.nameComparisons)
  }
}
