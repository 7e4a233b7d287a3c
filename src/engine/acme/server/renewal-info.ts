import { fromBase64url } from '../jose/base64url.ts'
import { JoseFault } from '../jose/jose-fault.ts'
import { strictCertificateOf } from '../../../pki/x509/certificate.ts'
import { chainFromPem } from '../../../pki/facts/certificate.ts'
import { bytesEqual, toHex } from '../../../pki/asn1/der.ts'
import type { IssuedRow, Vault } from '../../vault/vault.ts'
import { AcmeProblem } from './problem.ts'

/**
 * Finds a certificate by its ARI identifier (RFC 9773, section 4.1): the issuer's key identifier, a dot, the
 * serial number.
 * @throws `malformed` for an invalid identifier, and with 404 for an unknown certificate
 */
export function certificateById(vault: Vault, id: string): IssuedRow {
  const [keyId, serial] = id.split('.').map(decoded)
  if (!keyId || !serial || id.split('.').length !== 2)
    throw new AcmeProblem('malformed', 'It is not a certificate identifier (RFC 9773, section 4.1).')
  const row = vault.issued.get(toHex(serial[0] === 0 ? serial.subarray(1) : serial))
  const [der] = row ? chainFromPem(row.certificatePem) : []
  const authority = der && strictCertificateOf(der).decoded.authorityKeyIdentifier?.keyIdentifier
  if (row && authority && bytesEqual(authority, keyId)) return row
  throw new AcmeProblem('malformed', 'This server has not issued such a certificate.', { status: 404 })
}

/** Starts at two thirds of the lifetime, lasts a thirtieth; at once if revoked or recalled. */
export function suggestedWindow(
  row: IssuedRow,
  { now, recalled }: { now: Date; recalled: boolean },
): { start: Date; end: Date } {
  const [der] = chainFromPem(row.certificatePem)
  if (!der) throw new TypeError('What was issued is a certificate')
  const { notBefore, notAfter } = strictCertificateOf(der)
  const life = notAfter - notBefore
  if (recalled || row.revokedAt !== null)
    return { start: new Date(now.getTime() - life / 30), end: new Date(now.getTime() - 1) }
  return { start: new Date(notBefore + (life * 2) / 3), end: new Date(notBefore + (life * 21) / 30) }
}

function decoded(text: string): Buffer | undefined {
  if (text.length > 100) return undefined
  try {
    return fromBase64url(text)
  } catch (error) {
    if (error instanceof JoseFault) return undefined
    throw error
  }
}
