import { setTimeout as delay } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { windowPath } from '../contract/engine/control-address.ts'
import { openControlSocket } from '../engine-process/connect.ts'
import type { Home } from '../engine-process/home.ts'
import { startInspectOnly, type PageTie } from '../engine-process/inspect-only.ts'
import type { Installation } from '../engine-process/installation.ts'
import type { ElectronApi } from './electron-api.ts'
import type { EngineConnection } from './engine-connection.ts'
import { isOurWindow } from './app-protocol.ts'

/** Timeout for a restarting engine; the page asks again after ten seconds without a port. */
const engineBackWithinMs = 9000
const lookAgainMs = 20

/** A page needs one; ports left behind by reloads are closed when others replace them. */
const mostPorts = 4

export interface RelayOptions {
  /** Null for an unusable home, and so never an engine. */
  home: Home | null
  installation: Installation
  connection: Pick<EngineConnection, 'problem' | 'onChange'>
  /** Called with the reason if a page got no port. */
  failed: (error: unknown) => void
}

/**
 * Gives the window a port of its own to the engine, whose frames pass undecoded; while no engine can start,
 * to a process that inspects files and rejects everything else with the reason. A request is ignored while
 * one of the same page is pending, and a page has four ports at most, so that a page that asks without end
 * holds no more than those.
 */
export function relayPorts({ ipcMain, MessageChannelMain }: ElectronApi, options: RelayOptions): void {
  const asking = new WeakSet<Electron.WebContents>()
  const tied = new WeakMap<Electron.WebContents, PageTie[]>()
  const all = new Set<PageTie>()
  const give = async (page: Electron.WebContents) => {
    asking.add(page)
    const tie = await tieOfPage(options).catch(options.failed)
    asking.delete(page)
    if (!tie) return
    all.add(tie)
    tie.onClose(() => all.delete(tie))
    if (page.isDestroyed()) return tie.close()
    const open = (tied.get(page) ?? []).filter((one) => one.isOpen())
    for (const surplus of open.splice(0, open.length + 1 - mostPorts)) surplus.close()
    tied.set(page, [...open, tie])
    const { port1: ours, port2: theirs } = new MessageChannelMain()
    relay(ours, tie)
    page.postMessage('edgekeep:port', null, [theirs])
  }
  ipcMain.on('edgekeep:request-port', (event) => {
    if (isOurWindow(event) && !asking.has(event.sender)) void give(event.sender)
  })
  // The page asks again, and gets the engine or the current problem.
  options.connection.onChange(() => {
    for (const tie of all) tie.close()
  })
}

async function tieOfPage({ home, installation, connection }: RelayOptions): Promise<PageTie | null> {
  const until = performance.now() + engineBackWithinMs
  for (;;) {
    const reason = connection.problem()
    if (reason) return startInspectOnly(installation, reason)
    // An ending engine may still hold a socket; wait for its successor.
    const socket = home && (await openControlSocket(home, windowPath).catch(() => null))
    if (socket) return tieOfSocket(socket)
    if (performance.now() > until) return null
    await delay(lookAgainMs)
  }
}

function tieOfSocket(socket: WebSocket): PageTie {
  return {
    send: (frame, sent) => socket.send(frame, sent),
    // A Buffer may be a view of a pool, and is cloned with all of it.
    onFrame: (take) =>
      socket.on('message', (data: Buffer, isBinary) =>
        take(isBinary ? Uint8Array.from(data) : data.toString('utf8')),
      ),
    onClose: (closed) => void socket.on('close', closed),
    isOpen: () => socket.readyState === socket.OPEN,
    // A stuck engine would never answer a closing handshake.
    close: () => socket.terminate(),
  }
}

/** Relays both directions: text stays text, bytes stay bytes, and closing either end closes the other. */
function relay(port: Electron.MessagePortMain, tie: PageTie): void {
  port.on('message', ({ data }) => {
    if (typeof data === 'string') tie.send(data)
    else if (data instanceof ArrayBuffer) {
      // A frame may hold a key.
      const bytes = new Uint8Array(data)
      tie.send(bytes, () => bytes.fill(0))
    }
  })
  port.on('close', () => tie.close())
  tie.onFrame((frame) => port.postMessage(frame))
  tie.onClose(() => port.close())
  port.start()
}
