import { isWithin, sharedAddress, type Claimant } from '../limits/fair-share.ts'

/** Whose password is to be checked, and for what. */
export interface Asker {
  readonly domain: string
  readonly claimant: Claimant
  /** It does not wait for the answer any more. */
  readonly isGone: boolean
}

type Check = () => Promise<void>

/** One domain may have an eighth of the places that are left, and one client half of those that its domain has left. */
const domainPart = 1 / 8
const clientPart = 1 / 2

/**
 * Password checks that wait, one after the other: whoever guesses gets one processor of this computer
 * and no more. Domains take turns, and within a domain its clients do, so that guesses at one domain
 * delay no other and refuse nobody there.
 */
export class PasswordQueue {
  readonly #places: number
  readonly #domains = new Map<string, Turns>()
  #waiting = 0
  #isChecking = false

  constructor(places: number) {
    this.#places = places
  }

  /** `check` must not throw. False: the domain, or the client in it, has all the places that it may have. */
  add({ domain, claimant }: Asker, check: Check): boolean {
    // On the loopback every client has the same address, so that there each connection counts as one.
    const client = sharedAddress(claimant) ?? claimant
    const turns = this.#domains.get(domain) ?? new Turns()
    const free = this.#places - this.#waiting
    // Nothing is left of the domain's part where it has as many waiting.
    if (!isWithin(free * domainPart - turns.waiting, turns.waitingOf(client), clientPart)) return false
    this.#domains.set(domain, turns)
    turns.push(client, check)
    this.#waiting += 1
    if (!this.#isChecking) void this.#run()
    return true
  }

  async #run(): Promise<void> {
    this.#isChecking = true
    for (const [domain, turns] of this.#domains) {
      const check = turns.shift()
      // To the end of the iteration.
      this.#domains.delete(domain)
      if (turns.waiting > 0) this.#domains.set(domain, turns)
      this.#waiting -= 1
      await check?.()
    }
    this.#isChecking = false
  }
}

/** Clients of one domain, one check of each at a time. */
class Turns {
  waiting = 0
  readonly #clients = new Map<unknown, Check[]>()

  waitingOf(client: unknown): number {
    return this.#clients.get(client)?.length ?? 0
  }

  push(client: unknown, check: Check): void {
    const checks = this.#clients.get(client)
    if (checks) checks.push(check)
    else this.#clients.set(client, [check])
    this.waiting += 1
  }

  shift(): Check | undefined {
    for (const [client, checks] of this.#clients) {
      this.waiting -= 1
      this.#clients.delete(client)
      if (checks.length > 1) this.#clients.set(client, checks)
      return checks.shift()
    }
    return undefined
  }
}
