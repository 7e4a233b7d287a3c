import { setTimeout as delay } from 'node:timers/promises'
import { type UptimeTimer, uptimeTimer } from '../../clock/uptime-timer.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import { trafficRing, type TrafficDetail, type TrafficEvent } from '../../contract/traffic.ts'
import type { Told, ToldExchange, WantedTraffic } from '../../edge/protocol/told.ts'
import type { AccessLog } from './access-log.ts'
import { Bell } from './bell.ts'
import { harOf } from './har.ts'
import { Ring } from './ring.ts'
import { detailOf, exchangeDetail, rowOf } from './views.ts'

/** How a person looks at traffic; `reveal` shows what is masked by default. */
export interface Look {
  reveal: boolean
  domain?: string | undefined
}

export interface TrafficOptions {
  /** Sets the detail that the workers report; resolves once they have reported what ended before. */
  observe: (wanted: WantedTraffic) => Promise<void>
  accessLog: AccessLog
}

const everyMs = 100
/** Longest wait for a worker that does not answer; what it has to report comes later, or never. */
const reportWithinMs = 2_000
/** Traffic is discarded after this time without a reader. */
const keptMs = 15 * 60_000

/**
 * The latest traffic, in memory and nowhere else. It holds requests as they were, and masks what it
 * shows. Workers tell only while somebody looks or a log is kept; else each
 * keeps the last few hundred for who looks next.
 */
export class Traffic {
  readonly #options: TrafficOptions
  readonly #ring = new Ring<Told>(trafficRing)
  readonly #bell = new Bell(everyMs)
  #watchers = 0
  #notTold = 0
  #timesCleared = 0
  #forgetTimer: UptimeTimer | null = null

  constructor(options: TrafficOptions) {
    this.#options = options
  }

  /** A worker's report. */
  take(told: Told[], notTold: number): void {
    const { accessLog } = this.#options
    if (accessLog.isOn()) accessLog.write(told, notTold)
    for (const one of told) this.#ring.add(one)
    this.#notTold += notTold
    this.#bell.ring()
  }

  /** Has the workers report what is wanted now; to be called when the log is turned on or off. */
  observeAsWanted(): Promise<void> {
    const { accessLog, observe } = this.#options
    const isLogged = accessLog.isOn()
    if (!isLogged) accessLog.close()
    return observe(this.#watchers > 0 ? 'fields' : isLogged ? 'facts' : 'nothing')
  }

  /**
   * A snapshot with everything that had ended when it was called, then what comes. A reader that is slow gets later what came meanwhile, as far
   * as it is remembered, and a count of the rest: nothing queues up for it.
   */
  async *watch(look: Look, signal?: AbortSignal): AsyncGenerator<TrafficEvent> {
    try {
      await this.#arrive()
      let [next, notTold, timesCleared] = [this.#ring.nextNumber, this.#notTold, this.#timesCleared]
      yield { type: 'snapshot', rows: this.#rows(look, 1) }
      while (!signal?.aborted) {
        await this.#bell.wait(signal)
        const wasCleared = timesCleared !== this.#timesCleared
        timesCleared = this.#timesCleared
        if (wasCleared) yield { type: 'cleared' }
        const lost = wasCleared ? 0 : Math.max(0, this.#ring.firstNumber - next)
        const notShown = this.#notTold - notTold + lost
        const rows = this.#rows(look, next)
        next = this.#ring.nextNumber
        notTold = this.#notTold
        if (rows.length > 0 || notShown > 0) yield { type: 'rows', rows, notShown }
      }
    } finally {
      this.#leave()
    }
  }

  /** @throws EdgekeepError `traffic.gone` */
  get(id: number, reveal: boolean): TrafficDetail {
    return detailOf(id, this.#told(id), reveal)
  }

  /** @throws EdgekeepError `traffic.gone`, `traffic.not_replayable` */
  exchange(id: number): ToldExchange {
    const told = this.#told(id)
    if (told.kind === 'refused') throw new EdgekeepError('traffic.not_replayable', {})
    return told
  }

  /** An HTTP archive of the exchanges that had ended when it was called: all, or those of `ids`. */
  async har(look: Look & { ids?: number[] | undefined }): Promise<string> {
    try {
      await this.#arrive()
      return this.#archive(look)
    } finally {
      this.#leave()
    }
  }

  #archive({ reveal, domain, ids }: Look & { ids?: number[] | undefined }): string {
    const wanted = ids && new Set(ids)
    const exchanges = [...this.#ring.entries()].flatMap(([id, told]) => {
      const isWanted = (!wanted || wanted.has(id)) && isOf(domain, told)
      return told.kind === 'exchange' && isWanted ? [exchangeDetail(id, told, reveal)] : []
    })
    return harOf(exchanges)
  }

  clear(): void {
    this.#ring.clear()
    // Workers forget what they kept for the next look when they are told to tell something else.
    if (this.#watchers === 0) {
      void this.#options.observe('facts')
      void this.observeAsWanted()
    }
    this.#timesCleared += 1
    this.#bell.ring()
  }

  close(): void {
    this.#forgetTimer?.close()
    this.#bell.close()
    this.#options.accessLog.close()
  }

  #rows({ reveal, domain }: Look, from: number) {
    return [...this.#ring.entries(from)].flatMap(([id, told]) =>
      isOf(domain, told) ? [rowOf(id, told, reveal)] : [],
    )
  }

  #told(id: number): Told {
    const told = this.#ring.get(id)
    if (!told) throw new EdgekeepError('traffic.gone', {})
    return told
  }

  /** Resolves once the workers have reported what ended before; they are asked anew for each reader. */
  async #arrive(): Promise<void> {
    this.#forgetTimer?.close()
    this.#forgetTimer = null
    this.#watchers += 1
    const late = new AbortController()
    const { signal } = late
    const wait = delay(reportWithinMs, undefined, { signal, ref: false }).catch(() => undefined)
    await Promise.race([this.observeAsWanted(), wait])
    late.abort()
  }

  #leave(): void {
    this.#watchers -= 1
    if (this.#watchers > 0) return
    void this.observeAsWanted()
    this.#forgetTimer = uptimeTimer(keptMs, () => this.clear())
  }
}

function isOf(domain: string | undefined, told: Told): boolean {
  if (domain === undefined) return true
  return domain === (told.kind === 'exchange' ? told.domain : (told.domain ?? told.serverName))
}
