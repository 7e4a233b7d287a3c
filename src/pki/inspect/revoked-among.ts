import type { Intake } from '../intake/intake.ts'
import { verifyCertificate } from '../verify/verify.ts'
import { readOcspBeside, withOcspBeside } from './ocsp-beside.ts'

/**
 * Certificates revoked by the CRLs and OCSP responses of the same input, by piece id, each with a sentence.
 * They count only if the issuer's certificate is in the input too.
 */
export function revokedAmong(
  intake: Pick<Intake, 'report' | 'certificates' | 'revocationLists' | 'ocspResponses'>,
  at: Date,
): Map<string, string> {
  const crlsBeside = [...intake.revocationLists().values()]
  const found = new Map<string, string>()
  const responses = readOcspBeside(intake.ocspResponses())
  if (crlsBeside.length === 0 && responses.length === 0) return found
  const certificates = intake.certificates()
  const authorities = intake.report.pieces.filter(({ certificate }) => certificate?.isCa)
  for (const [id, leaf] of certificates) {
    const issuers = authorities.flatMap((each) => (each.id === id ? [] : (certificates.get(each.id) ?? [])))
    const anchors = [{ name: 'the files', certificates: issuers }]
    const verification = verifyCertificate({
      leaf,
      intermediates: [],
      anchors,
      at,
      purpose: 'any',
      anchorsExpire: false,
      crlsBeside,
    })
    const inputs = { path: [leaf], others: issuers, responses, anchors, at }
    const { authority } = withOcspBeside(verification, inputs).answers
    if (authority.code === 'revoked') found.set(id, authority.reason)
  }
  return found
}
