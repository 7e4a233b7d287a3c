import type { RehearsedClient } from '../../../contract/acme/acme-rehearsal.ts'
import type { AcmeEvent } from './behaviour.ts'

/** Point in time, with the engine's suspended time since the rehearsal began. */
export interface Moment {
  at: Date
  suspendedMs: number
}

interface Issued extends Moment {
  orderedAt: Date
  notAfter: Date
  serial: string
}

/** Certificates of one account for one set of names, first to last. */
interface Lineage {
  accountId: string
  names: string[]
  certificates: Issued[]
  renewalInfo: number
}

const mostLineages = 1000
const mostCertificates = 2000

/**
 * Request history and expired certificates of a rehearsal. A client is judged by its request times: an order
 * takes a minute in production, but days of a rehearsal on a busy computer.
 */
export class Lineages {
  readonly #of = new Map<string, Lineage>()
  readonly #agents = new Map<string, string>()
  readonly #refused = new Map<string, number>()
  readonly #bySerial = new Map<string, Lineage>()
  readonly #dayMs: number
  readonly #startedAt: Date

  constructor({ dayMs, startedAt }: { dayMs: number; startedAt: Date }) {
    this.#dayMs = dayMs
    this.#startedAt = startedAt
  }

  note(event: AcmeEvent, { at, suspendedMs }: Moment): void {
    switch (event.what) {
      case 'request':
        if (event.accountId !== null && this.#agents.size < mostLineages)
          this.#agents.set(event.accountId, event.userAgent.slice(0, 200))
        return
      case 'refused':
        if (event.accountId !== null)
          this.#refused.set(event.accountId, (this.#refused.get(event.accountId) ?? 0) + 1)
        return
      case 'renewal-info': {
        const lineage = this.#bySerial.get(event.serial)
        if (lineage) lineage.renewalInfo += 1
        return
      }
      case 'issued':
        return this.#issued(event, { at, suspendedMs })
      case 'failed':
    }
  }

  #issued(event: Extract<AcmeEvent, { what: 'issued' }>, moment: Moment): void {
    const names = event.identifiers.map(({ value }) => value).toSorted()
    const key = `${event.accountId} ${names.join(' ')}`
    const known = this.#of.get(key)
    const lineage = known ?? { accountId: event.accountId, names, certificates: [], renewalInfo: 0 }
    if (!known && this.#of.size >= mostLineages) return
    this.#of.set(key, lineage)
    if (lineage.certificates.length >= mostCertificates) return
    const { orderedAt, notAfter, serial } = event
    lineage.certificates.push({ ...moment, orderedAt, notAfter, serial })
    this.#bySerial.set(event.serial, lineage)
  }

  /** State of all clients at a moment. */
  report(until: Moment): RehearsedClient[] {
    return [...this.#of.values()].map((lineage) => this.#client(lineage, until))
  }

  #client({ accountId, names, certificates, renewalInfo }: Lineage, until: Moment): RehearsedClient {
    const gaps = certificates.map(({ notAfter, suspendedMs }, index) => {
      const next = certificates[index + 1] ?? { ...until, orderedAt: until.at }
      const uncoveredMs = next.orderedAt.getTime() - notAfter.getTime() - (next.suspendedMs - suspendedMs)
      return Math.max(0, uncoveredMs) / this.#dayMs
    })
    const uncovered = gaps.reduce((sum, gap) => sum + gap, 0)
    const isOut = (gaps.at(-1) ?? 0) > 0
    const firstGap = certificates[gaps.findIndex((gap) => gap > 0)]
    return {
      client: this.#agents.get(accountId) ?? '',
      accountId,
      names,
      certificates: certificates.length,
      verdict: uncovered === 0 ? 'kept' : isOut ? 'lapsed' : 'gap',
      uncoveredDays: uncovered,
      lapsedOnDay: firstGap ? this.#dayOf(firstGap.notAfter) : null,
      askedRenewalInfo: renewalInfo,
      refused: this.#refused.get(accountId) ?? 0,
      issuedOnDays: certificates.slice(-50).map(({ at }) => this.#dayOf(at)),
    }
  }

  #dayOf(time: Date): number {
    return (time.getTime() - this.#startedAt.getTime()) / this.#dayMs
  }
}
