import { createHash, type KeyObject, X509Certificate } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { type Extension, SubjectAlternativeName } from '@peculiar/asn1-x509'
import type { CertificateFacts, ExtensionFacts } from '../../contract/certificate-facts.ts'
import { EdgekeepError, type Place } from '../../contract/errors.ts'
import { signatureAlgorithmOfDer } from './algorithms.ts'
import { readOutline } from './certificate-outline.ts'
import { commonName, rfc4514 } from './distinguished-name.ts'
import { extensionInWords, readKeyUsage, readPurposes } from './extension-words.ts'
import { limits } from './limits.ts'
import { extensionNames } from './object-identifiers.ts'
import { scanPem } from './pem.ts'
import { publicKeyFacts, unreadablePublicKeyFacts } from './public-key.ts'

/** A certificate that OpenSSL has read: its object and its facts. */
export interface ReadCertificate {
  x509: X509Certificate
  facts: CertificateFacts
}

/**
 * Every fact of a certificate in DER (RFC 5280, section 4).
 * @throws EdgekeepError `certificate.malformed`
 */
export function certificateFacts(der: Uint8Array): CertificateFacts {
  return readCertificate(der).facts
}

/** The same with OpenSSL's object; `place` goes into the error. */
export function readCertificate(der: Uint8Array, place?: Place): ReadCertificate {
  const refuse = (reason: string, cause?: unknown) =>
    new EdgekeepError('certificate.malformed', { ...(place ? { place } : {}), reason }, { cause })
  if (der.length > limits.certificateBytes) {
    throw refuse(`it has ${der.length} bytes, and at most ${limits.certificateBytes} are read`)
  }
  try {
    const x509 = new X509Certificate(der)
    return { x509, facts: factsOf(x509) }
  } catch (error) {
    throw refuse('it is not a complete X.509 certificate', error)
  }
}

function factsOf(x509: X509Certificate): CertificateFacts {
  const der = x509.raw
  const outline = readOutline(der)
  const key = publicKeyOf(x509)
  const spki = new Uint8Array(outline.subjectPublicKeyInfo)
  const names = alternativeNames(outline.extensions)
  const notBefore = x509.validFromDate
  const notAfter = x509.validToDate
  return {
    subject: rfc4514(x509.subject),
    issuer: rfc4514(x509.issuer),
    title:
      commonName(x509.subject) ?? firstName(names) ?? (rfc4514(x509.subject) || 'certificate without a name'),
    names,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    lifetimeDays: Math.round((notAfter.getTime() - notBefore.getTime()) / 8_640_000) / 10,
    serialHex: serialHex(outline.serialNumber),
    version: outline.version + 1,
    publicKey: key ? publicKeyFacts(key) : unreadablePublicKeyFacts(spki),
    signatureAlgorithm: signatureAlgorithmOfDer(outline.signatureAlgorithm),
    fingerprintSha256: createHash('sha256').update(der).digest('hex'),
    fingerprintSha1: createHash('sha1').update(der).digest('hex'),
    spkiPin: createHash('sha256').update(spki).digest('base64'),
    isCa: x509.ca,
    isSelfSigned: x509.subject === x509.issuer && key !== undefined && verifies(x509, key),
    keyUsage: readOr(outline.extensions, '2.5.29.15', readKeyUsage),
    extendedKeyUsage: readOr(outline.extensions, '2.5.29.37', readPurposes),
    extensions: (outline.extensions ?? []).map(extensionFacts),
  }
}

/** Undefined where OpenSSL knows the algorithm or curve only by OID, or not at all. */
function publicKeyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey
  } catch {
    return undefined
  }
}

/** Whether `certificate` was signed by `key`; no where the algorithms do not go together. */
export function verifies(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.verify(key)
  } catch {
    return false
  }
}

function extensionFacts({ extnID, critical, extnValue }: Extension): ExtensionFacts {
  const value = new Uint8Array(extnValue.buffer)
  return {
    oid: extnID,
    name: extensionNames[extnID] ?? extnID,
    critical,
    words: extensionInWords(extnID, value),
    rawHex: Buffer.from(value).toString('hex'),
  }
}

function readOr(
  extensions: Extension[] | undefined,
  oid: string,
  read: (value: Uint8Array) => string[],
): string[] {
  const extension = extensions?.find(({ extnID }) => extnID === oid)
  if (!extension) return []
  try {
    return read(new Uint8Array(extension.extnValue.buffer))
  } catch {
    return []
  }
}

function alternativeNames(extensions: Extension[] | undefined): CertificateFacts['names'] {
  const names: CertificateFacts['names'] = { dns: [], ip: [], email: [], uri: [] }
  const extension = extensions?.find(({ extnID }) => extnID === '2.5.29.17')
  if (!extension) return names
  try {
    for (const name of AsnConvert.parse(new Uint8Array(extension.extnValue.buffer), SubjectAlternativeName)) {
      if (name.dNSName !== undefined) names.dns.push(name.dNSName)
      if (name.iPAddress !== undefined) names.ip.push(name.iPAddress)
      if (name.rfc822Name !== undefined) names.email.push(name.rfc822Name)
      if (name.uniformResourceIdentifier !== undefined) names.uri.push(name.uniformResourceIdentifier)
    }
    return names
  } catch {
    // The extension's own words say that it cannot be read; it covers no name.
    return { dns: [], ip: [], email: [], uri: [] }
  }
}

function firstName(names: CertificateFacts['names']): string | undefined {
  return [names.dns, names.ip, names.email, names.uri].flat()[0]
}

/** The integer's bytes without the zero that only keeps it positive. */
function serialHex(serial: ArrayBuffer): string {
  const hex = Buffer.from(serial).toString('hex')
  return hex.length > 2 && hex.startsWith('00') ? hex.slice(2) : hex
}

/**
 * The certificates of our own clean PEM, in order.
 * @throws EdgekeepError `certificate.malformed` when it is not clean
 */
export function chainFromPem(chainPem: string): Uint8Array[] {
  const { blocks, faults } = scanPem(Buffer.from(chainPem, 'latin1'), 'chain')
  const fault = faults[0]
  if (fault) throw new EdgekeepError('certificate.malformed', { reason: fault.reason, place: fault.place })
  return blocks.map(({ bytes }) => bytes)
}
