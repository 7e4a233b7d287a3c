import type { Frames } from './client.ts'

const openState = 1
const closedState = 3

/** Common interface of the page's `MessagePort` and Node's. */
export interface FramePort {
  addEventListener(type: 'message' | 'close', listener: (event: Event) => void): void
  postMessage(message: unknown): void
  start(): void
}

/** Adapts a message port to `Frames`. They are open from the start and close with the port's other end. */
export function portFrames(port: FramePort): Frames {
  const events = new EventTarget()
  let readyState = openState
  port.addEventListener('message', (event) => {
    events.dispatchEvent(new MessageEvent('message', { data: (event as MessageEvent).data }))
  })
  port.addEventListener('close', () => {
    readyState = closedState
    events.dispatchEvent(new Event('close'))
  })
  port.start()
  return {
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
    send: (data: unknown) => port.postMessage(exactly(data)),
    get readyState() {
      return readyState
    },
  } as Frames
}

/**
 * Copies a view to a buffer of its own length, since a view is cloned with its whole buffer. It is not
 * transferred: Electron delivers an empty message where a page transfers a buffer to the main process.
 */
function exactly(data: unknown): unknown {
  if (!ArrayBuffer.isView(data)) return data
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice().buffer
}
