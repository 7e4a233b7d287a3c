import type {
  Bundle,
  CertificateFacts,
  IntakeReport,
  Piece,
  Verification,
} from '../../contract/certificate-facts.ts'
import type { Diagnosis } from '../../contract/diagnosis.ts'

/** What was found, as the situations look at it. */
export interface Evidence {
  report: IntakeReport
  verification: Verification | null
  /** Milliseconds since 1970. */
  at: number
  /** Several sites are in the files, and none of them was named. */
  isMany: boolean
  /** The bundle that is asked about. */
  bundle: Bundle | undefined
  /** The certificate that is asked about. */
  leaf: Piece | undefined
}

/** Looks for one kind of situation; the headline one first. */
export type Look = (evidence: Evidence) => Diagnosis[]

export function pieceOf({ report }: Evidence, fingerprintSha256: string | undefined): Piece | undefined {
  return report.pieces.find(({ certificate }) => certificate?.fingerprintSha256 === fingerprintSha256)
}

/** `R11` of `CN=R11,O=Let's Encrypt`; the whole name where it has no common name. */
export function calledAfter(name: string): string {
  return /(?:^|,)CN=((?:\\.|[^,\\])+)/.exec(name)?.[1]?.replace(/\\(.)/g, '$1') ?? name
}

/** Where the issuer's certificate is published (Authority Information Access), or undefined. */
export function issuerAddress({ extensions }: CertificateFacts): string | undefined {
  const words = extensions.find(({ oid }) => oid === '1.3.6.1.5.5.7.1.1')?.words ?? []
  return words.map((word) => /^issuer certificate: URI (\S+)$/.exec(word)?.[1]).find(Boolean)
}

export function listed(names: string[], most = 3): string {
  return names.length > most
    ? `${names.slice(0, most).join(', ')} and ${names.length - most} more`
    : names.join(', ')
}

export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number === 0 ? 'no' : number} ${number === 1 ? one : many}`
}
