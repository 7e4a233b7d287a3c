import type { ExchangeFacts, HandshakeFacts, Observer } from './observe.ts'
import { rememberHello, toldExchange, toldRefusal } from './telling.ts'
import type { Told } from '../../protocol/told.ts'

/** Maximum rate and batch size; the excess is only counted, because nobody could read it. */
const everyMs = 100
const mostAtOnce = 250

/**
 * Collects traffic reports and sends them in batches. Reports are the cost of observation at full load: an
 * exchange beyond the batch size is not formatted, and nothing is sent while the last batch is on its way.
 */
export class TrafficTeller implements Observer {
  readonly #send: (told: Told[], notTold: number) => Promise<void>
  readonly #withFields: boolean
  #batch: Told[] = []
  #notTold = 0
  #timer: NodeJS.Timeout | null = null
  #sending: Promise<void> | null = null

  /** `send` resolves when the channel has taken the batch. */
  constructor(withFields: boolean, send: (told: Told[], notTold: number) => Promise<void>) {
    this.#withFields = withFields
    this.#send = send
  }

  exchangeEnded(facts: ExchangeFacts): void {
    if (this.#hasRoom()) this.#batch.push(toldExchange(facts, this.#withFields))
  }

  handshake(facts: HandshakeFacts): void {
    if (facts.result !== 'refused') {
      if (this.#withFields) rememberHello(facts)
    } else if (this.#hasRoom()) this.#batch.push(toldRefusal(facts))
  }

  async end(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    await this.#sending
    await this.#flush()
  }

  #hasRoom(): boolean {
    this.#startTimer()
    if (this.#batch.length < mostAtOnce) return true
    this.#notTold += 1
    return false
  }

  async #flush(): Promise<void> {
    this.#timer = null
    if (this.#sending || this.#batch.length === 0) return
    const [batch, notTold] = [this.#batch, this.#notTold]
    this.#batch = []
    this.#notTold = 0
    this.#sending = this.#send(batch, notTold)
    await this.#sending
    this.#sending = null
    if (this.#batch.length > 0) this.#startTimer()
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(() => void this.#flush(), everyMs).unref()
  }
}
