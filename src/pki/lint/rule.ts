import type { CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import type { LintScope, Severity } from '../../contract/inspect/lint.ts'
import type { Certificate } from '../x509/certificate.ts'
import type { Extension, extensionOids } from '../x509/extensions.ts'
import type { Transparency } from '../transparency/transparency.ts'

export interface LintSubject {
  role: 'leaf' | 'intermediate' | 'root'
  scope: LintScope
  facts: CertificateFacts
  parsed: Certificate
  /** Both ends included (RFC 5280, section 4.1.2.5). */
  lifetimeSeconds: number
  extension(name: keyof typeof extensionOids): Extension | undefined
  /** Undefined without embedded SCTs, or if they cannot be read. */
  readonly transparency: Transparency | undefined
}

/** One rule as data; `check` returns the violation as a sentence. */
export interface LintRule {
  /** Stable id of family and rule, `names.san_missing`. */
  id: string
  severity: Severity
  reference: string
  /** `public`: only certificates bound by the CA/Browser Forum's rules; absent: all. */
  binds?: LintScope
  roles: LintSubject['role'][]
  /** Certificates issued (`notBefore`) from this day on; ISO date. */
  since?: string
  advice: string
  check(subject: LintSubject): string | false | undefined
}

type Bound = Pick<LintRule, 'roles' | 'binds'>

export const leaf: Bound = { roles: ['leaf'] }
export const intermediate: Bound = { roles: ['intermediate'] }
export const authority: Bound = { roles: ['intermediate', 'root'] }
export const publicAuthority: Bound = { ...authority, binds: 'public' }
export const issued: Bound = { roles: ['leaf', 'intermediate'] }
export const all: Bound = { roles: ['leaf', 'intermediate', 'root'] }
export const publicLeaf: Bound = { ...leaf, binds: 'public' }
export const publicIntermediate: Bound = { ...intermediate, binds: 'public' }
export const publicRoots: Bound = { roles: ['root'], binds: 'public' }
export const publicIssued: Bound = { ...issued, binds: 'public' }
export const publicAll: Bound = { ...all, binds: 'public' }
export const privateLeaf: Bound = { ...leaf, binds: 'private' }

/** Day of ballot SC-062v2, which made the certificate profiles of the baseline requirements exhaustive. */
export const profilesDay = '2023-09-15'

/** Advice for mistakes of a public CA, and that of rules without their own. */
export const askForAnother = 'Ask the authority that issued it for a new one.'

type Content = Pick<LintRule, 'since' | 'check'> & { advice?: string }

const ruleOf =
  (severity: Severity) =>
  (id: string, reference: string, bound: Bound, content: Content): LintRule => ({
    id,
    severity,
    reference,
    ...bound,
    advice: askForAnother,
    ...content,
  })

export const error = ruleOf('error')
export const warning = ruleOf('warning')
export const notice = ruleOf('notice')

/** `CA/Browser Forum baseline requirements, section 7.1.2.7.12`. */
export const br = (section: string): string => `CA/Browser Forum baseline requirements, section ${section}`
export const rfc = (number: number, section: string): string => `RFC ${number}, section ${section}`
export const rfc5280 = (section: string): string => rfc(5280, section)
export const apple = 'Apple, Requirements for trusted certificates in iOS 13 and macOS 10.15 (HT210176)'
