import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import { dataKeyBinding } from '../../../src/engine/vault/data-key.ts'
import { unseal } from '../../../src/engine/vault/seal.ts'
import { keyBinding } from '../../../src/engine/vault/sealed-keys.ts'
import { connectEngine, type Connection } from '../../../src/engine-process/connect.ts'
import { openHome } from '../../../src/engine-process/home.ts'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../../support/pki/certificates.ts'
import { homeWithKeyFile, startEdgekeep, type RunningEdgekeep } from '../../support/processes/cli.ts'
import { enableByUpload, originAt, temporaryFolder, uploads } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { tracesOf, type KeyTraces } from '../../support/processes/key-traces.ts'
import { timesInMemory, whyUnreadable } from '../../support/processes/process-memory.ts'
import { processTree } from '../../support/processes/process-tree.ts'
import { codeOf } from '../../support/vault/recovery.ts'
import { unless } from '../../support/needs.ts'

const authority = createTestAuthority()
const passphrase = 'correct horse battery staple'

const unreadable = whyUnreadable()

/** Search patterns for each kind of key. */
const everyKind = [
  ['ec', 'd little-endian, begin'],
  ['rsa', 'p little-endian, begin'],
  ['ed25519', 'd big-endian, begin'],
] as const

/**
 * The product as it ships, in processes of its own. After each event no process of ours may have a trace of the
 * key, at the latest when a replaced worker has finished its exchanges. Most of a test is that wait, so those
 * that need nothing but a domain of their own run at the same time.
 */
describe('the memory of every process', { ...unless(unreadable), timeout: 180_000 }, () => {
  let folder: string
  let home: string
  let running: RunningEdgekeep
  let connection: Connection
  let client: Client
  let domains = 0

  beforeAll(async () => {
    folder = temporaryFolder()
    home = await homeWithKeyFile(folder)
    const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
    running = await startEdgekeep(home, ['--no-ui', ...ports])
    connection = (await connectEngine(openHome(home))) as Connection
    client = connection.client
  })
  afterAll(async () => {
    await connection.close()
    await running.interrupt()
    rmSync(folder, { recursive: true })
  })

  async function newDomain(): Promise<string> {
    const name = `shop${(domains += 1)}.test`
    await client.domains.add({ name, origin: originAt(3000) })
    return name
  }

  /** Traces of a key in each process, by its command. */
  function traces(of: KeyTraces): Record<string, string[]> {
    const found: Record<string, string[]> = {}
    for (const [pid, command] of processTree(running.pid)) {
      const names = Object.keys(timesInMemory(pid, of.byName))
      if (names.length > 0) found[command] = [...(found[command] ?? []), ...names]
    }
    return found
  }

  const polling = { timeout: 60_000, interval: 2_500 }

  /** Polls, since traces end only with the replaced worker. */
  const noTraces = (of: KeyTraces) => vi.waitFor(() => expect(traces(of)).toEqual({}), polling)

  async function shakeHands(domain: string, ca = authority.certificatePem): Promise<void> {
    const socket = connectTls({ host: '127.0.0.1', port: running.httpsPort, servername: domain, ca })
    await once(socket, 'secureConnect')
    socket.destroy()
  }

  /** Another domain's erasure may replace the worker between handshake and search. */
  async function servedFrom(domain: string, of: KeyTraces, secret: string, ca?: string): Promise<void> {
    await vi.waitFor(async () => {
      await shakeHands(domain, ca)
      expect(traces(of)['edge-worker.js'] ?? []).toContain(secret)
    }, polling)
  }

  /** Serves a leaf, and checks that the search finds the key in the worker. */
  async function served(leaf: TestLeaf, domain: string, secret: string): Promise<KeyTraces> {
    const of = tracesOf(leaf.keyPem)
    await enableByUpload(client, domain, leaf)
    await servedFrom(domain, of, secret)
    return of
  }

  test('is of every process there is: launcher, command, engine and worker', () => {
    expect(new Set(processTree(running.pid).values())).toEqual(
      new Set(['edgekeep.mjs', 'cli.js', 'engine.js', 'edge-worker.js']),
    )
  })

  test.concurrent.each(everyKind)(
    'has an %s key while it is served, and nothing of it after HTTPS is off',
    async (key, secret) => {
      const domain = await newDomain()
      const of = await served(issueTestLeaf(authority, { names: [domain], key }), domain, secret)
      // The worker needs the key. The engine frees it once it is sealed: within three garbage collections,
      // each forced after ten seconds.
      await vi.waitFor(() => expect(Object.keys(traces(of))).toEqual(['edge-worker.js']), polling)
      await client.https.disable({ domain })
      await noTraces(of)
    },
  )

  // Alone: it looks for each key at once in the worker that serves it, which other erasures replace.
  test('has nothing of a key that a swap has erased, and the one that took its place', async () => {
    const domain = await newDomain()
    const leaves = [1, 2, 3].map(() => issueTestLeaf(authority, { names: [domain] }))
    const [first] = leaves as [TestLeaf, TestLeaf, TestLeaf]
    const erased = await served(first, domain, 'd little-endian, begin')
    for (const leaf of leaves.slice(1)) await served(leaf, domain, 'd little-endian, begin')
    await noTraces(erased)
    await servedFrom(domain, tracesOf((leaves[2] as TestLeaf).keyPem), 'd little-endian, begin')
  })

  test.concurrent('has nothing of the key of a free certificate after HTTPS is off', async () => {
    const domain = await newDomain()
    await client.https.enable({ domain, source: { type: 'free' } })
    const of = tracesOf(sealedKeyOf(home, domain))
    await servedFrom(domain, of, 'd little-endian, begin', (await client.authority.get())?.root.pem)
    await client.https.disable({ domain })
    await noTraces(of)
  })

  test.concurrent('has nothing of an upload that was abandoned, or that was refused', async () => {
    const domain = await newDomain()
    const leaf = issueTestLeaf(authority, { names: [domain], key: 'rsa' })
    const abandoned = await client.staging.open({ files: uploads(leaf), domain })
    expect(traces(tracesOf(leaf.keyPem))['engine.js']).not.toBeUndefined()
    await client.staging.discard({ stagingId: abandoned.stagingId })
    await noTraces(tracesOf(leaf.keyPem))

    const stranger = issueTestLeaf(authority, { names: [domain] })
    const [certificate] = uploads(leaf) as [File, File]
    const [, key] = uploads(stranger) as [File, File]
    const { stagingId } = await client.staging.open({ files: [certificate, key], domain })
    const refused = client.https.enable({ domain, source: { type: 'upload', stagingId, keep: true } })
    await expect(refused).rejects.toMatchObject({ code: 'key.mismatch' })
    await client.staging.discard({ stagingId })
    await noTraces(tracesOf(stranger.keyPem))
  })

  test.concurrent('has nothing of a key that is inspected while its session is open', async () => {
    const [plain, sealed] = [1, 2].map(() => issueTestLeaf(authority, { names: ['shop.test'], key: 'rsa' }))
    const [open, locked] = [plain as TestLeaf, sealed as TestLeaf]
    const encrypted = createPrivateKey(locked.keyPem).export({
      ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase },
    })
    const { inspect } = client
    const files = [
      ...uploads(open),
      new File([locked.chainPem], 'locked.crt'),
      new File([encrypted], 'k.key'),
    ]
    const { sessionId, report } = await inspect.open({ files })
    expect(report.pieces.filter((piece) => piece.locked)).toHaveLength(1)
    const unlocked = await inspect.unlock({ sessionId, passphrase })
    expect(unlocked.report.bundles.map(({ key }) => key !== null)).toEqual([true, true])
    await noTraces(tracesOf(open.keyPem))
    await noTraces(tracesOf(locked.keyPem))
    expect((await inspect.lint({ sessionId })).certificates.length).toBeGreaterThan(1)
    await inspect.close({ sessionId })
    await expect(inspect.lint({ sessionId })).rejects.toMatchObject({ code: 'staging.expired' })
  })

  test.concurrent('has nothing of a key that came with a passphrase, once its domain is off HTTPS', async () => {
    const domain = await newDomain()
    const leaf = issueTestLeaf(authority, { names: [domain], key: 'rsa' })
    const locked = createPrivateKey(leaf.keyPem).export({
      ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase },
    })
    const files = [new File([leaf.chainPem], 'site.crt'), new File([locked], 'site.key')]
    const { stagingId, report } = await client.staging.open({ files, domain })
    const piece = report.pieces.find(({ kind }) => kind === 'encrypted-private-key')
    await client.staging.unlock({ stagingId, pieceId: piece?.id ?? '', passphrase })
    await client.https.enable({ domain, source: { type: 'upload', stagingId, keep: false } })
    const of = tracesOf(leaf.keyPem)
    await servedFrom(domain, of, 'p little-endian, begin')
    await client.https.disable({ domain })
    await noTraces(of)
  })

  test('has nothing of any key after the vault is locked and HTTPS stops with it', async () => {
    const domain = await newDomain()
    const ready = running.httpPort
    const of = await served(issueTestLeaf(authority, { names: [domain] }), domain, 'd little-endian, begin')
    await client.vault.protect({ protector: 'passphrase', passphrase, proof: await codeOf({ client }) })
    await client.vault.setLocking({ autoLockMinutes: null, stopServing: true })
    await client.vault.lock()
    await noTraces(of)
    expect((await client.engine.status()).edge.http?.port).toBe(ready)
    await client.vault.unlock({ passphrase })
    await servedFrom(domain, of, 'd little-endian, begin')
  })
})

/** Sealed key of a domain, as anyone with the key file can read it. */
function sealedKeyOf(folder: string, domain: string): string {
  const keyFile = readdirSync(folder).find((name) => name.endsWith('.key')) as string
  const database = new Database(join(folder, 'vault.db'), { readonly: true })
  const read = (statement: string, ...values: string[]) =>
    database
      .prepare(statement)
      .pluck()
      .get(...values)
  const id = read('SELECT certificate_id FROM domains WHERE name = ?', domain) as string
  const spkiSha256 = read('SELECT spki_sha256 FROM certificates WHERE id = ?', id) as string
  const sealed = read('SELECT sealed FROM sealed_keys WHERE certificate_id = ?', id) as Buffer
  const wrapped = read('SELECT wrapped_data_key FROM protection') as Buffer
  const vaultId = read('SELECT vault_id FROM vault') as string
  database.close()
  const dataKey = unseal(readFileSync(join(folder, keyFile)), wrapped, dataKeyBinding(vaultId))
  return unseal(dataKey.bytes, sealed, keyBinding({ id, spkiSha256 })).bytes.toString('latin1')
}
