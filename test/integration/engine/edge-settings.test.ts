import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { edgeSettingsDefaults } from '../../../src/contract/engine/edge-settings.ts'
import { openTestEngine, testEdge, type TestEngine } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'

const edgeStart = async ({ client }: TestEngine) => (await client.engine.status()).edgeStart

async function opened(edge: Parameters<typeof openTestEngine>[2]): Promise<TestEngine> {
  const engine = await openTestEngine(undefined, undefined, edge)
  onTestFinished(() => engine.close())
  return engine
}

test('a vault without settings has the default ports, one worker and no metrics', async () => {
  const { kept, started, given } = await edgeStart(await opened(null))
  expect(kept).toEqual(edgeSettingsDefaults)
  expect({ started, given }).toEqual({ started: null, given: [] })
})

test('saved settings apply at the next start and are in the audit trail', async () => {
  const engine = await openTestEngine(undefined, undefined, null)
  const [httpsPort, httpPort] = [await freePort(), await freePort()]
  const kept = await engine.client.engine.setEdge({ settings: { httpsPort, httpPort } })
  expect(kept).toEqual({ ...edgeSettingsDefaults, httpsPort, httpPort })
  const [row] = await engine.client.audit.list({ limit: 1 })
  expect(row).toMatchObject({ action: 'edge.settings', before: edgeSettingsDefaults, after: kept })
  await engine.engine.close()
  const { workerEntry } = testEdge
  const next = await openTestEngine(engine.folder, undefined, { workerEntry, portTaken: 'fail' })
  onTestFinished(() => next.close())
  const { edge, edgeStart: start } = await next.client.engine.status()
  expect([edge.https?.port, edge.http?.port]).toEqual([httpsPort, httpPort])
  expect(start).toEqual({ kept, started: kept, given: [] })
})

test('a command-line option applies to its run alone, and a change waits for the next start', async () => {
  const given = await freePort()
  const engine = await opened({ ...testEdge, httpsPort: given })
  const httpsPort = await freePort()
  await engine.client.engine.setEdge({ settings: { httpsPort, workers: 2 } })
  const { edge, edgeStart: start } = await engine.client.engine.status()
  expect(edge.https?.port).toBe(given)
  expect(edge.workerPids).toHaveLength(1)
  expect(start.started).toMatchObject({ httpsPort: given, workers: 1 })
  expect(start.kept).toMatchObject({ httpsPort, workers: 2 })
  expect(start.given).toEqual(['httpsPort', 'httpPort'])
})

test('nothing is kept that the edge could not start with', async () => {
  const engine = await opened(testEdge)
  const set = (settings: object) => engine.client.engine.setEdge({ settings })
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  await expect(set({ httpsPort: port })).rejects.toMatchObject({
    code: 'edge.port_taken',
    data: { port, nextFreePort: expect.any(Number) as number },
  })
  await expect(set({ httpsPort: 8080 })).rejects.toMatchObject({
    code: 'edge.ports_equal',
    data: { port: 8080 },
  })
  await expect(set({ metricsPort: 8443 })).rejects.toMatchObject({ code: 'edge.ports_equal' })
  await expect(set({ httpsPort: 99999 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect((await edgeStart(engine)).kept).toEqual(edgeSettingsDefaults)
})

test('the ports that the edge has now may be kept, though they are taken: by itself', async () => {
  const engine = await opened(testEdge)
  const { edge } = await engine.client.engine.status()
  const httpsPort = edge.https?.port ?? 0
  expect(await engine.client.engine.setEdge({ settings: { httpsPort } })).toMatchObject({ httpsPort })
})

test('a setting is not saved over what another window has made of it since it was read', async () => {
  const { client } = await opened(null)
  const [theirs, mine] = [await freePort(), await freePort()]
  const read = { httpsPort: edgeSettingsDefaults.httpsPort }
  await client.engine.setEdge({ settings: { httpsPort: theirs }, read })
  const late = { settings: { httpsPort: mine }, read }
  await expect(client.engine.setEdge(late)).rejects.toMatchObject({
    code: 'edge.changed_meanwhile',
    data: { what: 'HTTPS port', by: 'engine' },
  })
  // A different setting conflicts with nothing, nor does one that was read since.
  const other = { settings: { workers: 'auto' as const }, read: { workers: edgeSettingsDefaults.workers } }
  expect(await client.engine.setEdge(other)).toMatchObject({ httpsPort: theirs, workers: 'auto' })
  const again = await client.engine.setEdge({ ...late, read: { httpsPort: theirs } })
  expect(again).toMatchObject({ httpsPort: mine, workers: 'auto' })
})

test('one of two concurrent saves of the same settings is refused', async () => {
  const { client } = await opened(null)
  const read = { httpPort: edgeSettingsDefaults.httpPort }
  const ports = [await freePort(), await freePort()]
  const saved = await Promise.allSettled(
    ports.map((httpPort) => client.engine.setEdge({ settings: { httpPort }, read })),
  )
  expect(saved.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(saved.find((one) => one.status === 'rejected')?.reason).toMatchObject({
    code: 'edge.changed_meanwhile',
  })
})
