import { connect } from 'node:tls'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Supervisor } from '../../src/edge/supervisor/supervisor.ts'
import { setUp } from '../../scripts/setup.mjs'
import { routeTo, servingCertificates } from '../support/edge/edge.ts'
import { startOrigin } from '../support/edge/origin.ts'
import { sourceOf } from '../support/edge/snapshot-source.ts'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'

/*
 * Wait of others while clients of one domain end workers: four of them connect again and again, and each ends
 * its worker at its handshake; another domain is asked in a loop, one request after the other, each until it
 * is answered. `npm run conformance -- deadly-clients [--seconds 30] [--clients 4]`
 */

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, clients: { type: 'string', default: '4' } },
})
const workerEntry = fileURLToPath(new URL('../support/edge/workers/dying-built-worker.ts', import.meta.url))
const retryMs = 20

setUp(fileURLToPath(new URL('../..', import.meta.url)))
const origin = await startOrigin((_request, response) => response.end('the page'))
const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test', 'killer.test'] })
const deaths: number[] = []
let version = 0
const supervisor = new Supervisor({
  workerEntry,
  listen: { addresses: ['127.0.0.1'], httpsPort: 0, httpPort: 0 },
  portTaken: 'fail',
  source: sourceOf(() => ({
    version: (version += 1),
    routes: ['shop.test', 'killer.test'].map((domain) => routeTo(origin.port, { domain })),
    certificates: servingCertificates({ shop: leaf }),
    staples: {},
    published: [],
    extraOriginAnchors: [],
    publicPorts: { https: 443, http: 80 },
    vaultFolder: '/nowhere',
  })),
  log: { info: () => undefined, warn: () => undefined, error: () => deaths.push(performance.now()) },
  changed: () => undefined,
})
await supervisor.start()
const port = supervisor.status().https?.port ?? 0

/** Whether one request for `name` is answered. */
async function isServed(name: string): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port, servername: name, rejectUnauthorized: false })
  socket.write(`GET / HTTP/1.1\r\nhost: ${name}\r\nconnection: close\r\n\r\n`)
  let text = ''
  socket.setEncoding('latin1').on('data', (piece: string) => (text += piece))
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('close', resolve))
  return text.includes('the page')
}

async function waitedMs(name: string): Promise<number> {
  const asked = performance.now()
  while (!(await isServed(name))) await pause(retryMs)
  return performance.now() - asked
}

const waits: { at: number; ms: number }[] = []
const begin = performance.now()
const isOver = () => performance.now() - begin > Number(values.seconds) * 1000
async function attack(): Promise<void> {
  while (!isOver()) {
    await isServed('killer.test')
    await pause(retryMs)
  }
}
async function visit(): Promise<void> {
  while (!isOver()) {
    const at = (performance.now() - begin) / 1000
    waits.push({ at, ms: await waitedMs('shop.test') })
    await pause(5)
  }
}
const attackers = Array.from({ length: Number(values.clients) }, attack)
await visit()
await supervisor.close()
await Promise.all([...attackers, origin.close()])

const sorted = waits.map(({ ms }) => ms).toSorted((a, b) => a - b)
const share = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
const shown = (ms: number) => `${ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`
const times = deaths.map((at) => ((at - begin) / 1000).toFixed(1))
console.log(`${deaths.length} deaths, at ${times.join(', ')} s`)
console.log(
  `${waits.length} requests of another domain: median ${shown(share(0.5))}, 99% ${shown(share(0.99))}, worst ${shown(share(1))}`,
)
const longest = waits.filter(({ ms }) => ms > 300).map(({ at, ms }) => `${shown(ms)} from ${at.toFixed(1)} s`)
console.log(`above 300 ms: ${longest.join(', ') || 'none'}`)
console.log(`load ${loadavg()[0]?.toFixed(1)}`)
process.exitCode = deaths.length > 0 && sorted.length > 0 ? 0 : 1
