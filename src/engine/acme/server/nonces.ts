import { randomBytes } from 'node:crypto'

/** Beyond this, the oldest nonce is dropped; its client gets `badNonce` and retries with a new one. */
const mostNonces = 5000

/** Single-use nonces against replay (RFC 8555, section 6.5). */
export class Nonces {
  readonly #given = new Set<string>()

  next(): string {
    const nonce = randomBytes(16).toString('base64url')
    this.#given.add(nonce)
    const [oldest] = this.#given
    if (oldest !== undefined && this.#given.size > mostNonces) this.#given.delete(oldest)
    return nonce
  }

  /** Consumes the nonce; false if unknown or already used. */
  use(nonce: unknown): boolean {
    return typeof nonce === 'string' && this.#given.delete(nonce)
  }
}
