import type { TrafficReport } from '../../protocol/traffic-report.ts'
import type { ExchangeFacts, HandshakeFacts, Observer } from './observe.ts'
import { exchangeReport, refusalReport } from './format-report.ts'

/** A few screens of the Traffic page. */
const mostReports = 300

/**
 * Ring buffer of the latest traffic in the worker's memory, without header fields, for the next observer.
 * None of it is sent before traffic is observed.
 */
export class RecentTraffic implements Observer {
  #reports: TrafficReport[] = []
  /** Index of the oldest entry once the ring is full. */
  #oldest = 0

  exchangeEnded(facts: ExchangeFacts): void {
    this.#add(exchangeReport(facts, false))
  }

  handshake(facts: HandshakeFacts): void {
    if (facts.result === 'refused') this.#add(refusalReport(facts))
  }

  /** Removes and returns all entries, oldest first. */
  take(): TrafficReport[] {
    const taken = [...this.#reports.slice(this.#oldest), ...this.#reports.slice(0, this.#oldest)]
    this.#reports = []
    this.#oldest = 0
    return taken
  }

  #add(report: TrafficReport): void {
    if (this.#reports.length < mostReports) return void this.#reports.push(report)
    this.#reports[this.#oldest] = report
    this.#oldest = (this.#oldest + 1) % mostReports
  }
}
