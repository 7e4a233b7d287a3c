import type { Intake } from '../intake/intake.ts'
import { verifyCertificate } from './verify.ts'

/**
 * Certificates revoked by the CRLs of the same input, by piece id, each with a sentence. A CRL counts only if
 * its issuer's certificate is in the input too.
 */
export function revokedAmong(
  intake: Pick<Intake, 'report' | 'certificates' | 'revocationLists'>,
  at: Date,
): Map<string, string> {
  const crlsBeside = [...intake.revocationLists().values()]
  const found = new Map<string, string>()
  if (crlsBeside.length === 0) return found
  const certificates = intake.certificates()
  const authorities = intake.report.pieces.filter(({ certificate }) => certificate?.isCa)
  for (const [id, leaf] of certificates) {
    const anchors = authorities.flatMap((each) => (each.id === id ? [] : (certificates.get(each.id) ?? [])))
    const { authority } = verifyCertificate({
      leaf,
      intermediates: [],
      anchors: [{ name: 'the files', certificates: anchors }],
      at,
      purpose: 'any',
      anchorsExpire: false,
      crlsBeside,
    }).answers
    if (authority.code === 'revoked') found.set(id, authority.reason)
  }
  return found
}
