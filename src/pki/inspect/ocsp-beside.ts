import type { Verification } from '../../contract/inspect/certificate-facts.ts'
import { bytesEqual } from '../asn1/der.ts'
import { shortDate } from '../facts/format-time.ts'
import type { OcspBeside } from '../intake/intake.ts'
import { isIssuedBy } from '../ocsp/certificate-id.ts'
import { judgeOcspResponse } from '../ocsp/judge.ts'
import { type OcspAnswer, readOcspResponse } from '../ocsp/response.ts'
import type { Certificate } from '../x509/certificate.ts'
import { isSignedBy } from '../x509/signatures.ts'
import { anchorsNamed, parseOrNone } from '../verify/anchor-index.ts'
import type { AnchorSet } from '../verify/anchor-set.ts'

interface OcspInputs {
  /** The leaf, and its chain in the files. DER. */
  path: Uint8Array[]
  /** All other certificates of the files. */
  others: Uint8Array[]
  responses: OcspBeside[]
  anchors: AnchorSet[]
  at: Date
}

/** Limit for issuers of one name. */
const mostIssuers = 20

/**
 * `verification` with the revocations that the files' OCSP responses prove. A revocation is final, so an old
 * response counts too; one that says good changes nothing.
 */
export function withOcspBeside(verification: Verification, inputs: OcspInputs): Verification {
  if (inputs.responses.length === 0 || verification.answers.authority.code === 'revoked') return verification
  const others = inputs.others.flatMap(parseOrNone)
  const [found] = inputs.path.flatMap(parseOrNone).flatMap((certificate, index) => {
    const issuers = issuersOf(certificate, others, inputs.anchors)
    return inputs.responses.flatMap((one) =>
      revocationIn(one, { certificate, issuers, index, at: inputs.at }),
    )
  })
  return found ? revoked(verification, found) : verification
}

function issuersOf(certificate: Certificate, others: Certificate[], anchors: AnchorSet[]): Certificate[] {
  const { key } = certificate.issuer
  const named = others.filter(({ subject }) => subject.key === key)
  return [...named, ...anchors.flatMap((set) => anchorsNamed(set, key))]
    .slice(0, mostIssuers)
    .filter((issuer) => isSignedBy(certificate, issuer))
}

interface Asked {
  certificate: Certificate
  issuers: Certificate[]
  index: number
  at: Date
}

interface Revocation {
  index: number
  /** A sentence. */
  message: string
}

function revocationIn({ file, der }: OcspBeside, { certificate, issuers, index, at }: Asked): Revocation[] {
  for (const issuer of issuers) {
    const answer = revocationOf(der, certificate, issuer)
    if (answer?.revokedAt === undefined || answer.revokedAt > at.getTime()) continue
    const judged = judgeOcspResponse(der, { leaf: certificate, issuer, at: new Date(answer.thisUpdate) })
    if (!judged.ok || judged.status !== 'revoked') continue
    const subject = index === 0 ? 'It' : `The intermediate “${certificate.title}”`
    const on = shortDate(answer.revokedAt)
    return [{ index, message: `${subject} was revoked by its issuer on ${on} (${file}).` }]
  }
  return []
}

function revocationOf(der: Uint8Array, { serial }: Certificate, issuer: Certificate): OcspAnswer | undefined {
  const response = readOcspResponse(der)
  if ('refusal' in response) return undefined
  return response.answers.find(
    (one) => one.status === 'revoked' && bytesEqual(one.serial, serial) && isIssuedBy(one, issuer),
  )
}

function revoked({ answers, candidates, ...rest }: Verification, found: Revocation): Verification {
  const authority = { ok: false, code: 'revoked', reason: found.message }
  const [nearest, ...more] = candidates
  const broken = { code: 'revoked', ...found, reference: 'RFC 6960, section 2.2' }
  return {
    ...rest,
    ok: false,
    answers: { ...answers, authority },
    path: [],
    candidates: nearest ? [{ ...nearest, broken: nearest.broken ?? broken }, ...more] : candidates,
    trustedBy: null,
  }
}
