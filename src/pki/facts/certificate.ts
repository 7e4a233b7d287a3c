import { hash, X509Certificate } from 'node:crypto'
import type { CertificateFacts, ExtensionFacts } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { signatureAlgorithmName } from './algorithm-name.ts'
import { type CertificateOutline, type OutlineExtension, readOutline } from './certificate-outline.ts'
import { keyUsage, purposes, shownBasicConstraints } from './extension-readers.ts'
import { readExtension } from './read-extension.ts'
import { readShownNames } from './shown-names.ts'
import { limits } from '../limits.ts'
import { commonName, rfc4514 } from './format-name.ts'
import { extensionNames } from '../asn1/object-identifiers.ts'
import { scanPem } from '../asn1/pem.ts'
import { spkiFacts } from './public-key.ts'
import { createRecentMap } from './recent.ts'
import { bytesEqual, DerError, readOne, tags, toHex } from '../asn1/der.ts'
import { shown } from '../asn1/strings.ts'

/** A certificate read by OpenSSL: its object and facts, shared and immutable. */
export interface ReadCertificate {
  /** The certificate without trailing bytes. */
  der: Uint8Array
  /** Canonical name by which an issuer is found (RFC 5280, section 7.1). */
  subjectKey: string
  issuerKey: string
  x509: X509Certificate
  facts: CertificateFacts
}

/**
 * Reads the facts of a certificate in DER (RFC 5280, section 4).
 * @throws EdgekeepError `certificate.malformed`
 */
export function certificateFacts(der: Uint8Array): CertificateFacts {
  return readCertificate(der).facts
}

/**
 * Cache: a window requests the same certificates again and again, and reading one costs a signature check.
 */
const recent = createRecentMap<ReadCertificate>(512)

/** The same with OpenSSL's object; `place` is for the error. */
export function readCertificate(der: Uint8Array, place?: Place): ReadCertificate {
  const fingerprint = hash('sha256', der)
  const known = recent.get(fingerprint)
  if (known) return known
  const refuse = (reason: string, cause?: unknown) =>
    new EdgekeepError('certificate.malformed', { ...(place ? { place } : {}), reason }, { cause })
  if (der.length > limits.certificateBytes) {
    throw refuse(`it has ${der.length} bytes, and at most ${limits.certificateBytes} are read`)
  }
  try {
    const certificate = readAnew(der)
    recent.set(fingerprint, certificate)
    return certificate
  } catch (error) {
    throw refuse(error instanceof DerError ? error.message : 'it is not a complete X.509 certificate', error)
  }
}

function readAnew(input: Uint8Array): ReadCertificate {
  const x509 = new X509Certificate(input)
  // A copy: the input may be a view into a file that also contains a key.
  const outline = readOutline(Uint8Array.from(input))
  const { bytes: der, subject, issuer } = outline
  return { der, subjectKey: subject.key, issuerKey: issuer.key, x509, facts: factsOf(x509, outline) }
}

function factsOf(x509: X509Certificate, outline: CertificateOutline): CertificateFacts {
  const { bytes, subject, issuer, notBefore, notAfter, spki, extensions } = outline
  const names = alternativeNames(extensions)
  return {
    subject: rfc4514(subject),
    issuer: rfc4514(issuer),
    title: shown(
      readableName(commonName(subject) || firstName(names) || '') ||
        rfc4514(subject) ||
        'certificate without a name',
    ),
    names,
    notBefore: new Date(notBefore).toISOString(),
    notAfter: new Date(notAfter).toISOString(),
    lifetimeDays: Math.round((notAfter - notBefore) / 8_640_000) / 10,
    serialHex: serialHex(outline.serial),
    version: outline.version,
    publicKey: spkiFacts(spki),
    signatureAlgorithm: signatureAlgorithmName(outline.signatureAlgorithm),
    fingerprintSha256: hash('sha256', bytes),
    fingerprintSha1: hash('sha1', bytes),
    spkiPin: hash('sha256', spki, 'base64'),
    isCa: read(extensions, '2.5.29.19', (value) => shownBasicConstraints(value).isCa) ?? false,
    isSelfSigned: bytesEqual(subject.bytes, issuer.bytes) && isX509SignedBy(x509, x509),
    keyUsage: read(extensions, '2.5.29.15', keyUsage) ?? [],
    extendedKeyUsage: read(extensions, '2.5.29.37', purposes) ?? [],
    extensions: extensions.map(extensionFacts),
  }
}

/** Whether `issuer`'s key signed `certificate`; false if OpenSSL cannot decide. */
export function isX509SignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey)
  } catch {
    return false
  }
}

function extensionFacts({ oid, critical, value }: OutlineExtension): ExtensionFacts {
  return {
    oid,
    name: extensionNames.get(oid) ?? oid,
    critical,
    ...readExtension(oid, value),
    rawHex: toHex(value),
  }
}

/** Undefined if the extension is missing or unreadable, which its text then states. */
function read<T>(
  extensions: OutlineExtension[],
  oid: string,
  reader: (value: Uint8Array) => T,
): T | undefined {
  const extension = extensions.find((found) => found.oid === oid)
  if (!extension) return undefined
  try {
    return reader(extension.value)
  } catch {
    return undefined
  }
}

function alternativeNames(extensions: OutlineExtension[]): CertificateFacts['names'] {
  const names: CertificateFacts['names'] = { dns: [], ip: [], email: [], uri: [] }
  const found = read(extensions, '2.5.29.17', (value) => readShownNames(readOne(value, tags.sequence)))
  for (const { kind, text } of found ?? []) if (kind !== 'other') names[kind].push(text)
  return names
}

function firstName(names: CertificateFacts['names']): string | undefined {
  return [names.dns, names.ip, names.email, names.uri].flat()[0]
}

/** The integer's bytes without the leading zero of the sign. */
function serialHex(serial: Uint8Array): string {
  const hex = toHex(serial)
  return hex.length > 2 && hex.startsWith('00') ? hex.slice(2) : hex
}

/**
 * Decodes clean PEM of our own, in order.
 * @throws EdgekeepError `certificate.malformed` for a broken block
 */
export function chainFromPem(chainPem: string): Uint8Array[] {
  const { blocks, faults } = scanPem(Buffer.from(chainPem, 'latin1'), 'chain')
  const fault = faults[0]
  if (fault) throw new EdgekeepError('certificate.malformed', { reason: fault.reason, place: fault.place })
  return blocks.map(({ bytes }) => bytes)
}
