import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import type { LintedCertificate, LintFinding } from '../../contract/inspect/lint.ts'
import { attention, bad, type Evidence, type Look, pieceOf } from './evidence.ts'

/**
 * Lint rules whose breach makes a certificate unusable wherever it is trusted, the worst first. The headline
 * names them before the trust of its authority, which would not help.
 */
const fatal = [
  'signature.forgeable',
  'key.rsa_broken',
  'key.rsa_too_short',
  'key.curve',
  'structure.not_der',
  'structure.malformed',
  'structure.precertificate',
  'structure.unknown_critical',
  'structure.version',
  'structure.algorithms_differ',
  'validity.backwards',
  'names.san_missing',
  'names.no_host',
  'names.malformed',
  'names.wildcard_form',
  'names.wildcard_too_wide',
  'names.address_as_name',
]
const weakness = new Set(fatal.slice(0, 4))
const most = 3
/** Warnings of the lint for which some clients refuse the certificate. */
const refusedBySome = new Set([
  'validity.apple_lifetime',
  'purpose.not_for_servers',
  'key.type_unknown_to_browsers',
])

/** Faults of the certificate and its chain themselves; the rest of the lint's errors is counted. */
export const faultSituations: Look = (evidence) => {
  const { faults, isMany } = evidence
  if (isMany) return []
  // A site's certificate in the place of an issuer has that fault alone.
  const judged = faults.filter(
    ({ fingerprintSha256 }, index) =>
      index === 0 || pieceOf(evidence, fingerprintSha256)?.certificate?.isCa !== false,
  )
  const errors = judged.flatMap((linted) =>
    linted.findings.filter(({ severity }) => severity === 'error').map((finding) => ({ linted, finding })),
  )
  const rank = ({ finding }: (typeof errors)[number]) => fatal.indexOf(finding.rule)
  const worst = errors.filter((one) => rank(one) >= 0).toSorted((a, b) => rank(a) - rank(b))
  const shown = worst.slice(0, most)
  const nextError = errors.filter((one) => !worst.includes(one)).slice(0, 1)
  return [
    ...shown.map((one) => faultOf(evidence, one)),
    ...nextError.map((one) => faultOf(evidence, one, attention)),
    ...otherErrors(errors.length, shown.length + nextError.length),
    ...faults
      .slice(0, 1)
      .flatMap((linted) =>
        linted.findings
          .filter(({ rule }) => refusedBySome.has(rule))
          .map((finding) => faultOf(evidence, { linted, finding }, attention)),
      ),
  ]
}

/** True if trust of the authority would not help. */
export function hasFatalFault({ faults }: Evidence): boolean {
  return faults.some(({ findings }) => findings.some(({ rule }) => fatal.includes(rule)))
}

/** True if a weak key or signature explains why no client accepts it. */
export function hasWeakness({ faults }: Evidence): boolean {
  return faults.some(({ findings }) => findings.some(({ rule }) => weakness.has(rule)))
}

function faultOf(
  evidence: Evidence,
  { linted, finding }: { linted: LintedCertificate; finding: LintFinding },
  severity = bad,
): Diagnosis {
  const isLeaf = linted === evidence.faults[0]
  const { rule, message, advice } = finding
  return severity(`fault.${rule}`, [pieceOf(evidence, linted.fingerprintSha256)], {
    sentence: isLeaf
      ? message
      : `“${linted.title}” in its chain: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    nextStep: advice,
  })
}

function otherErrors(all: number, shown: number): Diagnosis[] {
  const count = all - shown
  if (count === 0) return []
  const more = shown > 0 ? ' more' : ''
  return [
    attention('lint-errors', [], {
      sentence: `Lint finds ${count === 1 ? `one${more} error` : `${count}${more} errors`}.`,
      nextStep: 'See the lint for each error and what to do about it.',
    }),
  ]
}
