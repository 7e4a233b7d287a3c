import { createHash } from 'node:crypto'
import { readAlgorithm, type Algorithm } from './algorithms.ts'
import {
  bytesEqual,
  DerError,
  explicitTag,
  implicitTag,
  inside,
  mapElements,
  readBitOctets,
  readBoolean,
  readCount,
  readIntegerBytes,
  readNamedBits,
  readOne,
  readTime,
  tags,
  toHex,
  type DerElement,
  type DerReader,
} from '../asn1/der.ts'
import { readDistributionPointName, type DistributionPointName } from './distribution-points.ts'
import { readName, type DistinguishedName } from './distinguished-name.ts'
import { extensionOids, readAuthorityKeyIdentifier, readExtensions, type RawExtension } from './extensions.ts'
import { readGeneralNames } from './general-names.ts'

export interface RevokedEntry {
  /** Milliseconds since 1970. */
  date: number
  /** RFC 5280, section 5.3.1; default 0, unspecified. */
  reason: number
}

/** The scope of a CRL (RFC 5280, section 5.2.5). */
export interface IssuingDistributionPoint {
  name?: DistributionPointName
  onlyUserCertificates: boolean
  onlyAuthorities: boolean
  onlyAttributeCertificates: boolean
  onlySomeReasons?: Set<number>
  isIndirect: boolean
}

export interface RevocationList {
  tbs: Uint8Array
  signature: Uint8Array
  signatureAlgorithm: Algorithm
  issuer: DistinguishedName
  thisUpdate: number
  nextUpdate: number | undefined
  /** Keyed by `entryKey`. */
  entries: Map<string, RevokedEntry>
  scope: IssuingDistributionPoint | undefined
  /** The DER of the scope; empty without one. */
  scopeBytes: Uint8Array
  number: bigint | undefined
  /** Number of the base CRL, if this is a delta CRL. */
  baseNumber: bigint | undefined
  authorityKeyIdentifier: Uint8Array | undefined
  /** Reason why it is unusable, in words. */
  fault: string | undefined
}

/** Entries of indirect CRLs belong to an issuer, so the key has the issuer's name with the serial number. */
export function entryKey(issuer: DistinguishedName, serial: Uint8Array): string {
  return `${toHex(serial)} ${issuer.key}`
}

/**
 * Reads a CertificateList (RFC 5280, section 5.1).
 * @throws `DerError`
 */
function parseRevocationList(der: Uint8Array): RevocationList {
  const outer = inside(readOne(der, tags.sequence))
  const tbs = outer.next(tags.sequence)
  const outerAlgorithm = readAlgorithm(outer.next(tags.sequence))
  const signature = readBitOctets(outer.next(tags.bitString))
  outer.end()
  const fields = inside(tbs)
  const version = fields.optional(tags.integer)
  const signatureAlgorithm = readAlgorithm(fields.next(tags.sequence))
  const issuer = readName(fields.next(tags.sequence))
  const thisUpdate = readTime(fields.next())
  const nextUpdate = isTime(fields.peekTag()) ? readTime(fields.next()) : undefined
  const revoked = fields.optional(tags.sequence)
  const extensions = readListExtensions(fields)
  const { entries, fault: entryFault } = readEntries(revoked, issuer)
  const sameAlgorithm = bytesEqual(outerAlgorithm.bytes, signatureAlgorithm.bytes)
  const facts = extensionFacts(extensions)
  const fault = sameAlgorithm
    ? (versionFault(version) ?? listFault(extensions) ?? entryFault)
    : 'it names two different signature algorithms'
  return {
    tbs: tbs.bytes,
    signature,
    signatureAlgorithm,
    issuer,
    thisUpdate,
    nextUpdate,
    entries,
    ...facts,
    fault,
  }
}

const isTime = (tag: number | undefined): boolean => tag === tags.utcTime || tag === tags.generalizedTime

function readListExtensions(fields: DerReader): Map<string, RawExtension> {
  const field = fields.optional(explicitTag(0))
  fields.end()
  return field ? readExtensions(readOne(field.content, tags.sequence)) : new Map()
}

function versionFault(version: DerElement | undefined): string | undefined {
  return version && readCount(version) === 1 ? undefined : 'it is not of version 2'
}

const processed = new Set<string>([extensionOids.issuingDistributionPoint, extensionOids.deltaCrlIndicator])
const processedInEntries = new Set<string>([extensionOids.certificateIssuer, extensionOids.reasonCode])

/** Sections 5.2 and 5.2.3: unknown critical extensions and a missing number make a CRL unusable. */
function listFault(extensions: Map<string, RawExtension>): string | undefined {
  const unknown = extensions.values().find((extension) => extension.critical && !processed.has(extension.oid))
  if (unknown) return `its critical extension ${unknown.oid} is not known here`
  return extensions.has(extensionOids.crlNumber) ? undefined : 'it has no number'
}

type ExtensionFacts = Pick<
  RevocationList,
  'scope' | 'scopeBytes' | 'number' | 'baseNumber' | 'authorityKeyIdentifier'
>

function extensionFacts(extensions: Map<string, RawExtension>): ExtensionFacts {
  const value = (oid: string): Uint8Array | undefined => extensions.get(oid)?.value
  const scope = value(extensionOids.issuingDistributionPoint)
  const number = value(extensionOids.crlNumber)
  const base = value(extensionOids.deltaCrlIndicator)
  const authority = value(extensionOids.authorityKeyIdentifier)
  return {
    scope: scope && readScope(scope),
    scopeBytes: scope ?? new Uint8Array(),
    number: number && readNumber(number),
    baseNumber: base && readNumber(base),
    authorityKeyIdentifier: authority && readAuthorityKeyIdentifier(authority).keyIdentifier,
  }
}

/** CRL numbers have up to 20 octets (section 5.2.3). */
function readNumber(value: Uint8Array): bigint {
  return BigInt(`0x${toHex(readIntegerBytes(readOne(value, tags.integer)))}`)
}

function readScope(value: Uint8Array): IssuingDistributionPoint {
  const fields = inside(readOne(value, tags.sequence))
  const name = fields.optional(explicitTag(0))
  const flag = (number: number): boolean => {
    const element = fields.optional(implicitTag(number))
    return element !== undefined && readBoolean(element)
  }
  const onlyUserCertificates = flag(1)
  const onlyAuthorities = flag(2)
  const reasons = fields.optional(implicitTag(3))
  const isIndirect = flag(4)
  const onlyAttributeCertificates = flag(5)
  fields.end()
  return {
    ...(name ? { name: readDistributionPointName(name) } : {}),
    ...(reasons ? { onlySomeReasons: readNamedBits(reasons) } : {}),
    onlyUserCertificates,
    onlyAuthorities,
    onlyAttributeCertificates,
    isIndirect,
  }
}

function readEntries(revoked: DerElement | undefined, listIssuer: DistinguishedName) {
  const entries = new Map<string, RevokedEntry>()
  let fault: string | undefined
  // Section 5.3.3: an entry without an issuer has that of the entry before.
  let issuer = listIssuer
  if (!revoked) return { entries, fault }
  mapElements(revoked, (element) => {
    const fields = inside(element)
    const serial = readIntegerBytes(fields.next(tags.integer))
    const date = readTime(fields.next())
    const extensions = fields.done ? undefined : readExtensions(fields.next(tags.sequence))
    issuer = (extensions && entryIssuer(extensions)) ?? issuer
    const unknown = extensions?.values().find((e) => e.critical && !processedInEntries.has(e.oid))
    if (unknown) fault ??= `a critical extension of an entry, ${unknown.oid}, is not known here`
    entries.set(entryKey(issuer, serial), { date, reason: entryReason(extensions) })
  })
  return { entries, fault }
}

function entryReason(extensions: Map<string, RawExtension> | undefined): number {
  const raw = extensions?.get(extensionOids.reasonCode)
  return raw ? readCount(readOne(raw.value, tags.enumerated)) : 0
}

function entryIssuer(extensions: Map<string, RawExtension>): DistinguishedName | undefined {
  const raw = extensions.get(extensionOids.certificateIssuer)
  if (!raw) return undefined
  const names = readGeneralNames(readOne(raw.value, tags.sequence))
  const directory = names.find((name) => name.kind === 'directory')
  if (!directory) throw new DerError('an entry names an issuer that has no directory name')
  return directory.name
}

const cacheSize = 64
const cache = new Map<string, RevocationList | null>()

/** `parseRevocationList` with a cache; null if it is not a CRL. */
export function parseListCached(der: Uint8Array): RevocationList | null {
  const key = createHash('sha256').update(der).digest('base64')
  const known = cache.get(key)
  if (known !== undefined) return known
  const parsed = parseOrNull(Uint8Array.from(der))
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value as string)
  cache.set(key, parsed)
  return parsed
}

function parseOrNull(der: Uint8Array): RevocationList | null {
  try {
    return parseRevocationList(der)
  } catch (error) {
    if (error instanceof DerError) return null
    throw error
  }
}
