import { isWithin, sharedAddress, type Claimant } from '../limits/fair-share.ts'

export interface Asker {
  readonly domain: string
  readonly claimant: Claimant
  readonly isGone: boolean
}

type Check = () => Promise<void>

/** A domain may have an eighth of the free places, and a client half of those that its domain has left. */
const domainPart = 1 / 8
const clientPart = 1 / 2

/**
 * Sequential password checks, so that guessing takes at most one processor of this computer. Round-robin
 * between domains, and within a domain between clients, so that guesses at one domain neither delay nor
 * refuse anybody at another.
 */
export class PasswordQueue {
  readonly #places: number
  readonly #domains = new Map<string, Turns>()
  #waiting = 0
  #isChecking = false

  constructor(places: number) {
    this.#places = places
  }

  /** `check` must not throw. False: the share of the domain, or of the client in it, is used up. */
  add({ domain, claimant }: Asker, check: Check): boolean {
    // On the loopback every client has the same address, so each connection counts as one.
    const client = sharedAddress(claimant) ?? claimant
    const turns = this.#domains.get(domain) ?? new Turns()
    const free = this.#places - this.#waiting
    // The share is used up once as many checks of the domain wait.
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
      // Moves it to the end of the iteration.
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
