import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Frames } from '../../client/client.ts'

/**
 * `connecting` until the first connection; `lost` after a disconnect, until the engine answers again; `ended`
 * if the host of this window has exited, and its session with it.
 */
export type Connection = 'connecting' | 'connected' | 'lost' | 'ended'

/** Rejection of `open` if the host of the window has exited. The window has to be opened anew. */
export class HostEnded extends Error {}

/** Frames that reconnect after each loss, so that one client serves the whole life of the window. */
export interface ReconnectingFrames {
  readonly frames: Frames
  readonly connection: StoreApi<Connection>
  /** Skips the wait for the next attempt. */
  retryNow(): void
  close(): void
}

const connecting = 0
const openState = 1
const closedState = 3

function isUp(connection: Connection): boolean {
  return connection === 'connecting' || connection === 'connected'
}

/** Backoff before attempt `attempt` (from 0), in milliseconds: exponential from 250 ms up to 5 s. */
export function retryDelayMs(attempt: number): number {
  return Math.min(5000, 250 * 2 ** attempt)
}

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
      // Browsers hide why a connection failed. The window shows the loss and retries.
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
