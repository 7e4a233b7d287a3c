import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { WebSocketServer } from 'ws'

export const largeBytes = 4 * 1024 * 1024
/** Fill byte of large bodies, which makes a cut or mixed one visible. */
export const largeByte = 0x5a
export const smallBody = 'small '.repeat(200)

/** An origin with an answer of every kind, that can be restarted on its port. */
export class SoakOrigin {
  port = 0
  requests = 0
  #server: Server | null = null
  #sockets = new WebSocketServer({ noServer: true })

  async start(): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response))
    this.#sockets = new WebSocketServer({ noServer: true })
    const sockets = this.#sockets
    server.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (websocket) => {
        websocket.on('error', () => undefined)
        websocket.on('message', (data, isBinary) => websocket.send(data, { binary: isBinary }))
      }),
    )
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.port = (server.address() as AddressInfo).port
    this.#server = server
  }

  stop(): void {
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#server?.close()
    this.#server?.closeAllConnections()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests += 1
    request.on('error', () => undefined)
    if (request.url === '/large') return sendLarge(response)
    if (request.url === '/upload') return count(request, response)
    if (request.url === '/events') return sendEvents(response)
    response.end(smallBody)
  }
}

const piece = Buffer.alloc(64 * 1024, largeByte)

function sendLarge(response: ServerResponse): void {
  response.setHeader('content-length', largeBytes)
  const pieces = Array.from({ length: largeBytes / piece.length }, () => piece)
  // The reader may disconnect.
  pipeline(Readable.from(pieces), response, () => undefined)
}

function count(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => (bytes += chunk.length))
  request.on('end', () => response.end(String(bytes)))
}

function sendEvents(response: ServerResponse): void {
  response.setHeader('content-type', 'text/event-stream')
  const timer = setInterval(() => response.write('data: tick\n\n'), 20)
  response.on('close', () => clearInterval(timer))
}
