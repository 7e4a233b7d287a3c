import { JoseFault } from './jose-fault.ts'

/** Base64url without padding (RFC 7515, section 2). */
export function toBase64url(bytes: Buffer | string): string {
  return (typeof bytes === 'string' ? Buffer.from(bytes) : bytes).toString('base64url')
}

/**
 * Strict decoding without padding, white space or leftover bits: each value has exactly one encoding.
 * @throws a `JoseFault` that is `malformed`
 */
export function fromBase64url(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text)
    throw new JoseFault('malformed', 'A value is not base64url without padding.')
  return bytes
}
