import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import type { Snapshot } from '../../../../src/edge/protocol/snapshot.ts'
import type { FromWorker, ToWorker } from '../../../../src/edge/protocol/worker-protocol.ts'
import { workerFlags } from '../../../../src/edge/supervisor/worker-process.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { connectPlain, exchangeBytes, routeTo, servingCertificates } from '../../../support/edge/edge.ts'
import { openIdle } from '../../../support/edge/idle-connections.ts'
import { linuxOnly } from '../../../support/needs.ts'
import { startOrigin } from '../../../support/edge/origin.ts'

const authority = createTestAuthority()
const request = 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'

/** The worker's process, with so few descriptors, on the ports that it has chosen. */
async function startWorker(
  descriptors: number,
  snapshot: Snapshot,
): Promise<{ https: number; http: number }> {
  const entry = fileURLToPath(new URL('../../../../src/edge/worker/worker.ts', import.meta.url))
  const limited = ['-c', `ulimit -n ${descriptors}; exec "$0" "$@"`, process.execPath, ...workerFlags, entry]
  const child = spawn('/bin/sh', limited, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const listening = new Promise<Extract<FromWorker, { type: 'listening' }>>((resolve, reject) => {
    child.on('message', (message) => {
      const { type } = message as FromWorker
      if (type === 'listening') resolve(message as Extract<FromWorker, { type: 'listening' }>)
      if (type === 'listen-failed' || type === 'apply-failed') reject(new Error(JSON.stringify(message)))
    })
    child.once('exit', (status, signal) => reject(new Error(`The worker ended: ${signal ?? status}`)))
  })
  const start: ToWorker = {
    type: 'start',
    listen: { addresses: ['127.0.0.1', '::1'], httpsPort: 0, httpPort: 0 },
    edition: { edition: 1, ticketKeys: Buffer.alloc(48, 1), snapshot },
  }
  child.send(start)
  return listening
}

test(
  'a worker with few descriptors serves a newcomer on each port while idle connections fill both',
  linuxOnly,
  async () => {
    const origin = await startOrigin((_request, response) => response.end('served'))
    onTestFinished(() => origin.close())
    const { https, http } = await startWorker(200, {
      version: 1,
      routes: [routeTo(origin.port)],
      certificates: servingCertificates({ shop: issueTestLeaf(authority, { names: ['shop.test'] }) }),
      publicPorts: { https: 443, http: 80 },
      extraOriginAnchors: [],
      vaultFolder: '/nowhere',
      staples: {},
    })
    const idle: Socket[] = []
    onTestFinished(() => idle.forEach((socket) => socket.destroy()))
    // Fewer on each port than the worker has descriptors; more on both together.
    for (const port of [http, https]) idle.push(...(await openIdle(port, 150)))
    for (let time = 0; time < 3; time += 1) {
      expect(await exchangeBytes(await connectPlain(http), request)).toContain('served')
      const secure = connectTls({
        host: '127.0.0.1',
        port: https,
        servername: 'shop.test',
        ca: authority.certificatePem,
      })
      await once(secure, 'secureConnect')
      expect(await exchangeBytes(secure, request)).toContain('served')
    }
  },
)
