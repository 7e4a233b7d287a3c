import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls, { type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { connectEngine, type Connection } from '../../../../src/engine-process/connect.ts'
import { openHome } from '../../../../src/engine-process/home.ts'
import {
  engineArguments,
  spawnEngine,
  type SpawnedEngine,
} from '../../../../src/engine-process/spawn-engine.ts'
import { faultsOf, observeAll } from '../../../../src/engine/publish/observe.ts'
import type { ServerSetup } from '../../../../src/engine/publish/site/server-setup.ts'
import type { Site } from '../../../../src/engine/publish/site/site.ts'
import { probeHttps } from '../../../../src/engine/domains/probe.ts'
import { originDefaults } from '../../../../src/contract/domains/domains.ts'
import { absent, unless } from '../../../support/needs.ts'
import {
  fewPeerKinds,
  peerChains,
  peerRoot,
  plainPeer,
  refusedPeers,
} from '../../../support/pki/peer-chains.ts'

/*
 * Every place beside the edge that meets a server's certificate, in a real engine and a real command line. All
 * processes run on the Node that runs the test, so that another Node shows what it does.
 */

const built = (name: string) => join(import.meta.dirname, '../../../../out/node', name)
const folder = mkdtempSync(join(tmpdir(), 'peer-places-'))
const rootFile = join(folder, 'root.pem')
const home = openHome(join(folder, 'home'))

let engine: SpawnedEngine
let connection: Connection
let peer: tls.Server
let mail: tls.Server
const portOf = (server: tls.Server) => (server.address() as AddressInfo).port

/** Listens on loopback; `speak` is what it says on a connection. */
async function listening(speak: (socket: TLSSocket) => void): Promise<tls.Server> {
  const server = tls.createServer(plainPeer, (socket) => {
    socket.on('error', () => undefined)
    speak(socket)
  })
  server.on('tlsClientError', () => undefined)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

/** Takes every message. */
function speakSmtp(socket: TLSSocket): void {
  let isBody = false
  socket.write('220 peer\r\n')
  socket.on('data', (data: Buffer) => {
    const line = data.toString('latin1')
    if (isBody && !line.endsWith('\r\n.\r\n')) return
    isBody = !isBody && line.startsWith('DATA')
    socket.write(isBody ? '354 go on\r\n' : '250 done\r\n')
  })
}

function speakHttp(socket: TLSSocket): void {
  socket.once('data', () =>
    socket.end(
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}',
    ),
  )
}

async function startEngine(): Promise<void> {
  vi.stubEnv('NODE_EXTRA_CA_CERTS', rootFile)
  const ports = { httpsPort: 0, httpPort: 0, portTaken: 'next' } as const
  engine = spawnEngine(process.execPath, [built('engine.js'), ...engineArguments(home, ports)], home)
  await Promise.race([once(engine.child.stdout, 'data'), engine.exited])
  // The rights of the command line.
  connection = (await connectEngine(home, '/command-line'))!
}

beforeAll(async () => {
  writeFileSync(rootFile, peerRoot)
  peer = await listening(speakHttp)
  mail = await listening(speakSmtp)
  await startEngine()
  const { client } = connection
  await client.notices.add({
    name: 'hook',
    settings: { kind: 'webhook' },
    secret: `https://127.0.0.1:${portOf(peer)}/`,
  })
  const address = { from: 'a@shop.test', to: ['b@shop.test'] }
  await client.notices.add({
    name: 'mail',
    settings: {
      kind: 'email',
      host: '127.0.0.1',
      port: portOf(mail),
      security: 'tls',
      user: null,
      ...address,
    },
  })
  await client.watch.add({ servers: [{ host: '127.0.0.1', port: portOf(peer) }], everyMinutes: 60 })
  await client.domains.add({
    name: 'shop.test',
    origin: {
      ...originDefaults,
      protocol: 'https',
      host: '127.0.0.1',
      httpPort: 80,
      httpsPort: portOf(peer),
      verify: true,
      anchorsPem: peerRoot,
      sni: 'shop.test',
    },
  })
}, 60_000)
afterAll(async () => {
  await connection?.close()
  engine?.child.stdin.end()
  await engine?.exited
  for (const server of [peer, mail]) server?.close()
  rmSync(folder, { recursive: true })
  vi.unstubAllEnvs()
})

const told = (error: { code?: string; data?: { reason?: string } }) =>
  `${error.code} ${error.data?.reason ?? ''}`

/** Answers of all places, by place; `ok` where the certificate was accepted. */
async function answers(): Promise<Record<string, string>> {
  const { client } = connection
  const port = portOf(peer)
  const server = { host: '127.0.0.1', port }
  const account = { name: 'peer', directory: `https://127.0.0.1:${port}/`, rootsPem: peerRoot, agreed: true }
  const site = { name: 'shop.test', answersFor: null, tls: null }
  const outside = { address: server.host, setup: { httpsPort: port, httpPort: port } as ServerSetup }
  const count = (chain?: unknown[]) => `${chain?.length ?? 0} certificates`
  const places: Record<string, Promise<string>> = {
    acme: client.acme.addAccount(account).then(() => 'ok', told),
    webhook: client.notices.test({ reference: 'hook' }).then(() => 'ok', told),
    smtps: client.notices.test({ reference: 'mail' }).then(() => 'ok', told),
    watch: client.watch
      .check({ servers: [server] })
      .then(([seen]) => String(seen?.last?.faults.map(({ kind }) => kind)), told),
    proof: observeAll(outside, [site]).then((seen) => count(seen.get(site)?.chain)),
    probe: probeHttps({ host: 'shop.test', port }).then(
      ({ tls: seen, failure }) => failure ?? count(seen?.chain),
    ),
    check: client.domains.check({ domain: 'shop.test' }).then(({ steps }) => steps[0]?.seen ?? '', told),
    inspect: inspectRemote(),
  }
  const seen = await Promise.all(Object.entries(places).map(async ([place, said]) => [place, await said]))
  return Object.fromEntries(seen) as Record<string, string>
}

function show(identity: tls.SecureContextOptions): void {
  peer.setSecureContext(identity)
  mail.setSecureContext(identity)
}

/** Code of `inspect --remote` in a process of its own, or the signal that ended it. */
async function inspectRemote(): Promise<string> {
  const args = [built('cli.js'), '--home', join(folder, 'other'), 'inspect', '--remote']
  const { promise, resolve } = Promise.withResolvers<string>()
  execFile(process.execPath, [...args, `127.0.0.1:${portOf(peer)}`, '--json'], (error, out) => {
    if (error?.signal || out === '') return resolve(`ended by ${error?.signal ?? 'itself'}`)
    const answer = JSON.parse(out) as { ok: boolean; error?: { code: string } }
    resolve(answer.ok ? 'ok' : (answer.error?.code ?? ''))
  })
  return promise
}

/** Code of OpenSSL, its sentence and the fault of a watched server, by reason. */
const refusals: Record<keyof typeof refusedPeers, { code: string; mail: string; fault: string }> = {
  'another name': {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    mail: "Hostname/IP does not match certificate's altnames",
    fault: 'name',
  },
  'an unknown root': {
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    mail: 'unable to verify the first certificate',
    fault: 'authority',
  },
  'a time that is over': { code: 'CERT_HAS_EXPIRED', mail: 'certificate has expired', fault: 'validity' },
  'no issuer but itself': {
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    mail: 'self-signed certificate',
    fault: 'authority',
  },
}

describe('a server’s certificate', unless(absent('openssl')), () => {
  test.each(fewPeerKinds)(
    'ends neither engine nor command line, wherever it is met: %s',
    { timeout: 300_000 },
    async (...kind) => {
      const lines: string[] = []
      for (const { how, cert, key } of peerChains(kind))
        for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
          try {
            const groups = 'X25519:P-256:P-384:P-521:brainpoolP256r1:brainpoolP384r1:secp256k1'
            const open = { ciphers: 'DEFAULT@SECLEVEL=0', ecdhCurve: groups }
            show({ cert, key, ...open, minVersion: version, maxVersion: version })
          } catch (error) {
            lines.push(`${how} ${version}: ${(error as NodeJS.ErrnoException).code}`)
            continue
          }
          const seen = await answers()
          lines.push(`${how} ${version}: ${JSON.stringify(seen)}`)
          expect(seen['inspect']).toMatch(/^(ok|verification.failed|remote.unreachable)$/)
          if (how === 'self-signed')
            expect([seen['acme'], seen['webhook'], seen['smtps'], seen['inspect']]).not.toContain('ok')
        }
      console.log(`${kind[0]}\n  ${lines.join('\n  ')}`)
      expect(engine.child.exitCode ?? engine.child.signalCode).toBeNull()
    },
  )

  test('is accepted in every place if nothing is wrong with it', async () => {
    show(plainPeer)
    expect(await answers()).toMatchObject({
      acme: expect.stringMatching(/^acme.answer_unusable/) as string,
      webhook: 'ok',
      smtps: 'ok',
      proof: '1 certificates',
      probe: '1 certificates',
    })
  })

  test.each(Object.entries(refusals))(
    'is refused with %s where trust is needed',
    async (reason, expected) => {
      show(refusedPeers[reason as keyof typeof refusedPeers])
      const seen = await answers()
      expect(seen).toMatchObject({
        acme: expect.stringMatching(`^acme.un.* ${expected.code}$`) as string,
        webhook: `notice.not_sent the connection failed (${expected.code})`,
        smtps: `notice.not_sent the connection failed (${expected.mail})`,
        watch: expect.stringContaining(expected.fault) as string,
        inspect: 'verification.failed',
      })
      expect(seen['check']).toContain('502')
    },
  )

  test.each(Object.entries(refusedPeers))(
    'is no proof of a publication with %s',
    async (_reason, identity) => {
      show(identity)
      const port = portOf(peer)
      const setup = { httpsPort: port, httpPort: port } as ServerSetup
      const site = { name: 'shop.test', answersFor: null, tls: null } as unknown as Site
      const observed = (await observeAll({ address: '127.0.0.1', setup }, [site])).get(site)!
      expect(faultsOf(observed, { site, chainPem: plainPeer.cert, setup })).toEqual([
        'shop.test: another certificate is served.',
      ])
    },
  )
})
