import { setTimeout as delay } from 'node:timers/promises'
import { type UptimeTimer, uptimeTimer } from '../../clock/uptime-timer.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { trafficRing, type TrafficDetail, type TrafficEvent } from '../../contract/traffic/traffic.ts'
import type { TrafficReport, ExchangeReport, WantedTraffic } from '../../edge/protocol/traffic-report.ts'
import type { AccessLog } from './access-log.ts'
import { ThrottledSignal } from './throttled-signal.ts'
import { harOf } from './har.ts'
import { Ring } from './ring.ts'
import { detailOf, exchangeDetail, rowOf } from './views.ts'
import type { Core } from '../core/core.ts'

/** View of the traffic; `reveal` shows values that are masked by default. */
export interface Look {
  reveal: boolean
  domain?: string
}

export interface TrafficOptions {
  /** Sets the detail that the workers report; resolves once they have reported earlier exchanges. */
  observe: (wanted: WantedTraffic) => Promise<void>
  accessLog: AccessLog
}

const everyMs = 100
/** Timeout for a worker's report; a late report is still accepted. */
const reportWithinMs = 2_000
/** Traffic is discarded after this time without a reader. */
const retentionMs = 15 * 60_000

/**
 * Recent traffic, in memory only. It stores requests unmasked, and masks them for display. Workers report
 * only while there is a reader or an access log; otherwise each buffers the last few hundred for the next
 * reader.
 */
export class Traffic {
  readonly #options: TrafficOptions
  readonly #ring = new Ring<TrafficReport>(trafficRing)
  readonly #signal = new ThrottledSignal(everyMs)
  #watchers = 0
  #notTold = 0
  #timesCleared = 0
  #forgetTimer: UptimeTimer | null = null

  constructor(options: TrafficOptions) {
    this.#options = options
  }

  take(reports: TrafficReport[], omitted: number): void {
    const { accessLog } = this.#options
    if (accessLog.isOn()) accessLog.write(reports, omitted)
    for (const one of reports) this.#ring.add(one)
    this.#notTold += omitted
    this.#signal.notify()
  }

  /** Updates the detail that workers report; to be called when the access log is turned on or off. */
  observeAsWanted(): Promise<void> {
    const { accessLog, observe } = this.#options
    const isLogged = accessLog.isOn()
    if (!isLogged) accessLog.close()
    return observe(this.#watchers > 0 ? 'fields' : isLogged ? 'facts' : 'nothing')
  }

  /**
   * Yields a snapshot with everything that had ended at the call, then new rows. A slow reader later gets the
   * rows it missed, as far as they are in the ring, and a count of the others: nothing queues up for it.
   */
  async *watch(look: Look, signal?: AbortSignal): AsyncGenerator<TrafficEvent> {
    try {
      await this.#arrive()
      let [next, notTold, timesCleared] = [this.#ring.nextNumber, this.#notTold, this.#timesCleared]
      yield { type: 'snapshot', rows: this.#rows(look, 1) }
      while (!signal?.aborted) {
        await this.#signal.wait(signal)
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
  exchange(id: number): ExchangeReport {
    const record = this.#told(id)
    if (record.kind === 'refused') throw new EdgekeepError('traffic.not_replayable', {})
    return record
  }

  /** HTTP archive of the exchanges that had ended at the call: all, or those of `ids`. */
  async har(look: Look & { ids?: number[] }): Promise<string> {
    try {
      await this.#arrive()
      return this.#archive(look)
    } finally {
      this.#leave()
    }
  }

  #archive({ reveal, domain, ids }: Look & { ids?: number[] }): string {
    const wanted = ids && new Set(ids)
    const exchanges = [...this.#ring.entries()].flatMap(([id, told]) => {
      const isWanted = (!wanted || wanted.has(id)) && isOf(domain, told)
      return told.kind === 'exchange' && isWanted ? [exchangeDetail(id, told, reveal)] : []
    })
    return harOf(exchanges)
  }

  clear(): void {
    this.#ring.clear()
    // Workers drop their buffers when the reported detail changes.
    if (this.#watchers === 0) {
      void this.#options.observe('facts')
      void this.observeAsWanted()
    }
    this.#timesCleared += 1
    this.#signal.notify()
  }

  close(): void {
    this.#forgetTimer?.close()
    this.#signal.close()
    this.#options.accessLog.close()
  }

  #rows({ reveal, domain }: Look, from: number) {
    return [...this.#ring.entries(from)].flatMap(([id, told]) =>
      isOf(domain, told) ? [rowOf(id, told, reveal)] : [],
    )
  }

  #told(id: number): TrafficReport {
    const record = this.#ring.get(id)
    if (!record) throw new EdgekeepError('traffic.gone', {})
    return record
  }

  /** Resolves once the workers have reported earlier exchanges; they are queried for each reader. */
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
    this.#forgetTimer = uptimeTimer(retentionMs, () => this.clear())
  }
}

function isOf(domain: string | undefined, told: TrafficReport): boolean {
  if (domain === undefined) return true
  return domain === (told.kind === 'exchange' ? told.domain : (told.domain ?? told.serverName))
}

export interface TrafficNeeds extends Core {
  traffic: Traffic
}
