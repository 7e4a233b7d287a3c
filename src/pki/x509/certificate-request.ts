import { createPublicKey, type KeyObject } from 'node:crypto'
import {
  DerError,
  explicitTag,
  inside,
  mapElements,
  readBitOctets,
  readCount,
  readObjectIdentifier,
  readOne,
  tags,
  type DerElement,
} from '../asn1/der.ts'
import { type Algorithm, readAlgorithm } from './algorithms.ts'
import { type DistinguishedName, readName } from './distinguished-name.ts'
import { type RawExtension, readExtensions } from './extensions.ts'
import { signatureHolds } from './signatures.ts'

/** A certificate request (PKCS#10, RFC 2986) to be signed, parsed strictly. */
export interface CertificateRequest {
  subject: DistinguishedName
  spki: Uint8Array
  /** Undefined if node:crypto cannot load the key. */
  publicKey: KeyObject | undefined
  extensions: Map<string, RawExtension>
  /** Whether it is signed by its own key, which proves possession of that key. */
  isSelfSigned: boolean
}

const idExtensionRequest = '1.2.840.113549.1.9.14'

/** @throws `DerError` if `der` is not exactly one request */
export function parseRequest(der: Uint8Array): CertificateRequest {
  const outer = inside(readOne(der, tags.sequence))
  const info = outer.next(tags.sequence)
  const algorithm = readAlgorithm(outer.next(tags.sequence))
  const signature = readBitOctets(outer.next(tags.bitString))
  outer.end()
  const fields = inside(info)
  if (readCount(fields.next(tags.integer)) !== 0) throw new DerError('its version is not 1')
  const subject = readName(fields.next(tags.sequence))
  const spki = fields.next(tags.sequence).bytes
  const attributes = fields.optional(explicitTag(0))
  fields.end()
  const publicKey = keyOf(spki)
  const isSelfSigned = isSigned(algorithm, { info, signature, publicKey })
  return { subject, spki, publicKey, extensions: requested(attributes), isSelfSigned }
}

function isSigned(
  algorithm: Algorithm,
  of: { info: DerElement; signature: Uint8Array; publicKey: KeyObject | undefined },
): boolean {
  return signatureHolds(algorithm, of.info.bytes, of.signature, of.publicKey)
}

function keyOf(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  } catch {
    // A key type that OpenSSL does not know; reported with the other faults of the request.
    return undefined
  }
}

/** RFC 2985, section 5.4.2: one attribute with one value. */
function requested(attributes: DerElement | undefined): Map<string, RawExtension> {
  const found = (attributes ? mapElements(attributes, readAttribute) : []).flat()
  if (found.length > 1) throw new DerError('it asks for extensions twice')
  const [extensions] = found
  return extensions ? readExtensions(extensions) : new Map<string, RawExtension>()
}

function readAttribute(attribute: DerElement): DerElement[] {
  const fields = inside(attribute)
  const type = readObjectIdentifier(fields.next(tags.objectIdentifier))
  const values = mapElements(fields.next(tags.set), (value) => value)
  fields.end()
  return type === idExtensionRequest ? values : []
}
