import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { frameTypes } from '../../../../src/edge/worker/http2-protocol/codes.ts'
import { endHeaders, endStream, frame, headerBlock, readFrames, uint32 } from '../http2-frames.ts'
import type { Chance } from '../soak/chance.ts'
import { fieldLines, pages, statuses } from '../soak/hostile-parts.ts'

const clientPreface = 24

/** Origin with handwritten HTTP/2 frames, also those that no server of Node's would send. */
export class RawHttp2Origin {
  port = 0
  answers = 0
  /** Source of the answers. */
  chance: Chance
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(chance: Chance) {
    this.chance = chance
    this.#server = createServer((socket) => this.#serve(socket))
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
  }

  stop(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.write(frame('settings', 0, 0))
    let unread = Buffer.alloc(0)
    let skipped = 0
    socket.on('data', (bytes: Buffer) => {
      const from = Math.min(bytes.length, clientPreface - skipped)
      skipped += from
      unread = Buffer.concat([unread, bytes.subarray(from)])
      for (const seen of readFrames(unread)) {
        unread = unread.subarray(9 + seen.payload.length)
        if (seen.type === frameTypes.settings && seen.flags === 0) socket.write(frame('settings', 1, 0))
        if (seen.type === frameTypes.headers && (seen.flags & endHeaders) !== 0)
          this.#answer(socket, seen.stream)
      }
    })
  }

  #answer(socket: Socket, stream: number): void {
    const { chance } = this
    this.answers += 1
    const storm = chance.below(12) === 0 ? 40 : chance.below(4)
    const frames = [
      ...Array.from({ length: storm }, () => this.#head(stream, ['100', '102', '103', '101', '199'], 2, 0)),
      this.#head(stream, [...statuses, '204', '205', '304'], 6, chance.of([0, 0, 0, endStream])),
      ...Array.from({ length: chance.below(4) }, () => this.#piece(stream)),
    ]
    const all = Buffer.concat(frames)
    const sent = chance.below(3) === 0 ? chance.damaged(all) : all
    const cut = chance.below(sent.length + 1)
    socket.write(sent.subarray(0, cut))
    const ending = chance.below(10)
    setTimeout(() => {
      if (socket.destroyed) return
      socket.write(sent.subarray(cut))
      if (ending === 0) socket.resetAndDestroy()
      else if (ending === 1) socket.end()
    }, chance.below(10))
  }

  #piece(stream: number): Buffer {
    const { chance } = this
    return chance.of([
      () =>
        frame(
          'data',
          chance.of([0, endStream]),
          stream,
          Buffer.from(chance.of(pages).slice(0, 16_000), 'latin1'),
        ),
      () => frame('data', chance.of([0, endStream]), stream),
      () => frame('headers', endHeaders | endStream, stream, headerBlock(this.#fields(5))),
      () =>
        frame(
          'headers',
          endHeaders | endStream,
          stream,
          headerBlock([[':status', '200'], ...this.#fields(2)]),
        ),
      () => this.#head(stream, statuses, 3, 0),
      () => frame('reset', 0, stream, uint32(chance.below(14))),
      () =>
        frame(
          'goAway',
          0,
          0,
          Buffer.concat([uint32(chance.of([0, stream, 0x7fffffff])), uint32(chance.below(14))]),
        ),
      () => frame('windowUpdate', 0, chance.of([0, stream]), uint32(chance.of([0, 1, 0x7fffffff]))),
      () =>
        frame(
          'settings',
          0,
          0,
          Buffer.concat([Buffer.from([0, chance.below(10)]), uint32(chance.of([0, 1, 100, 0xffffffff]))]),
        ),
      () =>
        frame(
          'pushPromise',
          endHeaders,
          stream,
          Buffer.concat([uint32(2), headerBlock([[':method', 'GET']])]),
        ),
      () =>
        frame(
          chance.below(256),
          chance.below(256),
          stream,
          Buffer.alloc(chance.below(50), chance.below(256)),
        ),
    ])()
  }

  #head(stream: number, among: readonly string[], most: number, flags: number): Buffer {
    return frame(
      'headers',
      endHeaders | flags,
      stream,
      headerBlock([[':status', this.chance.of(among)], ...this.#fields(most)]),
    )
  }

  #fields(most: number): [string, string][] {
    return this.chance.some(fieldLines, most).map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    })
  }
}
