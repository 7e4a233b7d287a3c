import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { csvOf } from '../../../domain/csv.ts'

const head = [
  'name',
  'names',
  'issuer',
  'valid from',
  'valid until',
  'key',
  'SHA-256 fingerprint',
  'used by',
  'tags',
  'owner',
  'note',
]

export function certificatesCsv(certificates: readonly CertificateSummary[]): string {
  return csvOf(
    head,
    certificates.map((each) => [
      each.name,
      [...each.dnsNames, ...each.ipNames].join(' '),
      each.issuer,
      each.notBefore,
      each.notAfter,
      each.keyType,
      each.fingerprintSha256,
      each.usedBy.join(' '),
      each.tags.join('; '),
      each.owner,
      each.note,
    ]),
  )
}
