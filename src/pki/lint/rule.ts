import type { LintScope, Severity } from '../../contract/lint.ts'
import type { LintSubject } from './subject.ts'

export type Role = LintSubject['role']

/** One rule: what it is about is data, and `check` says what is wrong, a sentence, or nothing. */
export interface LintRule {
  /** Stable, family and rule, `names.san_missing`. */
  id: string
  severity: Severity
  reference: string
  /** `public`: only who is bound by the CA/Browser Forum's rules; absent: everyone. */
  binds?: LintScope
  roles: Role[]
  /** Certificates issued (`notBefore`) from this day on; ISO date. */
  since?: string
  /** What to do, a sentence. */
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

/** What a public authority's customer can do about its mistake. */
export const askForAnother = 'Ask the authority that issued it for a new one.'
