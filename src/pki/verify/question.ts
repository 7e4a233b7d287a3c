import type { PolicyInputs } from './policies.ts'

export type Purpose = 'server' | 'client' | 'any'

/** Parameters of one verification, the same for every path. */
export interface Question {
  /** Milliseconds since 1970, whole seconds: the resolution of validity periods. */
  at: number
  purpose: Purpose
  /** Maximum count of intermediates, without self-issued ones (RFC 5280, section 4.2.1.9). */
  maxDepth: number
  policies: PolicyInputs
  /** Whether the web's rules bind every path too, under any anchor. */
  webProfile: boolean
  /** Whether anchors expire; some clients use only their name and key (RFC 5280, section 6.1.1 (d)). */
  anchorsExpire: boolean
  budget: Budget
}

/** Limits of a search, against hostile certificates (CVE-2018-16875 and similar). */
export interface Budget {
  /** Certificates added to a path and checked. */
  steps: number
  /** Certificates of the issuer's name, considered as candidates. */
  candidates: number
  /** Signature checks; cached results are free. */
  signatures: number
  nameComparisons: number
}

export function freshBudget(): Budget {
  return { steps: 4_000, candidates: 40_000, signatures: 250, nameComparisons: 250_000 }
}

/** Budget for all verifications of one answer, such as a report or a timeline. */
export function sharedBudget(): Budget {
  return { steps: 100_000, candidates: 400_000, signatures: 2_000, nameComparisons: 2_500_000 }
}

/** Runs a search with at most `most` of the rest of `whole`, and subtracts its use. */
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
