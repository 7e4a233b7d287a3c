import { beforeAll, describe, expect, test } from 'vitest'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { http2Cases } from '../../../../support/edge/http2-cases/cases.ts'
import type { Http2Case, Outcome } from '../../../../support/edge/http2-cases/parts.ts'
import { outcomeIn, probe } from '../../../../support/edge/http2/outcome.ts'
import { frame, readFrames } from '../../../../support/edge/http2-frames.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

/** Silence after the PING's answer that ends the observation of a connection. */
const quietMs = 500
/** Longest wait for one answer, with room for a busy machine. */
const longestMs = 60_000

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

  /*
   * RFC 9113 deprecates priorities (section 5.3.2), and an idle stream must not be reset (section 6.4). A
   * malformed request may be answered before its stream is reset (section 8.1.1).
   */
  test('differs from h2spec where RFC 9113 leaves a choice, and nowhere else', () => {
    const deviations = http2Cases.filter(({ wanted, instead }) => instead !== undefined && instead !== wanted)
    expect(deviations.map(({ section, what, instead }) => `${section} ${what}: ${instead}`))
      .toMatchInlineSnapshot(`
        [
          "5.3.1 PRIORITY of a stream that depends on itself: answers 200",
          "8.3.1 Host that differs from :authority: answers 400",
        ]
      `)
  })
})
