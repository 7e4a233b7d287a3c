import { beforeAll, describe, expect, test } from 'vitest'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { http2Cases } from '../../../../support/edge/http2-cases/cases.ts'
import { errorNames, type Http2Case, type Outcome } from '../../../../support/edge/http2-cases/parts.ts'
import { frame, frameTypes, readFrames, type SeenFrame } from '../../../../support/edge/http2-frames.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

/** Silence after the PING's answer that ends the observation of a connection. */
const quietMs = 500
/** Longest wait for one answer, with room for a busy machine. */
const longestMs = 60_000
const probe = Buffer.from('thisping')

describe('a client’s frames of HTTP/2, by the list of h2spec', () => {
  const outcomes = new Map<(typeof http2Cases)[number], Outcome>()

  const edge = edgeWithOrigin(() =>
    startOrigin((request, response) => {
      request.resume()
      request.on('error', () => undefined)
      if (request.url === '/late') setTimeout(() => response.end('late'), 200)
      else request.on('end', () => response.end('ok'))
    }),
  )
  beforeAll(async () => {
    await Promise.all(http2Cases.map(async (each) => outcomes.set(each, await outcomeOf(each))))
  })

  /**
   * Sends the bytes and then a PING, whose answer shows that the connection lives. Waits for the expected
   * answer or reset, else for the PING's answer and a silence.
   */
  async function outcomeOf({ bytes, wanted, instead }: Http2Case): Promise<Outcome> {
    const socket = await edge.connect({ ALPNProtocols: ['h2'] })
    const isAwaited = !(instead ?? wanted).startsWith('goes on')
    const { promise, resolve } = Promise.withResolvers<void>()
    let received = Buffer.alloc(0)
    let isClosed = false
    let late = setTimeout(resolve, longestMs)
    socket.on('data', (piece: Buffer) => {
      received = Buffer.concat([received, piece])
      const outcome = outcomeIn(readFrames(received), false)
      if (isAwaited && /^(answers|stream error)/.test(outcome)) resolve()
      if (isAwaited || outcome !== 'goes on') return
      clearTimeout(late)
      late = setTimeout(resolve, quietMs)
    })
    socket.once('close', () => {
      isClosed = true
      resolve()
    })
    socket.write(Buffer.concat([bytes, frame('ping', 0, 0, probe)]))
    await promise
    clearTimeout(late)
    socket.destroy()
    return outcomeIn(readFrames(received), isClosed)
  }

  test.each(http2Cases.map((each) => [each.section, each.what, each] as const))(
    '%s: %s',
    (_section, _what, each) => {
      const wanted = each.instead ?? each.wanted
      // A close may overtake the GOAWAY before it (RFC 9113, section 5.4.1).
      const allowed = wanted.startsWith('connection error') ? [wanted, 'closes'] : [wanted]
      expect(allowed).toContain(outcomes.get(each))
    },
  )

  test('has every deviation from the RFC written down', () => {
    const deviations = http2Cases.filter(({ wanted, instead }) => instead !== undefined && instead !== wanted)
    expect(deviations.map(({ section, what, instead }) => `${section} ${what}: ${instead}`))
      .toMatchInlineSnapshot(`
        [
          "7 GOAWAY with an unknown code, while a request is open: closes",
          "3.4 a preface that is none: connection error INTERNAL",
          "5.1 DATA on a stream that the client has ended: connection error STREAM_CLOSED",
          "5.1 HEADERS on a stream that the client has ended: connection error STREAM_CLOSED",
          "5.1 DATA on a stream that was reset: goes on",
          "5.1 HEADERS on a stream that was reset: goes on",
          "5.1.1 a stream with a lower number than one before: answers 200",
          "5.3.1 HEADERS of a stream that depends on itself: connection error PROTOCOL",
          "5.3.1 PRIORITY of a stream that depends on itself: answers 200",
          "6.3 PRIORITY on stream 0: goes on",
          "6.3 PRIORITY of four octets: connection error FRAME_SIZE",
          "6.7 PING that is an acknowledgement: connection error INTERNAL",
          "6.9 WINDOW_UPDATE of a stream by nothing: connection error PROTOCOL",
          "6.9.1 a window of a stream above 2^31-1: connection error FLOW_CONTROL",
          "8.1.1 more body than its length: connection error INTERNAL",
          "8.1.1 more body than its length, in pieces: connection error INTERNAL",
          "8.2.1 a field name with a space: answers 200",
          "8.2.1 a field name with a colon within: answers 200",
          "8.2.1 a field value with a line break: answers 200",
          "8.2.1 a field value with a NUL: answers 200",
          "8.2.1 a field value that starts with a space: answers 200",
          "8.3.1 Host that differs from :authority: answers 400",
        ]
      `)
  })
})

function outcomeIn(frames: SeenFrame[], isClosed: boolean): Outcome {
  const of = (type: keyof typeof frameTypes) => frames.filter((seen) => seen.type === frameTypes[type])
  const code = (seen: SeenFrame | undefined, at: number) => errorNames[seen?.payload.readUInt32BE(at) ?? 0]
  const ended = of('goAway').flatMap((seen) => code(seen, 4) ?? [])[0]
  if (ended) return `connection error ${ended}`
  const reset = of('reset').flatMap((seen) => code(seen, 0) ?? [])[0]
  if (reset) return `stream error ${reset}`
  const answered = of('headers').flatMap(({ payload }) => statuses[payload[0] ?? 0] ?? [])[0]
  if (answered) return `answers ${answered}`
  return isClosed || !of('ping').some(({ payload }) => payload.equals(probe)) ? 'closes' : 'goes on'
}

/** Statuses by their indexed HPACK byte (RFC 7541, appendix A). */
const statuses: Record<number, number> = { 0x88: 200, 0x8c: 400, 0x8d: 404, 0x8e: 500 }
