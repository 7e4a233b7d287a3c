import { createHmac, randomBytes } from 'node:crypto'
import type { KeptAccessPolicy } from '../../../contract/access-policy.ts'
import { PasswordQueue, type Asker } from './password-queue.ts'
import { isPassword } from '../../protocol/passwords.ts'

/** `busy`: more passwords are being tried for this domain than this computer can check. */
export type Admission = 'in' | 'out' | 'busy'

/**
 * Who knows a password that is let in. A check takes a tenth of a second on purpose, so what was
 * found is remembered under a keyed digest: the second request costs some microseconds, and neither
 * password nor anything to guess it by lies in memory. What is guessed wrong is remembered apart, so
 * that no number of guesses pushes out those who are in.
 */
export class PasswordChecks {
  readonly #key = randomBytes(32)
  readonly #in: Remembered
  readonly #out: Remembered
  readonly #queue: PasswordQueue

  /** `places` is how many checks may wait, and `remembered` how many answers of each kind are kept. */
  constructor(places = 4_096, remembered = 4_096) {
    this.#queue = new PasswordQueue(places)
    this.#in = new Remembered(remembered)
    this.#out = new Remembered(remembered)
  }

  /** `hash` is null for a user who is not there. */
  check(password: string, user: string, hash: string | null, asker: Asker): Admission | Promise<Admission> {
    const digest = this.#digest([user, hash ?? '', password])
    const known = this.#recall(digest)
    if (known) return known
    const { promise, resolve } = Promise.withResolvers<Admission>()
    const isQueued = this.#queue.add(asker, async () => {
      // An earlier request with the same password was checked meanwhile.
      const found = this.#recall(digest) ?? (asker.isGone ? 'out' : await this.#find(digest, password, hash))
      resolve(found)
    })
    return isQueued ? promise : 'busy'
  }

  #recall(digest: string): Admission | null {
    return this.#in.has(digest) ? 'in' : this.#out.has(digest) ? 'out' : null
  }

  async #find(digest: string, password: string, hash: string | null): Promise<Admission> {
    // A stored hash that cannot be read is the hash of no password.
    const isIn = await isPassword(password, hash).catch(() => false)
    const remembered = isIn ? this.#in : this.#out
    remembered.add(digest)
    return isIn ? 'in' : 'out'
  }

  #digest(parts: string[]): string {
    const hmac = createHmac('sha256', this.#key)
    // The separator keeps the parts apart.
    for (const part of parts) hmac.update(`${part.length}:${part}`)
    return hmac.digest('base64')
  }
}

/** A set that forgets the oldest. */
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

/** Who may access one domain. */
export interface PasswordGate {
  /** For the 401's WWW-Authenticate (RFC 7617, section 2.1). */
  readonly challenge: string
  readonly forwardsAuthorization: boolean
  /** `authorization` holds the values of all Authorization fields. */
  check(
    authorization: readonly string[],
    checks: PasswordChecks,
    asker: Asker,
  ): Admission | Promise<Admission>
}

/** Null where nobody is asked. */
export function passwordGate({ users, realm, forwardAuthorization }: KeptAccessPolicy): PasswordGate | null {
  if (users === null) return null
  const hashes = new Map(users.map(({ name, passwordHash }) => [name.normalize('NFC'), passwordHash]))
  return {
    challenge: `Basic realm="${realm}", charset="UTF-8"`,
    forwardsAuthorization: forwardAuthorization,
    check(authorization, checks, asker) {
      const given = authorization.length === 1 ? readBasic(authorization[0]!) : null
      if (given === null) return 'out'
      return checks.check(given.password, given.user, hashes.get(given.user) ?? null, asker)
    },
  }
}

/** User and password as UTF-8, which is what the challenge asks for. */
function readBasic(authorization: string): { user: string; password: string } | null {
  const [, encoded] = /^basic +([A-Za-z0-9+/=._~-]+) *$/i.exec(authorization) ?? []
  if (encoded === undefined || encoded.length > longestCredentials) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8').normalize('NFC')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

const longestCredentials = 2_048
