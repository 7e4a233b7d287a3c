import type { Frames } from '../../client/client.ts'
import { portFrames } from '../../client/port-frames.ts'
import { HostEnded } from './reconnecting-frames.ts'
import './desktop-bridge.ts'

const openTimeoutMs = 10_000

/** Open frames to the engine: over the desktop's message port, or the web host's WebSocket. */
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
    // Beside the page, wherever the web host has put that.
    const address = new URL('frames', location.origin + location.pathname)
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(address)
    // As Blob, each binary frame would be read in its own turn and could overtake the next.
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
 * Whether what served this page is there and still knows its session. A browser tells a page nothing of
 * why a WebSocket failed, so the page itself is asked for.
 */
async function hostAnswers(): Promise<boolean> {
  try {
    const { ok } = await fetch(location.origin + location.pathname, { method: 'HEAD', cache: 'no-store' })
    return ok
  } catch {
    return false
  }
}
