import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Frames } from '../../client/client.ts'

/**
 * `connecting` only until the first connection; after a loss it is `lost` until the engine answers again,
 * or `ended` where the host of this window is gone too, with the session that let the window in.
 */
export type Connection = 'connecting' | 'connected' | 'lost' | 'ended'

/** What `open` rejects with where the host of the window has ended: the window has to be opened anew. */
export class HostEnded extends Error {}

/** Frames that outlive a connection: opened again after each loss, so that one client serves the window's whole life. */
export interface ReconnectingFrames {
  readonly frames: Frames
  readonly connection: StoreApi<Connection>
  /** Tries at once instead of waiting for the next attempt. */
  retryNow(): void
  close(): void
}

const connecting = 0
const openState = 1
const closedState = 3

function isUp(connection: Connection): boolean {
  return connection === 'connecting' || connection === 'connected'
}

/** Milliseconds before attempt `attempt` (from 0): quick at first, then every five seconds. */
export function retryDelayMs(attempt: number): number {
  return Math.min(5000, 250 * 2 ** attempt)
}

/** `open` resolves with frames that are open; it rejects where nothing answers. */
export function createReconnectingFrames(open: () => Promise<Frames>): ReconnectingFrames {
  const events = new EventTarget()
  const connection = createStore<Connection>(() => 'connecting')
  let current: Frames | null = null
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false

  async function connect(): Promise<void> {
    try {
      const opened = await open()
      if (!closed) adopt(opened)
    } catch (error) {
      // Why a connection cannot be had is not told to pages; that it cannot is shown, and it is tried again.
      connection.setState(error instanceof HostEnded ? 'ended' : 'lost', true)
      scheduleRetry()
    }
  }

  function adopt(opened: Frames): void {
    current = opened
    attempt = 0
    opened.addEventListener('message', (event) => {
      events.dispatchEvent(new MessageEvent('message', { data: event.data }))
    })
    opened.addEventListener('close', () => lose(opened), { once: true })
    connection.setState('connected', true)
    events.dispatchEvent(new Event('open'))
  }

  function lose(lost: Frames): void {
    if (current !== lost) return
    current = null
    events.dispatchEvent(new Event('close'))
    connection.setState('lost', true)
    scheduleRetry()
  }

  function scheduleRetry(): void {
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(() => void connect(), retryDelayMs(attempt++))
  }

  const frames = {
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
    send: (data: Parameters<Frames['send']>[0]) => current?.send(data),
    get readyState() {
      if (current) return openState
      return connection.getState() === 'connecting' ? connecting : closedState
    },
  } as Frames

  void connect()
  return {
    frames,
    connection,
    retryNow() {
      if (isUp(connection.getState())) return
      clearTimeout(timer)
      attempt = 0
      void connect()
    },
    close() {
      closed = true
      clearTimeout(timer)
      events.dispatchEvent(new Event('close'))
    },
  }
}
