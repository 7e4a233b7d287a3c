import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../../../src/contract/domains/policies.ts'
import { handshakeSettings, servingId } from '../../../../src/edge/protocol/handshake-settings.ts'
import { Supervisor } from '../../../../src/edge/supervisor/supervisor.ts'
import { fetchServedChain } from '../../../../src/engine/inspect/remote/served-chain.ts'
import { workerEntry } from '../../../support/edge/built-worker.ts'
import { routeTo } from '../../../support/edge/edge.ts'
import { sourceOf } from '../../../support/edge/snapshot-source.ts'
import { casesOf } from '../../../support/long-form.ts'
import { absent, unless } from '../../../support/needs.ts'

const folder = mkdtempSync(join(tmpdir(), 'peer-kinds-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(file(name), 'utf8')
const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] })

const curves =
  absent('openssl') === null
    ? [
        ...openssl('ecparam', '-list_curves')
          .toString()
          .matchAll(/^ {2}(\S+)\s*:/gm),
      ].map(([, name]) => name!)
    : []
/** Arguments of `openssl genpkey`, by kind. */
const kinds: [kind: string, args: string[]][] = [
  ...curves.map((curve): [string, string[]] => [curve, ['EC', '-pkeyopt', `ec_paramgen_curve:${curve}`]]),
  ...['P-256', 'brainpoolP256r1', 'sect283r1'].map((curve): [string, string[]] => [
    `explicit ${curve}`,
    ['EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-pkeyopt', 'ec_param_enc:explicit'],
  ]),
  ...[512, 1024, 4096, 8192].map((bits): [string, string[]] => [
    `RSA ${bits}`,
    ['RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`],
  ]),
  ['RSA-PSS', ['RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048']],
  ...['ED25519', 'ED448', 'SM2', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', 'SLH-DSA-SHA2-128f'].map(
    (name): [string, string[]] => [name, [name]],
  ),
]
const short = ['brainpoolP256r1', 'secp256k1', 'wap-wsg-idm-ecid-wtls8', 'sect283r1', 'RSA 512', 'ML-DSA-65']
const tested = casesOf(kinds, ([kind]) => short.includes(kind))
const names = ['-addext', 'subjectAltName=DNS:shop.test']

/** Writes a certificate for shop.test with the key of `name`, issued by the root. */
function issue(name: string, certificate: string): void {
  openssl('req', '-new', '-key', file(name), '-subj', '/CN=shop.test', ...names, '-out', file('request'))
  const issuer = ['-CA', file('root'), '-CAkey', file('root.key'), '-copy_extensions', 'copy']
  openssl('x509', '-req', '-in', file('request'), ...issuer, '-out', file(certificate))
}

/** Chains of a kind: a leaf of itself, one of the root, and an ordinary leaf below a namesake of the root. */
function chainsOf([kind, args]: [string, string[]]): { cert: string; key: string; how: string }[] {
  try {
    openssl('genpkey', '-algorithm', ...args, '-out', file('key'))
    openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      file('key'),
      '-subj',
      '/CN=shop.test',
      ...names,
      '-out',
      file('self'),
    )
    openssl('req', '-x509', '-new', '-key', file('key'), '-subj', '/CN=Root', '-out', file('namesake'))
    issue('key', 'issued')
  } catch (error) {
    // Some curves are without a generator, and some keys cannot sign.
    console.log(
      `${kind}: openssl makes none: ${String((error as { stderr?: Buffer }).stderr).split('\n')[0]}`,
    )
    return []
  }
  const key = read('key')
  return [
    { how: 'self-signed', cert: read('self'), key },
    { how: 'issued', cert: read('issued') + read('root'), key },
    { how: 'above', cert: read('plain') + read('namesake') + read('root'), key: read('plain.key') },
  ]
}

describe('a peer’s certificate of any kind', unless(absent('openssl')), () => {
  let supervisor: Supervisor
  const peer = tls.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok')
  })
  const problems: string[] = []

  beforeAll(async () => {
    for (const name of ['root', 'plain'])
      openssl(
        'genpkey',
        '-algorithm',
        'EC',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-out',
        file(`${name}.key`),
      )
    openssl('req', '-x509', '-new', '-key', file('root.key'), '-subj', '/CN=Root', '-out', file('root'))
    issue('plain.key', 'plain')
    peer.on('tlsClientError', () => undefined)
    await once(peer.listen(0, '127.0.0.1'), 'listening')
    const root = read('root')
    const policy = { ...defaultPolicies.tls, clientCertificates: 'optional' as const, clientAnchors: [root] }
    const handshake = handshakeSettings(policy)
    const certificateId = servingId('shop', handshake)
    let version = 0
    supervisor = new Supervisor({
      workerEntry,
      listen: { addresses: ['127.0.0.1'], httpsPort: 0, httpPort: 0 },
      portTaken: 'fail',
      source: sourceOf(() => ({
        version: (version += 1),
        routes: [
          routeTo((peer.address() as AddressInfo).port, {
            certificateId,
            policies: { ...defaultPolicies, tls: policy },
            origin: { protocol: 'https', verify: true, anchorsPem: root, sni: 'shop.test' },
          }),
        ],
        certificates: {
          [certificateId]: { chainPem: read('plain'), leafKeyPem: Buffer.from(read('plain.key')), handshake },
        },
        staples: {},
        published: [],
        extraOriginAnchors: [],
        publicPorts: { https: 443, http: 80 },
        vaultFolder: '/nowhere',
      })),
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (fields, message) => problems.push(`${message} ${JSON.stringify(fields)}`),
      },
      changed: () => undefined,
    })
    await supervisor.start()
  }, 60_000)
  afterAll(async () => {
    await supervisor?.close()
    peer.close()
  })

  /** Status of a request through the edge, with a client certificate if one is given; or the error. */
  async function ask(options: tls.ConnectionOptions = {}): Promise<string> {
    const port = supervisor.status().https?.port ?? 0
    const { promise, resolve } = Promise.withResolvers<string>()
    const socket = tls.connect({
      host: '127.0.0.1',
      port,
      servername: 'shop.test',
      rejectUnauthorized: false,
      ...options,
    })
    socket.write('GET / HTTP/1.1\r\nhost: shop.test\r\nconnection: close\r\n\r\n')
    socket.once('data', (head: Buffer) => resolve(head.toString('latin1', 9, 12)))
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'error'))
    socket.once('close', () => resolve('closed'))
    return promise.finally(() => socket.destroy())
  }

  const groups = ['X25519', 'P-256', 'P-384', 'P-521', 'brainpoolP256r1', 'brainpoolP384r1', 'secp256k1']
  const open = { ciphers: 'DEFAULT@SECLEVEL=0', ecdhCurve: groups.join(':') }

  test.each(tested)(
    'ends no process, as a client’s, an origin’s and a server’s: %s',
    { timeout: 120_000 },
    async (...kind) => {
      const seen: string[] = []
      for (const { how, cert, key } of chainsOf(kind))
        for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
          const identity = { cert, key, ...open, minVersion: version, maxVersion: version }
          let server: string | undefined
          try {
            peer.setSecureContext(identity)
            const { port } = peer.address() as AddressInfo
            const chain = await fetchServedChain({ host: '127.0.0.1', port, serverName: 'shop.test' }).then(
              ({ chain: sent }) => `${sent.length} certificates`,
              ({ code }: NodeJS.ErrnoException) => code,
            )
            server = `origin ${await ask()}, ${chain}`
          } catch (error) {
            server = (error as NodeJS.ErrnoException).code
          }
          const client = await Promise.resolve()
            .then(() => ask(identity))
            .catch((error: NodeJS.ErrnoException) => error.code)
          seen.push(`${how} ${version}: client ${client}, ${server}`)
        }
      console.log(`${kind[0]}\n  ${seen.join('\n  ')}`)
      // The handshake with an ordinary leaf succeeds whatever is above it.
      const above = seen.filter((line) => line.startsWith('above'))
      expect(above.filter((line) => !line.endsWith('client 200, origin 200, 3 certificates'))).toEqual([])
      expect(problems).toEqual([])
      expect(supervisor.status()).toMatchObject({ state: 'running', restarts: 0, faults: 0 })
    },
  )
})
