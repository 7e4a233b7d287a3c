import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMetrics } from '../../../src/engine/metrics.ts'
import { countAt, noCounts } from '../../../src/edge/protocol/counts.ts'
import { bucketOf } from '../../../src/edge/protocol/latency.ts'
import { openIdle } from '../../support/edge/idle-connections.ts'
import { openTestEngine, originAt, type TestEngine } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { dayMs, type JumpingClock, jumpingClock } from '../../support/engine/jumping-clock.ts'

let opened: TestEngine
let clock: JumpingClock
let port: number
let metrics: { close(): void }

beforeEach(async () => {
  clock = jumpingClock()
  opened = await openTestEngine(undefined, clock.now)
  port = await freePort()
  metrics = await openMetrics(port, opened.engine.context.parts)
})
afterEach(async () => {
  metrics.close()
  await opened.close()
})

function ask(
  path: string,
  options: { host?: string; method?: string; path?: string; origin?: string } = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { origin } = options
    const headers = { host: options.host ?? `127.0.0.1:${port}`, ...(origin && { origin }) }
    const target = options.path ?? path
    const asked = request(
      { host: '127.0.0.1', port, path: target, method: options.method, headers },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      },
    )
    asked.on('error', reject).end()
  })
}

test('a domain whose certificate is not valid now has the value 0', async () => {
  const { client } = opened
  await client.domains.add({ name: 'shop.test', origin: originAt(9) })
  await client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
  const valid = async () =>
    /edgekeep_certificate_valid\{domain="shop.test"\} (\d)\n/.exec((await ask('/metrics')).text)?.[1]
  expect(await valid()).toBe('1')
  clock.jumpTo(-400 * dayMs)
  // Metrics are recomputed once a second.
  await expect.poll(valid).toBe('0')
})

test('the metrics page shows the counters in the text format of Prometheus', async () => {
  const counts = noCounts()
  counts[countAt.https] = 3
  counts[countAt.charged] = 3
  const latency = new Map([
    [bucketOf(400), 1],
    [bucketOf(600), 1],
    [bucketOf(40_000_000), 1],
  ])
  opened.engine.context.parts.metering.take({
    sequence: 1,
    domains: [{ domain: '*.shop.test', counts, latency }],
  })
  const { status, text } = await ask('/metrics')
  expect(status).toBe(200)
  expect(text).toContain('edgekeep_requests_total{domain="*.shop.test",scheme="https"} 3\n')
  expect(text).toContain('edgekeep_charged_requests_total{domain="*.shop.test"} 3\n')
  expect(text).toContain('edgekeep_answer_seconds_bucket{domain="*.shop.test",le="0.000512"} 1\n')
  expect(text).toContain('edgekeep_answer_seconds_bucket{domain="*.shop.test",le="0.001024"} 2\n')
  expect(text).toContain('edgekeep_answer_seconds_bucket{domain="*.shop.test",le="33.554432"} 2\n')
  expect(text).toContain('edgekeep_answer_seconds_bucket{domain="*.shop.test",le="+Inf"} 3\n')
  // Every line is a comment or a sample, as the format has it.
  const line = /^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{([a-z]+="[^"\\]*",?)+\})? [0-9.e+-]+)$/
  expect(
    text
      .trimEnd()
      .split('\n')
      .filter((each) => !line.test(each)),
  ).toEqual([])
})

test.each([
  ['another name, as a page that points one here would have it', { host: 'evil.test' }, 421],
  ['the same name without the port', { host: '127.0.0.1' }, 421],
  ['a target without a host, under another name', { host: 'evil.test', path: '//' }, 421],
  ['a target without a host', { path: '//' }, 404],
  ['a target that is no URL', { path: '//[' }, 404],
  ['a page of a browser', { origin: 'https://evil.test' }, 403],
  ['a method that changes something', { method: 'POST' }, 405],
])('%s gets nothing', async (_what, options, status) => {
  expect(await ask('/metrics', options)).toEqual({ status, text: '' })
  expect(await ask('/metrics')).toMatchObject({ status: 200 })
})

test('there is nothing else there', async () => {
  expect(await ask('/')).toMatchObject({ status: 404 })
})

test('a port that is taken is named', async () => {
  await expect(openMetrics(port, opened.engine.context.parts)).rejects.toMatchObject({
    code: 'edge.port_taken',
    data: { port },
  })
})

test('idle connections shut nobody out', async () => {
  const idle = await openIdle(port, 100)
  expect((await ask('/metrics')).status).toBe(200)
  for (const socket of idle) socket.destroy()
})
