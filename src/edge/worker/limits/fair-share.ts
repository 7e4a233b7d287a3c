/** Claimant of slots: a client's connection, or the edge itself for its checks. */
export interface Claimant {
  readonly remoteAddress: string
}

export interface Share<Waiter> {
  held: number
  readonly waiting: Waiter[]
  readonly address: string | null
}

/** A connection may hold half of the free slots above the reserve, an address four times the free slots. */
const connectionPart = 1 / 2
const addressPart = 4
/** Fraction reserved for connections that hold nothing. */
const reservedPart = 1 / 4

/**
 * Divides the slots of one origin, and the places in their queue, between clients. A client's limit depends
 * on the free slots (dynamic thresholds; Choudhury and Hahne, "Dynamic Queue Length Thresholds for
 * Shared-Memory Packet Switches", 1998): alone it gets a quarter, which is more than the streams of one
 * HTTP/2 connection, and each further client less. The last quarter is for clients that hold nothing, one
 * slot each, so that a program with many full connections leaves it to others. A free slot goes to the client
 * with the fewest slots, and among equals to the one that has waited longest. In a full queue, a newcomer
 * displaces the newest request of the client with the most.
 */
export class FairShare<Waiter> {
  held = 0
  waiting = 0
  readonly #shares = new WeakMap<Claimant, Share<Waiter>>()
  readonly #queue = new Set<Share<Waiter>>()
  readonly #heldByAddress = new Map<string, number>()
  readonly #waitingByAddress = new Map<string, number>()

  of(claimant: Claimant): Share<Waiter> {
    let share = this.#shares.get(claimant)
    if (!share) {
      share = { held: 0, waiting: [], address: sharedAddress(claimant) }
      this.#shares.set(claimant, share)
    }
    return share
  }

  mayHold({ held, address }: Share<Waiter>, slots: number): boolean {
    return mayHave({ all: slots, taken: this.held }, held, address, this.#heldByAddress)
  }

  hold(share: Share<Waiter>): void {
    this.held += 1
    share.held += 1
    add(this.#heldByAddress, share.address, 1)
  }

  release(share: Share<Waiter>): void {
    this.held -= 1
    share.held -= 1
    add(this.#heldByAddress, share.address, -1)
  }

  /** Queues a request. False: its share of the `places` is used up, or the queue is full. */
  wait(share: Share<Waiter>, waiter: Waiter, places: number): boolean {
    const of = { all: places, taken: this.waiting }
    if (!mayHave(of, share.waiting.length, share.address, this.#waitingByAddress)) return false
    share.waiting.push(waiter)
    this.#queue.add(share)
    this.waiting += 1
    add(this.#waitingByAddress, share.address, 1)
    return true
  }

  /**
   * Removes and returns the request that gives way to a claimant with nothing, neither on its connection nor
   * at its address. Undefined: there are places left, or no client has more than one request.
   */
  displace(newcomer: Share<Waiter>, places: number): Waiter | undefined {
    if (this.waiting < places || !this.#hasNothing(newcomer)) return undefined
    let most: Share<Waiter> | null = null
    for (const share of this.#queue) if (most === null || requestsOf(share) > requestsOf(most)) most = share
    if (most === null || requestsOf(most) < 2) return undefined
    const newest = most.waiting.pop()
    this.#left(most)
    return newest
  }

  /** Removes a queued request. False: it is no longer queued. */
  forget(share: Share<Waiter>, waiter: Waiter): boolean {
    const at = share.waiting.indexOf(waiter)
    if (at < 0) return false
    share.waiting.splice(at, 1)
    this.#left(share)
    return true
  }

  /** Removes and returns the request that gets the next of `slots`; undefined if none may have it. */
  next(slots: number): Waiter | undefined {
    if (this.waiting === 0 || this.held >= slots) return undefined
    let least: Share<Waiter> | null = null
    for (const share of this.#queue) {
      if (least !== null && share.held >= least.held) continue
      if (!this.mayHold(share, slots)) continue
      least = share
      if (share.held === 0) break
    }
    return least === null ? undefined : this.#take(least)
  }

  get first(): Waiter | undefined {
    for (const { waiting } of this.#queue) return waiting[0]
    return undefined
  }

  takeAll(): Waiter[] {
    const all: Waiter[] = []
    // A claimant with more requests goes to the end of the queue and comes again.
    for (const share of this.#queue) all.push(this.#take(share))
    return all
  }

  isContended(claimant: Claimant): boolean {
    if (this.waiting === 0) return false
    const { held } = this.of(claimant)
    for (const share of this.#queue) if (share.held < held) return true
    return false
  }

  #hasNothing(share: Share<Waiter>): boolean {
    const { address } = share
    if (requestsOf(share) > 0) return false
    return address === null || !(this.#heldByAddress.has(address) || this.#waitingByAddress.has(address))
  }

  #take(share: Share<Waiter>): Waiter {
    const waiter = share.waiting.shift()!
    this.#queue.delete(share)
    this.#left(share)
    if (share.waiting.length > 0) this.#queue.add(share)
    return waiter
  }

  #left(share: Share<Waiter>): void {
    this.waiting -= 1
    if (share.waiting.length === 0) this.#queue.delete(share)
    add(this.#waitingByAddress, share.address, -1)
  }
}

/** Whether a holder of `own` may have another: up to `part` of the `free` ones, and one in any case. */
export function isWithin(free: number, own: number, part: number): boolean {
  return free > 0 && own < Math.max(1, free * part)
}

/** Address that distinguishes clients; null on the loopback, which all of them share. */
export function sharedAddress({ remoteAddress }: Claimant): string | null {
  return remoteAddress === '::1' || remoteAddress.startsWith('127.') ? null : remoteAddress
}

function requestsOf({ held, waiting }: Share<unknown>): number {
  return held + waiting.length
}

function mayHave(
  { all, taken }: { all: number; taken: number },
  own: number,
  address: string | null,
  byAddress: Map<string, number>,
): boolean {
  const free = all - taken
  const unreserved = own === 0 ? free : free - Math.floor(all * reservedPart)
  if (!isWithin(unreserved, own, connectionPart)) return false
  return address === null || isWithin(free, byAddress.get(address) ?? 0, addressPart)
}

function add(counts: Map<string, number>, address: string | null, change: number): void {
  if (address === null) return
  const count = (counts.get(address) ?? 0) + change
  if (count === 0) counts.delete(address)
  else counts.set(address, count)
}
