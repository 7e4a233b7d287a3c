import type { KeyObject } from 'node:crypto'
import {
  type DerElement,
  explicitTag,
  fault,
  inside,
  mapElements,
  readBitOctets,
  readCount,
  readObjectIdentifier,
  tags,
} from '../asn1/der.ts'
import { type Algorithm, readAlgorithm, signatureScheme } from './algorithms.ts'
import { publicKeyOf } from './certificate.ts'
import { type DistinguishedName, readName } from './distinguished-name.ts'
import { type Extension, readExtensions } from './extensions.ts'
import { signatureState } from './signatures.ts'

/** A certificate request (PKCS#10, RFC 2986). */
export interface CertificateRequest {
  der: Uint8Array
  subject: DistinguishedName
  spki: Uint8Array
  /** Undefined if node:crypto cannot load the key. */
  publicKey: KeyObject | undefined
  extensions: Extension[]
  signatureAlgorithm: Algorithm
  /** State of the signature by its own key, which proves possession of that key. */
  signature: ReturnType<typeof signatureState>
}

const idExtensionRequest = '1.2.840.113549.1.9.14'

/** @throws `DerError` if `element` is no request, or breaks a rule and was not read leniently */
export function readRequest(element: DerElement): CertificateRequest {
  const outer = inside(element)
  const info = outer.next(tags.sequence)
  const signatureAlgorithm = readAlgorithm(outer.next(tags.sequence))
  const signature = readBitOctets(outer.next(tags.bitString))
  outer.end()
  const fields = inside(info)
  if (readCount(fields.next(tags.integer)) !== 0) fault(element.faults, 'its version is not 1')
  const subject = readName(fields.next(tags.sequence))
  const spki = fields.next(tags.sequence).bytes
  const attributes = fields.optional(explicitTag(0))
  fields.end()
  const publicKey = publicKeyOf(spki)
  return {
    der: element.bytes,
    subject,
    spki,
    publicKey,
    extensions: requestedExtensions(attributes),
    signatureAlgorithm,
    signature: signatureState(signatureAlgorithm, info.bytes, signature, publicKey),
  }
}

/** Whether the request is signed by its own key, with an algorithm that TLS clients take. */
export function provesPossession({ signatureAlgorithm, signature }: CertificateRequest): boolean {
  return signatureScheme(signatureAlgorithm) !== undefined && signature === 'valid'
}

/**
 * RFC 2985, section 5.4.2: one attribute with one value. Other attributes (challenge passwords, Microsoft's)
 * do not concern the certificate.
 */
function requestedExtensions(attributes: DerElement | undefined): Extension[] {
  const found = (attributes ? mapElements(attributes, readAttribute) : []).flat()
  if (found.length > 1) fault(attributes?.faults, 'it asks for extensions twice')
  return found.flatMap(readExtensions)
}

function readAttribute(attribute: DerElement): DerElement[] {
  const fields = inside(attribute)
  const type = readObjectIdentifier(fields.next(tags.objectIdentifier))
  if (type !== idExtensionRequest && attribute.faults) return []
  const values = mapElements(fields.next(tags.set), (value) => value)
  fields.end()
  return type === idExtensionRequest ? values : []
}
