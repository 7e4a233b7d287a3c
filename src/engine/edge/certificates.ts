import { createSecureContext, type SecureContext } from 'node:tls'
import type { ServingCertificate, Snapshot } from './snapshot.ts'

/**
 * Contexts by certificate. Up to `capacity` certificates have theirs made at once, and their key
 * bytes are then wiped. Beyond that keys are kept and contexts made on the handshake that needs them,
 * the least recently used dropped: a context costs 0.2 ms and 22 KB.
 */
export class ServingContexts {
  readonly #capacity: number
  #entries = new Map<string, Entry>()
  /** Those whose context was made on demand, the least recently used first. */
  readonly #recent = new Map<string, Entry>()

  constructor(capacity = 2_000) {
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

  /** The chain that is served by this id, or null where there is none. */
  chainOf(id: string | null): string | null {
    return id === null ? null : (this.#entries.get(id)?.chainPem ?? null)
  }

  /** The context for a certificate, or null where there is none. */
  get(id: string): SecureContext | null {
    const entry = this.#entries.get(id)
    if (!entry) return null
    if (entry.leafKeyPem) {
      entry.context ??= contextOf(entry.chainPem, entry.leafKeyPem)
      this.#touch(id, entry)
    }
    return entry.context
  }

  /** The entry there is where the chain is the same, else a new one; null for one that is left out. */
  #entryFor(
    id: string,
    certificate: ServingCertificate,
    isSmall: boolean,
    onUnusable: ((reason: string) => void) | undefined,
  ): Entry | null {
    const known = this.#entries.get(id)
    if (known?.chainPem !== certificate.chainPem) {
      return isSmall ? madeEntryOrNull(certificate, onUnusable) : keptEntry(certificate)
    }
    certificate.leafKeyPem.fill(0)
    return known
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
    entry.leafKeyPem?.fill(0)
    if (this.#recent.get(id) === entry) this.#recent.delete(id)
  }

  #touch(id: string, entry: Entry): void {
    this.#recent.delete(id)
    this.#recent.set(id, entry)
    if (this.#recent.size <= this.#capacity) return
    const [oldestId, oldest] = this.#recent.entries().next().value as [string, Entry]
    this.#recent.delete(oldestId)
    oldest.context = null
  }
}

interface Entry {
  chainPem: string
  context: SecureContext | null
  /** Null once wiped. */
  leafKeyPem: Buffer | null
}

function madeEntryOrNull(
  certificate: ServingCertificate,
  onUnusable: ((reason: string) => void) | undefined,
): Entry | null {
  try {
    return madeEntry(certificate)
  } catch (error) {
    certificate.leafKeyPem.fill(0)
    if (!onUnusable) throw error
    onUnusable(error instanceof Error ? error.message : String(error))
    return null
  }
}

function madeEntry({ chainPem, leafKeyPem }: ServingCertificate): Entry {
  const context = contextOf(chainPem, leafKeyPem)
  leafKeyPem.fill(0)
  return { chainPem, context, leafKeyPem: null }
}

function keptEntry({ chainPem, leafKeyPem }: ServingCertificate): Entry {
  return { chainPem, context: null, leafKeyPem }
}

function contextOf(chainPem: string, leafKeyPem: Buffer): SecureContext {
  return createSecureContext({ cert: chainPem, key: leafKeyPem, minVersion: 'TLSv1.2' })
}
