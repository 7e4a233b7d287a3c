import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { defaultPolicies } from '../../../../src/contract/domains/policies.ts'
import { handshakeSettings, servingId } from '../../../../src/edge/protocol/handshake-settings.ts'
import { Supervisor } from '../../../../src/edge/supervisor/supervisor.ts'
import { fetchServedChain } from '../../../../src/engine/inspect/remote/served-chain.ts'
import { workerEntry } from '../../../support/edge/built-worker.ts'
import { routeTo } from '../../../support/edge/edge.ts'
import { sourceOf } from '../../../support/edge/snapshot-source.ts'
import { absent, unless } from '../../../support/needs.ts'
import {
  peerChains,
  peerKinds,
  peerRoot,
  plainPeer,
  refusedPeers,
  unreadableLeaves,
} from '../../../support/pki/peer-chains.ts'
import { alertForClient, serverShowing } from '../../../support/pki/raw-handshake.ts'

/** Certain part of a kind's line, whatever OpenSSL supports. */
function expectedOf(kind: string, line: string): RegExp {
  // OpenSSL takes a list of 100 KiB.
  if (kind === '1 MB of extensions') return /client [A-Z]\S+, origin 502, remote.unreachable$/
  if (kind in Object.fromEntries(unreadableLeaves)) return /client \S+, (origin 502|ERR_OSSL)/
  // The handshake with an ordinary leaf succeeds whatever is above it.
  if (line.startsWith('above')) return /client 200, origin 200, 3 certificates$/
  if (line.startsWith('self-signed')) return /client (?!200)\S+, (?!origin 200)/
  if (kind === 'no subject') return /client 200, origin 200, 2 certificates$/
  if (kind === 'NUL in names') return /client 200, origin 502, 2 certificates$/
  if (kind === '100 links') return /client 200, origin 200, 50 certificates$/
  return /client /
}

describe('a peer’s certificate of any kind', unless(absent('openssl')), () => {
  let supervisor: Supervisor
  let originPort = 0
  const peer = tls.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok')
  })
  const problems: string[] = []

  beforeAll(async () => {
    peer.on('tlsClientError', () => undefined)
    await once(peer.listen(0, '127.0.0.1'), 'listening')
    const policy = {
      ...defaultPolicies.tls,
      clientCertificates: 'required' as const,
      clientAnchors: [peerRoot],
    }
    const handshake = handshakeSettings(policy)
    const certificateId = servingId('shop', handshake)
    originPort = (peer.address() as AddressInfo).port
    let version = 0
    supervisor = new Supervisor({
      workerEntry,
      listen: { addresses: ['127.0.0.1'], httpsPort: 0, httpPort: 0 },
      portTaken: 'fail',
      source: sourceOf(() => ({
        version: (version += 1),
        routes: [
          routeTo(originPort, {
            certificateId,
            policies: { ...defaultPolicies, tls: policy },
            origin: { protocol: 'https', verify: true, anchorsPem: peerRoot, sni: 'shop.test' },
          }),
        ],
        certificates: {
          [certificateId]: { chainPem: plainPeer.cert, leafKeyPem: Buffer.from(plainPeer.key), handshake },
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

  /** Status of a request through the edge, with an ordinary client certificate by default; or the error. */
  async function ask(options: tls.ConnectionOptions = {}): Promise<string> {
    const port = supervisor.status().https?.port ?? 0
    const { promise, resolve } = Promise.withResolvers<string>()
    const socket = tls.connect({
      host: '127.0.0.1',
      port,
      servername: 'shop.test',
      rejectUnauthorized: false,
      ...plainPeer,
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

  test.each(peerKinds)(
    'ends no process, as a client’s, an origin’s and a server’s: %s',
    { timeout: 300_000 },
    async (...kind) => {
      const seen: string[] = []
      for (const { how, cert, key } of peerChains(kind))
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
          peer.setSecureContext(plainPeer)
          const client = await Promise.resolve()
            .then(() => ask(identity))
            .catch((error: NodeJS.ErrnoException) => error.code)
          seen.push(`${how} ${version}: client ${client}, ${server}`)
        }
      console.log(`${kind[0]}\n  ${seen.join('\n  ')}`)
      for (const line of seen) expect(line).toMatch(expectedOf(kind[0], line))
      expect(problems).toEqual([])
      expect(supervisor.status()).toMatchObject({ state: 'running', restarts: 0, faults: 0 })
    },
  )

  test.each(unreadableLeaves)(
    'ends no process as a leaf that OpenSSL does not read: %s',
    async (_kind, leaf) => {
      const port = supervisor.status().https?.port ?? 0
      expect(await alertForClient(port, 'shop.test', [leaf])).toBeGreaterThan(0)
      const raw = await serverShowing([leaf])
      onTestFinished(() => void raw.close())
      const seen = fetchServedChain({ host: '127.0.0.1', port: raw.port, serverName: 'shop.test' })
      await expect(seen).rejects.toMatchObject({ code: 'remote.unreachable' })
      originPort = raw.port
      await supervisor.apply()
      expect(await ask()).toBe('502')
      originPort = (peer.address() as AddressInfo).port
      await supervisor.apply()
      expect(supervisor.status()).toMatchObject({ state: 'running', restarts: 0, faults: 0 })
    },
  )

  test.each(Object.entries(refusedPeers))('is refused as an origin’s with %s', async (_reason, identity) => {
    peer.setSecureContext(identity)
    expect(await ask()).toBe('502')
    peer.setSecureContext(plainPeer)
    expect(await ask()).toBe('200')
  })
})
