/** Who asks for slots: a client's connection, or the edge itself for its checks. */
export interface Claimant {
  readonly remoteAddress: string
}

/** What one claimant has of one origin. */
export interface Share<Wish> {
  held: number
  readonly waiting: Wish[]
  /** Null on the loopback. */
  readonly address: string | null
}

/** A connection may have a half of what is left above the reserve, an address four times what is left. */
const connectionPart = 1 / 2
const addressPart = 4
/** Part of all that is for connections that have nothing. */
const reservedPart = 1 / 4

/**
 * Divides the slots of one origin, and the places in the queue for them, between clients. How much one
 * client may have depends on how much is free (dynamic thresholds; Choudhury and Hahne, "Dynamic Queue
 * Length Thresholds for Shared-Memory Packet Switches", 1998): alone it gets a quarter, which is more
 * than the streams of one HTTP/2 connection, and each further one less. The last quarter is for clients
 * that have nothing, one each: a program with many connections that are full leaves it to others. A slot
 * that gets free goes to the client that has fewest, and among equals to the one that has waited longest.
 * In a queue that is full, a newcomer displaces the newest request of the client that has most.
 */
export class FairShare<Wish> {
  held = 0
  waiting = 0
  readonly #shares = new WeakMap<Claimant, Share<Wish>>()
  /** Claimants with queued requests, in round-robin order. */
  readonly #queue = new Set<Share<Wish>>()
  readonly #heldByAddress = new Map<string, number>()
  readonly #waitingByAddress = new Map<string, number>()

  of(claimant: Claimant): Share<Wish> {
    let share = this.#shares.get(claimant)
    if (!share) {
      share = { held: 0, waiting: [], address: sharedAddress(claimant) }
      this.#shares.set(claimant, share)
    }
    return share
  }

  /** Whether it may have another of `slots`. */
  mayHold({ held, address }: Share<Wish>, slots: number): boolean {
    return mayHave({ all: slots, taken: this.held }, held, address, this.#heldByAddress)
  }

  hold(share: Share<Wish>): void {
    this.held += 1
    share.held += 1
    add(this.#heldByAddress, share.address, 1)
  }

  release(share: Share<Wish>): void {
    this.held -= 1
    share.held -= 1
    add(this.#heldByAddress, share.address, -1)
  }

  /** False: it has its part of the `places` in the queue, or there are none left. */
  wait(share: Share<Wish>, wish: Wish, places: number): boolean {
    const of = { all: places, taken: this.waiting }
    if (!mayHave(of, share.waiting.length, share.address, this.#waitingByAddress)) return false
    share.waiting.push(wish)
    this.#queue.add(share)
    this.waiting += 1
    add(this.#waitingByAddress, share.address, 1)
    return true
  }

  /**
   * Removes and returns the request that gives way to a claimant with nothing, neither on its connection nor
   * at its address. Undefined: there are places left, or no client has more than one request.
   */
  displace(newcomer: Share<Wish>, places: number): Wish | undefined {
    if (this.waiting < places || !this.#hasNothing(newcomer)) return undefined
    let most: Share<Wish> | null = null
    for (const share of this.#queue) if (most === null || requestsOf(share) > requestsOf(most)) most = share
    if (most === null || requestsOf(most) < 2) return undefined
    const newest = most.waiting.pop()
    this.#left(most)
    return newest
  }

  /** Removes a queued request. False: it is no longer queued. */
  forget(share: Share<Wish>, wish: Wish): boolean {
    const at = share.waiting.indexOf(wish)
    if (at < 0) return false
    share.waiting.splice(at, 1)
    this.#left(share)
    return true
  }

  /** Removes and returns the request that gets the next of `slots`; undefined if none may have it. */
  next(slots: number): Wish | undefined {
    if (this.waiting === 0 || this.held >= slots) return undefined
    let least: Share<Wish> | null = null
    for (const share of this.#queue) {
      if (least !== null && share.held >= least.held) continue
      if (!this.mayHold(share, slots)) continue
      least = share
      if (share.held === 0) break
    }
    return least === null ? undefined : this.#take(least)
  }

  /** A queued request. */
  get first(): Wish | undefined {
    for (const { waiting } of this.#queue) return waiting[0]
    return undefined
  }

  /** Removes and returns all queued requests. */
  takeAll(): Wish[] {
    const all: Wish[] = []
    // One that has more goes to the end of the queue, and so comes again.
    for (const share of this.#queue) all.push(this.#take(share))
    return all
  }

  /** Whether a claimant with less than `claimant` is waiting. */
  isContended(claimant: Claimant): boolean {
    if (this.waiting === 0) return false
    const { held } = this.of(claimant)
    for (const share of this.#queue) if (share.held < held) return true
    return false
  }

  #hasNothing(share: Share<Wish>): boolean {
    const { address } = share
    if (requestsOf(share) > 0) return false
    return address === null || !(this.#heldByAddress.has(address) || this.#waitingByAddress.has(address))
  }

  #take(share: Share<Wish>): Wish {
    const wish = share.waiting.shift()!
    this.#queue.delete(share)
    this.#left(share)
    // Moves it to the end of the queue.
    if (share.waiting.length > 0) this.#queue.add(share)
    return wish
  }

  #left(share: Share<Wish>): void {
    this.waiting -= 1
    if (share.waiting.length === 0) this.#queue.delete(share)
    add(this.#waitingByAddress, share.address, -1)
  }
}

/** Whether one that has `own` may have another, where each may have `part` of what is `free`, and one in any case. */
export function isWithin(free: number, own: number, part: number): boolean {
  return free > 0 && own < Math.max(1, free * part)
}

/** The address that tells clients apart; null on the loopback, where all have the same one. */
export function sharedAddress({ remoteAddress }: Claimant): string | null {
  return remoteAddress === '::1' || remoteAddress.startsWith('127.') ? null : remoteAddress
}

function requestsOf({ held, waiting }: Share<unknown>): number {
  return held + waiting.length
}

/** Whether connection and address may both have another. */
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
