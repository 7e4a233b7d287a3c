import { createPublicKey } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { CertificationRequest } from '@peculiar/asn1-csr'
import { type Extension, Extensions } from '@peculiar/asn1-x509'
import type { PublicKeyFacts } from '../../contract/certificate-facts.ts'
import type { Place } from '../../contract/errors.ts'
import { signatureAlgorithmName } from './algorithms.ts'
import { extensionInWords } from './extension-words.ts'
import type { Found, WrittenAs } from './found.ts'
import { nameInWords } from './general-names.ts'
import { extensionNames } from './object-identifiers.ts'
import { keyInWords, publicKeyFacts, unreadablePublicKeyFacts } from './public-key.ts'

const idExtensionRequest = '1.2.840.113549.1.9.14'

/** A certificate request (PKCS#10, RFC 2986), or undefined where `der` is none. */
export function sniffRequest(der: Buffer, place: Place, writtenAs: WrittenAs): Found | undefined {
  try {
    return requestPiece(AsnConvert.parse(der, CertificationRequest), place, writtenAs)
  } catch {
    return undefined
  }
}

function requestPiece(request: CertificationRequest, place: Place, writtenAs: WrittenAs): Found {
  const { subject, subjectPKInfo } = request.certificationRequestInfo
  const subjectWords = nameInWords(subject)
  const publicKey = keyOf(Buffer.from(AsnConvert.serialize(subjectPKInfo)))
  return {
    kind: 'certificate-request',
    place,
    writtenAs,
    publicKey,
    title: `Certificate request ${subjectWords || 'without a subject'}`,
    words: [
      `Subject: ${subjectWords || 'none'}`,
      `Public key: ${keyInWords(publicKey)}`,
      `Signature: ${signatureAlgorithmName(request.signatureAlgorithm)}`,
      ...requestedExtensions(request).flatMap(extensionLines),
    ],
  }
}

function keyOf(spki: Buffer): PublicKeyFacts {
  try {
    return publicKeyFacts(createPublicKey({ key: spki, format: 'der', type: 'spki' }))
  } catch {
    return unreadablePublicKeyFacts(spki)
  }
}

function requestedExtensions(request: CertificationRequest): Extension[] {
  const attributes = Array.from(request.certificationRequestInfo.attributes ?? [])
  const values = attributes
    .filter(({ type }) => type === idExtensionRequest)
    .flatMap((a) => Array.from(a.values))
  return values.flatMap((value) => Array.from(AsnConvert.parse(value, Extensions)))
}

/** `Subject Alternative Name: DNS shop.test` */
export function extensionLines({ extnID, critical, extnValue }: Extension): string[] {
  const name = `${extensionNames[extnID] ?? extnID}${critical ? ' (critical)' : ''}`
  return extensionInWords(extnID, new Uint8Array(extnValue.buffer)).map((line) => `${name}: ${line}`)
}
