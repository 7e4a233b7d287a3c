import { extensionIn, keyUsageBits } from '../x509/extensions.ts'
import { accessUrls } from '../x509/extension-contents.ts'
import type { CertificateFacts, Verification } from '../../contract/inspect/certificate-facts.ts'
import { type HostNames, nameChanges } from '../../domain/covered-names.ts'
import { isInLastThird, isValidNow, validityAt } from '../../domain/validity.ts'
import { bytesEqual } from '../asn1/der.ts'
import { certificateFacts } from '../facts/certificate.ts'
import { certificateOf, type Certificate } from '../x509/certificate.ts'
import { nameTitle } from '../x509/distinguished-name.ts'
import { strengthChange } from './strength.ts'

/** Certificate of a swap: its chain (DER, leaf first) and the verdict on it within its validity period. */
export interface ReplacementSide {
  chain: readonly Uint8Array[]
  verification: Pick<Verification, 'trustedBy' | 'answers'>
  /** A renewal replaces it before it ends. */
  isRenewed?: boolean
}

interface Issuer {
  authority: string
  trustedBy: string | null
}

/** Properties of a certificate that are known before it is issued. */
export interface PromisedCertificate {
  names: HostNames
  /** Absent while it is unknown. */
  issuer?: Issuer
}

/** Trust anchors by the number of clients that have them, the most first. */
const reaches = [
  { trustedBy: 'public roots', text: 'a public authority' },
  { trustedBy: 'system roots', text: 'trusted by this system' },
  { trustedBy: 'local authority', text: 'only where its root was added' },
]
const monthMs = 30 * 86_400_000
const organization = '2.5.4.10'

/**
 * Reasons why `after` is worse than `before`, each a phrase; empty if it may replace it without a decision.
 * Without `before`, a certificate is only compared with the clock. One rule for renewals and for people.
 */
export function replacementProblems(
  before: ReplacementSide | null,
  after: ReplacementSide,
  at: Date,
): string[] {
  const fresh = factsOf(after)
  const problems = outOfTime(fresh, at)
  if (!before) return problems
  const old = factsOf(before)
  const strength = strengthChange(old, fresh)
  if (strength.change === 'weaker') problems.push(strength.sentence.replace(/^It/, 'it').replace(/\.$/, ''))
  problems.push(...lostNames(old.names, fresh.names))
  if (lacksIntermediate(before, after)) problems.push('it came without the intermediates that clients need')
  else problems.push(...fewerClients(issuerOf(before), issuerOf(after)), ...otherRoot(before, after))
  problems.push(...newBreaches(before, after))
  if (isValidNow(fresh, at) && endsTooEarly(old, after, at))
    problems.push(`it ends earlier, on ${day(fresh.notAfter)}`)
  return problems
}

/** Part of the rule that applies before the certificate is issued. */
export function promisedProblems(before: ReplacementSide, { names, issuer }: PromisedCertificate): string[] {
  const lost = lostNames(factsOf(before).names, names)
  return issuer ? [...lost, ...fewerClients(issuerOf(before), issuer)] : lost
}

function issuerOf({ chain, verification: { trustedBy } }: ReplacementSide): Issuer {
  return { authority: authorityOf(chain), trustedBy }
}

function outOfTime(facts: CertificateFacts, at: Date): string[] {
  const validity = validityAt(facts, at)
  if (validity === 'expired') return [`it expired on ${day(facts.notAfter)}`]
  return validity === 'not-yet-valid' ? [`it is not valid before ${day(facts.notBefore)}`] : []
}

function lostNames(before: HostNames, after: HostNames): string[] {
  const { lost } = nameChanges(before, after)
  return lost.length > 0 ? [`it no longer covers ${lost.join(', ')}`] : []
}

function fewerClients(was: Issuer, is: Issuer): string[] {
  if (reachOf(is) <= reachOf(was)) return []
  return [
    `fewer clients trust its authority: ${is.authority} (${formatReach(is)}) instead of ${was.authority} (${formatReach(was)})`,
  ]
}

/** Clients that have one private root may lack the other; every client has the public ones. */
function otherRoot(before: ReplacementSide, after: ReplacementSide): string[] {
  const [was, is] = [issuerOf(before), issuerOf(after)]
  const isPrivate = reachOf(is) > 0 && reachOf(is) === reachOf(was)
  if (!isPrivate || isSameRoot(topOf(before), topOf(after))) return []
  return is.authority === was.authority
    ? [`another authority of the same name issued it: ${is.authority}`]
    : [`another authority issued it: ${is.authority} instead of ${was.authority}`]
}

/** Compares the keys that sign the tops of two chains, as each private authority may have any name. */
function isSameRoot(was: Certificate, is: Certificate): boolean {
  const [before, after] = [signerKeyId(was), signerKeyId(is)]
  if (before && after) return bytesEqual(before, after)
  return was.issuer.key === is.issuer.key && (!is.isSelfIssued || bytesEqual(was.spki, is.spki))
}

/** Identifier of the key that signed it; undefined without one. */
function signerKeyId({ isSelfIssued, decoded }: Certificate): Uint8Array | undefined {
  const own = isSelfIssued ? decoded.subjectKeyIdentifier : undefined
  return decoded.authorityKeyIdentifier?.keyIdentifier ?? own
}

function newBreaches(before: ReplacementSide, after: ReplacementSide): string[] {
  const known = new Set(serverBreaches(leafOf(before.chain)))
  return serverBreaches(leafOf(after.chain)).filter((phrase) => !known.has(phrase))
}

/** True in its last third, and with less than a month and a third of the time left, unless it is renewed. */
function endsTooEarly(old: CertificateFacts, after: ReplacementSide, at: Date): boolean {
  const fresh = factsOf(after)
  if (fresh.notAfter >= old.notAfter) return false
  const left = timeLeft(fresh, at)
  // A public certificate of 90 days for a private one of a year is the ordinary way.
  const isMuchEarlier = left < monthMs && 3 * left < timeLeft(old, at)
  return isInLastThird(fresh, at) || (isMuchEarlier && !after.isRenewed)
}

function timeLeft({ notAfter }: CertificateFacts, at: Date): number {
  return Date.parse(notAfter) - at.getTime()
}

/** Position in `reaches`: the larger, the fewer clients. */
function reachOf({ trustedBy }: Issuer): number {
  const index = reaches.findIndex((reach) => reach.trustedBy === trustedBy)
  return index < 0 ? reaches.length : index
}

function formatReach(issuer: Issuer): string {
  return reaches[reachOf(issuer)]?.text ?? 'not trusted here'
}

function lacksIntermediate(before: ReplacementSide, after: ReplacementSide): boolean {
  const { trustedBy, answers } = after.verification
  if (trustedBy !== null) return false
  const { issuer } = factsOf(after)
  const hadIssuer = before.chain.slice(1).some((der) => certificateFacts(der).subject === issuer)
  const isIncomplete = answers.authority.code === 'missing_intermediate'
  return (hadIssuer && after.chain.length === 1) || (before.verification.trustedBy !== null && isIncomplete)
}

/** The organization that issued the leaf, or else the name at the top of its chain: intermediates change. */
function authorityOf(chain: readonly Uint8Array[]): string {
  const leaf = leafOf(chain)
  const named = leaf.issuer.rdns.flat().find(({ oid }) => oid === organization)
  return named?.text ?? nameTitle(topOf({ chain }).issuer)
}

function topOf({ chain }: Pick<ReplacementSide, 'chain'>): Certificate {
  return certificateOf(chain.at(-1) ?? leafOf(chain).der)
}

function factsOf({ chain }: ReplacementSide): CertificateFacts {
  return certificateFacts(leafOf(chain).der)
}

function leafOf([der]: readonly Uint8Array[]): Certificate {
  if (!der) throw new TypeError('A chain has at least its leaf')
  return certificateOf(der)
}

function day(time: string): string {
  return time.slice(0, 10)
}

const serverAuth = '1.3.6.1.5.5.7.3.1'
const anyPurpose = '2.5.29.37.0'

/** Reasons for which clients refuse a certificate as a TLS server's, each a phrase without details of it. */
function serverBreaches({ decoded, extensions }: Certificate): string[] {
  const { extendedKeyUsage: purposes, keyUsage, basicConstraints, authorityInfoAccess } = decoded
  const breaches = {
    'it is not issued for TLS servers':
      purposes && !purposes.includes(serverAuth) && !purposes.includes(anyPurpose),
    'its key may not sign handshakes': keyUsage && !keyUsage.has(keyUsageBits.digitalSignature),
    'it is the certificate of an authority': basicConstraints?.isCa,
    'it demands a stapled OCSP answer, and names no OCSP responder':
      extensionIn(extensions, 'tlsFeature') && accessUrls(authorityInfoAccess, 'ocsp').length === 0,
  }
  return Object.entries(breaches).flatMap(([phrase, isBroken]) => (isBroken ? [phrase] : []))
}
