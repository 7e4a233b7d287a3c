import type { ExchangeFacts, HandshakeFacts, Observer } from './observe.ts'
import { rememberHello, exchangeReport, refusalReport } from './format-report.ts'
import type { TrafficReport } from '../../protocol/traffic-report.ts'

/** Maximum rate and batch size; the excess is only counted, because nobody could read it. */
const everyMs = 100
const mostAtOnce = 250

/**
 * Collects traffic reports and sends them in batches. Reports are the cost of observation at full load: an
 * exchange beyond the batch size is not formatted, and nothing is sent while the last batch is on its way.
 */
export class TrafficReporter implements Observer {
  readonly #send: (reports: TrafficReport[], omitted: number) => Promise<void>
  readonly #withFields: boolean
  #batch: TrafficReport[] = []
  #omitted = 0
  #timer: NodeJS.Timeout | null = null
  #sending: Promise<void> | null = null

  /** `send` resolves when the channel has taken the batch. */
  constructor(withFields: boolean, send: (reports: TrafficReport[], omitted: number) => Promise<void>) {
    this.#withFields = withFields
    this.#send = send
  }

  exchangeEnded(facts: ExchangeFacts): void {
    if (this.#hasCapacity()) this.#batch.push(exchangeReport(facts, this.#withFields))
  }

  handshake(facts: HandshakeFacts): void {
    if (facts.result !== 'refused') {
      if (this.#withFields) rememberHello(facts)
    } else if (this.#hasCapacity()) this.#batch.push(refusalReport(facts))
  }

  async end(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    await this.#sending
    await this.#flush()
  }

  #hasCapacity(): boolean {
    this.#startTimer()
    if (this.#batch.length < mostAtOnce) return true
    this.#omitted += 1
    return false
  }

  async #flush(): Promise<void> {
    this.#timer = null
    if (this.#sending || this.#batch.length === 0) return
    const [batch, omitted] = [this.#batch, this.#omitted]
    this.#batch = []
    this.#omitted = 0
    this.#sending = this.#send(batch, omitted)
    await this.#sending
    this.#sending = null
    if (this.#batch.length > 0) this.#startTimer()
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(() => void this.#flush(), everyMs).unref()
  }
}

/** A few screens of the Traffic page. */
const mostReports = 300

/**
 * Ring buffer of the latest traffic in the worker's memory, without header fields, for the next observer.
 * None of it is sent before traffic is observed.
 */
export class RecentTraffic implements Observer {
  #reports: TrafficReport[] = []
  #oldest = 0

  exchangeEnded(facts: ExchangeFacts): void {
    this.#add(exchangeReport(facts, false))
  }

  handshake(facts: HandshakeFacts): void {
    if (facts.result === 'refused') this.#add(refusalReport(facts))
  }

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
