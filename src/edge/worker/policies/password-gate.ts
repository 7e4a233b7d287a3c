import { createHmac, randomBytes } from 'node:crypto'
import type { StoredAccessPolicy } from '../../../contract/domains/access-policy.ts'
import { PasswordQueue, type Asker } from './password-queue.ts'
import { isPassword } from '../../protocol/passwords.ts'

/** `busy`: the domain's queue of password checks is full. */
export type Admission = 'in' | 'out' | 'busy'

/**
 * Cache of password checks. A check takes a tenth of a second on purpose, so its result is cached under a
 * keyed digest: the second request costs some microseconds, and the memory holds neither the password nor
 * anything to guess it by. Wrong guesses have their own cache, so that they evict no valid login.
 */
export class PasswordChecks {
  readonly #key = randomBytes(32)
  readonly #in: Remembered
  readonly #out: Remembered
  readonly #queue: PasswordQueue

  /** `places` limits the queue of checks, `remembered` the cached results of each kind. */
  constructor(places = 4_096, remembered = 4_096) {
    this.#queue = new PasswordQueue(places)
    this.#in = new Remembered(remembered)
    this.#out = new Remembered(remembered)
  }

  /** `hash` is null for an unknown user. */
  check(password: string, user: string, hash: string | null, asker: Asker): Admission | Promise<Admission> {
    const digest = this.#digest([user, hash ?? '', password])
    const known = this.#recall(digest)
    if (known) return known
    const { promise, resolve } = Promise.withResolvers<Admission>()
    const isQueued = this.#queue.add(asker, async () => {
      // An earlier request with the same password may have been checked meanwhile.
      const found = this.#recall(digest) ?? (asker.isGone ? 'out' : await this.#find(digest, password, hash))
      resolve(found)
    })
    return isQueued ? promise : 'busy'
  }

  #recall(digest: string): Admission | null {
    return this.#in.has(digest) ? 'in' : this.#out.has(digest) ? 'out' : null
  }

  async #find(digest: string, password: string, hash: string | null): Promise<Admission> {
    // An unreadable hash matches no password.
    const isIn = await isPassword(password, hash).catch(() => false)
    const remembered = isIn ? this.#in : this.#out
    remembered.add(digest)
    return isIn ? 'in' : 'out'
  }

  #digest(parts: string[]): string {
    const hmac = createHmac('sha256', this.#key)
    // The length prefix keeps the parts apart.
    for (const part of parts) hmac.update(`${part.length}:${part}`)
    return hmac.digest('base64')
  }
}

class Remembered {
  readonly #entries = new Set<string>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  has(entry: string): boolean {
    return this.#entries.has(entry)
  }

  add(entry: string): void {
    if (this.#entries.size >= this.#most) this.#entries.delete(this.#entries.values().next().value!)
    this.#entries.add(entry)
  }
}

/** Null if no password is required. */
export function passwordGate({ users, realm, forwardAuthorization }: StoredAccessPolicy) {
  if (users === null) return null
  const hashes = new Map(users.map(({ name, passwordHash }) => [name.normalize('NFC'), passwordHash]))
  return {
    /** Value of WWW-Authenticate in the 401 (RFC 7617, section 2.1). */
    challenge: `Basic realm="${realm}", charset="UTF-8"`,
    forwardsAuthorization: forwardAuthorization,
    /** `authorization` holds the values of all Authorization fields. */
    check(
      authorization: readonly string[],
      checks: PasswordChecks,
      asker: Asker,
    ): Admission | Promise<Admission> {
      const given = authorization.length === 1 ? readBasic(authorization[0]!) : null
      if (given === null) return 'out'
      return checks.check(given.password, given.user, hashes.get(given.user) ?? null, asker)
    },
  }
}

/** Decodes user and password as UTF-8, which the challenge specifies. */
function readBasic(authorization: string): { user: string; password: string } | null {
  const [, encoded] = /^basic +([A-Za-z0-9+/=._~-]+) *$/i.exec(authorization) ?? []
  if (encoded === undefined || encoded.length > longestCredentials) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8').normalize('NFC')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

const longestCredentials = 2_048
