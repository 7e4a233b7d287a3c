import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { Chance } from './chance.ts'
import { fieldLines, forgedIn, pages, statuses } from './hostile-parts.ts'

/** Two origins that answer with whatever an attacker would: one of HTTP/1.1, one of HTTP/2 without TLS. */
export class HostileOrigins {
  http1Port = 0
  http2Port = 0
  answers = 0
  /** Fields of clients that came through in the edge's name. */
  readonly forged: string[] = []
  readonly #chance: Chance
  readonly #sockets = new Set<Socket>()
  readonly #http1: Server
  readonly #http2: Http2Server

  constructor(seed: number) {
    this.#chance = new Chance(seed)
    this.#http1 = createServer((socket) => this.#keep(socket, (bytes) => this.#answer(socket, bytes)))
    this.#http2 = createHttp2Server()
    this.#http2.on('connection', (socket: Socket) => this.#keep(socket))
    this.#http2.on('sessionError', () => undefined)
    this.#http2.on('stream', (stream) => this.#answerStream(stream))
  }

  async start(): Promise<void> {
    for (const server of [this.#http1, this.#http2]) {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
    }
    this.http1Port = (this.#http1.address() as AddressInfo).port
    this.http2Port = (this.#http2.address() as AddressInfo).port
  }

  stop(): void {
    this.#http1.close()
    this.#http2.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #keep(socket: Socket, onData?: (bytes: Buffer) => void): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    if (onData) socket.on('data', onData)
  }

  #answer(socket: Socket, received: Buffer): void {
    const chance = this.#chance
    const [head = ''] = received.toString('latin1').split('\r\n\r\n', 1)
    // A body may look like a head, but not like one of the edge.
    if (/^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(head) && head.includes('\r\nvia: 1.1 edgekeep-'))
      this.forged.push(...forgedIn(head))
    this.answers += 1
    const bytes = Buffer.concat([
      ...Array.from({ length: chance.below(4) }, () => this.#interim()),
      this.#whole(),
      ...(chance.below(6) === 0 ? [this.#whole()] : []),
    ])
    const sent = chance.below(2) === 0 ? bytes : chance.damaged(bytes)
    const cut = chance.below(sent.length + 1)
    socket.write(sent.subarray(0, cut))
    setTimeout(() => {
      if (socket.destroyed) return
      socket.write(sent.subarray(cut))
      const ending = chance.below(8)
      if (ending === 0) socket.resetAndDestroy()
      else if (ending <= 3) socket.end()
    }, chance.below(20))
  }

  #interim(): Buffer {
    return this.#head(this.#chance.of(['100', '102', '103', '103', '199', '101', '099']), 3)
  }

  #whole(): Buffer {
    const chance = this.#chance
    const page = Buffer.from(chance.of(pages), 'latin1')
    const body = chance.below(4) === 0 ? gzipSync(page) : page
    const status = chance.of(statuses)
    if (chance.below(2) === 0)
      return Buffer.concat([this.#head(status, 6, `Content-Length: ${body.length}`), body])
    const trailers = chance.some(fieldLines, 4).map((line) => `${line}\r\n`)
    return Buffer.concat([
      this.#head(status, 6, 'Transfer-Encoding: chunked'),
      Buffer.from(`${body.length.toString(16)}\r\n`),
      body,
      Buffer.from(`\r\n0\r\n${trailers.join('')}\r\n`, 'latin1'),
    ])
  }

  #head(status: string, most: number, framing = ''): Buffer {
    const lines = [`HTTP/1.1 ${status} Odd`, ...this.#chance.some(fieldLines, most), framing]
    return Buffer.from(`${lines.filter((line) => line !== '').join('\r\n')}\r\n\r\n`, 'latin1')
  }

  #answerStream(stream: ServerHttp2Stream): void {
    const chance = this.#chance
    this.answers += 1
    stream.on('error', () => undefined)
    stream.resume()
    const fields = (most: number) =>
      chance.some(fieldLines, most).flatMap((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      })
    // Node refuses to send some of these; then the stream is reset.
    const attempt = (act: () => void) => {
      try {
        if (!stream.destroyed) act()
      } catch {
        stream.close(chance.below(14))
      }
    }
    attempt(() => stream.additionalHeaders({ ':status': chance.of([100, 102, 103]), link: '</a>' }))
    attempt(() => stream.respond([':status', chance.of(statuses), ...fields(6)], { waitForTrailers: true }))
    stream.on('wantTrailers', () => attempt(() => stream.sendTrailers({ etag: '"a"', 'x-sum': '1' })))
    attempt(() => stream.write(chance.of(pages)))
    setTimeout(() => attempt(() => this.#endStream(stream)), chance.below(20))
  }

  #endStream(stream: ServerHttp2Stream): void {
    const chance = this.#chance
    const ending = chance.below(6)
    if (ending === 0) stream.close(chance.below(14))
    else if (ending === 1) stream.session?.destroy()
    else stream.end()
  }
}
