import type { PublishedAddress } from '../../protocol/snapshot.ts'

/**
 * Domains that other devices may reach, by the address of this computer that they connect to. An address that is no
 * longer published gives access to none.
 */
export class PublishedDomains {
  #all: PublishedAddress[] = []
  #byAddress = new Map<string, ReadonlySet<string>>()

  /** Returns the addresses at which a domain is no longer published. */
  take(published: PublishedAddress[]): string[] {
    const before = this.#byAddress
    this.#all = published
    const here = published.filter(({ absence }) => !absence)
    this.#byAddress = new Map(here.map(({ address, domains }) => [address, new Set(domains)]))
    return [...before].flatMap(([address, domains]) => {
      const now = this.#byAddress.get(address)
      return now && domains.isSubsetOf(now) ? [] : [address]
    })
  }

  all(): PublishedAddress[] {
    return this.#all
  }

  /** `publishedAddress` is null for a connection from this computer, which reaches every domain. */
  allows(domain: string, publishedAddress: string | null): boolean {
    return publishedAddress === null || (this.#byAddress.get(publishedAddress)?.has(domain) ?? false)
  }
}
