import type { Place } from '../../contract/errors/registry.ts'
import { readOne, tags } from '../asn1/der.ts'
import { extensionNames } from '../asn1/object-identifiers.ts'
import { shown } from '../asn1/strings.ts'
import { signatureAlgorithmName } from '../facts/algorithm-name.ts'
import { describeExtension } from '../facts/describe-extension.ts'
import { commonName, rfc4514 } from '../facts/format-name.ts'
import { formatKey, spkiFacts } from '../facts/public-key.ts'
import { readRequest } from '../x509/certificate-request.ts'
import type { Extension } from '../x509/extensions.ts'
import type { Found, WrittenAs } from './found.ts'

const signatureLabels = { valid: 'valid', 'not valid': 'not valid', unsupported: 'not checked (unsupported)' }

/** A certificate request (PKCS#10, RFC 2986), read leniently; undefined if `der` is none. */
export function sniffRequest(der: Buffer, place: Place, writtenAs: WrittenAs): Found | undefined {
  try {
    return requestPiece({ ...readOne(der, tags.sequence), faults: [] }, place, writtenAs)
  } catch {
    return undefined
  }
}

function requestPiece(element: Parameters<typeof readRequest>[0], place: Place, writtenAs: WrittenAs): Found {
  const request = readRequest(element)
  const { subject, signatureAlgorithm, signature } = request
  const publicKey = spkiFacts(request.spki)
  return {
    kind: 'certificate-request',
    place,
    writtenAs,
    publicKey,
    title: `Certificate request ${shown(commonName(subject) || rfc4514(subject) || 'without a subject')}`,
    requestDer: Uint8Array.from(request.der),
    words: [
      `Subject: ${rfc4514(subject) || 'none'}`,
      `Public key: ${formatKey(publicKey)}`,
      `Signature: ${signatureAlgorithmName(signatureAlgorithm)}, ${signatureLabels[signature]}`,
      ...request.extensions.flatMap(extensionLines),
    ],
  }
}

/** `Subject Alternative Name: DNS shop.test` */
export function extensionLines(extension: Extension): string[] {
  const { oid, critical } = extension
  const name = `${extensionNames.get(oid) ?? oid}${critical ? ' (critical)' : ''}`
  return describeExtension(extension).words.map((line) => `${name}: ${line}`)
}
