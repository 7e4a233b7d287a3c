import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TrafficRow } from '../../../src/contract/traffic/traffic.ts'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../../support/engine/engine.ts'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'
import { watchTraffic } from '../../support/engine/traffic.ts'

let opened: TestEngine
let origin: TestOrigin
let port: number

beforeAll(async () => {
  origin = await startOrigin((_request, response) => void response.end('hello'))
  opened = await openTestEngine(undefined, undefined, testEdge)
  await opened.client.domains.add({ name: 'shop.test', origin: originAt(origin.port) })
  const { edge } = await opened.client.engine.status()
  port = edge.http?.port ?? 0
})
afterAll(async () => {
  await opened?.close()
  await origin?.close()
})

function get(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'shop.test' }
    const sent = request({ port, path, headers, agent: false }, (response) =>
      response.resume().once('end', resolve),
    )
    sent.once('error', reject).end()
  })
}

/** The first event of a look, after which it ends, as `edgekeep logs` does. */
async function firstLook(): Promise<TrafficRow[]> {
  const controller = new AbortController()
  const events = await opened.client.traffic.watch({}, { signal: controller.signal })
  for await (const event of events) {
    controller.abort()
    return event.type === 'snapshot' ? event.rows : []
  }
  return []
}

const pathsOf = (rows: TrafficRow[]) =>
  rows.map((row) => (row.kind === 'exchange' ? new URL(row.url).pathname : row.kind))

describe('the first event of a look at traffic', () => {
  test('has the requests of a fresh engine, and then those since the last look, eight times', async () => {
    const asked: string[] = []
    for (let round = 1; round <= 8; round += 1) {
      for (const each of ['a', 'b', 'c']) {
        await get(`/${round}${each}`)
        asked.push(`/${round}${each}`)
      }
      expect(pathsOf(await firstLook())).toEqual(asked)
    }
  })

  test('has the latest request while another reader watches too', async () => {
    const watch = await watchTraffic(opened.client)
    await get('/beside-a-watcher')
    expect(pathsOf(await firstLook()).at(-1)).toBe('/beside-a-watcher')
    await watch.close()
  })
})

test('an archive has the latest request, whether or not somebody has looked', async () => {
  for (const path of ['/archive-1', '/archive-2']) {
    await get(path)
    const file = await opened.client.traffic.har({})
    const { log } = JSON.parse(await file.text()) as { log: { entries: { request: { url: string } }[] } }
    expect(log.entries.at(-1)?.request.url).toContain(path)
  }
})
