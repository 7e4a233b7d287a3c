import type { Told } from '../../protocol/told.ts'
import type { ExchangeFacts, HandshakeFacts, Observer } from './observe.ts'
import { toldExchange, toldRefusal } from './telling.ts'

/** A few screens of the Traffic page. */
const mostKept = 300

/**
 * Keeps the latest traffic in the worker's memory while nobody looks, without header fields, for who looks
 * next. Nothing of it passes the channel until then.
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

  /** What is kept, oldest first; it is forgotten here. */
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
