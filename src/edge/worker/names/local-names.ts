import { isMdnsName } from '../../../domain/local-names.ts'
import type { PublishedAddress } from '../../protocol/snapshot.ts'
import { MdnsLink, type MdnsOptions } from './mdns-link.ts'

/** Names below .local of published domains, for which devices ask their network by mDNS. */
export class LocalNames {
  readonly #options: MdnsOptions
  readonly #links = new Map<string, MdnsLink>()

  constructor(options: MdnsOptions) {
    this.#options = options
  }

  take(published: PublishedAddress[]): void {
    const names = new Map(published.map(({ address, domains }) => [address, domains.filter(isMdnsName)]))
    for (const [address, link] of this.#links) {
      link.take(names.get(address) ?? [])
      if ((names.get(address) ?? []).length > 0) continue
      link.close()
      this.#links.delete(address)
    }
    for (const [address, wanted] of names) {
      if (wanted.length === 0 || this.#links.has(address)) continue
      const link = new MdnsLink(address, this.#options)
      this.#links.set(address, link)
      link.take(wanted)
    }
  }

  /** Names for which another device answers. */
  taken(address: string): string[] {
    return this.#links.get(address)?.taken() ?? []
  }

  close(): void {
    for (const link of this.#links.values()) link.close()
    this.#links.clear()
  }
}
