import { hash, hkdfSync, randomBytes } from 'node:crypto'
import type { Server } from 'node:tls'
import { servingId } from '../../protocol/handshake-settings.ts'
import type { ServingCertificate, Snapshot } from '../../protocol/snapshot.ts'

/**
 * TLS servers by certificate. Up to `capacity` certificates get theirs at once, and their key bytes are then
 * wiped. Beyond that keys are kept, servers are created on demand in the handshake and the least recently
 * used ones dropped: one costs 0.2 ms and 22 KB, nearly all of it OpenSSL's.
 */
export class TlsServersByCertificate {
  readonly #make: (certificate: ServingCertificate) => Server
  readonly #capacity: number
  #ticketKeys = randomBytes(48)
  #entries = new Map<string, Entry>()
  /** Entries with a server created on demand, the least recently used first. */
  readonly #recent = new Map<string, Entry>()

  constructor(make: (certificate: ServingCertificate) => Server, capacity = 2_000) {
    this.#make = make
    this.#capacity = capacity
  }

  /**
   * Applies the certificates of a snapshot and wipes the removed ones. Those that OpenSSL cannot use go to
   * `onUnusable` and are left out.
   *
   * @throws OpenSSL's error without `onUnusable`; nothing has changed then.
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
   * Adds certificates and wipes those in `removed`.
   *
   * @throws OpenSSL's error for an unusable certificate; nothing has changed then.
   */
  change(certificates: Snapshot['certificates'], removed: string[]): void {
    const isSmall = this.#entries.size + Object.keys(certificates).length <= this.#capacity
    const added = Object.entries(certificates).map(
      ([id, certificate]) => [id, this.#entryFor(id, certificate, isSmall, undefined)] as const,
    )
    for (const id of removed) this.#replace(id, null)
    for (const [id, entry] of added) this.#replace(id, entry)
  }

  /** Certificate of this id; its key may be wiped. */
  certificateOf(id: string): ServingCertificate | null {
    return this.#entries.get(id)?.certificate ?? null
  }

  chainOf(id: string | null): string | null {
    return id === null ? null : (this.#entries.get(id)?.certificate.chainPem ?? null)
  }

  /** Returns the certificate's server, created on demand, or null. */
  get(id: string): Server | null {
    const entry = this.#entries.get(id)
    if (!entry) return null
    if (entry.hasKey) {
      entry.server ??= this.#serverOf(entry)
      this.#touch(id, entry)
    }
    return entry.server
  }

  /** Issues new session tickets under `keys` (48 bytes); older ones become invalid. */
  useTicketKeys(keys: Buffer): void {
    keys.copy(this.#ticketKeys)
    for (const { server, print } of this.#entries.values()) this.#setTicketKeys(server, print)
  }

  /** Invalidates all sessions: tickets are the only way to resume one. */
  forgetSessions(): void {
    this.useTicketKeys(randomBytes(48))
  }

  /** Reuses the entry if nothing in it is new, else creates one; null for one that is left out. */
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
    const entry = { certificate, print, server: null, hasKey: true }
    return isSmall ? this.#madeOrNull(entry, onUnusable) : entry
  }

  #madeOrNull(entry: Entry, onUnusable: ((reason: string) => void) | undefined): Entry | null {
    try {
      return { ...entry, server: this.#serverOf(entry), hasKey: false }
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

  /** Ticket keys, equal in all workers but different for every server: none resumes another's sessions. */
  #setTicketKeys(server: Server | null, print: string): void {
    server?.setTicketKeys(Buffer.from(hkdfSync('sha256', this.#ticketKeys, '', print, 48)))
  }

  #replace(id: string, entry: Entry | null): void {
    const before = this.#entries.get(id)
    if (entry) this.#entries.set(id, entry)
    else this.#entries.delete(id)
    if (before) this.#drop(id, before)
  }

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
  /** Its key is kept for a server created on demand. */
  hasKey: boolean
}

function printOf({ chainPem, handshake }: ServingCertificate): string {
  return servingId(hash('sha256', chainPem, 'base64url'), handshake)
}
