import type {
  Bundle,
  CertificateFacts,
  IntakeReport,
  Piece,
  Verification,
} from '../../contract/inspect/certificate-facts.ts'
import type { LintedCertificate } from '../../contract/inspect/lint.ts'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'

export interface Evidence {
  report: IntakeReport
  verification: Verification | null
  /** Roots given for this question alone, not those of this computer. */
  roots: readonly CertificateFacts[]
  /** Lint of the leaf and its chain, the leaf first. */
  faults: readonly LintedCertificate[]
  /** Doubts that OCSP responses raise, as sentences. */
  doubts: readonly string[]
  /** Milliseconds since 1970. */
  at: number
  /** The files cover several sites, and none of them was selected. */
  isMany: boolean
  bundle: Bundle | undefined
  leaf: Piece | undefined
}

/** Detects one kind of situation; returns the main one first. */
export type Look = (evidence: Evidence) => Diagnosis[]

export function pieceOf({ report }: Evidence, fingerprintSha256: string | undefined): Piece | undefined {
  return report.pieces.find(({ certificate }) => certificate?.fingerprintSha256 === fingerprintSha256)
}

/** `R11` of `CN=R11,O=Let's Encrypt`; the whole name where it has no common name. */
export function calledAfter(name: string): string {
  return /(?:^|,)CN=((?:\\.|[^,\\])+)/.exec(name)?.[1]?.replace(/\\(.)/g, '$1') ?? name
}

/** URL of the issuer's certificate (Authority Information Access), or undefined. */
export function issuerAddress({ extensions }: CertificateFacts): string | undefined {
  const lines = extensions.find(({ oid }) => oid === '1.3.6.1.5.5.7.1.1')?.words ?? []
  return lines.map((word) => /^issuer certificate: URI (\S+)$/.exec(word)?.[1]).find(Boolean)
}

export function listed(names: string[], most = 3): string {
  return names.length > most
    ? `${names.slice(0, most).join(', ')} and ${names.length - most} more`
    : names.join(', ')
}

export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number === 0 ? 'no' : number} ${number === 1 ? one : many}`
}

type Content = Pick<Diagnosis, 'sentence' | 'nextStep'>

const diagnosisOf =
  (severity: Diagnosis['severity']) =>
  (
    situation: string,
    pieces: readonly (Pick<Piece, 'id'> | string | undefined)[],
    content: Content,
  ): Diagnosis => ({
    situation,
    severity,
    ...content,
    pieces: pieces.flatMap((piece) => (typeof piece === 'object' ? piece.id : (piece ?? []))),
  })

export const good = diagnosisOf('good')
export const attention = diagnosisOf('attention')
export const bad = diagnosisOf('bad')
