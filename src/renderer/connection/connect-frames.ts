import type { Frames } from '../../client/client.ts'
import { portFrames } from '../../client/port-frames.ts'
import { HostEnded } from './reconnecting-frames.ts'
import './desktop-bridge.ts'

const openTimeoutMs = 10_000

/** Opens frames to the engine over the desktop's message port or the web host's WebSocket. */
export function connectFrames(): Promise<Frames> {
  const desktop = window.edgekeepDesktop
  return desktop ? openPort(() => desktop.requestPort()) : openSocket()
}

function openPort(requestPort: () => void): Promise<Frames> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => finish(() => reject(new Error('no port came'))), openTimeoutMs)
    const onMessage = (event: MessageEvent) => {
      const port = event.ports[0]
      if (event.source !== window || event.data !== 'edgekeep:port' || !port) return
      finish(() => resolve(portFrames(port)))
    }
    const finish = (settle: () => void) => {
      clearTimeout(timeout)
      window.removeEventListener('message', onMessage)
      settle()
    }
    window.addEventListener('message', onMessage)
    requestPort()
  })
}

function openSocket(): Promise<Frames> {
  return new Promise((resolve, reject) => {
    // Relative to the page, under whatever path the web host serves it.
    const address = new URL('frames', location.origin + location.pathname)
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(address)
    // Blob frames are read asynchronously, so they could overtake each other.
    socket.binaryType = 'arraybuffer'
    const timeout = setTimeout(() => socket.close(), openTimeoutMs)
    socket.addEventListener('open', () => {
      clearTimeout(timeout)
      resolve(socket)
    })
    socket.addEventListener('close', () => {
      clearTimeout(timeout)
      void hostAnswers().then((there) => reject(there ? new Error('the socket closed') : new HostEnded()))
    })
  })
}

/**
 * True if the host of this page is running and accepts its session. Browsers hide why a WebSocket failed, so
 * this requests the page itself.
 */
async function hostAnswers(): Promise<boolean> {
  try {
    const { ok } = await fetch(location.origin + location.pathname, { method: 'HEAD', cache: 'no-store' })
    return ok
  } catch {
    return false
  }
}
