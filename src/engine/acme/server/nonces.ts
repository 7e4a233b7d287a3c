import { randomBytes } from 'node:crypto'

/** The oldest goes: whoever held it is told `badNonce` and tries again with a new one. */
const mostNonces = 5000

/** Nonces against replay (RFC 8555, section 6.5): each is good once, for the server that gave it. */
export class Nonces {
  readonly #given = new Set<string>()

  next(): string {
    const nonce = randomBytes(16).toString('base64url')
    this.#given.add(nonce)
    const [oldest] = this.#given
    if (oldest !== undefined && this.#given.size > mostNonces) this.#given.delete(oldest)
    return nonce
  }

  /** Whether it was given and not used. */
  use(nonce: unknown): boolean {
    return typeof nonce === 'string' && this.#given.delete(nonce)
  }
}
