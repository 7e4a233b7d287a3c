import { JoseFault } from './jose-fault.ts'

/** Base64url without padding (RFC 7515, section 2). */
export function toBase64url(bytes: Buffer | string): string {
  return (typeof bytes === 'string' ? Buffer.from(bytes) : bytes).toString('base64url')
}

/**
 * Strict: no padding, no white space, no bits left over, so that no two texts mean the same bytes.
 * @throws a `JoseFault` that is `malformed`
 */
export function fromBase64url(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text)
    throw new JoseFault('malformed', 'A value is not base64url without padding.')
  return bytes
}
