import type { Verification } from '../../contract/inspect/certificate-facts.ts'
import { bytesEqual } from '../asn1/der.ts'
import { shortDate } from '../facts/format-time.ts'
import type { OcspBeside } from '../intake/intake.ts'
import { isIssuedBy } from '../ocsp/certificate-id.ts'
import { judgeOcspResponse } from '../ocsp/judge.ts'
import { type OcspAnswer, readOcspResponse } from '../ocsp/response.ts'
import type { Certificate } from '../x509/certificate.ts'
import { isSignedBy } from '../x509/signatures.ts'
import { reasonSuffix } from '../verify/revocation-breach.ts'
import { anchorsNamed, parseOrNone } from '../verify/anchor-index.ts'
import type { AnchorSet } from '../verify/anchor-set.ts'

interface OcspInputs {
  /** The leaf, and its chain in the files. DER. */
  path: Uint8Array[]
  /** All other certificates of the files. */
  others: Uint8Array[]
  responses: ReadResponse[]
  anchors: AnchorSet[]
  at: Date
}

const mostIssuers = 20
/** Limit for responses that revoke one serial number. */
const mostResponses = 5

/**
 * `verification` with the revocations that the files' OCSP responses prove. A revocation is final, so an old
 * response counts too; one that says good changes nothing.
 */
export function withOcspBeside(verification: Verification, inputs: OcspInputs): Verification {
  if (inputs.responses.length === 0 || verification.answers.authority.code === 'revoked') return verification
  const others = inputs.others.flatMap(parseOrNone)
  const [found] = inputs.path.flatMap(parseOrNone).flatMap((certificate, index) => {
    const about = inputs.responses
      .filter((one) => one.revocations.some(isOf(certificate)))
      .slice(0, mostResponses)
    const issuer = about.length > 0 ? issuerOf(certificate, others, inputs.anchors) : undefined
    if (!issuer) return []
    return about.flatMap((one) => revocationIn(one, { certificate, issuer, index, at: inputs.at }))
  })
  return found ? revoked(verification, found) : verification
}

interface ReadResponse extends OcspBeside {
  answers: OcspAnswer[]
  revocations: OcspAnswer[]
}

/** Reads each response once, not for each certificate again: a folder may have a thousand of both. */
export function readOcspBeside(responses: readonly OcspBeside[]): ReadResponse[] {
  return responses.map(({ file, der }) => {
    const response = readOcspResponse(der)
    const answers = 'refusal' in response ? [] : response.answers
    return { file, der, answers, revocations: answers.filter(({ status }) => status === 'revoked') }
  })
}

/**
 * Responses about the leaf that do not clear it, as sentences: of a stranger, and of its issuer that does not
 * know it, for which Firefox refuses the site (SEC_ERROR_OCSP_UNKNOWN_CERT).
 */
export function ocspDoubts({ path, others, responses, anchors, at }: OcspInputs): string[] {
  const [leaf] = path.slice(0, 1).flatMap(parseOrNone)
  const about = leaf
    ? responses.filter(({ answers }) => answers.some(isOf(leaf))).slice(0, mostResponses)
    : []
  const issuer = leaf && about.length > 0 ? issuerOf(leaf, others.flatMap(parseOrNone), anchors) : undefined
  if (!leaf || !issuer) return []
  return about.flatMap(({ file, der, answers }) => {
    const status = answers.find(isOf(leaf))?.status
    const judged = judgeOcspResponse(der, { leaf, issuer, at })
    return judged.ok || status === 'good'
      ? []
      : [`The OCSP response ${file} says “${status}” of it, but ${judged.reason}.`]
  })
}

/** Verdict where the responses given have to show that the leaf is not revoked. */
export function withGivenOcsp(verification: Verification, inputs: OcspInputs): Verification {
  const checked = withOcspBeside(verification, inputs)
  const [leaf] = inputs.path.slice(0, 1).flatMap(parseOrNone)
  const issuer = leaf && issuerOf(leaf, inputs.others.flatMap(parseOrNone), inputs.anchors)
  if (!checked.ok || !leaf || !issuer) return checked
  const verdicts = inputs.responses.map(({ der }) => judgeOcspResponse(der, { leaf, issuer, at: inputs.at }))
  const refusal = verdicts.find((verdict) => !verdict.ok)
  if (verdicts.some(({ ok }) => ok)) return checked
  const why = refusal && !refusal.ok ? refusal.reason : 'there is none'
  const reason = `Whether it was revoked does not follow from the OCSP responses given: ${why}.`
  const authority = { ok: false, code: 'revocation_unknown' as const, reason }
  return { ...checked, ok: false, answers: { ...checked.answers, authority }, path: [], trustedBy: null }
}

function isOf({ serial }: Certificate) {
  return (answer: OcspAnswer) => bytesEqual(answer.serial, serial)
}

/** The first that signed it: others of its name have the same key. */
function issuerOf(
  certificate: Certificate,
  others: Certificate[],
  anchors: AnchorSet[],
): Certificate | undefined {
  const { key } = certificate.issuer
  const named = others.filter(({ subject }) => subject.key === key)
  return [...named, ...anchors.flatMap((set) => anchorsNamed(set, key))]
    .slice(0, mostIssuers)
    .find((issuer) => isSignedBy(certificate, issuer))
}

interface Asked {
  certificate: Certificate
  issuer: Certificate
  index: number
  at: Date
}

interface Revocation {
  index: number
  /** A sentence. */
  message: string
}

function revocationIn({ file, der, revocations }: ReadResponse, asked: Asked): Revocation[] {
  const { certificate, issuer, index, at } = asked
  const answer = revocations.filter(isOf(certificate)).find((one) => isIssuedBy(one, issuer))
  if (answer?.revokedAt === undefined || answer.revokedAt > at.getTime()) return []
  const judged = judgeOcspResponse(der, { leaf: certificate, issuer, at: new Date(answer.thisUpdate) })
  if (!judged.ok || judged.status !== 'revoked') return []
  const subject = index === 0 ? 'It' : `The intermediate “${certificate.title}”`
  const on = `${shortDate(answer.revokedAt)}${reasonSuffix(answer.reason)}`
  return [{ index, message: `${subject} was revoked by its issuer on ${on} (${file}).` }]
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
