import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Watch } from '../../../src/contract/watch/watch.ts'
import { watchNotices } from '../../../src/domain/notices.ts'
import { createWatchSchedule } from '../../../src/engine/watch/watch-schedule.ts'
import { openTestEngine, type TestEngine } from '../../support/engine/engine.ts'
import { resolveAs } from '../../support/engine/resolver.ts'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../../support/pki/certificates.ts'
import { openssl } from '../../support/pki/openssl.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const dayMs = 86_400_000
const authority = createTestAuthority()
const names = ['localhost', '127.0.0.1']
const leaf = issueTestLeaf(authority, { names })

let now: Date
let opened: TestEngine
beforeEach(async () => {
  now = new Date()
  opened = await openTestEngine(undefined, () => now)
})
afterEach(() => opened.close())

/** Server on this computer that counts its handshakes. */
async function serve(
  { chainPem, keyPem }: Pick<TestLeaf, 'chainPem' | 'keyPem'>,
  { host = '127.0.0.1', port = 0 } = {},
) {
  let handshakes = 0
  const server: Server = createServer({ cert: chainPem, key: keyPem }, (_request, response) => {
    response.setHeader('strict-transport-security', 'max-age=86400')
    response.end()
  })
  server.on('secureConnection', () => (handshakes += 1))
  server.listen(port, host)
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(close)
  return { port: (server.address() as AddressInfo).port, handshakes: () => handshakes, close }
}

async function checked(host: string, port: number): Promise<Watch> {
  const { client } = opened
  await client.watch.add({ servers: [{ host, port }], everyMinutes: 60 })
  const [watch] = await client.watch.check({ servers: [{ host, port }] })
  if (!watch) throw new Error('It is not watched.')
  return watch
}

/** The first certificate with a month that does not exist, which OpenSSL serves and accepts. */
function withoutTime(pem: string): string {
  const der = Buffer.from(new X509Certificate(pem).raw)
  der.write('99', der.indexOf(Buffer.from([0x17, 13])) + 4)
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`
}

const kinds = ({ last }: Watch) => last?.faults.map(({ kind }) => kind)

async function store({ chainPem, keyPem }: TestLeaf) {
  const files = [new File([chainPem], 'a.crt'), new File([keyPem], 'a.key')]
  const { stagingId } = await opened.client.staging.open({ files })
  await opened.client.certificates.import({ stagingId })
}

describe('a watched server', () => {
  test('is compared with the vault, with its verdicts, HSTS and version', async () => {
    await store(leaf)
    const { port } = await serve(leaf)
    const { last } = await checked('127.0.0.1', port)
    expect(last).toMatchObject({
      state: 'fault',
      // The authority is trusted by the test alone.
      faults: [{ kind: 'authority' }, { kind: 'signature' }],
      addresses: ['127.0.0.1'],
      certificate: { fingerprintSha256: leaf.fingerprintSha256 },
      inVault: true,
      protocol: 'TLSv1.3',
      hsts: 'max-age=86400',
    })
  })

  test('has a fault with a certificate that cannot be read, and the others are judged', async () => {
    const broken = await serve({ ...leaf, chainPem: withoutTime(leaf.chainPem) })
    const { port } = await serve({ ...leaf, chainPem: leaf.chainPem + withoutTime(authority.certificatePem) })
    const { client } = opened
    const servers = [broken, { port }].map((server) => ({ host: '127.0.0.1', port: server.port }))
    await client.watch.add({ servers, everyMinutes: 60 })
    const watches = await client.watch.check({})
    expect(watches.map(kinds)).toEqual([['unreachable'], ['authority', 'signature']])
    expect(watches[0]?.last?.faults[0]?.sentence).toContain('a time does not exist')
  })

  test('is as it should be with a certificate that is trusted here', async () => {
    const key = join(temporaryFolder(), 'key.pem')
    const request = ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-subj', '/CN=localhost']
    const csr = await openssl([...request, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'])
    const files = [new File([csr], 'localhost.csr')]
    const { chainPem } = await opened.client.localCertificates.sign({ files })
    const { port } = await serve({ chainPem, keyPem: readFileSync(key, 'utf8') })
    const watch = await checked('127.0.0.1', port)
    expect(watch.last).toMatchObject({ state: 'ok', faults: [], inVault: null })
    expect(watchNotices([watch])).toEqual([])
  })

  test('has faults with another certificate than the vault, or with one that ends soon or has another name', async () => {
    await store(leaf)
    const ending = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + 5 * dayMs) }
    const soon = await serve(issueTestLeaf(authority, { names, ...ending }))
    expect(kinds(await checked('127.0.0.1', soon.port))).toEqual([
      'authority',
      'signature',
      'expiring',
      'another',
    ])
    const other = await serve(issueTestLeaf(authority, { names: ['other.test'] }))
    expect(kinds(await checked('127.0.0.1', other.port))).toEqual([
      'authority',
      'signature',
      'name',
      'another',
    ])
  })

  test('is found at a name below localhost, which many resolvers do not know', async () => {
    const { port } = await serve(issueTestLeaf(authority, { names: ['app.localhost'] }))
    onTestFinished(resolveAs({ localhost: [['127.0.0.1']], 'app.localhost': [['192.0.2.1']] }))
    const watch = await checked('app.localhost', port)
    expect(watch.last?.addresses).toEqual(['127.0.0.1'])
    expect(kinds(watch)).toEqual(['authority', 'signature'])
  })

  test('has a fault with different certificates on its addresses', async () => {
    const { port } = await serve(leaf)
    await serve(issueTestLeaf(authority, { names }), { host: '::1', port })
    onTestFinished(resolveAs({ localhost: [['127.0.0.1', '::1']] }))
    const watch = await checked('localhost', port)
    expect(watch.last?.addresses.toSorted()).toEqual(['127.0.0.1', '::1'])
    expect(kinds(watch)).toEqual(['authority', 'signature', 'differs'])
  })

  test('is asked as often as was said and no more often, over a restart too', async () => {
    const server = await serve(leaf)
    await checked('127.0.0.1', server.port)
    const look = async () => {
      const schedule = createWatchSchedule(opened.engine.context.parts)
      await schedule.look()
      schedule.close()
    }
    const before = server.handshakes()
    now = new Date(now.getTime() + 59 * 60_000)
    await look()
    opened = await opened.reopen()
    await look()
    expect(server.handshakes()).toBe(before)
    now = new Date(now.getTime() + 60_000)
    await look()
    expect(server.handshakes()).toBeGreaterThan(before)
  })

  test('is shown to windows with its new result once the schedule has asked it', async () => {
    const { client, engine } = opened
    await client.watch.add({ servers: [{ host: '127.0.0.1', port: 9 }], everyMinutes: 60 })
    const statuses = await client.engine.watch()
    await statuses.next()
    const schedule = createWatchSchedule(engine.context.parts)
    await schedule.look()
    schedule.close()
    expect((await statuses.next()).done).toBe(false)
    await statuses.return()
  })

  test('has a history of what changed, and one notice for each fault until it is over', async () => {
    const server = await serve(leaf)
    const keys = (watch: Watch) => watchNotices([watch]).map(({ key }) => key)
    const first = await checked('127.0.0.1', server.port)
    now = new Date(now.getTime() + dayMs)
    const again = await checked('127.0.0.1', server.port)
    expect(keys(again)).toEqual(keys(first))
    expect(again.history).toHaveLength(1)
    server.close()
    const gone = await checked('127.0.0.1', server.port)
    expect(kinds(gone)).toEqual(['unreachable'])
    expect(gone.history.map(({ faults }) => faults.map(({ kind }) => kind))).toEqual([
      ['unreachable'],
      ['authority', 'signature'],
    ])
    expect(watchNotices([gone]).map(({ title }) => title)).toEqual([
      '127.0.0.1 does not serve as it should: no handshake',
    ])
    const offline = { ...gone, last: gone.last && { ...gone.last, state: 'offline' as const } }
    expect(watchNotices([offline])).toEqual([])
  })

  test('is removed, and an unknown one is named', async () => {
    const { client } = opened
    await checked('127.0.0.1', 9)
    await client.watch.remove({ host: '127.0.0.1', port: 9 })
    expect(await client.watch.list()).toEqual([])
    const unknown = { host: 'shop.example', port: 443 }
    await expect(client.watch.check({ servers: [unknown] })).rejects.toMatchObject({
      code: 'watch.not_found',
    })
  })

  test('is one of 500 at most', async () => {
    const { client } = opened
    const servers = (from: number) =>
      Array.from({ length: 300 }, (_, index) => ({ host: `h${from + index}.example`, port: 443 }))
    expect(await client.watch.add({ servers: servers(0), everyMinutes: 60 })).toHaveLength(300)
    await expect(client.watch.add({ servers: servers(300), everyMinutes: 60 })).rejects.toMatchObject({
      code: 'watch.too_many',
    })
    expect(await client.watch.list()).toHaveLength(300)
  })
})
