import { rfc5280, type Breach, type BreachCode } from './breach.ts'
import { keyFault, signatureFault } from './strength.ts'
import { extensionOids, keyUsageBits } from '../x509/extensions.ts'
import type { Certificate } from '../x509/certificate.ts'
import type { Question } from './question.ts'
import { replacedCertificate } from '../authorities/known-authorities.ts'
import { nameTitle } from '../x509/distinguished-name.ts'
import { relative, shortDate } from '../facts/format-time.ts'

export interface Place {
  certificate: Certificate
  index: number
  role: 'leaf' | 'intermediate' | 'anchor'
  /** The certificates nearer to the leaf, leaf first. */
  below: Certificate[]
  /** True for an anchor; a leaf can be one too. */
  trusted: boolean
}

export type Rule = (place: Place, question: Question) => Breach | undefined

/** `It`, `The intermediate “R11”`, `The root “ISRG Root X1”`. */
export function called({ certificate, role }: Pick<Place, 'certificate' | 'role'>): string {
  if (role === 'leaf') return 'It'
  return `The ${role === 'anchor' ? 'root' : 'intermediate'} “${certificate.title}”`
}

function breach(place: Place, code: BreachCode, predicate: string, reference: string): Breach {
  return { code, message: `${called(place)} ${predicate}.`, index: place.index, reference }
}

const wellFormed: Rule = (place) => {
  const { fault } = place.certificate
  return fault ? breach(place, 'malformed', `cannot be used: ${fault}`, rfc5280('4.2')) : undefined
}

const inPeriod: Rule = (place, { at, anchorsExpire }) => {
  if (place.role === 'anchor' && !anchorsExpire) return undefined
  const { notBefore, notAfter } = place.certificate
  const reference = rfc5280('6.1.3 (a)(2)')
  if (at > notAfter)
    return breach(
      place,
      'expired',
      `was valid until ${shortDate(notAfter)} (${relative(notAfter, at)})`,
      reference,
    )
  if (at < notBefore)
    return breach(
      place,
      'not_yet_valid',
      `is valid only from ${shortDate(notBefore)} (${relative(notBefore, at)})`,
      reference,
    )
  return undefined
}

const processed = new Set<string>([
  extensionOids.keyUsage,
  extensionOids.subjectAltName,
  extensionOids.basicConstraints,
  extensionOids.nameConstraints,
  extensionOids.crlDistributionPoints,
  extensionOids.certificatePolicies,
  extensionOids.policyMappings,
  extensionOids.policyConstraints,
  extensionOids.extendedKeyUsage,
  extensionOids.inhibitAnyPolicy,
])

const criticalsKnown: Rule = (place) => {
  const unknown = place.certificate.extensions.find((e) => e.critical && !processed.has(e.oid))
  if (!unknown) return undefined
  const what = `has the critical extension ${unknown.oid}, which may not be critical or is not known here`
  return breach(place, 'unknown_critical_extension', what, rfc5280('4.2'))
}

const strongKey: Rule = (place) => {
  const fault = keyFault(place.certificate)
  return fault
    ? breach(place, 'weak_key', `has ${fault}`, 'CA/Browser Forum baseline requirements, section 6.1.5')
    : undefined
}

/** An anchor is trusted directly; its own signature does not matter. */
const strongSignature: Rule = (place) => {
  if (place.trusted) return undefined
  const fault = signatureFault(place.certificate)
  const reference = 'CA/Browser Forum baseline requirements, section 7.1.3.2'
  return fault ? breach(place, 'weak_signature', `is signed ${fault}`, reference) : undefined
}

const anyPurpose = '2.5.29.37.0'
const purposes = {
  server: { oid: '1.3.6.1.5.5.7.3.1', words: 'TLS servers' },
  client: { oid: '1.3.6.1.5.5.7.3.2', words: 'TLS clients' },
}

/**
 * Every certificate of a path restricts the purposes. All clients implement it that way, although RFC 5280
 * covers only the leaf.
 */
const forPurpose: Rule = (place, { purpose }) => {
  const allowed = place.certificate.decoded.extendedKeyUsage
  if (purpose === 'any' || !allowed) return undefined
  const { oid, words } = purposes[purpose]
  if (allowed.includes(oid) || allowed.includes(anyPurpose)) return undefined
  return breach(place, 'wrong_purpose', `is not meant for ${words}`, rfc5280('4.2.1.12'))
}

const leafKeyUsage: Rule = (place, { purpose }) => {
  const usage = place.certificate.decoded.keyUsage
  if (purpose === 'any' || !usage) return undefined
  const { digitalSignature, keyEncipherment, keyAgreement } = keyUsageBits
  const fits = [digitalSignature, keyEncipherment, keyAgreement].some((bit) => usage.has(bit))
  return fits
    ? undefined
    : breach(place, 'wrong_purpose', 'has a key that may not be used for TLS', rfc5280('4.2.1.12'))
}

const isAuthority: Rule = (place) => {
  const { version, decoded } = place.certificate
  // Only version 3 has basic constraints. An older trusted certificate counts as CA.
  if (place.role === 'anchor' && version < 3) return undefined
  if (decoded.basicConstraints?.isCa) return undefined
  const issued = place.below.at(-1)?.title
  const claim = `is not a CA, so it cannot have issued ${place.index === 1 ? issued : `“${issued}”`}`
  return breach(place, 'not_an_authority', claim, rfc5280('6.1.4 (k)'))
}

const maySign: Rule = (place) => {
  const usage = place.certificate.decoded.keyUsage
  if (!usage || usage.has(keyUsageBits.keyCertSign)) return undefined
  return breach(place, 'not_an_authority', 'has a key that may not sign certificates', rfc5280('6.1.4 (n)'))
}

const withinLength: Rule = (place) => {
  const limit = place.certificate.decoded.basicConstraints?.pathLength
  const beneath = intermediatesIn(place.below)
  if (limit === undefined || beneath <= limit) return undefined
  const what = `allows ${count(limit, 'intermediate')} beneath it, and there ${beneath === 1 ? 'is' : 'are'} ${beneath}`
  return breach(place, 'path_too_long', what, rfc5280('6.1.4 (l)'))
}

/** Number of intermediates, without the leaf and self-issued ones. */
export function intermediatesIn(certificates: Certificate[]): number {
  return certificates.slice(1).filter((certificate) => !certificate.isSelfIssued).length
}

function count(number: number, noun: string): string {
  return number === 1 ? `one ${noun}` : `${number === 0 ? 'no' : number} ${noun}s`
}

/** Cross-signs that a public CA revoked and published anew. */
const notReplaced: Rule = (place, { at }) => {
  const known = place.trusted ? undefined : replacedCertificate(place.certificate.serial)
  if (!known || at < Date.parse(known.replaced) || nameTitle(place.certificate.issuer) !== known.issuer)
    return undefined
  const what = `was revoked by “${known.issuer}”, which issued another one in its place on ${shortDate(Date.parse(known.replaced))}`
  return breach(place, 'revoked', what, rfc5280('6.1.3 (a)(3)'))
}

const everywhere: Rule[] = [
  wellFormed,
  inPeriod,
  criticalsKnown,
  strongKey,
  strongSignature,
  forPurpose,
  notReplaced,
]
const leafRules: Rule[] = [...everywhere, leafKeyUsage]
const authorityRules: Rule[] = [...everywhere, isAuthority, maySign, withinLength]

/** The checks of a certificate, alone and in its position on the path. */
export function rulesFor(role: Place['role']): Rule[] {
  return role === 'leaf' ? leafRules : authorityRules
}
