import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { readableName } from '../../contract/text/readable-name.ts'
import { readAlgorithm, type Algorithm } from './algorithms.ts'
import {
  bytesEqual,
  DerError,
  explicitTag,
  implicitTag,
  inside,
  readBitOctets,
  readCount,
  readIntegerBytes,
  readOne,
  readTime,
  tags,
  type DerReader,
} from '../asn1/der.ts'
import { readDistributionPoints } from './distribution-points.ts'
import { nameTitle, readName, type DistinguishedName } from './distinguished-name.ts'
import { shown } from '../asn1/strings.ts'
import {
  extensionOids,
  readAuthorityAccess,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readCertificatePolicies,
  readExtendedKeyUsage,
  readExtensions,
  readInhibitAnyPolicy,
  readKeyUsage,
  readPolicyConstraints,
  readPolicyMappings,
  readSubjectAltName,
  readSubjectKeyIdentifier,
  type RawExtension,
} from './extensions.ts'

import { readNameConstraints } from './subtrees.ts'

/** A certificate for path validation. All byte arrays are views into `der`. */
export interface ParsedCertificate {
  der: Uint8Array
  fingerprintSha256: string
  title: string
  /** 1 to 3. */
  version: number
  serial: Uint8Array
  /** The signed part. */
  tbs: Uint8Array
  signature: Uint8Array
  signatureAlgorithm: Algorithm
  issuer: DistinguishedName
  subject: DistinguishedName
  /** Milliseconds since 1970. */
  notBefore: number
  notAfter: number
  spki: Uint8Array
  keyAlgorithm: Algorithm
  /** Undefined if node:crypto cannot load the key. */
  readonly publicKey: KeyObject | undefined
  extensions: Map<string, RawExtension>
  decoded: DecodedExtensions
  /** Error in a part of a certificate whose outer structure is readable; it is on no valid path. */
  fault: string | undefined
  /** Subject and issuer are the same name (RFC 5280, section 6.1). */
  isSelfIssued: boolean
}

const decoders = {
  basicConstraints: readBasicConstraints,
  keyUsage: readKeyUsage,
  extendedKeyUsage: readExtendedKeyUsage,
  subjectAltName: readSubjectAltName,
  nameConstraints: readNameConstraints,
  certificatePolicies: readCertificatePolicies,
  policyMappings: readPolicyMappings,
  policyConstraints: readPolicyConstraints,
  inhibitAnyPolicy: readInhibitAnyPolicy,
  authorityKeyIdentifier: readAuthorityKeyIdentifier,
  subjectKeyIdentifier: readSubjectKeyIdentifier,
  authorityInfoAccess: readAuthorityAccess,
  crlDistributionPoints: readDistributionPoints,
  freshestCrl: readDistributionPoints,
} as const

type Decoders = typeof decoders
/** Extensions that are present and well formed. */
export type DecodedExtensions = { [K in keyof Decoders]?: ReturnType<Decoders[K]> }

/**
 * Reads a certificate (RFC 5280, section 4.1).
 * @throws `DerError` if the outer structure is malformed
 */
export function parseCertificate(der: Uint8Array): ParsedCertificate {
  const outer = inside(readOne(der, tags.sequence))
  const tbs = outer.next(tags.sequence)
  const outerAlgorithm = readAlgorithm(outer.next(tags.sequence))
  const signature = readBitOctets(outer.next(tags.bitString))
  outer.end()
  const fields = readTbs(inside(tbs))
  const { decoded, fault } = decodeExtensions(fields.extensions)
  return withLazyKey({
    der,
    tbs: tbs.bytes,
    signature,
    ...fields,
    fingerprintSha256: createHash('sha256').update(der).digest('hex'),
    title: certificateTitle(fields.subject, decoded),
    decoded,
    fault: fields.extensionFault ?? algorithmFault(outerAlgorithm, fields.signatureAlgorithm) ?? fault,
    isSelfIssued: fields.subject.key === fields.issuer.key,
  })
}

function readTbs(tbs: DerReader) {
  const versionField = tbs.optional(explicitTag(0))
  const version = versionField ? readCount(readOne(versionField.content, tags.integer)) + 1 : 1
  const serial = readIntegerBytes(tbs.next(tags.integer))
  const signatureAlgorithm = readAlgorithm(tbs.next(tags.sequence))
  const issuer = readName(tbs.next(tags.sequence))
  const validity = inside(tbs.next(tags.sequence))
  const notBefore = readTime(validity.next())
  const notAfter = readTime(validity.next())
  validity.end()
  const subject = readName(tbs.next(tags.sequence))
  const spki = tbs.next(tags.sequence)
  const keyAlgorithm = readAlgorithm(inside(spki).next(tags.sequence))
  tbs.optional(implicitTag(1))
  tbs.optional(implicitTag(2))
  const read = readExtensionsSafely(tbs)
  return {
    version,
    serial,
    signatureAlgorithm,
    issuer,
    notBefore,
    notAfter,
    subject,
    spki: spki.bytes,
    keyAlgorithm,
    ...read,
  }
}

function readExtensionsSafely(tbs: DerReader): {
  extensions: Map<string, RawExtension>
  extensionFault?: string
} {
  const field = tbs.optional(explicitTag(3))
  tbs.end()
  if (!field) return { extensions: new Map() }
  try {
    return { extensions: readExtensions(readOne(field.content, tags.sequence)) }
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    return { extensions: new Map(), extensionFault: error.message }
  }
}

function algorithmFault(outer: Algorithm, inner: Algorithm): string | undefined {
  return bytesEqual(outer.bytes, inner.bytes) ? undefined : 'it names two different signature algorithms'
}

function decodeExtensions(extensions: Map<string, RawExtension>): {
  decoded: DecodedExtensions
  fault?: string
} {
  const decoded: Partial<Record<keyof Decoders, unknown>> = {}
  let fault: string | undefined
  for (const [name, decode] of Object.entries(decoders) as [keyof Decoders, Decoders[keyof Decoders]][]) {
    const raw = extensions.get(extensionOids[name])
    if (!raw) continue
    try {
      decoded[name] = decode(raw.value)
    } catch (error) {
      if (!(error instanceof DerError)) throw error
      fault ??= `its extension “${extensionTitle(name)}” is malformed: ${error.message}`
    }
  }
  return { decoded: decoded as DecodedExtensions, ...(fault ? { fault } : {}) }
}

/** `subjectAltName` → `subject alt name`. */
const extensionTitle = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

function certificateTitle(subject: DistinguishedName, decoded: DecodedExtensions): string {
  const firstName = decoded.subjectAltName?.find((name) => 'text' in name)
  const first = firstName && 'text' in firstName ? shown(firstName.text) : ''
  return readableName(nameTitle(subject) || first) || 'a certificate without a name'
}

/** Lazy key: loading costs more than the rest, and most roots never need it. */
function withLazyKey(fields: Omit<ParsedCertificate, 'publicKey'>): ParsedCertificate {
  let made: { key: KeyObject | undefined } | undefined
  return Object.defineProperty(fields, 'publicKey', {
    get: () => (made ??= { key: publicKeyOf(fields.spki) }).key,
    enumerable: false,
  }) as ParsedCertificate
}

function publicKeyOf(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  } catch {
    // OpenSSL's reasons vary by version; the key is unusable in any case.
    return undefined
  }
}

/** Same as the limit of one intake: parsing again would also lose the signature cache. */
const cacheSize = 2_048
const cache = new Map<string, ParsedCertificate>()

/** `parseCertificate` with a cache, because a page reads the same certificates again and again. */
export function parseCached(der: Uint8Array): ParsedCertificate {
  const key = createHash('sha256').update(der).digest('base64')
  const known = cache.get(key)
  if (known) return known
  const parsed = parseCertificate(Uint8Array.from(der))
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value as string)
  cache.set(key, parsed)
  return parsed
}
