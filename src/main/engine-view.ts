import { setTimeout as delay } from 'node:timers/promises'
import { createClient, type Client, type Frames } from '../client/client.ts'
import type { CertificateSummary, Domain } from '../contract/domains.ts'
import type { EngineStatus } from '../contract/engine-status.ts'
import { openControlSocket } from '../launch/connect.ts'
import type { Home } from '../launch/home.ts'

/** What the app knows of its engine at this moment. */
export interface EngineView {
  /** Null while no engine answers. */
  status: EngineStatus | null
  /** All three are what the engine has; false until it has told each. */
  isWhole: boolean
  domains: readonly Domain[]
  certificates: readonly CertificateSummary[]
}

export interface EngineWatch {
  view(): EngineView
  /** Null while no engine answers. */
  client(): Client | null
  close(): void
}

const lookAgainMs = 250
const nothingKnown: EngineView = { status: null, isWhole: false, domains: [], certificates: [] }

/**
 * Follows the engine's live lists for as long as the app runs, from one engine to the next. `changed` is
 * called with what is known now and with what was known before.
 */
export function watchEngine(
  home: Home,
  changed: (view: EngineView, before: EngineView) => void,
): EngineWatch {
  const stopping = new AbortController()
  let current = nothingKnown
  let client: Client | null = null
  const set = (patch: Partial<EngineView>) => {
    const before = current
    current = { ...current, ...patch }
    changed(current, before)
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      const socket = await openControlSocket(home).catch(() => null)
      if (socket) {
        stopping.signal.addEventListener('abort', () => socket.close(), { once: true })
        client = createClient(socket as unknown as Frames)
        await mirror(client, set)
        client = null
        socket.close()
        if (!stopping.signal.aborted) set(nothingKnown)
      }
      await delay(lookAgainMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  void follow()
  return { view: () => current, client: () => client, close: () => stopping.abort() }
}

type LiveEvent<T> =
  | { type: 'snapshot'; items: T[] }
  | { type: 'changed'; item: T }
  | { type: 'removed'; key: string }

/** Ends when the connection does: an abort then would be sent on a socket that is closed. */
async function mirror(client: Client, set: (patch: Partial<EngineView>) => void): Promise<void> {
  const domains = new Map<string, Domain>()
  const certificates = new Map<string, CertificateSummary>()
  const missing = new Set(['status', 'domains', 'certificates'])
  const whole = (told: string) => {
    missing.delete(told)
    return { isWhole: missing.size === 0 }
  }
  await Promise.allSettled([
    each(client.engine.watch(), (status) => set({ status, ...whole('status') })),
    each(client.domains.watch(), (event) => {
      apply(domains, event, ({ name }) => name)
      set({ domains: [...domains.values()], ...whole('domains') })
    }),
    each(client.certificates.watch(), (event) => {
      apply(certificates, event, ({ id }) => id)
      set({ certificates: [...certificates.values()], ...whole('certificates') })
    }),
  ])
}

async function each<T>(stream: Promise<AsyncIterable<T>>, take: (item: T) => void): Promise<void> {
  for await (const item of await stream) take(item)
}

function apply<T>(items: Map<string, T>, event: LiveEvent<T>, keyOf: (item: T) => string): void {
  if (event.type === 'removed') items.delete(event.key)
  else if (event.type === 'changed') items.set(keyOf(event.item), event.item)
  else {
    items.clear()
    for (const item of event.items) items.set(keyOf(item), item)
  }
}
