import type { Published } from '../../contract/lan/published.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { isLocalhost } from '../../domain/localhost.ts'
import { edgePorts } from '../core/core.ts'
import { domainRow } from '../domains/domains.ts'
import { chosenAddress } from './lan-address.ts'
import { networkOf, systemNetworks } from './lan-network.ts'
import type { LanNeeds, PublishedDomains } from './needs.ts'

/**
 * Lets other devices reach these domains at an address of this computer. Nothing has changed if the edge cannot
 * listen there.
 * @throws `domain.not_found`, `edge.not_running`, `lan.name_unusable`, `lan.not_listening`, and as `chosenAddress`
 */
export async function publishDomains(
  parts: LanNeeds,
  input: { domains: string[]; address?: string },
): Promise<Published> {
  edgePorts(parts)
  const address = chosenAddress(input.address)
  const names = input.domains.map((name) => usableName(domainRow(parts, name).name))
  const before = domainsAt(parts, address)
  const added = new Set(names).difference(before)
  record(parts, 'lan.on', address, names)
  for (const [ended, { absence }] of parts.published) if (absence === 'ended') parts.published.delete(ended)
  // The person means the network that this computer is in now.
  const network = networkOf(address, systemNetworks)
  await publish(parts, address, { domains: before.union(added), network, absence: null })
  const found = parts.supervisor?.status().published.find((each) => each.address === address)
  if (found?.failure === null) return found
  // Other calls may have changed the set meanwhile.
  const domains = domainsAt(parts, address).difference(added)
  await publish(parts, address, { domains, network, absence: null })
  // The row before it was for a change that did not last.
  record(parts, 'lan.off', address, names)
  throw found?.failure
    ? new EdgekeepError('lan.not_listening', { address, ...found.failure })
    : new EdgekeepError('edge.not_running', {})
}

/** @throws `lan.name_unusable` */
function usableName(name: string): string {
  const reason = isLocalhost(name)
    ? 'each takes names below .localhost for itself'
    : /^\*\.[^.]+$/.test(name)
      ? 'Apple’s systems refuse a certificate for all names of a suffix'
      : null
  if (reason === null) return name
  throw new EdgekeepError('lan.name_unusable', { name, reason })
}

/** Ends that for these domains or all, at this address or every one. @throws `domain.not_found`, `edge.not_running` */
export async function unpublishDomains(
  parts: LanNeeds,
  input: { domains?: string[]; address?: string },
): Promise<Published[]> {
  edgePorts(parts)
  const names = input.domains?.map((name) => domainRow(parts, name).name)
  for (const [address, published] of [...parts.published]) {
    if (input.address !== undefined && input.address !== address) continue
    const { domains } = published
    const left = domains.difference(new Set(names ?? domains))
    if (left.size === domains.size) continue
    // Ends the access first: a locked vault cannot record it.
    await publish(parts, address, { ...published, domains: left })
    if (!parts.vault.protection.locked) record(parts, 'lan.off', address, [...domains.difference(left)])
  }
  return parts.supervisor?.status().published ?? []
}

/**
 * Forgets a domain that is removed, so that one of the same name is not reachable later, and an address without
 * domains, on which the edge would still listen.
 */
export function followRemovedDomains({ vault, published, topics }: LanNeeds): void {
  topics.rowsChanged.follow((touched) => {
    const removed = [...touched.domains].filter((name) => !vault.domains.get(name))
    for (const [address, { domains }] of published) {
      for (const name of removed) domains.delete(name)
      if (domains.size === 0) published.delete(address)
    }
  })
}

/** Domains that devices reach at `address`; none in a network that this computer has left, whose address it may be. */
export function domainsAt({ published }: LanNeeds, address: string): Set<string> {
  const found = published.get(address)
  return found?.absence === null ? found.domains : new Set()
}

/** Listens at `address` for these domains alone, or no longer where there is none. */
export async function publish(parts: LanNeeds, address: string, published: PublishedDomains): Promise<void> {
  if (published.domains.size > 0) parts.published.set(address, published)
  else parts.published.delete(address)
  await parts.supervisor?.apply()
  parts.topics.statusChanged.publish({})
}

export function record({ vault, actor }: LanNeeds, action: string, subject: string, domains: string[]): void {
  vault.audit.record({ actor, action, subject, before: null, after: { domains } })
}
