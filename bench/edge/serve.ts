import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { StoredPolicies } from '../../src/contract/domains/policies.ts'
import { Edge } from '../../src/edge/worker/edge.ts'
import type { HandshakeSettings } from '../../src/edge/protocol/handshake-settings.ts'
import { Meter } from '../../src/edge/worker/observe/meter.ts'
import { TrafficReporter } from '../../src/edge/worker/observe/traffic-reporter.ts'

/**
 * The edge alone in a process, like its worker: `serve.ts FOLDER PORT KEY-TYPE http|https HTTP-ORIGIN-PORT
 * HTTPS-ORIGIN-PORT [first|watched]`; `first` starts a second one on the same port, `watched` reports all
 * traffic to its parent, as with an open traffic view. SIGHUP loads the current certificate of the folder.
 */
const [folder, port, key, origin, httpOrigin, httpsOrigin, role] = process.argv.slice(2)
const sharing = role === 'first' || role === 'joining' ? role : undefined
// Read from a file, because importing would load their schemas, which are not in a worker's memory.
const { policies, handshake } = JSON.parse(readFileSync(`${folder}/policies.json`, 'utf8')) as {
  policies: StoredPolicies
  handshake: HandshakeSettings
}
const meter: Meter = new Meter(() => setTimeout(() => meter.report(), 50))
const edge = new Edge({
  observer: meter,
  log: (level, message, fields) => {
    if (level === 'error') console.error(message, fields)
  },
})
const head = {
  version: 1,
  publicPorts: { https: Number(port), http: 80 },
  extraOriginAnchors: [],
  vaultFolder: '/nowhere',
  staples: {},
}
edge.apply({
  ...head,
  routes: [
    {
      domain: 'localhost',
      certificateId: 'bench',
      outage: null,
      redirect: { mode: 'none', code: 301 },
      policies,
      origin: {
        protocol: origin === 'https' ? 'https' : 'http',
        host: '127.0.0.1',
        httpPort: Number(httpOrigin),
        httpsPort: Number(httpsOrigin),
        hostHeader: null,
        sni: null,
        verify: false,
        anchorsPem: null,
        http2: false,
      },
    },
  ],
  certificates: { bench: certificate() },
})
process.on('SIGHUP', () =>
  edge.change({
    ...head,
    routes: [],
    removedRoutes: [],
    certificates: { bench: certificate() },
    removedCertificates: [],
    removedStaples: [],
  }),
)
await edge.listen({ addresses: ['127.0.0.1'], httpsPort: Number(port), httpPort: 0, sharing })
process.on('disconnect', () => process.exit(0))
if (role === 'watched') {
  edge.observe(
    new TrafficReporter(
      true,
      (reports, omitted) =>
        new Promise((sent) => process.send?.({ reports, omitted }, undefined, undefined, () => sent())),
    ),
  )
}
if (sharing === 'first') fork(import.meta.filename, [...process.argv.slice(2, -1), 'joining'])

function certificate() {
  return {
    chainPem: readFileSync(`${folder}/${key}.crt`, 'utf8'),
    leafKeyPem: readFileSync(`${folder}/${key}.key`),
    handshake,
  }
}
