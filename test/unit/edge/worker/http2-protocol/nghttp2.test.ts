import { connect, performServerHandshake } from 'node:http2'
import type { Socket } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Http2Endpoint } from '../../../../../src/edge/worker/http2-protocol/endpoint.ts'
import { keepSession } from '../../../../../src/engine/domains/keep-session.ts'
import { areUnexplained, reactionsTo } from '../../../../support/edge/http2/beside-nghttp2.ts'
import { memorySockets, settle } from '../../../../support/edge/http2/memory-socket.ts'
import { mutatedFrames } from '../../../../support/edge/http2/mutated-frames.ts'
import { fuzzRuns } from '../../../../support/pki/mutation.ts'

test('damaged frames are accepted only where nghttp2 accepts them, but for listed cases', async () => {
  await fc.assert(
    fc.asyncProperty(mutatedFrames, async (bytes) => {
      const reactions = await reactionsTo(bytes)
      expect(areUnexplained(reactions), JSON.stringify(reactions)).toBe(false)
    }),
    { numRuns: fuzzRuns(400) },
  )
})

const limits = { headBytes: 65_536, headerFields: 256, concurrentStreams: 128 }
const quiet = {
  onStreamClosed: () => undefined,
  onFailed: (error: Error) => {
    throw error
  },
  onFault: (error: unknown) => {
    throw error
  },
}
const pseudo = { ':method': 'GET', ':scheme': 'https', ':authority': 'a.test', ':path': '/' }

/** Header lists of one connection, with values that repeat and such that do not. */
const lists = fc.array(
  fc.dictionary(
    fc.constantFrom('accept', 'x-a', 'x-b', 'user-agent', 'cookie', 'etag', 'x-a-rather-long-name'),
    fc.oneof(
      fc.constantFrom('a', 'text/html', 'z'.repeat(400), '0123456789'.repeat(150)),
      fc
        .array(fc.integer({ min: 0x21, max: 0xff }), { minLength: 1, maxLength: 40 })
        .map((codes) => String.fromCharCode(...codes.filter((code) => code < 0x7f || code > 0x9f)))
        .filter((text) => text !== ''),
    ),
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 12 },
)
const tableBytes = fc.constantFrom(4_096, 0, 100, 65_536)

test('any heads that nghttp2 encodes are read', async () => {
  await fc.assert(
    fc.asyncProperty(lists, async (requests) => {
      const [a, b] = memorySockets()
      const seen: Record<string, string>[] = []
      const endpoint = new Http2Endpoint(b as Socket, {
        isServer: true,
        limits,
        now: () => 0,
        events: {
          ...quiet,
          onStream(stream, { fields, from }) {
            const list = fields.slice(from)
            seen.push(
              Object.fromEntries(list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1]!]] : []))),
            )
            stream.sendHead([':status', '204'], true)
          },
        },
      })
      const session = connect('https://a.test', { createConnection: () => a })
      keepSession(session)
      session.on('error', () => undefined)
      for (const headers of requests)
        session
          .request({ ...pseudo, ...headers })
          .on('error', () => undefined)
          .resume()
      for (let turn = 0; turn < 100 && seen.length < requests.length; turn += 1) await settle(4)
      expect(seen).toEqual(requests)
      session.destroy()
      endpoint.onSocketClosed()
      await settle(3)
    }),
    { numRuns: fuzzRuns(60) },
  )
})

test('any heads that we encode are read by nghttp2, whatever table it allows', async () => {
  await fc.assert(
    fc.asyncProperty(lists, tableBytes, async (requests, headerTableSize) => {
      const [a, b] = memorySockets()
      const seen: Record<string, unknown>[] = []
      const session = performServerHandshake(b as Socket, { settings: { headerTableSize } })
      keepSession(session)
      session.on('error', () => undefined)
      session.on('stream', (stream, headers) => {
        stream.on('error', () => undefined)
        const { ':method': _m, ':scheme': _s, ':authority': _a, ':path': _p, ...rest } = headers
        seen.push(Object.fromEntries(Object.entries(rest)))
        stream.respond({ ':status': 204 }, { endStream: true })
      })
      const endpoint = new Http2Endpoint(a as Socket, {
        isServer: false,
        limits,
        now: () => 0,
        events: quiet,
      })
      await settle(6)
      for (const headers of requests) {
        const fields = [...Object.entries(pseudo), ...Object.entries(headers)].flat()
        expect(endpoint.open(fields, true, false)).not.toBeNull()
      }
      for (let turn = 0; turn < 100 && seen.length < requests.length; turn += 1) await settle(4)
      expect(seen).toEqual(requests)
      session.destroy()
      endpoint.onSocketClosed()
      await settle(3)
    }),
    { numRuns: fuzzRuns(60) },
  )
})
