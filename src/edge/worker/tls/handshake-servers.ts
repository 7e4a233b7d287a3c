import { hash, hkdfSync, randomBytes } from 'node:crypto'
import type { Server } from 'node:tls'
import { servingId } from '../../protocol/handshake-settings.ts'
import type { ServingCertificate, Snapshot } from '../../protocol/snapshot.ts'

/**
 * What shakes hands, by certificate. Up to `capacity` certificates have theirs made at once, and their
 * key bytes are then wiped. Beyond that keys are kept and servers made on the handshake that needs
 * them, the least recently used dropped: one costs 0.2 ms and 22 KB, nearly all of it OpenSSL's.
 */
export class HandshakeServers {
  readonly #make: (certificate: ServingCertificate) => Server
  readonly #capacity: number
  #ticketKeys = randomBytes(48)
  #entries = new Map<string, Entry>()
  /** Those whose server was made on demand, the least recently used first. */
  readonly #recent = new Map<string, Entry>()

  constructor(make: (certificate: ServingCertificate) => Server, capacity = 2_000) {
    this.#make = make
    this.#capacity = capacity
  }

  /**
   * Takes up the certificates of a snapshot and wipes those that are gone.
   *
   * One that OpenSSL cannot use is left out where `onUnusable` takes it.
   *
   * @throws what OpenSSL says of it otherwise; nothing has changed then.
   */
  apply(certificates: Snapshot['certificates'], onUnusable?: (id: string, reason: string) => void): void {
    const next = new Map<string, Entry>()
    const isSmall = Object.keys(certificates).length <= this.#capacity
    for (const [id, certificate] of Object.entries(certificates)) {
      const entry = this.#entryFor(
        id,
        certificate,
        isSmall,
        onUnusable && ((reason) => onUnusable(id, reason)),
      )
      if (entry) next.set(id, entry)
    }
    const before = this.#entries
    this.#entries = next
    for (const [id, entry] of before) this.#drop(id, entry)
  }

  /**
   * Takes up new certificates beside the others and wipes those in `removed`.
   *
   * @throws what OpenSSL says of one that it cannot use; nothing has changed then.
   */
  change(certificates: Snapshot['certificates'], removed: string[]): void {
    const isSmall = this.#entries.size + Object.keys(certificates).length <= this.#capacity
    const added = Object.entries(certificates).map(
      ([id, certificate]) => [id, this.#entryFor(id, certificate, isSmall, undefined)] as const,
    )
    for (const id of removed) this.#replace(id, null)
    for (const [id, entry] of added) this.#replace(id, entry)
  }

  /** What is served by this id, its key perhaps wiped. */
  certificateOf(id: string): ServingCertificate | null {
    return this.#entries.get(id)?.certificate ?? null
  }

  /** The chain that is served by this id, or null where there is none. */
  chainOf(id: string | null): string | null {
    return id === null ? null : (this.#entries.get(id)?.certificate.chainPem ?? null)
  }

  /** What shakes hands with a certificate, or null where there is none. */
  get(id: string): Server | null {
    const entry = this.#entries.get(id)
    if (!entry) return null
    if (entry.isKept) {
      entry.server ??= this.#serverOf(entry)
      this.#touch(id, entry)
    }
    return entry.server
  }

  /** New session tickets are made under `keys` (48 bytes), and none that was made before is taken. */
  useTicketKeys(keys: Buffer): void {
    keys.copy(this.#ticketKeys)
    for (const { server, print } of this.#entries.values()) this.#setTicketKeys(server, print)
  }

  /** From now on no session made so far is resumed: session tickets are the only way to do so. */
  forgetSessions(): void {
    this.useTicketKeys(randomBytes(48))
  }

  /** The entry there is where nothing of it is new, else another; null for one that is left out. */
  #entryFor(
    id: string,
    certificate: ServingCertificate,
    isSmall: boolean,
    onUnusable: ((reason: string) => void) | undefined,
  ): Entry | null {
    const known = this.#entries.get(id)
    const print = printOf(certificate)
    if (known?.print === print) {
      certificate.leafKeyPem.fill(0)
      return known
    }
    const entry = { certificate, print, server: null, isKept: true }
    return isSmall ? this.#madeOrNull(entry, onUnusable) : entry
  }

  #madeOrNull(entry: Entry, onUnusable: ((reason: string) => void) | undefined): Entry | null {
    try {
      return { ...entry, server: this.#serverOf(entry), isKept: false }
    } catch (error) {
      if (!onUnusable) throw error
      onUnusable(error instanceof Error ? error.message : String(error))
      return null
    } finally {
      entry.certificate.leafKeyPem.fill(0)
    }
  }

  #serverOf({ certificate, print }: Entry): Server {
    const server = this.#make(certificate)
    this.#setTicketKeys(server, print)
    return server
  }

  /** Every worker has the same keys and yet no two servers have: none takes up another's sessions. */
  #setTicketKeys(server: Server | null, print: string): void {
    server?.setTicketKeys(Buffer.from(hkdfSync('sha256', this.#ticketKeys, '', print, 48)))
  }

  #replace(id: string, entry: Entry | null): void {
    const before = this.#entries.get(id)
    if (entry) this.#entries.set(id, entry)
    else this.#entries.delete(id)
    if (before) this.#drop(id, before)
  }

  /** Lets go of an entry that is no longer the one of its id. */
  #drop(id: string, entry: Entry): void {
    if (this.#entries.get(id) === entry) return
    entry.certificate.leafKeyPem.fill(0)
    if (this.#recent.get(id) === entry) this.#recent.delete(id)
  }

  #touch(id: string, entry: Entry): void {
    this.#recent.delete(id)
    this.#recent.set(id, entry)
    if (this.#recent.size <= this.#capacity) return
    const [oldestId, oldest] = this.#recent.entries().next().value as [string, Entry]
    this.#recent.delete(oldestId)
    oldest.server = null
  }
}

interface Entry {
  certificate: ServingCertificate
  print: string
  server: Server | null
  /** Its key is kept and its server made when it is needed. */
  isKept: boolean
}

/** Tells apart what is served and how. */
function printOf({ chainPem, handshake }: ServingCertificate): string {
  return servingId(hash('sha256', chainPem, 'base64url'), handshake)
}
