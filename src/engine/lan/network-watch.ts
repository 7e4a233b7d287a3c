import { addressIn, type LanNetwork, type NetworkSource, systemNetworks } from './lan-network.ts'
import { publish, record } from './lan.ts'
import type { LanNeeds, PublishedDomains } from './needs.ts'

/** Systems do not notify Node of a lost address. A look reads tables of the kernel. */
const lookEveryMs = 5_000

export type NetworkWatch = ReturnType<typeof createNetworkWatch>

/**
 * Ends the access for other devices once this computer leaves the network that it was turned on in, and begins it
 * again there, at the address that this computer then has. Looks only while a domain is published.
 */
export function createNetworkWatch(parts: LanNeeds, source: NetworkSource = systemNetworks) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | null = null

  async function lookAtAll(): Promise<void> {
    for (const [address, published] of [...parts.published]) await lookAt(parts, source, address, published)
  }
  const look = () =>
    (running ??= lookAtAll()
      .catch((error: unknown) => parts.log.error({ err: error }, 'The networks could not be looked at'))
      .finally(() => (running = null)))

  function close(): void {
    clearInterval(timer)
    timer = undefined
  }
  parts.topics.statusChanged.follow(() => {
    if (parts.published.size === 0) close()
    else timer ??= setInterval(() => void look(), lookEveryMs).unref()
  })
  return { look, close }
}

async function lookAt(
  parts: LanNeeds,
  source: NetworkSource,
  address: string,
  published: PublishedDomains,
): Promise<void> {
  const { network, absence } = published
  if (!network || absence === 'ended') return
  const now = addressIn(network, { current: address, isLeft: absence === 'left' }, source)
  if (absence === null && now !== address) await leave(parts, address, { ...published, network })
  // A locked vault could not record it.
  if (now === null || (absence === null && now === address) || parts.vault.protection.locked) return
  await goOn(parts, { from: address, to: now }, published)
}

async function leave(
  parts: LanNeeds,
  address: string,
  published: PublishedDomains & { network: LanNetwork },
): Promise<void> {
  const absence = published.network.router === null ? 'ended' : 'left'
  await publish(parts, address, { ...published, absence })
  parts.log.warn({ address }, 'Left the network of published domains')
  if (!parts.vault.protection.locked) record(parts, 'lan.off', address, [...published.domains])
}

async function goOn(
  parts: LanNeeds,
  { from, to }: { from: string; to: string },
  { domains, network }: PublishedDomains,
): Promise<void> {
  record(parts, 'lan.on', to, [...domains])
  if (from !== to) parts.published.delete(from)
  const present = parts.published.get(to)?.domains ?? new Set()
  await publish(parts, to, { domains: domains.union(present), network, absence: null })
  parts.log.info({ address: to }, 'Back in the network of published domains')
}
