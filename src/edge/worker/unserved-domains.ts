import type { ExchangeFacts } from './observe/observe.ts'

/**
 * Domains with a connection whose first exchange has not ended: one of them may end this process. The report
 * of them leaves before the handshake, so the supervisor has it after a crash.
 */
export class UnservedDomains {
  readonly #counts = new Map<string, number>()
  readonly #byConnection = new Map<object, string>()
  readonly #heldUntil: Map<string, number>
  readonly #report: (domains: string[]) => void

  /** @param heldMs time by domain before its handshakes begin */
  constructor(heldMs: Map<string, number>, report: (domains: string[]) => void) {
    const now = performance.now()
    this.#heldUntil = new Map([...heldMs].map(([domain, timeMs]) => [domain, now + timeMs]))
    this.#report = report
  }

  /** Calls `choose` once the domain is no longer held. Each call is followed by `refused` or `secure`. */
  async admit<T>(domain: string, choose: () => T | Promise<T>): Promise<T> {
    this.#add(domain, 1)
    const waitMs = this.#holdOf(domain)
    if (waitMs > 0) {
      await new Promise<void>((resolve) => setTimeout(resolve, waitMs).unref())
      this.#send()
    }
    return choose()
  }

  refused(domain: string): void {
    this.#add(domain, -1)
  }

  secure(connection: object, domain: string): void {
    this.#byConnection.set(connection, domain)
  }

  exchangeEnded({ connection }: ExchangeFacts): void {
    this.closed(connection)
  }

  closed(connection: object): void {
    const domain = this.#byConnection.get(connection)
    if (domain !== undefined && this.#byConnection.delete(connection)) this.refused(domain)
  }

  #add(domain: string, change: 1 | -1): void {
    const before = this.#counts.get(domain) ?? 0
    const count = Math.max(0, before + change)
    if (count === 0) this.#counts.delete(domain)
    else this.#counts.set(domain, count)
    if ((before === 0) !== (count === 0)) this.#send()
  }

  #holdOf(domain: string): number {
    return (this.#heldUntil.get(domain) ?? 0) - performance.now()
  }

  /** A domain that is held has ended nothing. */
  #send(): void {
    this.#report([...this.#counts.keys()].filter((domain) => this.#holdOf(domain) <= 0))
  }
}
