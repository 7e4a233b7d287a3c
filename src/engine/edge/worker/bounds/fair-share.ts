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

/** A connection may have a third of what would be left without it, an address four times what is left. */
const connectionPart = 1 / 3
const addressPart = 4

/**
 * Divides the slots of one origin, and the places in the queue for them, between clients. How much one
 * client may have depends on how much is free (dynamic thresholds; Choudhury and Hahne, "Dynamic Queue
 * Length Thresholds for Shared-Memory Packet Switches", 1998): alone it gets a quarter, which is more
 * than the streams of one HTTP/2 connection, and each further one less, so that something is left for
 * the next. A slot that gets free goes to the client that has fewest, and among equals to the one that
 * has waited longest.
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
    return mayHave(slots - this.held, held, address, this.#heldByAddress)
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
    if (!mayHave(places - this.waiting, share.waiting.length, share.address, this.#waitingByAddress))
      return false
    share.waiting.push(wish)
    this.#queue.add(share)
    this.waiting += 1
    add(this.#waitingByAddress, share.address, 1)
    return true
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

/** Whether connection and address may both have another of what is `free`. */
function mayHave(free: number, own: number, address: string | null, byAddress: Map<string, number>): boolean {
  if (!isWithin(free, own, connectionPart)) return false
  return address === null || isWithin(free, byAddress.get(address) ?? 0, addressPart)
}

function add(counts: Map<string, number>, address: string | null, change: number): void {
  if (address === null) return
  const count = (counts.get(address) ?? 0) + change
  if (count === 0) counts.delete(address)
  else counts.set(address, count)
}
