import type { ServerResponse } from 'node:http'
import { afterEach, expect, test, vi } from 'vitest'
import { connectPlain, exchangeBytes, routeTo } from '../../../support/edge/edge.ts'
import { startOrigin } from '../../../support/edge/origin.ts'
import { startEdgeWithOrigin } from '../../../support/edge/edge-with-origin.ts'

/** Only the time of day is set; timers, sockets and the monotonic clock run on. */
function setTimeOfDayBy(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
}

afterEach(() => void vi.useRealTimers())

const dayMs = 86_400_000

test('ends no connection when the time of day jumps ahead', async () => {
  const asked = Promise.withResolvers<ServerResponse>()
  const edge = await startEdgeWithOrigin(() => startOrigin((_request, response) => asked.resolve(response)), {
    routes: (port) => [routeTo(port, { certificateId: null })],
  })
  const socket = await connectPlain(edge.http)
  const answered = exchangeBytes(
    socket,
    'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n',
    20_000,
  )
  const response = await asked.promise
  setTimeOfDayBy(dayMs)
  // A sweep looks at every deadline meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 200))
  response.end('late, and whole')
  expect(await answered).toContain('late, and whole')
})

test('still ends late connections when the time of day was set back', async () => {
  const edge = await startEdgeWithOrigin(() => startOrigin((_request, response) => void response.end('ok')), {
    routes: (port) => [routeTo(port, { certificateId: null })],
    limits: { headMs: 300 },
  })
  setTimeOfDayBy(-dayMs)
  const socket = await connectPlain(edge.http)
  expect(await exchangeBytes(socket, 'GET / HTTP/1.1\r\nHost:', 20_000)).toMatch(/^HTTP\/1\.1 408 /)
})
