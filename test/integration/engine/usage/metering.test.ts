import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { UsageCounts } from '../../../../src/contract/usage/usage.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  testEdge,
  type TestEngine,
} from '../../../support/engine/engine.ts'
import { answerBody, loadHttp1, loadHttp2, type Load, type LoadTarget } from '../../../support/edge/load.ts'
import { codeOf } from '../../../support/vault/recovery.ts'
import { waits } from '../../../support/waits.ts'

const authority = createTestAuthority()
const leaves = [1, 2].map(() => issueTestLeaf(authority, { names: ['shop.test', 'free.test'] }))

let origin: TestOrigin
let opened: TestEngine
let load: Load

beforeEach(async () => {
  origin = await startOrigin((_request, response) => response.end(answerBody))
  opened = await openTestEngine(undefined, undefined, testEdge)
  load = { sent: 0, answered: 0 }
  for (const name of ['shop.test', 'free.test']) {
    await opened.client.domains.add({ name, origin: originAt(origin.port) })
    await enableByUpload(opened.client, name, leaves[0]!, true)
  }
})
afterEach(async () => {
  await opened.close()
  await origin.close()
})

function target(host = 'shop.test', secure = true): LoadTarget {
  const { https, http } = opened.engine.context.parts.supervisor!.status()
  return { host, port: (secure ? https : http)!.port, ca: secure ? authority.certificatePem : null }
}

async function total(domain?: string): Promise<UsageCounts> {
  return (await opened.client.usage.query({ step: 'day', ...(domain ? { domain } : {}) })).total
}

const requests = ({ http, https }: UsageCounts) => http + https

/** Resolves once the meter has `count`; reports come within a moment. */
async function untilMetered(count: number): Promise<void> {
  await vi.waitFor(async () => expect(requests(await total())).toBe(count), waits)
}

test(
  '10,000 requests are 10,000 in the meter, through swaps, a worker that dies and an engine that stops',
  { timeout: 300_000 },
  async () => {
    const swapping = new AbortController()
    const swaps = (async () => {
      for (let at = 1; !swapping.signal.aborted; at += 1) {
        await enableByUpload(opened.client, 'shop.test', leaves[at % 2]!, true)
        await pause(50)
      }
    })()
    await Promise.all([
      loadHttp1(target(), 2_000, load),
      loadHttp1(target('free.test'), 500, load),
      loadHttp1(target('shop.test', false), 1_000, load),
      loadHttp2(target(), 1_500, load),
    ])
    swapping.abort()
    await swaps
    expect(load).toEqual({ sent: 5_000, answered: 5_000 })
    await untilMetered(5_000)

    const [pid] = opened.engine.context.parts.supervisor!.status().workerPids
    process.kill(pid!, 'SIGKILL')
    await Promise.all([loadHttp1(target(), 2_000, load), loadHttp1(target('free.test'), 1_000, load)])
    const beforeStop = load.sent
    expect(load.answered).toBe(beforeStop)

    // The engine stops right after the last answer: its final report must include it.
    await loadHttp2(target(), 10_000 - beforeStop, load)
    opened = await opened.reopen()
    expect(load).toEqual({ sent: 10_000, answered: 10_000 })
    expect(requests(await total())).toBe(10_000)
    expect(await total('free.test')).toMatchObject({ https: 1_500, http: 0, charged: 1_500 })
    expect(await total('shop.test')).toMatchObject({ https: 7_500, http: 1_000, charged: 7_500 })
    const { answers, versions, tls, bytesOut, latencyMs } = await total()
    expect(answers).toMatchObject({ successful: 10_000, none: 0 })
    expect(versions).toEqual({ http1: 6_500, http2: 3_500 })
    expect(tls).toEqual({ tls12: 0, tls13: 9_000 })
    expect(bytesOut).toBeGreaterThan(10_000 * answerBody.length)
    expect(latencyMs!.p50).toBeGreaterThan(0)
    expect(latencyMs!.p99).toBeGreaterThanOrEqual(latencyMs!.p50)
  },
)

test('a worker that dies under load loses no more than its unreported counts', async () => {
  let isKilled = false
  const loading = (async () => {
    while (!isKilled) await loadHttp1(target(), 400, load)
  })()
  await vi.waitFor(() => expect(load.answered).toBeGreaterThan(1_000), waits)
  const answeredBefore = load.answered
  await pause(1_000)
  const [pid] = opened.engine.context.parts.supervisor!.status().workerPids
  process.kill(pid!, 'SIGKILL')
  isKilled = true
  await loading
  await pause(500)
  const metered = requests(await total())
  expect(metered).toBeGreaterThanOrEqual(answeredBefore)
  expect(metered).toBeLessThanOrEqual(load.sent)
})

test('the counters of several workers add up', async () => {
  const { client, engine, close } = await openTestEngine(undefined, undefined, { ...testEdge, workers: 2 })
  await client.domains.add({ name: 'shop.test', origin: originAt(origin.port) })
  await enableByUpload(client, 'shop.test', leaves[0]!, true)
  const { port } = engine.context.parts.supervisor!.status().https!
  const where = { host: 'shop.test', port, ca: authority.certificatePem }
  await Promise.all(Array.from({ length: 4 }, () => loadHttp1(where, 600, load)))
  const metered = async () => (await client.usage.query({ step: 'day' })).total.https
  await vi.waitFor(async () => expect(await metered()).toBe(2_400), waits)
  await close()
})

test('the redirect to HTTPS is free, the request that it leads to is charged, and so is one sent back to HTTP', async () => {
  const { client } = opened
  const visit = async (secure: boolean) => {
    const { request } = await import(secure ? 'node:https' : 'node:http')
    const { port, host, ca } = target('shop.test', secure)
    return new Promise<number>((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, servername: host, headers: { host }, ca, agent: false },
        (answer: { statusCode: number; resume(): void }) => (answer.resume(), resolve(answer.statusCode)),
      )
      asked.on('error', reject).end()
    })
  }
  await client.domains.setRedirect({ domain: 'shop.test', redirect: { mode: 'https', code: 308 } })
  expect([await visit(false), await visit(true)]).toEqual([308, 200])
  await untilMetered(2)
  expect(await total()).toMatchObject({ http: 1, https: 1, charged: 1, redirected: 1 })
  await client.domains.setRedirect({ domain: 'shop.test', redirect: { mode: 'http', code: 307 } })
  expect([await visit(true), await visit(false)]).toEqual([307, 200])
  await untilMetered(4)
  expect(await total()).toMatchObject({ http: 2, https: 2, charged: 2, redirected: 1 })
})

test('requests for no domain are counted apart and charged to nobody', async () => {
  const { port } = target('shop.test', false)
  await fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text())
  await untilMetered(1)
  const { domains } = await opened.client.usage.query({ step: 'minute' })
  expect(domains).toMatchObject([{ domain: null, http: 1, charged: 0, answers: { clientError: 1 } }])
})

test('a locked vault goes on being metered, and the configuration does not change by it', async () => {
  const { client } = opened
  const proof = await codeOf(opened)
  await client.vault.protect({ protector: 'passphrase', passphrase: 'correct horse', proof })
  await client.vault.lock()
  const { version } = (await client.engine.status()).configuration
  await loadHttp1(target(), 100, load)
  await untilMetered(100)
  expect((await client.engine.status()).configuration.version).toBe(version)
  // A day's row: the minute may end between two requests.
  expect((await client.usage.csv({ step: 'day' })).text.split('\n')[1]).toMatch(/Z,shop\.test,0,100,100,0,/)
})

test("today's numbers are live", async () => {
  const events = await opened.client.usage.watch()
  const next = async () => {
    const { done, value } = await events.next()
    if (done) throw new Error('the live query ended')
    return value
  }
  expect(await next()).toEqual({ type: 'snapshot', items: [], complete: true })
  await loadHttp1(target(), 40, load)
  let seen = await next()
  while (seen.type === 'changed' && seen.items.every(({ https }) => https < 40)) seen = await next()
  expect(seen).toEqual({
    type: 'changed',
    items: [{ domain: 'shop.test', http: 0, https: 40, charged: 40 }],
  })
  await events.return?.()
})

test.each([
  ['ends before it begins', { from: '2026-11-24T12:00:00Z', to: '2026-11-23T12:00:00Z' }, /ends before/],
  ['has too many steps', { step: 'minute', from: '2020-01-01T00:00:00Z' } as const, /5000 steps/],
])('a period that %s is refused', async (_what, period, reason) => {
  await expect(opened.client.usage.query(period)).rejects.toMatchObject({
    code: 'input.invalid',
    message: reason,
  })
})

test('a price is kept with who set it, and taken away again', async () => {
  const { usage, audit } = opened.client
  const price = { per10000: 0.06, currency: 'EUR' }
  expect(await usage.price()).toBeNull()
  await usage.setPrice({ price })
  expect((await usage.query({})).price).toEqual(price)
  expect((await audit.list({ limit: 1 }))[0]).toMatchObject({ action: 'usage.price', after: price })
  await usage.setPrice({ price: null })
  expect(await usage.price()).toBeNull()
})

test('a price is not set over another that was set since it was read', async () => {
  const { usage } = opened.client
  const [theirs, mine] = [0.06, 0.07].map((per10000) => ({ per10000, currency: 'EUR' }))
  await usage.setPrice({ price: theirs!, read: null })
  await expect(usage.setPrice({ price: mine!, read: null })).rejects.toMatchObject({
    code: 'settings.changed_meanwhile',
    data: { of: 'charged requests', what: 'price', by: 'engine' },
  })
  expect(await usage.setPrice({ price: mine!, read: theirs! })).toEqual(mine)
  await usage.setPrice({ price: null })
})

test('a verification is counted and not charged; the requests of others beside it are', async () => {
  await opened.client.domains.check({ domain: 'shop.test' })
  await loadHttp1(target(), 5, load)
  await opened.client.domains.check({ domain: 'shop.test' })
  // Each verification asks twice over HTTPS, for an answer and for its page, and once over HTTP.
  await untilMetered(11)
  expect(await total('shop.test')).toMatchObject({ http: 2, https: 9, charged: 5 })
})
