import { readFileSync } from 'node:fs'
import { defaultPolicies } from '../../src/contract/policies.ts'
import { createEdge } from '../../src/engine/edge/edge.ts'
import { handshakeSettings } from '../../src/engine/edge/handshake-settings.ts'

/** The edge alone in a process, as its worker is: `serve.ts FOLDER PORT KEY-TYPE ORIGIN-PORT`. */
const [folder, port, key, originPort] = process.argv.slice(2)
const edge = createEdge({
  log: (level, message, fields) => {
    if (level === 'error') console.error(message, fields)
  },
})
edge.apply({
  version: 1,
  routes: [
    {
      domain: 'localhost',
      certificateId: 'bench',
      redirect: { mode: 'none', code: 301 },
      policies: defaultPolicies,
      origin: {
        protocol: 'http',
        host: '127.0.0.1',
        httpPort: Number(originPort),
        httpsPort: 443,
        hostHeader: null,
        sni: null,
        verify: false,
        anchorsPem: null,
        http2: false,
      },
    },
  ],
  certificates: {
    bench: {
      chainPem: readFileSync(`${folder}/${key}.crt`, 'utf8'),
      leafKeyPem: readFileSync(`${folder}/${key}.key`),
      handshake: handshakeSettings(defaultPolicies.tls),
    },
  },
  publicPorts: { https: Number(port), http: 80 },
  extraOriginAnchors: [],
  staples: {},
})
await edge.listen({ addresses: ['127.0.0.1'], httpsPort: Number(port), httpPort: 0 })
