import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Supervisor } from '../../../../../src/edge/supervisor/supervisor.ts'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'
import { routeTo, servingCertificates } from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { http2Cases } from '../../../../support/edge/http2-cases/cases.ts'
import { fuzzRuns, mutated } from '../../../../support/pki/mutation.ts'
import { workerEntry } from '../../../../support/edge/built-worker.ts'
import { sourceOf } from '../../../../support/edge/snapshot-source.ts'

/** Time for the edge to process an input before its connection is closed. */
const eachMs = 25
const atOnce = 16

test('damaged frames of HTTP/2 end their own connection at most', { timeout: 120_000 }, async () => {
  const authority = createTestAuthority()
  const leaf = issueTestLeaf(authority, { names: ['shop.test'] })
  let malformed = 0
  const origin = await startOrigin((request, response) => {
    request.resume().on('error', () => undefined)
    if (request.url !== '/stream') return void request.on('end', () => response.end('ok'))
    const timer = setInterval(() => response.write('tick'), 10)
    response.on('close', () => clearInterval(timer))
  })
  // Node's own parser checks that every request passed on is well-formed.
  origin.server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code?.startsWith('HPE_') && error.code !== 'HPE_INVALID_EOF_STATE') malformed += 1
    socket.destroy()
  })
  const complaints: string[] = []
  const supervisor = new Supervisor({
    workerEntry,
    listen: { addresses: ['127.0.0.1'], httpsPort: 0, httpPort: 0 },
    portTaken: 'fail',
    source: sourceOf(() => ({
      version: 1,
      routes: [routeTo(origin.port)],
      certificates: servingCertificates({ shop: leaf }),
      publicPorts: { https: 443, http: 80 },
      extraOriginAnchors: [],
      vaultFolder: '/nowhere',
      staples: {},
    })),
    log: {
      info() {},
      warn() {},
      error: (fields, text) => complaints.push(`${text} ${JSON.stringify(fields)}`),
    },
    changed() {},
  })
  await supervisor.start()

  async function connect(): Promise<TLSSocket> {
    const port = supervisor.status().https?.port ?? 0
    const ca = authority.certificatePem
    const socket = connectTls({ host: '127.0.0.1', port, servername: 'shop.test', ca, ALPNProtocols: ['h2'] })
    socket.on('error', () => undefined)
    await once(socket, 'secureConnect')
    return socket
  }
  async function offer(bytes: Uint8Array): Promise<void> {
    const socket = await connect()
    socket.resume().write(bytes)
    await Promise.race([once(socket, 'close'), delay(eachMs)])
    socket.destroy()
  }

  const beside = await connect()
  const session = connectHttp2('https://shop.test', { createConnection: () => beside })
  const stream = session.request({ ':path': '/stream', ':authority': 'shop.test' })
  let ticks = 0
  stream.on('data', () => (ticks += 1))

  await fc.assert(
    fc.asyncProperty(
      fc.array(mutated(http2Cases.map(({ bytes }) => bytes)), { minLength: atOnce, maxLength: atOnce }),
      async (inputs) => {
        const before = ticks
        await Promise.all(inputs.map(offer))
        while (ticks === before && !stream.closed) await delay(5)
        expect(stream.closed).toBe(false)
      },
    ),
    { numRuns: fuzzRuns(40) },
  )

  expect(complaints).toEqual([])
  expect(malformed).toBe(0)
  expect(supervisor.status()).toMatchObject({ state: 'running', restarts: 0 })
  session.destroy()
  await supervisor.close()
  await origin.close()
})
