import type { Answer, FourAnswers, Verification } from '../../contract/inspect/certificate-facts.ts'
import { certificateFacts, chainFromPem } from '../../pki/facts/certificate.ts'
import { coversDomain } from '../../pki/x509/host-names.ts'
import { type AnchorSet, verifyCertificate } from '../../pki/verify/verify.ts'
import { refusingPrograms } from '../../pki/roots/program-verdict.ts'
import type { PolicyInputs } from '../../pki/verify/policies.ts'
import type { Purpose } from '../../pki/verify/question.ts'
import { readOcspBeside, withOcspBeside } from '../../pki/inspect/ocsp-beside.ts'
import type { OcspBeside } from '../../pki/intake/intake.ts'
import { publicRoots, systemRoots } from './anchors.ts'
import type { Core } from '../core/core.ts'

/** Trust anchors: the public roots, this system's, and the local authority's, retired ones included. */
export function trustedAnchors(parts: Core): AnchorSet[] {
  return [...localAnchors(parts), publicRoots(), systemRoots()]
}

/** The roots of the local authority, retired ones included; none without one. */
export function localAnchors({ vault }: Core): AnchorSet[] {
  const own = vault.authority.list().flatMap(({ certificatePem }) => chainFromPem(certificatePem))
  return own.length > 0 ? [{ name: 'local authority', certificates: own }] : []
}

/** The four verdicts on a chain, leaf first; `domain` may be a wildcard, which no host matcher takes. */
export function verifyChain(
  parts: Core,
  chain: Uint8Array[],
  question: {
    domain?: string
    at?: Date
    anchors?: AnchorSet[]
    anchorsExpire?: boolean
    purpose?: Purpose
    crlsBeside?: Uint8Array[]
    /** Responses among the files that the chain came with. */
    ocspBeside?: OcspBeside[]
    policies?: PolicyInputs
    webProfile?: boolean
  } = {},
): Verification {
  const [leaf, ...intermediates] = chain
  if (!leaf) throw new TypeError('A chain has at least its leaf')
  const { domain, ocspBeside = [] } = question
  const { anchors = trustedAnchors(parts), at = parts.clock() } = question
  const alone = verifyCertificate({
    leaf,
    intermediates,
    anchors,
    anchorsExpire: question.anchorsExpire,
    at,
    host: domain?.startsWith('*.') ? undefined : domain,
    purpose: question.purpose ?? 'server',
    crlsBeside: question.crlsBeside,
    policies: question.policies,
    webProfile: question.webProfile,
  })
  const responses = readOcspBeside(ocspBeside)
  const verification = withOcspBeside(alone, { path: chain, others: intermediates, responses, anchors, at })
  return domain?.startsWith('*.')
    ? withName(verification, coversDomain(certificateFacts(leaf).names, domain))
    : verification
}

/** The same, with the authority refused if a browser's or system's own list of roots refuses it. */
export function verifyForBrowsers(parts: Core, chain: Uint8Array[], domain: string): Verification {
  const verification = verifyChain(parts, chain, { domain })
  const [leaf] = chain as [Uint8Array]
  const verify = (by: { anchors: AnchorSet[] }) => verifyChain(parts, chain, { domain, ...by })
  const refusals = refusingPrograms({ leaf, anchors: trustedAnchors(parts), verify }, verification)
  if (refusals.length === 0) return verification
  const authority = { ok: false, code: 'unknown_authority', reason: refusals.join(' ') }
  return { ...verification, ok: false, answers: { ...verification.answers, authority } }
}

function withName(verification: Verification, name: Answer): Verification {
  const answers: FourAnswers = { ...verification.answers, name }
  return { ...verification, ok: verification.ok && name.ok, answers }
}
