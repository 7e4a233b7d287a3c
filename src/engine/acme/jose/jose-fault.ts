/**
 * What is wrong with a JWS or JWK that somebody sent: `malformed` for its shape, `algorithm` for one that is
 * not taken, `key` for a key that is not, `signature` for one that does not fit.
 */
export class JoseFault extends Error {
  readonly fault: 'malformed' | 'algorithm' | 'key' | 'signature'
  constructor(fault: JoseFault['fault'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'JoseFault'
    this.fault = fault
  }
}
