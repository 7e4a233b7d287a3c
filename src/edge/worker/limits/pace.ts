import type { Limits } from './limits.ts'

/** Allowed lag of one side in milliseconds: in general, and while others wait for what it holds. */
interface Grace {
  ms: number
  contendedMs: number
}

/** `waiting`: bytes are due, and not late yet. */
export type Verdict = 'nothing due' | 'waiting' | 'request late' | 'response late'

/**
 * Checks one side of a transfer against its minimum rate. Time counts only while bytes are due, and each byte
 * earns its time at that rate: later bytes make up for a pause, a trickle does not. A fast beginning is no
 * credit for a slow end.
 */
class Pace {
  readonly #grace: Grace
  /** Time since which bytes are due; negative while none are. */
  #since = -1
  #behindMs = 0

  constructor(grace: Grace) {
    this.#grace = grace
  }

  get isDue(): boolean {
    return this.#since >= 0
  }

  get deadlineAt(): number {
    return this.isDue ? this.#since + this.#grace.contendedMs - this.#behindMs : Infinity
  }

  begin(): void {
    this.#since = -1
    this.#behindMs = 0
  }

  await(now: number): void {
    if (!this.isDue) this.#since = now
  }

  moved(now: number, bytes: number, bytesPerSecond: number): void {
    if (!this.isDue) return
    // Without a minimum rate any byte will do.
    const earnedMs = bytesPerSecond === 0 ? Infinity : (bytes * 1_000) / bytesPerSecond
    this.#behindMs = Math.max(0, this.#behindMs + now - this.#since - earnedMs)
    this.#since = now
  }

  pause(now: number): void {
    if (this.isDue) this.#behindMs += now - this.#since
    this.#since = -1
  }

  isLate(now: number, isContended: boolean): boolean {
    if (!this.isDue) return false
    return this.#behindMs + now - this.#since >= (isContended ? this.#grace.contendedMs : this.#grace.ms)
  }
}

/**
 * Checks a client's minimum rates for the request's body and for reading the response. Nothing is due while
 * the origin does not accept more of the body, nor while there is no response to read: silence of an event
 * stream or a long poll is no delay. Times are those of `Deadlines.now`.
 */
export class ClientPace {
  readonly #body: Pace
  readonly #taking: Pace
  #untaken = 0

  constructor({ bodyPauseMs, contendedBodyMs, writeStallMs, contendedStallMs }: Limits) {
    this.#body = new Pace({ ms: bodyPauseMs, contendedMs: Math.min(bodyPauseMs, contendedBodyMs) })
    this.#taking = new Pace({ ms: writeStallMs, contendedMs: Math.min(writeStallMs, contendedStallMs) })
  }

  /** Time of the next check; `Infinity` while nothing is due. */
  get deadlineAt(): number {
    return Math.min(this.#body.deadlineAt, this.#taking.deadlineAt)
  }

  begin(): void {
    this.#body.begin()
    this.#taking.begin()
  }

  awaitBody(now: number): void {
    this.#body.await(now)
  }

  bodyCame(now: number, bytes: number, bytesPerSecond: number): void {
    this.#body.moved(now, bytes, bytesPerSecond)
  }

  /** The body is complete, or the origin does not accept more of it. */
  pauseBody(now: number): void {
    this.#body.pause(now)
  }

  /** `bytes` were written that the client has not read. */
  awaitTaking(now: number, bytes: number): void {
    this.#taking.await(now)
    this.#untaken = bytes
  }

  /** The client has read all of it. */
  taken(now: number, bytesPerSecond: number): void {
    this.#taking.moved(now, this.#untaken, bytesPerSecond)
    this.#taking.pause(now)
  }

  /** `isContended`: others wait for what the request holds. */
  judge(now: number, isContended: boolean): Verdict {
    if (this.#body.isLate(now, isContended)) return 'request late'
    if (this.#taking.isLate(now, isContended)) return 'response late'
    return this.#body.isDue || this.#taking.isDue ? 'waiting' : 'nothing due'
  }
}

export const lateBody = { status: 408, sentence: 'The body of the request did not arrive in time.' }
