import type { Place } from '../../contract/errors/registry.ts'
import { signatureAlgorithmName } from '../facts/algorithm-name.ts'
import { type OutlineExtension, readExtensionList } from '../facts/certificate-outline.ts'
import { readExtension } from '../facts/read-extension.ts'
import type { Found, WrittenAs } from './found.ts'
import { commonName, rfc4514 } from '../facts/format-name.ts'
import { extensionNames } from '../asn1/object-identifiers.ts'
import { formatKey, spkiFacts } from '../facts/public-key.ts'
import { describeSignature } from '../facts/describe-signature.ts'
import { readAlgorithm } from '../x509/algorithms.ts'
import {
  type DerElement,
  explicitTag,
  inside,
  mapElements,
  readBitOctets,
  readObjectIdentifier,
  readOne,
  tags,
} from '../asn1/der.ts'
import { readName } from '../x509/distinguished-name.ts'
import { shown } from '../asn1/strings.ts'

const idExtensionRequest = '1.2.840.113549.1.9.14'

/** A certificate request (PKCS#10, RFC 2986); undefined if `der` is none. */
export function sniffRequest(der: Buffer, place: Place, writtenAs: WrittenAs): Found | undefined {
  try {
    return requestPiece(readOne(der, tags.sequence), place, writtenAs)
  } catch {
    return undefined
  }
}

function requestPiece(element: DerElement, place: Place, writtenAs: WrittenAs): Found {
  const outer = inside(element)
  const info = outer.next(tags.sequence)
  const algorithm = readAlgorithm(outer.next(tags.sequence))
  const signature = readBitOctets(outer.next(tags.bitString))
  const fields = inside(info)
  fields.next(tags.integer)
  const subject = readName(fields.next(tags.sequence))
  const spki = fields.next(tags.sequence).bytes
  const attributes = fields.optional(explicitTag(0))
  const publicKey = spkiFacts(spki)
  const holds = describeSignature(spki, algorithm, info.bytes, signature)
  return {
    kind: 'certificate-request',
    place,
    writtenAs,
    publicKey,
    title: `Certificate request ${shown(commonName(subject) || rfc4514(subject) || 'without a subject')}`,
    requestDer: Uint8Array.from(element.bytes),
    words: [
      `Subject: ${rfc4514(subject) || 'none'}`,
      `Public key: ${formatKey(publicKey)}`,
      `Signature: ${signatureAlgorithmName(algorithm)}, ${holds}`,
      ...(attributes ? requestedExtensions(attributes).flatMap(extensionLines) : []),
    ],
  }
}

/**
 * RFC 2985, section 5.4.2. Other attributes (challenge passwords, Microsoft's) do not concern the
 * certificate.
 */
function requestedExtensions(attributes: DerElement): OutlineExtension[] {
  return mapElements(attributes, (attribute) => {
    const fields = inside(attribute)
    if (readObjectIdentifier(fields.next(tags.objectIdentifier)) !== idExtensionRequest) return []
    return mapElements(fields.next(tags.set), readExtensionList).flat()
  }).flat()
}

/** `Subject Alternative Name: DNS shop.test` */
export function extensionLines({ oid, critical, value }: OutlineExtension): string[] {
  const name = `${extensionNames.get(oid) ?? oid}${critical ? ' (critical)' : ''}`
  return readExtension(oid, value).words.map((line) => `${name}: ${line}`)
}
