import createMdns, { type MulticastDNS, type QueryPacket, type ResponsePacket } from 'multicast-dns'
import type { Answer } from 'dns-packet'

/** RFC 6762, section 10: host records live for 120 s. */
const ttlSeconds = 120
/** Section 8.1: three probes, 250 ms apart. */
const probes = 3
const probeMs = 250
/** Section 6: a record is sent at most once a second, so that queries cannot make the edge flood the network. */
const repeatMs = 1_000
const mostQuestions = 32
/** Multicast group of mDNS. Bound to it, a socket gets nothing that is sent to this computer alone. */
const group = '224.0.0.251'

export interface MdnsOptions {
  /** A name is, or no longer is, answered for by another device. */
  onTaken: () => void
  onWarning: (error: Error) => void
  /** Default: 5353. */
  port?: number | undefined
}

interface Name {
  state: 'probing' | 'ours' | 'taken'
  sentAt: number
  timer?: NodeJS.Timeout
}

/**
 * Responder in the network of one address of this computer. It answers for the given names with that address, and
 * for nothing else. Packets come from anybody in the network: a malformed one is dropped, and one that claims a
 * name can only end the answers for that name.
 */
export class MdnsLink {
  readonly #address: string
  readonly #options: MdnsOptions
  readonly #mdns: MulticastDNS
  readonly #names = new Map<string, Name>()

  constructor(address: string, options: MdnsOptions) {
    this.#address = address
    this.#options = options
    const bind = process.platform === 'win32' ? '0.0.0.0' : group
    this.#mdns = createMdns({ interface: address, bind, port: options.port ?? 5353 })
    this.#mdns.on('error', options.onWarning)
    this.#mdns.on('warning', () => undefined)
    this.#mdns.on('query', (packet: QueryPacket) => this.#contain(() => this.#onQuery(packet)))
    this.#mdns.on('response', (packet: ResponsePacket) => this.#contain(() => this.#onResponse(packet)))
  }

  take(names: string[]): void {
    const wanted = new Set(names)
    for (const [name, { state, timer }] of this.#names) {
      if (wanted.has(name)) continue
      clearTimeout(timer)
      // Devices forget it at once (section 10.1).
      if (state === 'ours') this.#send(name, 0)
      this.#names.delete(name)
    }
    for (const name of wanted) if (!this.#names.has(name)) this.#probe(name)
  }

  taken(): string[] {
    return [...this.#names].flatMap(([name, { state }]) => (state === 'taken' ? [name] : []))
  }

  close(): void {
    for (const { timer } of this.#names.values()) clearTimeout(timer)
    // After what is being sent.
    setImmediate(() => this.#mdns.destroy())
  }

  #probe(text: string): void {
    const name: Name = { state: 'probing', sentAt: 0 }
    this.#names.set(text, name)
    const next = (left: number): void => {
      if (name.state !== 'probing') return
      if (left === 0) return this.#announce(text, name)
      this.#mdns.query([{ name: text, type: 'A' }])
      name.timer = setTimeout(next, probeMs, left - 1).unref()
    }
    next(probes)
  }

  /** Two unsolicited responses, a second apart (section 8.3). */
  #announce(text: string, name: Name): void {
    name.state = 'ours'
    this.#send(text, ttlSeconds)
    name.timer = setTimeout(() => this.#send(text, ttlSeconds), repeatMs).unref()
  }

  #onQuery({ questions }: QueryPacket): void {
    for (const question of questions.slice(0, mostQuestions)) {
      const text = question.name.toLowerCase()
      const name = this.#names.get(text)
      if (name?.state !== 'ours' || performance.now() - name.sentAt < repeatMs) continue
      if (['A', 'AAAA', 'ANY'].includes(question.type)) this.#send(text, ttlSeconds)
    }
  }

  #onResponse({ answers }: ResponsePacket): void {
    for (const answer of answers) {
      if (answer.type !== 'A' && answer.type !== 'AAAA') continue
      const name = this.#names.get(answer.name.toLowerCase())
      const isOther = answer.data !== this.#address && (answer.ttl ?? 0) > 0
      if (!name || !isOther || name.state === 'taken') continue
      name.state = 'taken'
      clearTimeout(name.timer)
      this.#options.onTaken()
    }
  }

  #send(text: string, ttl: number): void {
    const name = this.#names.get(text)
    if (name) name.sentAt = performance.now()
    const record = { name: text, ttl, flush: true, class: 'IN' } as const
    const address: Answer = { ...record, type: 'A', data: this.#address }
    // There is no AAAA record (section 6.1); without that, devices wait for one.
    const only: Answer = { ...record, type: 'NSEC', data: { nextDomain: text, rrtypes: ['A'] } }
    this.#mdns.respond({ answers: [address], additionals: [only] })
  }

  #contain(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#options.onWarning(error as Error)
    }
  }
}
