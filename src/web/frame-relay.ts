import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream'
import { windowPath } from '../contract/engine/control-address.ts'

const websocketKey = /^[A-Za-z0-9+/]{22}==$/

/**
 * Relays a browser's WebSocket to the engine's control socket, byte for byte: the two ends speak to each
 * other, no frame is decoded on the way, a slow end slows the other, and either's close reaches the other.
 * The caller has checked the upgrade; of its headers only the WebSocket's key goes on to the engine.
 */
export function relayFrames(o: {
  request: IncomingMessage
  browser: Duplex
  head: Buffer
  controlAddress: string
}): void {
  const key = o.request.headers['sec-websocket-key'] ?? ''
  if (!isWebSocketUpgrade(o.request) || !websocketKey.test(key)) return refuseUpgrade(o.browser, 400)
  const upgrade = httpRequest({
    socketPath: o.controlAddress,
    path: windowPath,
    headers: {
      Host: 'edgekeep',
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': key,
      'Sec-WebSocket-Version': '13',
    },
  })
  const abandon = () => upgrade.destroy()
  o.browser.once('close', abandon)
  upgrade.on('error', () => refuseUpgrade(o.browser, 503))
  upgrade.once('response', (answer) => {
    answer.resume()
    refuseUpgrade(o.browser, 502)
  })
  upgrade.once('upgrade', (answer, engine, engineHead) => {
    o.browser.off('close', abandon)
    o.browser.write(switchingProtocols(answer))
    if (engineHead.length > 0) o.browser.write(engineHead)
    if (o.head.length > 0) engine.write(o.head)
    join(o.browser, engine)
  })
  upgrade.end()
}

export function refuseUpgrade(browser: Duplex, status: 400 | 401 | 403 | 404 | 502 | 503): void {
  if (browser.writable)
    browser.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function isWebSocketUpgrade(request: IncomingMessage): boolean {
  return (
    request.method === 'GET' &&
    request.headers.upgrade?.toLowerCase() === 'websocket' &&
    request.headers['sec-websocket-version'] === '13'
  )
}

function switchingProtocols(answer: IncomingMessage): string {
  const accept = answer.headers['sec-websocket-accept'] ?? ''
  return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
}

function join(browser: Duplex, engine: Duplex): void {
  // `pipeline` stops listening for errors once it has ended; later ones are ignored.
  engine.on('error', () => undefined)
  pipeline(browser, engine, browser, () => {
    browser.destroy()
    engine.destroy()
  })
}
