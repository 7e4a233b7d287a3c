import type { CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { bad, calledAfter, type Evidence, issuerAddress, listed } from './evidence.ts'

/**
 * Diagnosis of a chain whose last certificate, `top`, has no issuer in the files: a gap below another
 * authority of the files, a chain that belongs to something else, or an issuer that is only missing.
 * Undefined if the chain is complete, or if nothing says that an intermediate is missing.
 */
export function chainGap(evidence: Evidence, top: CertificateFacts, code: string): Diagnosis | undefined {
  if (top.isSelfSigned) return undefined
  const strangers = strangersOf(evidence)
  const namesake = strangers.find(({ subject }) => subject === top.issuer)
  const roots = evidence.roots.filter(({ subject }) => subject !== top.issuer)
  const above = [...strangers, ...roots].filter((one) => isOfSameAuthority(one.subject, top.issuer))
  if (namesake) return otherKey(evidence, top)
  if (above.length > 0) return between(evidence, top, above)
  if (strangers.length > 0) return unrelated(evidence, top, strangers)
  if (roots.length > 0 && roots.length <= mostRoots)
    return unrelated(evidence, top, roots, 'given as trusted')
  return code === 'missing_intermediate' ? missing(evidence, top) : undefined
}

/** Limit for given roots that are named; more are a store, in which most have nothing to do with the files. */
const mostRoots = 3

/** CA certificates of the files that are not on the way up from the leaf. */
function strangersOf({ report, verification, leaf }: Evidence): CertificateFacts[] {
  const way = new Set(verification?.candidates[0]?.certificates.map((one) => one.fingerprintSha256))
  return report.pieces.flatMap(({ certificate }) =>
    certificate?.isCa && certificate !== leaf?.certificate && !way.has(certificate.fingerprintSha256)
      ? [certificate]
      : [],
  )
}

/** Same organization, or without one the same first word: `Acme Issuing CA 1` and `Acme Root`. */
function isOfSameAuthority(one: string, other: string): boolean {
  const organization = (name: string) => /(?:^|,)O=((?:\\.|[^,\\])+)/.exec(name)?.[1]
  const [first, second] = [organization(one), organization(other)]
  if (first !== undefined || second !== undefined) return first === second
  const word = (name: string) => /^[^\s]{3,}/.exec(calledAfter(name))?.[0].toLowerCase()
  return word(one) !== undefined && word(one) === word(other)
}

const nameOf = ({ leaf }: Evidence, top: CertificateFacts): string =>
  top === leaf?.certificate ? top.title : `“${top.title}”`

const quoted = (all: readonly CertificateFacts[]): string => listed(all.map(({ title }) => `“${title}”`))

/** Source of the issuer's certificate, as an imperative sentence. */
function source(top: CertificateFacts): string {
  const address = issuerAddress(top)
  return address
    ? `Get it from ${address} and add it after the certificate.`
    : 'Get it from the authority, which sends it with the certificate, and add it after the certificate.'
}

function missing(evidence: Evidence, top: CertificateFacts): Diagnosis {
  return bad('missing-intermediate', [evidence.leaf], {
    sentence: `The intermediate “${calledAfter(top.issuer)}”, which signed ${nameOf(evidence, top)}, is missing.`,
    nextStep: source(top),
  })
}

function between(evidence: Evidence, top: CertificateFacts, above: CertificateFacts[]): Diagnosis {
  return bad('missing-intermediate', [evidence.leaf], {
    sentence: `The intermediate “${calledAfter(top.issuer)}” between ${nameOf(evidence, top)} and ${quoted(above)} is missing.`,
    nextStep: source(top),
  })
}

function unrelated(
  evidence: Evidence,
  top: CertificateFacts,
  strangers: CertificateFacts[],
  where = 'in the files',
): Diagnosis {
  return bad('unrelated-chain', [evidence.leaf], {
    sentence: `${quoted(strangers)} ${where} did not issue ${nameOf(evidence, top)}: “${calledAfter(top.issuer)}” did, which is missing.`,
    nextStep: source(top),
  })
}

function otherKey(evidence: Evidence, top: CertificateFacts): Diagnosis {
  return bad('unrelated-chain', [evidence.leaf], {
    sentence: `“${calledAfter(top.issuer)}” in the files did not issue ${nameOf(evidence, top)}: it has the name of the issuer, but another key.`,
    nextStep: source(top),
  })
}
