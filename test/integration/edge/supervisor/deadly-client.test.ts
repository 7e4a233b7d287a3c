import { fileURLToPath } from 'node:url'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Supervisor } from '../../../../src/edge/supervisor/supervisor.ts'
import type { Snapshot } from '../../../../src/edge/protocol/snapshot.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { routeTo, servingCertificates } from '../../../support/edge/edge.ts'
import { sourceOf } from '../../../support/edge/snapshot-source.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import { posixOnly } from '../../../support/needs.ts'

const dyingWorker = fileURLToPath(new URL('../../../support/edge/workers/dying-worker.ts', import.meta.url))
const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test', 'killer.test'] })

describe('a client that ends workers', posixOnly, () => {
  let origin: TestOrigin
  let supervisor: Supervisor
  const deaths: { reason: string; suspects: string }[] = []

  beforeAll(async () => {
    origin = await startOrigin((_request, response) => response.end('the page'))
    let version = 0
    const build = (): Snapshot => ({
      version: (version += 1),
      routes: ['shop.test', 'killer.test'].map((domain) => routeTo(origin.port, { domain })),
      certificates: servingCertificates({ shop: leaf }),
      staples: {},
      published: [],
      extraOriginAnchors: [],
      publicPorts: { https: 443, http: 80 },
      vaultFolder: '/nowhere',
    })
    supervisor = new Supervisor({
      workerEntry: dyingWorker,
      listen: { addresses: ['127.0.0.1'], httpsPort: 0, httpPort: 0 },
      portTaken: 'fail',
      source: sourceOf(build),
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (fields) => deaths.push(fields as (typeof deaths)[number]),
      },
      changed: () => undefined,
    })
    await supervisor.start()
  }, 60_000)
  afterAll(async () => {
    await supervisor.close()
    await origin.close()
  })

  /** Whether the edge answers one request for `name`. */
  async function isServed(name: string): Promise<boolean> {
    const port = supervisor.status().https?.port ?? 0
    const socket = connect({ host: '127.0.0.1', port, servername: name, rejectUnauthorized: false })
    socket.write(`GET / HTTP/1.1\r\nhost: ${name}\r\nconnection: close\r\n\r\n`)
    let text = ''
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    socket.on('error', () => undefined)
    await new Promise((resolve) => socket.once('close', resolve))
    return text.includes('the page')
  }

  const until = async (happened: () => boolean | Promise<boolean>) =>
    expect.poll(happened, { timeout: 60_000, interval: 20 }).toBe(true)

  test('is held off by its domain, and other domains are served meanwhile', async () => {
    for (let death = 1; death <= 5; death += 1) {
      await until(async () => {
        await isServed('killer.test')
        return supervisor.status().restarts >= death
      })
      await until(() => isServed('shop.test'))
    }
    expect(deaths.map(({ reason }) => reason)).toEqual(Array(deaths.length).fill('SIGSEGV'))
    const unnamed = deaths.slice(1).filter(({ suspects }) => !suspects.split(',').includes('killer.test'))
    expect(unnamed).toEqual([])
    const { restarts } = supervisor.status()
    // Waits for at least two seconds from the start of this worker.
    const killer = isServed('killer.test')
    await until(() => isServed('shop.test'))
    expect(supervisor.status().restarts).toBe(restarts)
    await killer
    await until(() => supervisor.status().restarts === restarts + 1)
  }, 240_000)
})
