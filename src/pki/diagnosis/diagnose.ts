import type {
  CertificateFacts,
  IntakeReport,
  Verification,
} from '../../contract/inspect/certificate-facts.ts'
import type { LintedCertificate } from '../../contract/inspect/lint.ts'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { bad, good, type Evidence, type Look } from './evidence.ts'
import { faultSituations } from './faults.ts'
import { pairingSituations } from './pairing.ts'
import { readingSituations, unreadableRest } from './reading.ts'
import { shapeSituations } from './shape.ts'
import { trustSituations } from './trust.ts'

export interface Diagnoses {
  diagnosis: Diagnosis
  others: Diagnosis[]
}

const looks: Look[] = [
  readingSituations,
  pairingSituations,
  faultSituations,
  trustSituations,
  shapeSituations,
  unreadableRest,
]

interface DiagnosisQuestion {
  at: Date
  leafSha256?: string
  /** Lint of the leaf and its chain, the leaf first. */
  faults?: readonly LintedCertificate[]
  /** Doubts that OCSP responses raise, as sentences. */
  doubts?: readonly string[]
  /** Roots given for this question alone. */
  roots?: readonly CertificateFacts[]
}

/**
 * Diagnoses files: the most urgent finding first, with its next step. `verification` is that of the selected
 * leaf, by default the first bundle's; null without a certificate.
 */
export function diagnose(
  report: IntakeReport,
  verification: Verification | null,
  question: DiagnosisQuestion,
): Diagnoses {
  const evidence = evidenceOf(report, verification, question)
  const found = looks.flatMap((look) => look(evidence))
  const urgency = urgencyAmong(found)
  const [diagnosis, ...others] = found.toSorted((a, b) => urgency(a) - urgency(b))
  return { diagnosis: diagnosis ?? allGood(evidence), others }
}

function evidenceOf(
  report: IntakeReport,
  verification: Verification | null,
  { at, leafSha256, faults = [], roots = [], doubts = [] }: DiagnosisQuestion,
): Evidence {
  const asked = report.pieces.find(
    ({ certificate }) => leafSha256 !== undefined && certificate?.fingerprintSha256 === leafSha256,
  )
  const bundle = report.bundles.find(({ leaf }) => !asked || leaf === asked.id)
  const leaf =
    asked ??
    report.pieces.find(({ id }) => id === bundle?.leaf) ??
    report.pieces.find(({ certificate }) => certificate)
  const isMany = report.bundles.length > 1 && !asked
  return { report, verification, roots, faults, doubts, at: at.getTime(), isMany, bundle, leaf }
}

function allGood({ leaf, bundle, report }: Evidence): Diagnosis {
  if (!leaf?.certificate)
    return bad('no-certificate', report.pieces, {
      sentence: 'There is no certificate in these files.',
      nextStep:
        'Add the certificate that was issued for your site, or export it with its certificates included.',
    })
  const { title } = leaf.certificate
  return good('good', bundle ? [bundle.leaf, ...bundle.chain, ...(bundle.key ? [bundle.key] : [])] : [], {
    sentence: bundle?.key
      ? `The certificate for ${title} is valid, its chain is complete and its private key matches.`
      : `The certificate for ${title} is valid and its chain is complete.`,
    nextStep: bundle?.key
      ? 'No action is needed. Add it to the vault, or serve it as it is.'
      : 'No action is needed. A server also needs its private key, which is not in these files.',
  })
}

const gravity = { bad: 0, attention: 3, good: 4 } as const
const lockedRank = 1
const waits = 2

/** Trusting a root is a person's decision, possible before and after the passphrase. */
const notOfTheFiles = ['unknown-authority', 'self-signed']
/** Findings that a locked piece may settle, because it may be the missing piece. */
const mayBeLocked = {
  'key-locked': ['key-mismatch'],
  'archive-locked': ['key-mismatch', 'missing-intermediate', 'unrelated-chain'],
}

/**
 * Returns the urgency of each of `found`, the smallest number first: by gravity, but the passphrase before
 * the findings that it may settle or that depend on it. Findings that it cannot settle, such as expiry, come
 * first, so that nobody enters a passphrase in vain.
 */
function urgencyAmong(found: readonly Diagnosis[]): (one: Diagnosis) => number {
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
