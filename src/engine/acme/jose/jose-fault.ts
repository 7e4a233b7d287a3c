/**
 * Fault of a received JWS or JWK: `malformed` (its shape), `algorithm` and `key` (unsupported), or
 * `signature` (does not verify).
 */
export class JoseFault extends Error {
  readonly fault: 'malformed' | 'algorithm' | 'key' | 'signature'
  constructor(fault: JoseFault['fault'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'JoseFault'
    this.fault = fault
  }
}
