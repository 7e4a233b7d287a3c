import { countAt, noCounts, type DomainUsage, type UsageReport } from '../../protocol/counts.ts'
import { bucketOf } from '../../protocol/latency.ts'
import type { ExchangeFacts, HandshakeFacts, Observer } from './observe.ts'

/** Counts exchanges by domain. A report removes its counts in one step, so each is in exactly one. */
export class Meter implements Observer {
  #domains = new Map<string, DomainUsage>()
  #sequence = 0
  readonly #onFirst: () => void

  /** `onFirst` is called when there is something to report again. */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst
  }

  exchangeEnded(facts: ExchangeFacts): void {
    const { connection } = facts
    const { counts, latency } = this.#of(facts.domain)
    counts[connection.secure ? countAt.https : countAt.http]! += 1
    if (isCharged(facts)) counts[countAt.charged]! += 1
    if (!connection.secure && facts.redirect !== null) counts[countAt.redirected]! += 1
    counts[countAt.bytesIn]! += facts.requestHeadBytes + facts.requestBodyBytes
    counts[countAt.bytesOut]! += facts.responseHeadBytes + facts.responseBodyBytes
    counts[countAt.answered0 + Math.min(5, Math.floor(facts.status / 100))]! += 1
    if (connection.secure) counts[connection.tlsVersion === 'TLSv1.2' ? countAt.tls12 : countAt.tls13]! += 1
    counts[connection.protocol === 'h2' ? countAt.http2 : countAt.http1]! += 1
    if (facts.answeredAt === 0) return
    const bucket = bucketOf((facts.answeredAt - facts.receivedAt) * 1000)
    latency.set(bucket, (latency.get(bucket) ?? 0) + 1)
  }

  handshake({ result, domain }: HandshakeFacts): void {
    this.#of(domain).counts[handshakeAt[result]]! += 1
  }

  report(): UsageReport | null {
    if (this.#domains.size === 0) return null
    const domains = [...this.#domains.values()]
    this.#domains = new Map()
    this.#sequence += 1
    return { sequence: this.#sequence, domains }
  }

  #of(domain: string | null): DomainUsage {
    const key = domain ?? ''
    let found = this.#domains.get(key)
    if (!found) {
      if (this.#domains.size === 0) this.#onFirst()
      found = { domain: key, counts: noCounts(), latency: new Map() }
      this.#domains.set(key, found)
    }
    return found
  }
}

/**
 * Billing rule: every HTTPS request of a domain is charged, even if the response is a redirect to HTTP or an
 * error. HTTP requests are free, and with them the redirect to HTTPS; the HTTPS request that it leads to is
 * counted when it comes. Requests that match no domain are free.
 */
function isCharged({ connection, domain }: ExchangeFacts): boolean {
  return connection.secure && domain !== null
}

const handshakeAt = {
  full: countAt.handshakesFull,
  resumed: countAt.handshakesResumed,
  refused: countAt.handshakesRefused,
}
