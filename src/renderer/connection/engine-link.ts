import { watchDomains } from '../../client/domains.ts'
import { createClient, type Client, type Frames } from '../../client/client.ts'
import type { CertificateSummary, Domain } from '../../contract/domains/domains.ts'
import type { VaultNotice } from '../../contract/custody/custody.ts'
import type { EngineStatus } from '../../contract/engine/engine-status.ts'
import type { UsageToday } from '../../contract/usage/usage.ts'
import {
  createLiveQuery,
  createLiveValue,
  keepFollowing,
  type LiveState,
  type LiveValue,
  type Mirror,
} from './live-query.ts'
import { createReconnectingFrames, type ReconnectingFrames } from './reconnecting-frames.ts'

/** The window's only engine connection: the typed client, and live mirrors of state that features share. */
export interface EngineLink {
  readonly client: Client
  readonly connection: ReconnectingFrames['connection']
  readonly domains: Mirror<LiveState<Domain>>['store']
  readonly certificates: Mirror<LiveState<CertificateSummary>>['store']
  readonly status: Mirror<LiveValue<EngineStatus>>['store']
  /** Domains with requests today. */
  readonly usage: Mirror<LiveState<UsageToday>>['store']
  /** The latest change to the vault's keys and backups, by any actor. */
  readonly notices: Mirror<LiveValue<VaultNotice>>['store']
  retryNow(): void
  close(): void
}

export function createEngineLink(open: () => Promise<Frames>): EngineLink {
  const { frames, connection, retryNow, close } = createReconnectingFrames(open)
  const client = createClient(frames)
  const domains = createLiveQuery<Domain>({
    watch: (signal) => watchDomains(client, { signal }),
    keyOf: (domain) => domain.name,
  })
  const certificates = createLiveQuery<CertificateSummary>({
    watch: (signal) => client.certificates.watch(undefined, { signal }),
    keyOf: (certificate) => certificate.id,
  })
  const status = createLiveValue<EngineStatus>((signal) => client.engine.watch(undefined, { signal }))
  const usage = createLiveQuery<UsageToday>({
    watch: (signal) => client.usage.watch(undefined, { signal }),
    keyOf: ({ domain }) => domain,
  })
  const notices = createLiveValue<VaultNotice>((signal) => client.vault.watchNotices(undefined, { signal }))
  const stop = followWhileConnected(connection, [domains, certificates, status, usage, notices])
  return {
    client,
    connection,
    domains: domains.store,
    certificates: certificates.store,
    status: status.store,
    usage: usage.store,
    notices: notices.store,
    retryNow,
    close() {
      stop()
      close()
    },
  }
}

/** Subscribes each mirror while connected. */
function followWhileConnected(
  connection: ReconnectingFrames['connection'],
  mirrors: { follow: (signal: AbortSignal) => Promise<void> }[],
): () => void {
  let controller: AbortController | null = null
  const onChange = (state: string) => {
    controller?.abort()
    controller = null
    if (state !== 'connected') return
    controller = new AbortController()
    for (const { follow } of mirrors) void keepFollowing(follow, controller.signal)
  }
  onChange(connection.getState())
  const unsubscribe = connection.subscribe(onChange)
  return () => {
    unsubscribe()
    controller?.abort()
  }
}
