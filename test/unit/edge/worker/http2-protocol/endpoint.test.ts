import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bounds } from '../../../../../src/edge/worker/http2-protocol/bounds.ts'
import {
  errorCodes,
  type ConnectionError,
  frameTypes,
} from '../../../../../src/edge/worker/http2-protocol/codes.ts'
import { Http2Endpoint } from '../../../../../src/edge/worker/http2-protocol/endpoint.ts'
import type { RequestHead } from '../../../../../src/edge/worker/http2-protocol/message-rules.ts'
import type { Http2Stream } from '../../../../../src/edge/worker/http2-protocol/stream.ts'
import {
  endHeaders,
  endStream,
  frame,
  headerBlock,
  preface,
  readFrames,
  requestBlock,
  uint32,
  type SeenFrame,
} from '../../../../support/edge/http2-frames.ts'
import { memorySockets, settle } from '../../../../support/edge/http2/memory-socket.ts'

const limits = { headBytes: 65_536, headerFields: 256, concurrentStreams: 128 }
const requestFields = [':method', 'POST', ':scheme', 'https', ':authority', 'a.test', ':path', '/']

/** Everything that one end of a stream has received. */
class Received {
  bytes: Buffer[] = []
  trailers: string[] | null = null
  statuses: number[] = []
  code: number | null = null
  drains = 0
  isWilling = true

  onHead({ status }: { status: number }): void {
    this.statuses.push(status)
  }
  onData(bytes: Buffer): boolean {
    this.bytes.push(Buffer.from(bytes))
    return this.isWilling
  }
  onEnd(trailers: string[]): void {
    this.trailers = trailers
  }
  onDrain(): void {
    this.drains += 1
  }
  onClose(code: number): void {
    this.code = code
  }
  get body(): Buffer {
    return Buffer.concat(this.bytes)
  }
}

interface Opened {
  stream: Http2Stream
  head: RequestHead
  received: Received
}

function endpointOn(socket: Duplex, isServer: boolean) {
  const opened: Opened[] = []
  const failures: ConnectionError[] = []
  const faults: unknown[] = []
  const endpoint = new Http2Endpoint(socket as Socket, {
    isServer,
    limits,
    now: () => 0,
    events: {
      onStream(stream, head) {
        const received = new Received()
        stream.events = received
        opened.push({ stream, head, received })
        if (head.path === '/at-once') stream.sendHead([':status', '204'], true)
      },
      onStreamClosed: () => undefined,
      onFailed: (error) => failures.push(error),
      onFault: (error) => faults.push(error),
    },
  })
  return { endpoint, opened, failures, faults }
}

async function pair() {
  const [a, b] = memorySockets()
  const client = endpointOn(a, false)
  const server = endpointOn(b, true)
  await settle()
  return { client, server }
}

/** A server, and the frames that it sends to a client written by hand. */
async function rawClient(...bytes: Uint8Array[]) {
  const [socket, b] = memorySockets()
  const server = endpointOn(b, true)
  let seen = Buffer.alloc(0)
  socket.on('data', (piece: Buffer) => (seen = Buffer.concat([seen, piece])))
  const send = async (...more: Uint8Array[]) => {
    socket.write(Buffer.concat(more))
    await settle()
  }
  await send(preface, ...bytes)
  const frames = (type: keyof typeof frameTypes): SeenFrame[] =>
    readFrames(seen).filter((each) => each.type === frameTypes[type])
  return { ...server, send, frames }
}

const post = (stream: number, more: [string, string][] = []) =>
  frame('headers', endHeaders, stream, requestBlock('a.test', '/', more))
const get = (stream: number, more: [string, string][] = []) =>
  frame('headers', endHeaders | endStream, stream, requestBlock('a.test', '/', more))
const initialWindow = (size: number) =>
  frame('settings', 0, 0, Buffer.concat([Buffer.from([0, 4]), uint32(size)]))

describe('two ends of a connection', () => {
  test('exchange heads, interim ones too, bodies and trailers in both directions', async () => {
    const { client, server } = await pair()
    const stream = client.endpoint.open(requestFields, false, false)!
    const answer = new Received()
    stream.events = answer
    stream.send(Buffer.from('request'), ['x-sum', '1'])
    await settle()
    const { stream: accepted, head, received } = server.opened[0]!
    expect(head).toMatchObject({ method: 'POST', path: '/', authority: 'a.test' })
    expect([received.body.toString(), received.trailers]).toEqual(['request', ['x-sum', '1']])
    accepted.sendHead([':status', '103'], false)
    accepted.sendHead([':status', '200'], false)
    accepted.send(Buffer.from('response'), ['x-sum', '2'])
    await settle()
    expect(answer).toMatchObject({ statuses: [103, 200], trailers: ['x-sum', '2'], code: 0 })
    expect(answer.body.toString()).toBe('response')
    expect(received.code).toBe(0)
    expect([...client.faults, ...server.faults]).toEqual([])
  })

  test('carry any bodies whole, many streams at once', async () => {
    const body = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 5 }), async (bodies) => {
        const { client, server } = await pair()
        const sent = bodies.map((sizes, at) => Buffer.concat(sizes.map((size) => Buffer.alloc(size, at + 1))))
        for (const each of sent) client.endpoint.open(requestFields, false, false)!.send(each, [])
        const isDone = () =>
          server.opened.length === sent.length && server.opened.every(({ received }) => received.trailers)
        for (let turn = 0; turn < 200 && !isDone(); turn += 1) await settle()
        expect(server.opened.map(({ received }) => received.body.length)).toEqual(
          sent.map((each) => each.length),
        )
        server.opened.forEach(({ received }, at) => expect(received.body.equals(sent[at]!)).toBe(true))
        expect([...client.failures, ...server.failures]).toEqual([])
      }),
      { numRuns: 20 },
    )
  })

  test('let a stream wait without holding another', async () => {
    const { client, server } = await pair()
    const slow = client.endpoint.open(requestFields, false, false)!
    await settle()
    server.opened[0]!.received.isWilling = false
    const large = Buffer.alloc(2 * 1024 * 1024, 'a')
    expect(slow.send(large, [])).toBe(false)
    await settle()
    client.endpoint.open(requestFields, false, false)!.send(Buffer.from('quick'), [])
    await settle()
    expect(server.opened[1]!.received.body.toString()).toBe('quick')
    const { received, stream } = server.opened[0]!
    expect(received.body.length).toBeLessThan(bounds.dataBytes + 1)
    received.isWilling = true
    for (let turn = 0; turn < 60 && !received.trailers; turn += 1) {
      stream.resume()
      await settle()
    }
    expect(received.body.equals(large)).toBe(true)
  })

  test('end gracefully: streams that are under way are served, later ones are not opened', async () => {
    const { client, server } = await pair()
    const stream = client.endpoint.open(requestFields, true, false)!
    const answer = new Received()
    stream.events = answer
    await settle()
    server.endpoint.announceEnd()
    server.endpoint.close()
    await settle()
    server.opened[0]!.stream.sendHead([':status', '204'], true)
    await settle()
    expect(answer).toMatchObject({ statuses: [204], code: 0 })
    client.endpoint.close()
    expect(client.endpoint.open(requestFields, true, false)).toBeNull()
  })

  test('go on whatever number of its streams a server resets', async () => {
    const { client, server } = await pair()
    const steady = client.endpoint.open(requestFields, true, false)!
    const answer = new Received()
    steady.events = answer
    for (let round = 0; round < 4; round += 1) {
      for (let at = 0; at < 100; at += 1) client.endpoint.open(requestFields, true, false)
      await settle()
      for (const { stream } of server.opened.slice(1)) stream.reset(errorCodes.cancel)
      await settle()
    }
    expect(server.opened).toHaveLength(401)
    server.opened[0]!.stream.sendHead([':status', '204'], true)
    await settle()
    expect(answer).toMatchObject({ statuses: [204], code: 0 })
    expect(client.failures).toEqual([])
  })

  test('refuse fields with octets that HTTP/2 forbids', async () => {
    const { client } = await pair()
    expect(client.endpoint.open([...requestFields, 'x', 'a\r\nb'], true, false)).toBeNull()
    expect(client.endpoint.open(requestFields, true, false)).not.toBeNull()
  })
})

describe('a server', () => {
  const largeData = (stream: number) =>
    Buffer.concat(Array.from({ length: 16 }, () => frame('data', 0, stream, Buffer.alloc(16_384))))

  test('resets a stream that is sent more than its window', async () => {
    const { send, opened, frames } = await rawClient(post(1))
    opened[0]!.received.isWilling = false
    await send(frame('data', 0, 1, Buffer.from('x')), largeData(1), frame('data', 0, 1, Buffer.alloc(16_384)))
    expect(frames('reset')[0]?.payload.readUInt32BE()).toBe(errorCodes.flowControl)
    expect(opened[0]!.received.code).toBe(errorCodes.flowControl)
  })

  test('ends a connection that sends more than its window', async () => {
    const { send, opened, failures } = await rawClient()
    for (let id = 1; id < 80 && failures.length === 0; id += 2) {
      await send(post(id), frame('data', 0, id, Buffer.from('x')))
      opened.at(-1)!.received.isWilling = false
      await send(frame('data', 0, id, Buffer.from('x')), largeData(id).subarray(0, 15 * (16_384 + 9)))
    }
    expect(failures[0]?.code).toBe(errorCodes.flowControl)
  })

  test('widens the window of a stream while its body is passed on at once, and not otherwise', async () => {
    const { send, opened, frames } = await rawClient(post(1), post(3))
    opened[1]!.received.isWilling = false
    for (let turn = 0; turn < 3; turn += 1) await send(largeData(1).subarray(0, 9 * (16_384 + 9)))
    await send(largeData(3))
    const increments = frames('windowUpdate')
      .filter(({ stream }) => stream === 1)
      .map(({ payload }) => payload.readUInt32BE())
    expect(Math.max(...increments)).toBeGreaterThan(bounds.streamWindow)
    expect(frames('windowUpdate').filter(({ stream }) => stream === 3)).toEqual([])
  })

  test('passes many small pieces of a body that come at once on together', async () => {
    const pieces = Array.from({ length: 500 }, (_, at) => frame('data', 0, 1, Buffer.from([at % 256])))
    const { send, opened } = await rawClient(post(1))
    await send(...pieces, frame('data', endStream, 1, Buffer.from('end')))
    const { received } = opened[0]!
    expect(received.bytes.length).toBeLessThan(4)
    expect(received.body).toEqual(
      Buffer.concat([Buffer.from(Array.from({ length: 500 }, (_, at) => at % 256)), Buffer.from('end')]),
    )
    expect(received.trailers).toEqual([])
  })

  test('ends the connection for too many settings in one frame', async () => {
    const settings = (count: number) =>
      frame('settings', 0, 0, Buffer.concat(Array(count).fill(Buffer.from([0, 4, 0, 0, 0, 9]))))
    const { send, failures } = await rawClient(settings(bounds.settings))
    expect(failures).toEqual([])
    await send(settings(bounds.settings + 1))
    expect(failures[0]?.code).toBe(errorCodes.calm)
  })

  test('resets the stream whose bytes are too many to wait', async () => {
    const { opened } = await rawClient(initialWindow(0), get(1), get(3))
    const piece = Buffer.alloc(4 * 1024 * 1024)
    for (let sent = 0; sent < bounds.queuedBytes; sent += piece.length) opened[0]!.stream.send(piece, null)
    opened[1]!.stream.send(Buffer.from('x'), null)
    expect(opened[1]!.received.code).toBe(errorCodes.calm)
    expect(opened[0]!.received.code).toBeNull()
  })

  test('sends what is urgent first, and lets streams without a stated priority take turns', async () => {
    const { opened, send, frames } = await rawClient(
      initialWindow(0),
      get(1, [['priority', 'u=5']]),
      get(3),
      get(5),
      get(7, [['priority', 'u=1, i']]),
      get(9, [['priority', 'u=7']]),
      frame(16, 0, 0, Buffer.concat([uint32(9), Buffer.from('u=0')])),
    )
    for (const { stream } of opened) {
      stream.sendHead([':status', '200'], false)
      stream.send(Buffer.alloc(2 * bounds.dataBytes), [])
    }
    await send(initialWindow(1024 * 1024), frame('windowUpdate', 0, 0, uint32(1024 * 1024)))
    expect(frames('data').map(({ stream }) => stream)).toEqual([9, 9, 7, 7, 3, 5, 3, 5, 1, 1])
  })

  test('goes on where a window opens byte by byte', async () => {
    const { opened, send, frames } = await rawClient(initialWindow(0), get(1))
    opened[0]!.stream.sendHead([':status', '200'], false)
    expect(opened[0]!.stream.send(Buffer.from('abc'), [])).toBe(false)
    for (let byte = 0; byte < 3; byte += 1) await send(frame('windowUpdate', 0, 1, uint32(1)))
    expect(frames('data').map(({ payload }) => payload.toString())).toEqual(['a', 'b', 'c'])
    expect(frames('data').at(-1)!.flags).toBe(endStream)
    expect(opened[0]!.received.code).toBe(0)
  })

  test('reads frames in whatever pieces they come', async () => {
    const bytes = Buffer.concat([
      preface,
      post(1, [['content-length', '5']]),
      frame('data', 8, 1, Buffer.from([2, 104, 101, 108, 0, 0])),
      frame('ping', 0, 0, Buffer.from('12345678')),
      frame('data', endStream, 1, Buffer.from('lo')),
      frame('headers', endStream, 3, requestBlock('a.test').subarray(0, 20)),
      frame('continuation', endHeaders, 3, requestBlock('a.test').subarray(20)),
    ])
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }),
        async (sizes) => {
          const [socket, b] = memorySockets()
          socket.resume()
          const { opened, failures, faults } = endpointOn(b, true)
          await settle()
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const end = at + sizes[turn % sizes.length]!
            b.push(bytes.subarray(at, end))
            at = end
          }
          await settle()
          expect([...failures, ...faults]).toEqual([])
          expect(opened.map(({ received }) => received.body.toString())).toEqual(['hello', ''])
        },
      ),
      { numRuns: 40 },
    )
  })

  test('refuses streams above the limit while the ends of answered ones are unsent', async () => {
    const { opened, send, frames } = await rawClient()
    const block = requestBlock('a.test', '/at-once')
    const ask = (from: number, count: number) =>
      send(
        ...Array.from({ length: count }, (_, at) =>
          frame('headers', endHeaders | endStream, from + 2 * at, block),
        ),
      )
    const answers = () => frames('headers').length
    await ask(1, 300)
    expect(opened).toHaveLength(limits.concurrentStreams)
    expect(answers()).toBe(limits.concurrentStreams)
    expect(frames('reset').map(({ payload }) => payload.readUInt32BE())).toEqual(
      Array(300 - limits.concurrentStreams).fill(errorCodes.refusedStream),
    )
    await ask(601, 128)
    expect(answers()).toBe(2 * limits.concurrentStreams)
  })

  test('ends the connection for a head that lacks the length of its padding', async () => {
    const { failures, faults } = await rawClient(frame('headers', endHeaders | 8, 1))
    expect(faults).toEqual([])
    expect(failures[0]?.code).toBe(errorCodes.frameSize)
  })
})

describe('a client', () => {
  const status = (stream: number, fields: [string, string][], flags: number = endHeaders) =>
    frame('headers', flags, stream, headerBlock(fields))
  const settings = frame('settings', 0, 0)

  async function rawServer(bytes: Uint8Array, isHeadRequest = false) {
    const [a, socket] = memorySockets()
    socket.resume()
    const client = endpointOn(a, false)
    socket.write(settings)
    await settle()
    const received = new Received()
    client.endpoint.open(requestFields, true, isHeadRequest)!.events = received
    socket.write(bytes)
    await settle()
    return { ...client, received }
  }

  test.each([
    ['a status of two digits', status(1, [[':status', '20']])],
    ['no status', status(1, [['x', 'y']])],
    [
      'a field of the connection',
      status(1, [
        [':status', '200'],
        ['connection', 'close'],
      ]),
    ],
    ['an interim response that ends the stream', status(1, [[':status', '103']], endHeaders | endStream)],
    ['a switch of protocols', status(1, [[':status', '101']])],
    ['DATA before the head', frame('data', 0, 1, Buffer.from('x'))],
    [
      'less body than its length',
      Buffer.concat([
        status(1, [
          [':status', '200'],
          ['content-length', '2'],
        ]),
        frame('data', endStream, 1, Buffer.from('x')),
      ]),
    ],
    [
      'more body than its length',
      Buffer.concat([
        status(1, [
          [':status', '200'],
          ['content-length', '1'],
        ]),
        frame('data', endStream, 1, Buffer.from('xy')),
      ]),
    ],
  ])('resets a stream for %s', async (_what, bytes) => {
    const { received, failures } = await rawServer(bytes)
    expect(received.code).toBe(errorCodes.protocol)
    expect(failures).toEqual([])
  })

  test.each([
    ['204', false],
    ['304', false],
    ['200', true],
  ])('resets a stream for a body of a response that has none (%s, HEAD: %s)', async (code, isHead) => {
    const head = status(1, [
      [':status', code],
      ['content-length', '1'],
    ])
    const body = frame('data', endStream, 1, Buffer.from('x'))
    const { received, failures } = await rawServer(Buffer.concat([head, body]), isHead)
    expect(received.bytes).toEqual([])
    expect(received.code).toBe(errorCodes.protocol)
    expect(failures).toEqual([])
    const { received: empty } = await rawServer(Buffer.concat([head, frame('data', endStream, 1)]), isHead)
    expect(empty.code).toBe(0)
  })

  test.each([
    ['PUSH_PROMISE', frame('pushPromise', endHeaders, 1, uint32(2))],
    ['HEADERS of a stream that was not opened', status(3, [[':status', '200']])],
    ['HEADERS of an even stream', status(2, [[':status', '200']])],
    ['RST_STREAM on stream 0', frame('reset', 0, 0, uint32(0))],
    ['ENABLE_PUSH', frame('settings', 0, 0, Buffer.concat([Buffer.from([0, 2]), uint32(1)]))],
    ['PRIORITY_UPDATE', frame(16, 0, 0, uint32(1))],
  ])('ends the connection for %s', async (_what, bytes) => {
    const { received, failures } = await rawServer(bytes)
    expect(failures[0]?.code).toBe(errorCodes.protocol)
    expect(received.code).toBe(errorCodes.protocol)
  })

  test('learns from GOAWAY which streams were not processed', async () => {
    const goAway = frame('goAway', 0, 0, Buffer.alloc(8))
    const { received } = await rawServer(goAway)
    expect(received.code).toBe(errorCodes.refusedStream)
  })
})
