import type { LintScope, Severity } from '../../contract/inspect/lint.ts'
import type { LintSubject } from './subject.ts'

export type Role = LintSubject['role']

/** One rule as data; `check` returns the violation as a sentence, or undefined. */
export interface LintRule {
  /** Stable id of family and rule, `names.san_missing`. */
  id: string
  severity: Severity
  reference: string
  /** `public`: only certificates bound by the CA/Browser Forum's rules; absent: all. */
  binds?: LintScope
  roles: Role[]
  /** Certificates issued (`notBefore`) from this day on; ISO date. */
  since?: string
  advice: string
  check(subject: LintSubject): string | undefined
}

/** `CA/Browser Forum baseline requirements, section 7.1.2.7.12`. */
export const br = (section: string): string => `CA/Browser Forum baseline requirements, section ${section}`
export const rfc = (number: number, section: string): string => `RFC ${number}, section ${section}`
export const rfc5280 = (section: string): string => rfc(5280, section)

export const leaf: Role[] = ['leaf']
export const authority: Role[] = ['intermediate', 'root']
export const intermediate: Role[] = ['intermediate']
export const issued: Role[] = ['leaf', 'intermediate']
export const all: Role[] = ['leaf', 'intermediate', 'root']

/** Advice for mistakes of a public CA. */
export const askForAnother = 'Ask the authority that issued it for a new one.'
