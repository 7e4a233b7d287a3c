import type { CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import type { LintedCertificate, LintFinding, LintReport, Severity } from '../../contract/inspect/lint.ts'
import { readCertificate, type ReadCertificate } from '../facts/certificate.ts'
import { extensionIn } from '../x509/extensions.ts'
import type { AnchorSet } from '../verify/anchor-set.ts'
import { createIssuerPool } from '../verify/issuer-pool.ts'
import type { Certificate } from '../x509/certificate.ts'
import { transparencyOf } from '../transparency/transparency.ts'
import { keyRules } from './keys.ts'
import { nameRules } from './names.ts'
import { revocationRules } from './revocation.ts'
import type { LintRule, LintSubject } from './rule.ts'
import { createScopes, type Scope, signerOf } from './scope.ts'
import { structureRules } from './structure.ts'
import { subjectRules } from './subject-name.ts'
import { transparencyRules } from './transparency.ts'
import { usageRules } from './usage.ts'
import { validityRules } from './validity.ts'

export const lintRules: LintRule[] = [
  ...structureRules,
  ...validityRules,
  ...keyRules,
  ...nameRules,
  ...subjectRules,
  ...usageRules,
  ...revocationRules,
  ...transparencyRules,
]

export interface LintQuery {
  /** DER, in any order. */
  certificates: Uint8Array[]
  /** Public roots: certificates with a path to one are bound by public rules. */
  publicRoots: AnchorSet
  /** Forces the scope of all certificates. */
  as?: 'public' | 'private'
  /** Called before each certificate, of which there may be thousands. */
  onCertificate?: ((number: number) => void) | undefined
}

const order: Severity[] = ['error', 'warning', 'notice']

/** Judges each certificate by the rules that bind it. Never throws for its content. */
export function lint({ certificates, publicRoots, as, onCertificate }: LintQuery): LintReport {
  const pool = createIssuerPool(certificates, [publicRoots])
  const scopeOf = createScopes({ certificates, publicRoots, as, pool })
  const budget = { signatures: mostSignatures }
  const issuerOf: IssuerOf = (certificate) => signerOf(certificate, pool, budget)
  const linted = certificates.map((der, at) => {
    onCertificate?.(at + 1)
    return lintOne(der, scopeOf(der), issuerOf)
  })
  const counts = { error: 0, warning: 0, notice: 0 }
  for (const { severity } of linted.flatMap(({ findings }) => findings)) counts[severity] += 1
  return { ok: counts.error + counts.warning === 0, counts, certificates: linted }
}

type IssuerOf = (certificate: Certificate) => Certificate | undefined
/** Limit of signature checks in search of the issuers of certificates with timestamps. */
const mostSignatures = 3_000

function lintOne(
  der: Uint8Array,
  { scope, reason: scopeReason }: Scope,
  issuerOf: IssuerOf,
): LintedCertificate {
  const certificate = readCertificate(der)
  const { facts } = certificate
  const { fingerprintSha256, title } = facts
  const role = roleOf(facts)
  const about = { fingerprintSha256, title, role, scope, scopeReason } as const
  const rules = lintRules.filter((rule) => isBinding(rule, role, scope, certificate.notBefore))
  const subject: LintSubject = Object.assign(lintSubject(certificate, issuerOf), { role, scope })
  const findings = certificate.encodingFault
    ? [unreadable(certificate.encodingFault)]
    : rules.flatMap((rule) => findingOf(rule, rule.check(subject)))
  const bySeverity = findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  return { ...about, findings: bySeverity, rules: rules.length }
}

export function lintSubject(
  certificate: ReadCertificate,
  issuerOf: IssuerOf = () => undefined,
): Omit<LintSubject, 'role' | 'scope'> {
  let judged: { transparency: LintSubject['transparency'] } | undefined
  return {
    facts: certificate.facts,
    parsed: certificate,
    lifetimeSeconds: (certificate.notAfter - certificate.notBefore) / 1000 + 1,
    extension: (name) => extensionIn(certificate.extensions, name),
    get transparency() {
      if (!extensionIn(certificate.extensions, 'timestamps')) return undefined
      return (judged ??= { transparency: transparencyOf(certificate, issuerOf(certificate)) }).transparency
    },
  }
}

/**
 * `openssl req -x509` marks server certificates as CA; a self-issued certificate with host names is a leaf.
 */
function roleOf({ isCa, isSelfSigned, names }: CertificateFacts): LintSubject['role'] {
  if (!isCa) return 'leaf'
  if (!isSelfSigned) return 'intermediate'
  return names.dns.length + names.ip.length > 0 ? 'leaf' : 'root'
}

function isBinding(
  { roles, binds, since }: LintRule,
  role: LintSubject['role'],
  scope: LintSubject['scope'],
  issuedAt: number,
): boolean {
  return (
    roles.includes(role) &&
    (binds === undefined || binds === scope) &&
    (since === undefined || issuedAt >= Date.parse(since))
  )
}

function findingOf(
  { id, severity, advice, reference }: LintRule,
  message: string | false | undefined,
): LintFinding[] {
  return message ? [{ rule: id, severity, message, advice, reference }] : []
}

/** OpenSSL reads it although it is not DER, so no rule applies. */
function unreadable(reason: string): LintFinding {
  return {
    rule: 'structure.not_der',
    severity: 'error',
    message: `It is not written in DER: ${reason}.`,
    advice: 'Issue it again with a tool that writes valid DER; strict clients refuse to read it.',
    reference: 'RFC 5280, section 4.1',
  }
}
