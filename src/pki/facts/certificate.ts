import { hash, X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { bytesEqual, DerError, DerReader, tags, toHex } from '../asn1/der.ts'
import { extensionNames, purposeNames } from '../asn1/object-identifiers.ts'
import { scanPem } from '../asn1/pem.ts'
import { shown } from '../asn1/strings.ts'
import { limits } from '../limits.ts'
import { anyScheme } from '../x509/algorithms.ts'
import { type Certificate, certificateOf } from '../x509/certificate.ts'
import { textsOf } from '../x509/general-names.ts'
import { isSignedBy } from '../x509/signatures.ts'
import { signatureAlgorithmName } from './algorithm-name.ts'
import { describeExtension, usageLabelsOf } from './describe-extension.ts'
import { commonName, rfc4514 } from './format-name.ts'
import { spkiFacts } from './public-key.ts'

/** A certificate that OpenSSL reads too, with its facts; shared and immutable. */
export interface ReadCertificate extends Certificate {
  facts: CertificateFacts
}

/**
 * Reads the facts of a certificate in DER (RFC 5280, section 4).
 * @throws EdgekeepError `certificate.malformed`
 */
export function certificateFacts(der: Uint8Array): CertificateFacts {
  return readCertificate(der).facts
}

/** The same with the certificate, without bytes that follow it; `place` is for the error. */
export function readCertificate(der: Uint8Array, place?: Place): ReadCertificate {
  const refuse = (reason: string, cause?: unknown) =>
    new EdgekeepError('certificate.malformed', { ...(place ? { place } : {}), reason }, { cause })
  if (der.length > limits.certificateBytes)
    throw refuse(`it has ${der.length} bytes, and at most ${limits.certificateBytes} are read`)
  try {
    const certificate: Certificate & Partial<ReadCertificate> = certificateOf(
      new DerReader(der).next(tags.sequence).bytes,
    )
    // The edge serves with OpenSSL, which refuses some certificates that can be decoded.
    if (!certificate.facts && !isLoaded(certificate.der)) throw new TypeError('OpenSSL cannot read it')
    certificate.facts ??= factsOf(certificate)
    return certificate as ReadCertificate
  } catch (error) {
    const isNearly = error instanceof DerError && isLoaded(der)
    throw refuse(isNearly ? error.message : 'it is not a complete X.509 certificate', error)
  }
}

/** Whether OpenSSL reads the certificate. */
export function isLoaded(der: Uint8Array): boolean {
  try {
    void new X509Certificate(der)
    return true
  } catch {
    return false
  }
}

function factsOf(certificate: Certificate): CertificateFacts {
  const { der, subject, issuer, notBefore, notAfter, spki, extensions, decoded } = certificate
  const names = textsOf(decoded.subjectAltName)
  const [firstName = ''] = [names.dns, names.ip, names.email, names.uri].flat()
  return {
    subject: rfc4514(subject),
    issuer: rfc4514(issuer),
    title: shown(
      readableName(commonName(subject) || firstName) || rfc4514(subject) || 'certificate without a name',
    ),
    names,
    notBefore: new Date(notBefore).toISOString(),
    notAfter: new Date(notAfter).toISOString(),
    lifetimeDays: Math.round((notAfter - notBefore) / 8_640_000) / 10,
    serialHex: serialHex(certificate.serial),
    version: certificate.version,
    publicKey: spkiFacts(spki),
    signatureAlgorithm: signatureAlgorithmName(certificate.outerAlgorithm),
    fingerprintSha256: certificate.fingerprintSha256,
    fingerprintSha1: hash('sha1', der),
    spkiPin: hash('sha256', spki, 'base64'),
    isCa: decoded.basicConstraints?.isCa ?? false,
    isSelfSigned: isSelfSigned(certificate),
    keyUsage: usageLabelsOf(decoded.keyUsage),
    extendedKeyUsage: (decoded.extendedKeyUsage ?? []).map((oid) => purposeNames.get(oid) ?? oid),
    extensions: extensions.map((extension) => ({
      oid: extension.oid,
      name: extensionNames.get(extension.oid) ?? extension.oid,
      critical: extension.critical,
      ...describeExtension(extension),
      rawHex: toHex(extension.value),
    })),
  }
}

/** Judged by the signature; by names and key identifiers where its algorithm is not known here. */
function isSelfSigned(certificate: Certificate): boolean {
  const { subject, issuer, decoded, signatureAlgorithm } = certificate
  if (!bytesEqual(subject.bytes, issuer.bytes)) return false
  const named = decoded.authorityKeyIdentifier?.keyIdentifier
  const isItsOwn = !named || bytesEqual(named, decoded.subjectKeyIdentifier ?? named)
  return anyScheme(signatureAlgorithm) ? isSignedBy(certificate, certificate) : isItsOwn
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

/** The first certificate of clean PEM of our own. */
export function certificateInPem(pem: string): ReadCertificate {
  const [der] = chainFromPem(pem)
  if (!der) throw new TypeError('The PEM holds a certificate')
  return readCertificate(der)
}
