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
  /** Whether an anchor ends with its validity; some clients take only its name and key (RFC 5280, section 6.1.1 (d)). */
  anchorsExpire: boolean
  budget: Budget
}

/** What one verification may spend, so that hostile certificates cannot keep it busy (CVE-2018-16875 and kin). */
export interface Budget {
  steps: number
  signatures: number
  nameComparisons: number
}

export function freshBudget(): Budget {
  return { steps: 4_000, signatures: 250, nameComparisons: 250_000 }
}
