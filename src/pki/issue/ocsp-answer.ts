import { createPrivateKey } from 'node:crypto'
import { explicitTag, implicitTag } from '../asn1/der.ts'
import * as der from '../asn1/der-writer.ts'
import type { AuthorityMaterial } from './authority-certificates.ts'
import { signed } from './signing.ts'
import type { Certificate } from '../x509/certificate.ts'
import { nonceOid, type AskedCertificate, type OcspAsked } from '../ocsp/request.ts'
import { keyHash } from '../ocsp/certificate-id.ts'

export type OcspStatus =
  | { status: 'good' }
  | { status: 'unknown' }
  | { status: 'revoked'; at: Date; reason: number }

/** Statuses of an OCSPResponse without response bytes (RFC 6960, section 4.2.1). */
const refusals = { malformed: 1, tryLater: 3, unauthorized: 6 } as const
const basicResponse = '1.3.6.1.5.5.7.48.1.1'

export function ocspRefusal(why: keyof typeof refusals): Buffer {
  return der.sequence(der.enumerated(refusals[why]))
}

/** A response signed by the issuer itself (RFC 6960, section 4.2.2.2), with the request's nonce. */
export function answerOcsp(
  asked: OcspAsked,
  responder: { issuer: Certificate; material: AuthorityMaterial },
  answer: { at: Date; until: Date; statusOf: (asked: AskedCertificate) => OcspStatus },
): Buffer {
  const { at, until, statusOf } = answer
  const answers = asked.certificates.map((one) =>
    der.sequence(
      one.bytes,
      statusBytes(statusOf(one)),
      der.generalizedTime(at),
      der.element(explicitTag(0), der.generalizedTime(until)),
    ),
  )
  const content = der.sequence(
    der.element(explicitTag(2), der.octetString(keyHash(responder.issuer, 'sha1'))),
    der.generalizedTime(at),
    der.sequence(...answers),
    ...(asked.nonce ? [der.element(explicitTag(1), der.sequence(nonceExtension(asked.nonce)))] : []),
  )
  const basic = signed(content, createPrivateKey(responder.material.keyPem))
  const bytes = der.sequence(der.objectIdentifier(basicResponse), der.octetString(basic))
  return der.sequence(der.enumerated(0), der.element(explicitTag(0), bytes))
}

function nonceExtension(value: Uint8Array): Buffer {
  return der.sequence(der.objectIdentifier(nonceOid), der.octetString(value))
}

function statusBytes(status: OcspStatus): Buffer {
  if (status.status === 'good') return der.element(implicitTag(0))
  if (status.status === 'unknown') return der.element(implicitTag(2))
  const reason = status.reason === 0 ? [] : [der.element(explicitTag(0), der.enumerated(status.reason))]
  return der.element(explicitTag(1), der.generalizedTime(status.at), ...reason)
}
