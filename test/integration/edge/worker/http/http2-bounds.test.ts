import { connect } from 'node:http2'
import { afterEach, describe, expect, test } from 'vitest'
import { frameTypes } from '../../../../../src/edge/worker/http2-protocol/codes.ts'
import { bounds } from '../../../../../src/edge/worker/http2-protocol/bounds.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'
import { exchangeBytes, routeTo } from '../../../../support/edge/edge.ts'
import {
  endHeaders,
  endStream,
  exchangeFrames,
  frame,
  headerBlock,
  preface,
  requestBlock,
  uint32,
  type SeenFrame,
} from '../../../../support/edge/http2-frames.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { residentBytes } from '../../../../support/processes/resident-bytes.ts'

const calm = 11
const refused = 7
const large = Buffer.alloc(2 * 1024 * 1024)

describe('a client of HTTP/2 that passes a bound', () => {
  const edge = edgeWithOrigin(() =>
    startOrigin((request, response) => {
      if (request.url === '/never') return
      if (request.url === '/large') return void response.end(large)
      if (request.method === 'POST') request.pause()
      else response.end('ok')
    }),
  )
  afterEach(async () => {
    expect(edge.faults).toEqual([])
    const get = 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'
    expect(await exchangeBytes(await edge.connect(), get)).toContain('ok')
  })

  const get = (stream: number, path = '/never', more: [string, string][] = []) =>
    frame('headers', endHeaders | endStream, stream, requestBlock('shop.test', path, more))
  const post = (stream: number) =>
    frame(
      'headers',
      endHeaders,
      stream,
      headerBlock([
        [':method', 'POST'],
        [':scheme', 'https'],
        [':authority', 'shop.test'],
        [':path', '/'],
      ]),
    )
  const many = (count: number, make: (at: number) => Buffer) =>
    Buffer.concat(Array.from({ length: count }, (_, at) => make(at)))
  const of = (frames: SeenFrame[], type: keyof typeof frameTypes) =>
    frames.filter((seen) => seen.type === frameTypes[type])
  async function answerTo(bytes: Buffer, isEnough: (frames: SeenFrame[]) => boolean) {
    const { frames } = await exchangeFrames(await edge.connect({ ALPNProtocols: ['h2'] }), bytes, isEnough)
    return frames
  }
  const codeOfEnd = async (bytes: Buffer) =>
    of(await answerTo(bytes, (seen) => of(seen, 'goAway').length > 0), 'goAway')
      .at(-1)
      ?.payload.readUInt32BE(4)
  const codeOfReset = async (bytes: Buffer) =>
    of(await answerTo(bytes, (seen) => of(seen, 'reset').length > 0), 'reset')[0]?.payload.readUInt32BE()

  test.each([
    ['PING', bounds.idleFrames.burst, () => frame('ping', 0, 0, Buffer.alloc(8))],
    ['SETTINGS', bounds.idleFrames.burst / bounds.settingsCost, () => frame('settings', 0, 0)],
    ['PRIORITY', bounds.idleFrames.burst, () => frame('priority', 0, 1, Buffer.from([0, 0, 0, 0, 1]))],
    ['PRIORITY_UPDATE', bounds.idleFrames.burst, () => frame(16, 0, 0, uint32(1))],
    ['frames of unknown types', bounds.idleFrames.burst, () => frame(0x42, 0, 0)],
    ['WINDOW_UPDATE by one byte', bounds.idleFrames.burst, () => frame('windowUpdate', 0, 0, uint32(1))],
    ['streams above the limit', bounds.idleFrames.burst, (at: number) => get(2 * at + 3)],
  ])('is ended for too many %s', async (_what, most, make) => {
    expect(await codeOfEnd(Buffer.concat([get(1), many(most + 300, make)]))).toBe(calm)
  })

  test('is ended for too much empty DATA', async () => {
    const empty = many(bounds.idleFrames.burst + 300, () => frame('data', 0, 1))
    expect(await codeOfEnd(Buffer.concat([post(1), empty]))).toBe(calm)
  })

  test('is ended for resetting too many streams', async () => {
    const resets = many(bounds.resets.burst + 60, (at) =>
      Buffer.concat([get(2 * at + 1), frame('reset', 0, 2 * at + 1, uint32(8))]),
    )
    expect(await codeOfEnd(resets)).toBe(calm)
  })

  // CVE-2025-8671: the server is made to reset streams while their requests go on.
  test.each([
    ['WINDOW_UPDATE by nothing', (id: number) => frame('windowUpdate', 0, id, uint32(0))],
    ['a window that is too large', (id: number) => frame('windowUpdate', 0, id, uint32(2 ** 31 - 1))],
    ['PRIORITY of another length', (id: number) => frame('priority', 0, id, uint32(0))],
    ['DATA after the end', (id: number) => frame('data', 0, id, Buffer.from('x'))],
  ])('is ended for making the edge reset too many streams, by %s', async (_what, breach) => {
    const provoked = many(bounds.resets.burst + 60, (at) =>
      Buffer.concat([get(2 * at + 1), breach(2 * at + 1)]),
    )
    expect(await codeOfEnd(provoked)).toBe(calm)
  })

  test('is ended for a head of too many frames, or too many bytes', async () => {
    const begin = frame('headers', endStream, 1, requestBlock('shop.test'))
    const pieces = many(bounds.continuations + 1, () => frame('continuation', 0, 1))
    expect(await codeOfEnd(Buffer.concat([begin, pieces]))).toBe(calm)
    const large = many(5, () => frame('continuation', 0, 1, Buffer.alloc(16_384)))
    expect(await codeOfEnd(Buffer.concat([begin, large]))).toBe(calm)
  })

  test.each([
    ['bytes', [['x', 'y'.repeat(16_000)]] as [string, string][], 5],
    ['fields', [['x', 'y']] as [string, string][], 300],
  ])('is answered 431 for a head with too many %s, and goes on', async (_what, field, times) => {
    const fields = Array.from({ length: times }, () => field).flat()
    const block = Buffer.concat([requestBlock('shop.test'), headerBlock(fields)])
    const pieces = Array.from({ length: Math.ceil(block.length / 16_000) }, (_, at) =>
      block.subarray(16_000 * at, 16_000 * (at + 1)),
    )
    const head = pieces.map((piece, at) =>
      frame(
        at === 0 ? 'headers' : 'continuation',
        (at === 0 ? endStream : 0) | (at === pieces.length - 1 ? endHeaders : 0),
        1,
        piece,
      ),
    )
    if (block.length > 64 * 1024) return expect(await codeOfEnd(Buffer.concat(head))).toBe(calm)
    const frames = await answerTo(Buffer.concat([...head, get(3, '/')]), (seen) =>
      of(seen, 'data').some(({ stream }) => stream === 3),
    )
    const answer = of(frames, 'headers').find(({ stream }) => stream === 1)
    expect(answer?.payload.toString('latin1')).toContain('431')
  })

  test('has the streams refused that are too many at once', async () => {
    expect(await codeOfReset(many(140, (at) => get(2 * at + 1)))).toBe(refused)
  })

  test('gets a hundred large answers at once', async () => {
    const socket = await edge.connect({ ALPNProtocols: ['h2'] })
    const client = connect('https://shop.test', {
      createConnection: () => socket,
      settings: { initialWindowSize: 2 ** 31 - 1 },
    })
    const answers = Array.from({ length: 100 }, async () => {
      let size = 0
      for await (const piece of client.request({ ':path': '/large' })) size += (piece as Buffer).length
      return size
    })
    expect(await Promise.all(answers)).toEqual(Array(100).fill(large.length))
    client.close()
  })

  test('is left unread while it does not read its answers', async () => {
    const socket = await edge.connect({ ALPNProtocols: ['h2'] })
    socket.pause()
    const before = residentBytes()
    edge.apply({ routes: [routeTo(edge.origin.port, { redirect: { mode: 'http', code: 307 } })] })
    // Redirects without a body, which no window bounds, to a long path that no table shortens.
    const ask = (from: number) =>
      many(100, (at) =>
        frame(
          'headers',
          endHeaders | endStream,
          from + 2 * at,
          headerBlock([
            [':method', 'HEAD'],
            [':scheme', 'https'],
            [':authority', 'shop.test'],
            [':path', `/${from + at}${'x'.repeat(4_000)}`],
          ]),
        ),
      )
    socket.write(Buffer.concat([preface, ask(1)]))
    for (let next = 201; socket.writableLength < 4 * 1024 * 1024 && next < 40_000; next += 200) {
      socket.write(ask(next))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(socket.writableLength).toBeGreaterThan(1024 * 1024)
    expect(residentBytes() - before).toBeLessThan(200 * 1024 * 1024)
    socket.destroy()
    edge.apply({ routes: [routeTo(edge.origin.port)] })
  })
})
