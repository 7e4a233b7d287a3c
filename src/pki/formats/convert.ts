import { SecretBytes } from '../../domain/secret-bytes.ts'
import { encodeBase64Lines } from '../asn1/base64.ts'

/** A PEM block (RFC 7468) with 64-column lines, as bytes: keys must be zeroable. */
export function toPemBytes(der: Uint8Array, label = 'CERTIFICATE'): Buffer {
  using body = new SecretBytes(encodeBase64Lines(der))
  const begin = Buffer.from(`-----BEGIN ${label}-----\n`, 'latin1')
  const end = Buffer.from(`-----END ${label}-----\n`, 'latin1')
  return Buffer.concat([begin, body.bytes, end])
}

/** A PEM block (RFC 7468) with 64-column lines. Not for keys: a string cannot be zeroed. */
export function toPem(der: Uint8Array, label = 'CERTIFICATE'): string {
  return toPemBytes(der, label).toString('latin1')
}

export { toP7b } from './signed-data.ts'
