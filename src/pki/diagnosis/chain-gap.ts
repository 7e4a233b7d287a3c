import type { CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { noneBelow } from '../facts/describe-extension.ts'
import { publishedCertificate } from '../authorities/known-authorities.ts'
import { bad, calledAfter, type Evidence, issuerAddress, listed, pieceOf } from './evidence.ts'

/**
 * Diagnosis of a chain whose last certificate, `top`, has no issuer in the files: a gap below another
 * authority of the files, a chain that belongs to something else, or an issuer that is only missing.
 * Undefined if the chain is complete, or if nothing says that an intermediate is missing.
 */
export function chainGap(evidence: Evidence, top: CertificateFacts, code: string): Diagnosis | undefined {
  if (top.isSelfSigned) return undefined
  const strangers = strangersOf(evidence, top)
  const intermediates = strangers.filter(({ isSelfSigned }) => !isSelfSigned)
  const namesakes = strangers.filter(({ subject }) => subject === top.issuer)
  const roots = evidence.roots.filter(({ subject }) => subject !== top.issuer)
  const above = [...strangers, ...roots].filter((one) => isOfSameAuthority(one.subject, top.issuer))
  if (namesakes.length > 0) return otherKey(evidence, top, namesakes)
  if (intermediates.length > 0) return otherIssuer(evidence, top, intermediates)
  if (above.length > 0) return between(evidence, top, above)
  if (strangers.length > 0) return unrelated(evidence, top, strangers)
  if (roots.length > 0 && roots.length <= mostRoots)
    return unrelated(evidence, top, roots, 'given as trusted')
  return code === 'missing_intermediate' ? missing(evidence, top) : undefined
}

/** Limit for given roots that are named; more are a store, in which most have nothing to do with the files. */
const mostRoots = 3

/** CA certificates of the files that are neither on the way up from the leaf nor beside it. */
function strangersOf(evidence: Evidence, top: CertificateFacts): CertificateFacts[] {
  const { report, verification, leaf } = evidence
  const way = verification?.candidates[0]?.certificates ?? []
  const known = new Set(way.map((one) => one.fingerprintSha256))
  const issuers = new Set(
    way.slice(1).map((one) => pieceOf(evidence, one.fingerprintSha256)?.certificate?.issuer),
  )
  return report.pieces.flatMap(({ certificate }) =>
    certificate?.isCa &&
    certificate !== leaf?.certificate &&
    !known.has(certificate.fingerprintSha256) &&
    (certificate.subject === top.issuer || !issuers.has(certificate.issuer))
      ? [certificate]
      : [],
  )
}

/**
 * True if `one` cannot have issued the missing intermediate either: it allows no authority below it (RFC 5280
 * 4.2.1.9), or its name differs only in a number, as those of one series do (R10, R11).
 */
function isSibling(one: CertificateFacts, top: CertificateFacts): boolean {
  const constraints = one.extensions.find(({ oid }) => oid === '2.5.29.19')
  const series = (name: string) => calledAfter(name).replace(/\d+/g, '#')
  return constraints?.words.includes(noneBelow) || series(one.subject) === series(top.issuer)
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

const quoted = (all: readonly CertificateFacts[]): string =>
  listed([...new Set(all.map(({ title }) => `“${title}”`))])

/** Source of the issuer's certificate, as an imperative sentence. */
function source(top: CertificateFacts, what = 'it'): string {
  const known = publishedCertificate(calledAfter(top.issuer))?.address
  const address = issuerAddress(top) ?? known ?? 'the authority, which sends it with the certificate,'
  return `Get ${what} from ${address} and add it after the certificate.`
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
    sentence: `“${calledAfter(top.issuer)}”, which issued ${nameOf(evidence, top)}, is missing: ${quoted(strangers)} ${where} did not issue it.`,
    nextStep: source(top),
  })
}

/** Intermediates in the files, and the issuer is another one: the sibling that the authority used before or after. */
function otherIssuer(evidence: Evidence, top: CertificateFacts, found: CertificateFacts[]): Diagnosis {
  const issuer = `“${calledAfter(top.issuer)}”`
  const possible = found.filter((one) => !isSibling(one, top))
  const unless = possible.length > 0 ? `, unless ${quoted(possible)} issued ${issuer}` : ''
  return bad('unrelated-chain', [evidence.leaf, ...piecesOf(evidence, found)], {
    sentence: `${quoted(found)} did not issue ${nameOf(evidence, top)}: ${issuer} did, which is missing.`,
    nextStep: `Leave ${quoted(found)} out${unless}. ${source(top, issuer)}`,
  })
}

function otherKey(evidence: Evidence, top: CertificateFacts, found: CertificateFacts[]): Diagnosis {
  return bad('unrelated-chain', [evidence.leaf, ...piecesOf(evidence, found)], {
    sentence: `“${calledAfter(top.issuer)}” in the files did not issue ${nameOf(evidence, top)}: it has the name of the issuer, but another key.`,
    nextStep: `Leave it out. ${source(top, 'the one that did')}`,
  })
}

const piecesOf = (evidence: Evidence, all: CertificateFacts[]) =>
  all.map(({ fingerprintSha256 }) => pieceOf(evidence, fingerprintSha256))
