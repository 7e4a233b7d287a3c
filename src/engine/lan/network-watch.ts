import { addressIn, type LanNetwork, type NetworkSource, systemNetworks } from './lan-network.ts'
import { domainsAt, publish, record } from './lan.ts'
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
  let isClosed = false

  async function lookAtAll(): Promise<void> {
    // Each is read anew: it may be turned off while the edge applies another.
    for (const address of [...parts.published.keys()]) await lookAt(parts, source, address)
  }
  const look = () =>
    (running ??= lookAtAll()
      .catch((error: unknown) => parts.log.error({ err: error }, 'Network check failed'))
      .finally(() => (running = null)))

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }
  parts.topics.statusChanged.follow(() => {
    if (parts.published.size === 0 || isClosed) stop()
    else timer ??= setInterval(() => void look(), lookEveryMs).unref()
  })
  return {
    look,
    close() {
      isClosed = true
      stop()
    },
  }
}

async function lookAt(parts: LanNeeds, source: NetworkSource, address: string): Promise<void> {
  const published = parts.published.get(address)
  if (!published?.network || published.absence === 'ended') return
  const { network, absence } = published
  const now = addressIn(network, { current: address, isLeft: absence === 'left' }, source)
  if (absence === null && now !== address) await leave(parts, address, { ...published, network })
  // A locked vault could not record it.
  if (now === null || (absence === null && now === address) || parts.vault.protection.locked) return
  await goOn(parts, { from: address, to: now })
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

async function goOn(parts: LanNeeds, { from, to }: { from: string; to: string }): Promise<void> {
  const left = parts.published.get(from)
  // Turned off meanwhile.
  if (!left) return
  const { domains, network } = left
  record(parts, 'lan.on', to, [...domains])
  if (from !== to) parts.published.delete(from)
  const present = domainsAt(parts, to)
  await publish(parts, to, { domains: domains.union(present), network, absence: null })
  parts.log.info({ address: to }, 'Back in the network of published domains')
}
