import { createPublicKey, hash, type KeyObject } from 'node:crypto'
import { readableName } from '../../contract/text/readable-name.ts'
import {
  bytesEqual,
  DerError,
  type DerElement,
  explicitTag,
  implicitTag,
  inside,
  leniently,
  only,
  readBitOctets,
  readCount,
  readIntegerBytes,
  readOne,
  readTime,
  tags,
} from '../asn1/der.ts'
import { shown } from '../asn1/strings.ts'
import { createRecentMap } from '../recent-map.ts'
import { type Algorithm, readAlgorithm } from './algorithms.ts'
import { type DistinguishedName, nameTitle, readName } from './distinguished-name.ts'
import { type DecodedExtensions, decodedIn, type Extension, readExtensions } from './extensions.ts'

/** A certificate, decoded leniently with its faults. All byte arrays are views into `der`. */
export interface Certificate {
  der: Uint8Array
  fingerprintSha256: string
  readonly title: string
  /** 1 to 3. */
  version: number
  serial: Uint8Array
  /** The signed part. */
  tbs: Uint8Array
  signature: Uint8Array
  signatureAlgorithm: Algorithm
  /** The algorithm outside of the signed part, which has to be the same. */
  outerAlgorithm: Algorithm
  issuer: DistinguishedName
  subject: DistinguishedName
  /**
   * Milliseconds since 1970. Node returns uninitialised memory for a time that OpenSSL cannot read, so
   * nothing takes the times from there.
   */
  notBefore: number
  notAfter: number
  timeTags: [notBefore: number, notAfter: number]
  spki: Uint8Array
  keyAlgorithm: Algorithm
  hasUniqueIdentifier: boolean
  /** Undefined if node:crypto cannot load the key. */
  readonly publicKey: KeyObject | undefined
  /** In order, duplicates included. */
  extensions: Extension[]
  decoded: DecodedExtensions
  /** Broken rule of DER in the certificate's frame, which strict clients do not read. */
  encodingFault: string | undefined
  /** The first fault of all. A certificate with one is on no valid path. */
  fault: string | undefined
  /** Subject and issuer are the same name (RFC 5280, section 6.1). */
  isSelfIssued: boolean
}

/**
 * Decodes a certificate (RFC 5280, section 4.1).
 * @throws `DerError` if it cannot be read even leniently
 */
function decodeCertificate(der: Uint8Array, fingerprintSha256: string): Certificate {
  const [encoding, faults]: [string[], string[]] = [[], []]
  const outer = inside(readOne(der, tags.sequence, encoding))
  const tbs = outer.next(tags.sequence)
  const outerAlgorithm = readAlgorithm(outer.next(tags.sequence))
  const signature = leniently(encoding, () => readBitOctets(outer.next(tags.bitString)), new Uint8Array())
  outer.end()
  const fields = readTbs(tbs, outerAlgorithm, faults)
  if (!bytesEqual(outerAlgorithm.bytes, fields.signatureAlgorithm.bytes))
    faults.push('it names two different signature algorithms')
  const decoded = decodedIn(fields.extensions)
  return withLazyParts({
    der,
    tbs: tbs.bytes,
    signature,
    outerAlgorithm,
    ...fields,
    fingerprintSha256,
    decoded,
    encodingFault: encoding[0],
    fault: encoding[0] ?? faults[0],
    isSelfIssued: fields.subject.key === fields.issuer.key,
  })
}

function readTbs(element: DerElement, outerAlgorithm: Algorithm, faults: string[]) {
  const encoding = element.faults ?? []
  const tbs = inside(element)
  const versionField = tbs.optional(explicitTag(0))
  const version = versionField ? readCount(only(versionField, tags.integer)) + 1 : 1
  const serial = readIntegerBytes(tbs.next(tags.integer))
  const algorithm = tbs.next(tags.sequence)
  const signatureAlgorithm = leniently(encoding, () => readAlgorithm(algorithm), outerAlgorithm)
  const issuer = readName(tbs.next(tags.sequence))
  const validity = inside(tbs.next(tags.sequence))
  const [begin, end] = [validity.next(), validity.next()]
  validity.end()
  const subject = readName(tbs.next(tags.sequence))
  const spki = tbs.next(tags.sequence)
  const unknown = { oid: '', parameters: undefined, bytes: new Uint8Array() }
  const keyAlgorithm = leniently(encoding, () => readAlgorithm(inside(spki).next(tags.sequence)), unknown)
  const identifiers = [tbs.optional(implicitTag(1)), tbs.optional(implicitTag(2))]
  const list = tbs.optional(explicitTag(3))
  tbs.end()
  return {
    version,
    serial,
    signatureAlgorithm,
    issuer,
    notBefore: readTime(begin),
    notAfter: readTime(end),
    timeTags: [begin.tag, end.tag] as [number, number],
    subject,
    spki: spki.bytes,
    keyAlgorithm,
    hasUniqueIdentifier: identifiers.some((identifier) => identifier !== undefined),
    extensions: list
      ? leniently(faults, () => readExtensions(only({ ...list, faults }, tags.sequence)), [])
      : [],
  }
}

function certificateTitle(subject: DistinguishedName, decoded: DecodedExtensions): string {
  const firstName = decoded.subjectAltName?.find((name) => 'text' in name)
  const first = firstName && 'text' in firstName ? shown(firstName.text) : ''
  return readableName(nameTitle(subject) || first) || 'a certificate without a name'
}

/** Lazy key and title: they cost more than the rest, and most certificates need neither. */
function withLazyParts(fields: Omit<Certificate, 'publicKey' | 'title'>): Certificate {
  let key: { made: KeyObject | undefined } | undefined
  let title: string | undefined
  return Object.defineProperties(fields, {
    publicKey: { get: () => (key ??= { made: publicKeyOf(fields.spki) }).made, enumerable: false },
    title: { get: () => (title ??= certificateTitle(fields.subject, fields.decoded)), enumerable: true },
  }) as Certificate
}

/** Undefined for a key that OpenSSL cannot load; its reasons vary by version. */
export function publicKeyOf(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

/** The same limit as that of one intake: decoding again would also lose the signature cache. */
const recent = createRecentMap<Certificate>(2_048)

/** `decodeCertificate` with a cache, because a page reads the same certificates again and again. */
export function certificateOf(der: Uint8Array): Certificate {
  const key = hash('sha256', der)
  const known = recent.get(key)
  if (known) return known
  // A copy: the input may be a view into a file that also contains a key.
  const certificate = decodeCertificate(new Uint8Array(der), key)
  recent.set(key, certificate)
  return certificate
}

/** `certificateOf` without faults in the frame. @throws `DerError` */
export function strictCertificateOf(der: Uint8Array): Certificate {
  const certificate = certificateOf(der)
  if (certificate.encodingFault !== undefined) throw new DerError(certificate.encodingFault)
  return certificate
}
