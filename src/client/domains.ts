import type { Domain } from '../contract/domains/domains.ts'
import { type ListedDomain, wholeDomain } from '../contract/domains/listed-domain.ts'
import type { LiveEvent } from '../contract/shared/live-event.ts'
import type { Client } from './client.ts'

export async function listDomains(client: Pick<Client, 'domains'>): Promise<Domain[]> {
  return (await client.domains.list()).map(wholeDomain)
}

export async function watchDomains(
  client: Pick<Client, 'domains'>,
  options: { signal?: AbortSignal } = {},
): Promise<AsyncIterable<LiveEvent<Domain>>> {
  return whole(await client.domains.watch(undefined, options))
}

async function* whole(events: AsyncIterable<LiveEvent<ListedDomain>>): AsyncGenerator<LiveEvent<Domain>> {
  for await (const event of events)
    yield 'items' in event ? { ...event, items: event.items.map(wholeDomain) } : event
}
