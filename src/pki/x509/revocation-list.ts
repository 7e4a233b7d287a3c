import { hash } from 'node:crypto'
import { createRecentMap } from '../recent-map.ts'
import { readAlgorithm, type Algorithm } from './algorithms.ts'
import {
  bytesEqual,
  DerError,
  explicitTag,
  implicitTag,
  inside,
  mapElements,
  only,
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
} from '../asn1/der.ts'
import { readDistributionPointName, type DistributionPointName } from './distribution-points.ts'
import { readName, type DistinguishedName } from './distinguished-name.ts'
import { decodedIn, type Extension, extensionIn, extensionOids, readExtensions } from './extensions.ts'
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

/** The fields of a CertificateList (RFC 5280, section 5.1) before its entries are read. @throws `DerError` */
export function readListFrame(element: DerElement) {
  const outer = inside(element)
  const tbs = outer.next(tags.sequence)
  const outerAlgorithm = readAlgorithm(outer.next(tags.sequence))
  const signature = outer.next(tags.bitString)
  outer.end()
  const fields = inside(tbs)
  const version = fields.optional(tags.integer)
  const signatureAlgorithm = readAlgorithm(fields.next(tags.sequence))
  const issuer = readName(fields.next(tags.sequence))
  const thisUpdate = readTime(fields.next())
  const nextUpdate = isTime(fields.peekTag()) ? readTime(fields.next()) : undefined
  const revoked = fields.optional(tags.sequence)
  const list = fields.optional(explicitTag(0))
  fields.end()
  return {
    tbs: tbs.bytes,
    outerAlgorithm,
    signature,
    version,
    signatureAlgorithm,
    issuer,
    thisUpdate,
    nextUpdate,
    revoked,
    extensions: list ? readExtensions(only(list, tags.sequence)) : [],
  }
}

/** @throws `DerError` */
function parseRevocationList(der: Uint8Array): RevocationList {
  const { outerAlgorithm, signature, version, revoked, extensions, ...fields } = readListFrame(
    readOne(der, tags.sequence),
  )
  const { entries, fault: entryFault } = readEntries(revoked, fields.issuer)
  const fault = bytesEqual(outerAlgorithm.bytes, fields.signatureAlgorithm.bytes)
    ? (versionFault(version) ?? listFault(extensions) ?? entryFault)
    : 'it names two different signature algorithms'
  return { ...fields, signature: readBitOctets(signature), entries, ...extensionFacts(extensions), fault }
}

const isTime = (tag: number | undefined): boolean => tag === tags.utcTime || tag === tags.generalizedTime

function versionFault(version: DerElement | undefined): string | undefined {
  return version && readCount(version) === 1 ? undefined : 'it is not of version 2'
}

const processed = new Set<string>([extensionOids.issuingDistributionPoint, extensionOids.deltaCrlIndicator])
const processedInEntries = new Set<string>([extensionOids.certificateIssuer, extensionOids.reasonCode])

/** Sections 5.2 and 5.2.3: unknown critical extensions and a missing number make a CRL unusable. */
function listFault(extensions: Extension[]): string | undefined {
  const unknown = extensions.find((extension) => extension.critical && !processed.has(extension.oid))
  if (unknown) return `its critical extension ${unknown.oid} is not known here`
  return extensionIn(extensions, 'crlNumber') ? undefined : 'it has no number'
}

type ExtensionFacts = Pick<
  RevocationList,
  'scope' | 'scopeBytes' | 'number' | 'baseNumber' | 'authorityKeyIdentifier'
>

function extensionFacts(extensions: Extension[]): ExtensionFacts {
  const scope = extensionIn(extensions, 'issuingDistributionPoint')?.value
  const number = extensionIn(extensions, 'crlNumber')?.value
  const base = extensionIn(extensions, 'deltaCrlIndicator')?.value
  return {
    scope: scope && readScope(scope),
    scopeBytes: scope ?? new Uint8Array(),
    number: number && readNumber(number),
    baseNumber: base && readNumber(base),
    authorityKeyIdentifier: decodedIn(extensions).authorityKeyIdentifier?.keyIdentifier,
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
    const unknown = extensions?.find((e) => e.critical && !processedInEntries.has(e.oid))
    if (unknown) fault ??= `a critical extension of an entry, ${unknown.oid}, is not known here`
    entries.set(entryKey(issuer, serial), { date, reason: entryReason(extensions) })
  })
  return { entries, fault }
}

function entryReason(extensions: Extension[] = []): number {
  const raw = extensionIn(extensions, 'reasonCode')
  return raw ? readCount(readOne(raw.value, tags.enumerated)) : 0
}

function entryIssuer(extensions: Extension[]): DistinguishedName | undefined {
  const raw = extensionIn(extensions, 'certificateIssuer')
  if (!raw) return undefined
  const names = readGeneralNames(readOne(raw.value, tags.sequence))
  const directory = names.find((name) => name.kind === 'directory')
  if (!directory) throw new DerError('an entry names an issuer that has no directory name')
  return directory.name
}

const recent = createRecentMap<{ list: RevocationList | null }>(64)

/** `parseRevocationList` with a cache; null if it is not a CRL. */
export function parseListCached(der: Uint8Array): RevocationList | null {
  const key = hash('sha256', der)
  const known = recent.get(key)
  if (known) return known.list
  const list = parseOrNull(new Uint8Array(der))
  recent.set(key, { list })
  return list
}

function parseOrNull(der: Uint8Array): RevocationList | null {
  try {
    return parseRevocationList(der)
  } catch (error) {
    if (error instanceof DerError) return null
    throw error
  }
}
