import type { Domain } from '../contract/domains/domains.ts'
import { receivedEvent } from '../contract/domains/listed-domain.ts'
import { EdgekeepError } from '../contract/errors/registry.ts'
import type { LiveEvent } from '../contract/shared/live-event.ts'
import type { Client } from './client.ts'

/**
 * Lists all domains. The engine sends them in parts, and makes the next while one is decoded here.
 * @throws `engine.unreachable` if the parts end before the last one
 */
export async function listDomains(client: Pick<Client, 'domains'>): Promise<Domain[]> {
  const domains: Domain[] = []
  for await (const event of await watchDomains(client)) {
    if (!('complete' in event)) continue
    domains.push(...event.items)
    if (event.complete) return domains
  }
  throw new EdgekeepError('engine.unreachable', { reason: 'the list ended before its last part' })
}

export async function watchDomains(
  client: Pick<Client, 'domains'>,
  options: { signal?: AbortSignal } = {},
): Promise<AsyncIterable<LiveEvent<Domain>>> {
  return received(await client.domains.watch(undefined, options))
}

async function* received(
  events: Awaited<ReturnType<Client['domains']['watch']>>,
): AsyncGenerator<LiveEvent<Domain>> {
  for await (const event of events) yield receivedEvent(event)
}
