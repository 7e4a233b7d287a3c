import { bytesEqual, DerError } from '../asn1/der.ts'
import { signatureScheme } from '../x509/algorithms.ts'
import type { Certificate } from '../x509/certificate.ts'
import { isSignedBy } from '../x509/signatures.ts'
import { isForgeable } from '../verify/strength.ts'
import { isIssuedBy, keyHash } from './certificate-id.ts'
import { readOcspResponse, type OcspAnswer, type OcspResponse } from './response.ts'

/** Verdict on an OCSP response; `reason` completes "The answer cannot be used: …". */
export type OcspVerdict =
  | {
      ok: true
      status: 'good' | 'revoked'
      thisUpdate: Date
      nextUpdate: Date | null
      revokedAt: Date | null
    }
  | { ok: false; reason: string }

export interface OcspQuestion {
  leaf: Certificate
  issuer: Certificate
  at: Date
}

/** Tolerance for clock skew: a response may be dated slightly in the future (RFC 9654, section 4). */
const clockSkewMs = 5 * 60_000
const ocspSigningOid = '1.3.6.1.5.5.7.3.9'

/**
 * Checks that `der` is a fresh response about the leaf by an authorised responder (RFC 6960, section 3.2).
 */
export function judgeOcspResponse(der: Uint8Array, question: OcspQuestion): OcspVerdict {
  let response: ReturnType<typeof readOcspResponse>
  try {
    response = readOcspResponse(der)
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    return refused(`it is malformed (${error.message})`)
  }
  if ('refusal' in response) return refused(`the responder answers "${response.refusal}"`)
  if (!isAuthentic(response, question))
    return refused('it is signed neither by the issuer of the certificate nor by whom that has named')
  const { leaf, issuer } = question
  const answer = response.answers.find(
    (each) => isIssuedBy(each, issuer) && bytesEqual(each.serial, leaf.serial),
  )
  return answer ? judgeAnswer(answer, question.at) : refused('it is about another certificate')
}

function judgeAnswer(answer: OcspAnswer, at: Date): OcspVerdict {
  const { status, thisUpdate, nextUpdate, revokedAt } = answer
  if (status === 'unknown') return refused('the responder does not know the certificate')
  if (thisUpdate > at.getTime() + clockSkewMs) return refused('it is from the future')
  if (nextUpdate !== undefined && nextUpdate <= at.getTime()) return refused('it is out of date')
  return {
    ok: true,
    status,
    thisUpdate: new Date(thisUpdate),
    nextUpdate: nextUpdate === undefined ? null : new Date(nextUpdate),
    revokedAt: revokedAt === undefined ? null : new Date(revokedAt),
  }
}

/**
 * Signed by the issuer, or by a delegated responder certificate of the issuer (RFC 6960, section 4.2.2.2).
 */
function isAuthentic(response: OcspResponse, { issuer, at }: OcspQuestion): boolean {
  const scheme = signatureScheme(response.signatureAlgorithm)
  if (!scheme || isForgeable(scheme)) return false
  return [issuer, ...response.certificates.filter((each) => isDelegate(each, issuer, at))].some(
    (signer) => isResponder(response.responder, signer) && isSignedBy(response, signer),
  )
}

function isResponder(responder: OcspResponse['responder'], signer: Certificate): boolean {
  if ('nameKey' in responder) return responder.nameKey === signer.subject.key
  return bytesEqual(responder.keyHash, keyHash(signer, 'sha1'))
}

function isDelegate(certificate: Certificate, issuer: Certificate, at: Date): boolean {
  const { decoded, notBefore, notAfter, fault } = certificate
  return (
    fault === undefined &&
    certificate.issuer.key === issuer.subject.key &&
    decoded.extendedKeyUsage?.includes(ocspSigningOid) === true &&
    notBefore <= at.getTime() + clockSkewMs &&
    at.getTime() <= notAfter &&
    isSignedBy(certificate, issuer)
  )
}

function refused(reason: string): OcspVerdict {
  return { ok: false, reason }
}
