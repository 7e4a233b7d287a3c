import type { Told } from '../../protocol/told.ts'
import type { ExchangeFacts, HandshakeFacts, Observer } from './observe.ts'
import { toldExchange, toldRefusal } from './telling.ts'

/** A few screens of the Traffic page. */
const mostKept = 300

/**
 * Ring buffer of the latest traffic in the worker's memory, without header fields, for the next observer.
 * None of it is sent before traffic is observed.
 */
export class RecentTraffic implements Observer {
  #kept: Told[] = []
  /** Index of the oldest entry once the ring is full. */
  #oldest = 0

  exchangeEnded(facts: ExchangeFacts): void {
    this.#keep(toldExchange(facts, false))
  }

  handshake(facts: HandshakeFacts): void {
    if (facts.result === 'refused') this.#keep(toldRefusal(facts))
  }

  /** Removes and returns all entries, oldest first. */
  take(): Told[] {
    const taken = [...this.#kept.slice(this.#oldest), ...this.#kept.slice(0, this.#oldest)]
    this.#kept = []
    this.#oldest = 0
    return taken
  }

  #keep(told: Told): void {
    if (this.#kept.length < mostKept) return void this.#kept.push(told)
    this.#kept[this.#oldest] = told
    this.#oldest = (this.#oldest + 1) % mostKept
  }
}
