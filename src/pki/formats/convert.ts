import { encodeBase64Lines } from '../asn1/base64.ts'

/** A PEM block (RFC 7468) with 64-column lines, as bytes: keys must be zeroable. */
export function toPemBytes(der: Uint8Array, label = 'CERTIFICATE'): Buffer {
  const body = encodeBase64Lines(der)
  const pem = Buffer.concat([
    Buffer.from(`-----BEGIN ${label}-----\n`, 'latin1'),
    body,
    Buffer.from(`-----END ${label}-----\n`, 'latin1'),
  ])
  body.fill(0)
  return pem
}

/** A PEM block (RFC 7468) with 64-column lines. Not for keys: a string cannot be zeroed. */
export function toPem(der: Uint8Array, label = 'CERTIFICATE'): string {
  return toPemBytes(der, label).toString('latin1')
}

export { toP7b } from './signed-data.ts'
