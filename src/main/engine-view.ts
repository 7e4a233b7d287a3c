import { setTimeout as delay } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { createClient, type Client, type Frames } from '../client/client.ts'
import { watchDomains } from '../client/domains.ts'
import { applyLiveEvent } from '../client/live-rows.ts'
import type { CertificateSummary, Domain } from '../contract/domains/domains.ts'
import type { EngineStatus } from '../contract/engine/engine-status.ts'
import { stoppedCloseCode } from '../contract/engine/engine-exit.ts'
import { openControlSocket } from '../engine-process/connect.ts'
import { watchHeartbeat } from '../engine-process/heartbeat.ts'
import type { Home } from '../engine-process/home.ts'

export interface EngineView {
  /** Null while no engine answers. */
  status: EngineStatus | null
  /** Whether status and lists are complete; false until the engine has sent each. */
  isWhole: boolean
  domains: readonly Domain[]
  certificates: readonly CertificateSummary[]
}

/**
 * Presence of an engine: `silent` holds its control socket and does not answer on it; `stopped` is reported
 * once, when a person has stopped it.
 */
export interface EnginePresence {
  state: 'none' | 'answers' | 'silent' | 'stopped'
  /** Pid of the engine, learnt on the connection that is still open. */
  pid: number | null
}

const lookAgainMs = 250
const nothingKnown: EngineView = { status: null, isWhole: false, domains: [], certificates: [] }

export interface EngineListeners {
  changed: (view: EngineView, before: EngineView) => void
  /** Called at each attempt to connect and at each change after it. */
  present: (presence: EnginePresence) => void
}

export type EngineWatch = ReturnType<typeof watchEngine>

/**
 * Subscribes to the live queries of one engine after the other. Without an engine the view is empty.
 * `isAttended`: a window shows the result.
 */
export function watchEngine(home: Home, { changed, present }: EngineListeners, isAttended?: () => boolean) {
  const stopping = new AbortController()
  let shown = nothingKnown
  let latest = nothingKnown
  let isSilent = false
  let client: Client | null = null
  let heartbeat: ReturnType<typeof watchHeartbeat> | null = null
  const show = () => {
    const before = shown
    shown = isSilent ? nothingKnown : latest
    if (shown !== before) changed(shown, before)
  }
  const set = (patch: Partial<EngineView>) => {
    latest = { ...latest, ...patch }
    show()
  }
  const report = () => present({ state: isSilent ? 'silent' : 'answers', pid: latest.status?.pid ?? null })

  /** Returns the presence when the connection has ended. */
  async function stayWith(socket: WebSocket): Promise<EnginePresence['state']> {
    const closeCode = new Promise<number>((resolve) => socket.once('close', resolve))
    const end = () => socket.terminate()
    stopping.signal.addEventListener('abort', end)
    const onChange = (silent: boolean) => {
      isSilent = silent
      show()
      report()
    }
    heartbeat = watchHeartbeat(socket, onChange, isAttended)
    client = createClient(socket as unknown as Frames)
    report()
    await mirror(client, set)
    stopping.signal.removeEventListener('abort', end)
    client = null
    heartbeat = null
    isSilent = false
    socket.terminate()
    if (!stopping.signal.aborted) set(nothingKnown)
    return (await closeCode) === stoppedCloseCode ? 'stopped' : 'none'
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const socket = await openControlSocket(home)
        present({ state: socket ? await stayWith(socket) : 'none', pid: null })
      } catch {
        // Caused by `engine.busy` or a socket without permission; the app's own start reports which.
        present({ state: 'silent', pid: null })
      }
      await delay(lookAgainMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  void follow()
  return {
    view: () => shown,
    /** Null while no engine answers. */
    client: () => (isSilent ? null : client),
    /** Finds out soon whether the engine answers: a window has opened. */
    attend: () => heartbeat?.attend(),
    close: () => stopping.abort(),
  }
}

/** Ends with the connection: an abort then would be sent on a closed socket. */
async function mirror(client: Client, set: (patch: Partial<EngineView>) => void): Promise<void> {
  const domains = new Map<string, Domain>()
  const certificates = new Map<string, CertificateSummary>()
  const missing = new Set(['status', 'domains', 'certificates'])
  const whole = (list: string) => {
    missing.delete(list)
    return { isWhole: missing.size === 0 }
  }
  await Promise.allSettled([
    each(client.engine.watch(), (status) => set({ status, ...whole('status') })),
    each(watchDomains(client), (event) => {
      if (applyLiveEvent(domains, event, ({ name }) => name))
        set({ domains: [...domains.values()], ...whole('domains') })
    }),
    each(client.certificates.watch(), (event) => {
      if (applyLiveEvent(certificates, event, ({ id }) => id))
        set({ certificates: [...certificates.values()], ...whole('certificates') })
    }),
  ])
}

async function each<T>(stream: Promise<AsyncIterable<T>>, take: (item: T) => void): Promise<void> {
  for await (const item of await stream) take(item)
}
