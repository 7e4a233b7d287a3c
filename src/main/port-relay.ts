import { setTimeout as delay } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { WINDOW_PATH } from '../contract/control-address.ts'
import { openControlSocket } from '../launch/connect.ts'
import type { Home } from '../launch/home.ts'
import type { ElectronApi } from './electron-api.ts'
import { isOurWindow } from './our-window.ts'

/** The page asks again after ten seconds without a port; an engine that restarts is back well before. */
const ENGINE_BACK_WITHIN_MS = 9000
const LOOK_AGAIN_MS = 150

/** A page needs one; those it has left behind in reloads are closed when others take their place. */
const MOST_PORTS = 4

/**
 * Gives a request of the window a port of its own to the engine, whose frames pass undecoded. A request is
 * ignored while one of the same page is on its way, and a page has four ports at most, so that a page that
 * asks without end holds no more than those.
 */
export function relayPorts({ ipcMain, MessageChannelMain }: ElectronApi, home: Home): void {
  const asking = new WeakSet<Electron.WebContents>()
  const tied = new WeakMap<Electron.WebContents, WebSocket[]>()
  const tie = async (page: Electron.WebContents) => {
    asking.add(page)
    const socket = await socketOnceEngineIsThere(home)
    asking.delete(page)
    if (!socket) return
    if (page.isDestroyed()) return socket.close()
    const open = (tied.get(page) ?? []).filter(({ readyState }) => readyState === socket.OPEN)
    for (const surplus of open.splice(0, open.length + 1 - MOST_PORTS)) surplus.close()
    tied.set(page, [...open, socket])
    const { port1: ours, port2: theirs } = new MessageChannelMain()
    relay(ours, socket)
    page.postMessage('edgekeep:port', null, [theirs])
  }
  ipcMain.on('edgekeep:request-port', (event) => {
    if (isOurWindow(event) && !asking.has(event.sender)) void tie(event.sender)
  })
}

async function socketOnceEngineIsThere(home: Home): Promise<WebSocket | null> {
  const until = performance.now() + ENGINE_BACK_WITHIN_MS
  for (;;) {
    // A socket that an ending engine holds is as good as none: what comes after it is waited for.
    const socket = await openControlSocket(home, WINDOW_PATH).catch(() => null)
    if (socket || performance.now() > until) return socket
    await delay(LOOK_AGAIN_MS)
  }
}

/** Ties the two together: text stays text, bytes stay bytes, and either's end is the other's. */
function relay(port: Electron.MessagePortMain, socket: WebSocket): void {
  port.on('message', ({ data }) => {
    if (typeof data === 'string') socket.send(data)
    // A frame may hold a key.
    else if (data instanceof ArrayBuffer) socket.send(data, () => new Uint8Array(data).fill(0))
  })
  port.on('close', () => socket.close())
  socket.on('message', (data: Buffer, isBinary) => {
    // A Buffer may be a view of a pool, and is cloned with all of it.
    port.postMessage(isBinary ? Uint8Array.from(data) : data.toString('utf8'))
  })
  socket.on('close', () => port.close())
  port.start()
}
