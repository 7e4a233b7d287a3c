import type { Limits } from './limits.ts'

/** How far one side may fall behind, in milliseconds: at any time, and while others wait for what it holds. */
interface Grace {
  ms: number
  contendedMs: number
}

/** `waiting`: bytes are due, and not late yet. */
export type Verdict = 'nothing due' | 'waiting' | 'request late' | 'response late'

/**
 * Whether one side of a transfer keeps up with its least rate. Time counts only while bytes are due
 * from it, and each byte earns the time that it may take: a pause is made up for by what comes after
 * it, and a trickle is not. A fast beginning is no credit for a slow end.
 */
class Pace {
  readonly #grace: Grace
  /** Since when bytes are due; negative while none are. */
  #since = -1
  #behindMs = 0

  constructor(grace: Grace) {
    this.#grace = grace
  }

  get isDue(): boolean {
    return this.#since >= 0
  }

  /** When it is late if others wait. */
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
    // Without a rate any byte will do.
    const earnedMs = bytesPerSecond === 0 ? Infinity : (bytes * 1_000) / bytesPerSecond
    this.#behindMs = Math.max(0, this.#behindMs + now - this.#since - earnedMs)
    this.#since = now
  }

  /** Nothing is due for the moment. */
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
 * Whether a client keeps up, with its request's body and with taking the response. Nothing is due of
 * a body that the origin does not take yet, nor while there is no response to take: silence of an
 * event stream or a long poll is nobody's delay. Times are those of `Deadlines.now`.
 */
export class ClientPace {
  readonly #body: Pace
  readonly #taking: Pace
  #untaken = 0

  constructor({ bodyPauseMs, contendedBodyMs, writeStallMs, contendedStallMs }: Limits) {
    this.#body = new Pace({ ms: bodyPauseMs, contendedMs: Math.min(bodyPauseMs, contendedBodyMs) })
    this.#taking = new Pace({ ms: writeStallMs, contendedMs: Math.min(writeStallMs, contendedStallMs) })
  }

  /** When to look again; `Infinity` while nothing is due. */
  get deadlineAt(): number {
    return Math.min(this.#body.deadlineAt, this.#taking.deadlineAt)
  }

  /** A new request. */
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

  /** The body is complete, or the origin does not take more of it. */
  pauseBody(now: number): void {
    this.#body.pause(now)
  }

  /** The client has not taken `bytes` that were written. */
  awaitTaking(now: number, bytes: number): void {
    this.#taking.await(now)
    this.#untaken = bytes
  }

  /** The client has taken all of it. */
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
