import type { RemoteInfo } from 'node:dgram'
import type { MulticastDNS, QueryPacket, ResponsePacket } from 'multicast-dns'
import type { Answer } from 'dns-packet'
import { type MdnsSockets, openMdnsSockets } from './mdns-sockets.ts'

/** RFC 6762, section 10: host records live for 120 s. */
const ttlSeconds = 120
/** Section 8.1: three probes, 250 ms apart. */
const probes = 3
const probeMs = 250
/** Section 6: a record is sent at most once a second, so that queries cannot make the edge flood the network. */
const repeatMs = 1_000
const mostQuestions = 32
/** Section 6.7: longest time that a simple resolver caches an answer. */
const simpleTtlSeconds = 10
/** Answers to simple resolvers in a second, together. */
const mostSimpleAnswers = 50

export interface MdnsOptions {
  /** A name is, or no longer is, answered for by another device. */
  onTaken: () => void
  onWarning: (error: Error) => void
  /** Default: 5353. */
  port?: number
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
  readonly #sockets: MdnsSockets
  readonly #names = new Map<string, Name>()
  readonly #port: number
  #simple = { since: 0, answers: 0 }

  constructor(address: string, options: MdnsOptions) {
    this.#address = address
    this.#options = options
    this.#port = options.port ?? 5353
    this.#sockets = openMdnsSockets(address, { port: this.#port, onWarning: options.onWarning })
    for (const mdns of this.#sockets.all) this.#listen(mdns)
  }

  #listen(mdns: MulticastDNS): void {
    mdns.on('query', (packet: QueryPacket, from: RemoteInfo) =>
      this.#contain(() =>
        from.port === this.#port ? this.#onQuery(packet) : this.#onSimple(mdns, packet, from),
      ),
    )
    mdns.on('response', (packet: ResponsePacket) => this.#contain(() => this.#onResponse(packet)))
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
    setImmediate(() => {
      for (const mdns of this.#sockets.all) mdns.destroy()
    })
  }

  #probe(text: string): void {
    const name: Name = { state: 'probing', sentAt: 0 }
    this.#names.set(text, name)
    const next = (left: number): void => {
      if (name.state !== 'probing') return
      if (left === 0) return this.#announce(text, name)
      for (const mdns of this.#sockets.all) mdns.query([{ name: text, type: 'A' }])
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

  /**
   * Query of a simple resolver, such as Android's and dig: it does not hear the group, so the answer is sent to its
   * own port, with its identifier and question (section 6.7). Addresses outside of the network get none: they are
   * forged.
   */
  #onSimple(mdns: MulticastDNS, { id, questions }: QueryPacket, from: RemoteInfo): void {
    const [question] = questions
    if (!question || this.#names.get(question.name.toLowerCase())?.state !== 'ours') return
    if (!['A', 'AAAA', 'ANY'].includes(question.type) || !this.#sockets.isNeighbour(from)) return
    const now = performance.now()
    if (now - this.#simple.since > 1_000) this.#simple = { since: now, answers: 0 }
    if ((this.#simple.answers += 1) > mostSimpleAnswers) return
    const { name } = question
    const address: Answer = { name, type: 'A', class: 'IN', ttl: simpleTtlSeconds, data: this.#address }
    const answers = question.type === 'AAAA' ? [] : [address]
    mdns.respond({ id, questions: [question], answers }, from)
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
    for (const mdns of this.#sockets.all) mdns.respond({ answers: [address], additionals: [only] })
  }

  #contain(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#options.onWarning(error as Error)
    }
  }
}
