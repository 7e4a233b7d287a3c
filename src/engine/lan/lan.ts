import type { Published } from '../../contract/lan/published.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { edgePorts } from '../core/core.ts'
import { domainRow } from '../domains/domains.ts'
import { chosenAddress } from './lan-address.ts'
import type { LanNeeds } from './needs.ts'

/**
 * Lets other devices reach these domains at an address of this computer. Nothing has changed if the edge cannot
 * listen there.
 * @throws `domain.not_found`, `edge.not_running`, `lan.not_listening`, and as `chosenAddress`
 */
export async function publishDomains(
  parts: LanNeeds,
  input: { domains: string[]; address?: string | undefined },
): Promise<Published> {
  edgePorts(parts)
  const address = chosenAddress(input.address)
  const names = input.domains.map((name) => domainRow(parts, name).name)
  const added = new Set(names).difference(publishedAt(parts, address))
  record(parts, 'lan.on', address, names)
  await publish(parts, address, publishedAt(parts, address).union(added))
  const found = parts.supervisor?.status().published.find((each) => each.address === address)
  if (found?.failure === null) return found
  // Other calls may have changed the set meanwhile.
  await publish(parts, address, publishedAt(parts, address).difference(added))
  // The row before it was for a change that did not last.
  record(parts, 'lan.off', address, names)
  throw found?.failure
    ? new EdgekeepError('lan.not_listening', { address, ...found.failure })
    : new EdgekeepError('edge.not_running', {})
}

/** Ends that for these domains or all, at this address or every one. @throws `domain.not_found`, `edge.not_running` */
export async function unpublishDomains(
  parts: LanNeeds,
  input: { domains?: string[] | undefined; address?: string | undefined },
): Promise<Published[]> {
  edgePorts(parts)
  const names = input.domains?.map((name) => domainRow(parts, name).name)
  for (const [address, domains] of [...parts.published]) {
    if (input.address !== undefined && input.address !== address) continue
    const left = domains.difference(new Set(names ?? domains))
    if (left.size === domains.size) continue
    // Ends the access first: a locked vault cannot record it.
    await publish(parts, address, left)
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
    for (const [address, domains] of published) {
      for (const name of removed) domains.delete(name)
      if (domains.size === 0) published.delete(address)
    }
  })
}

function publishedAt({ published }: LanNeeds, address: string): Set<string> {
  return published.get(address) ?? new Set()
}

async function publish(parts: LanNeeds, address: string, domains: Set<string>): Promise<void> {
  if (domains.size > 0) parts.published.set(address, domains)
  else parts.published.delete(address)
  await parts.supervisor?.apply()
  parts.topics.statusChanged.publish({})
}

function record({ vault, actor }: LanNeeds, action: string, subject: string, domains: string[]): void {
  vault.audit.record({ actor, action, subject, before: null, after: { domains } })
}
