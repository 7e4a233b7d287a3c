import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { obtain, openAcmeEngine, shownAt, type AcmeEngine } from '../../../support/acme/engine.ts'
import { enableByUpload, openTestEngine, originAt, type TestEngine } from '../../../support/engine/engine.ts'
import { startHostileDirectory, type HostileDirectory } from '../../../support/acme/hostile-directory.ts'
import { dayMs, lookAt, jumpingClock } from '../../../support/engine/jumping-clock.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { whyNoPebble } from '../../../support/acme/pebble.ts'
import { unless } from '../../../support/needs.ts'

describe('certificates of a real Pebble, the short form', unless(whyNoPebble()), () => {
  test('are got by http-01, renewed by themselves, and their account changes its key', async () => {
    const clock = jumpingClock()
    const opened: AcmeEngine = await openAcmeEngine({}, clock.now)
    const { client, engine, ports } = opened
    try {
      expect(await obtain(client, 'shop.test')).toContain('done')
      const before = await shownAt(ports.https, 'shop.test')
      const { id } = (await client.certificates.list())[0] ?? { id: '' }
      await engine.context.parts.renewal?.look()
      expect(engine.context.parts.vault.renewals.get(id)?.state.window).toMatchObject({
        start: expect.any(String) as string,
      })
      await client.acme.rolloverAccount({ reference: 'Pebble' })
      await client.vault.rotate({})
      await lookAt(clock, 75 * dayMs, { engine })
      const failures = (await client.certificates.list()).map(({ renewal }) => renewal?.failure ?? null)
      expect(failures).toEqual([null, null])
      expect((await shownAt(ports.https, 'shop.test')).fingerprint).not.toBe(before.fingerprint)
      await client.acme.revoke({ certificateId: id, reason: 'superseded' })
      expect((await client.certificates.list()).find((one) => one.id === id)?.revoked).toBe(true)
      await expect(client.acme.endAccount({ reference: 'Pebble' })).rejects.toMatchObject({
        code: 'acme.account_in_use',
      })
      await client.acme.endAccount({ reference: 'Pebble', force: true })
      expect(await client.acme.accounts()).toEqual([])
    } finally {
      await opened.close()
    }
  })
})

describe('an order', () => {
  let opened: TestEngine
  let server: HostileDirectory
  beforeEach(async () => {
    opened = await openTestEngine()
    server = await startHostileDirectory()
    const { url: directory, rootPem: rootsPem } = server
    await opened.client.acme.addAccount({ name: 'Far', directory, rootsPem })
    await opened.client.domains.add({ name: 'shop.test', origin: originAt(9) })
  })
  afterEach(async () => {
    await opened.close()
    await server.close()
  })

  type Order = Parameters<TestEngine['client']['acme']['obtain']>[0]

  async function order(
    wish: Order['wish'],
    over: Partial<Order> = {},
    signal?: AbortSignal,
  ): Promise<string[]> {
    const states: string[] = []
    const asked = { domain: 'shop.test', account: 'Far', wish, ...over }
    for await (const event of await opened.client.acme.obtain(asked, { signal }))
      states.push(event.type === 'state' ? event.state : event.type)
    return states
  }

  /** Adds a hook that records its call and exits with `exitCode`. */
  async function addHook(exitCode = 0): Promise<string> {
    const noted = join(opened.folder, 'noted')
    const file = join(opened.folder, 'hook')
    writeFileSync(file, `#!/bin/sh\necho "$1 $2 $3" >> ${noted}\necho "no such zone" >&2\nexit ${exitCode}\n`)
    chmodSync(file, 0o700)
    const { parts } = opened.engine.contextFor('command line')
    const { addDnsMethod } = await import('../../../../src/engine/acme/client/dns-methods.ts')
    await addDnsMethod(parts, { name: 'Hook', settings: { kind: 'hook', command: [file] }, waitSeconds: 120 })
    return noted
  }

  test('sets the record by a program, and takes it away', async () => {
    const noted = await addHook()
    expect(await order({ challenge: 'dns-01', dnsMethod: 'Hook' })).toContain('done')
    const lines = readFileSync(noted, 'utf8').trim().split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/^present _acme-challenge\.shop\.test [\w-]{43}$/) as string,
      expect.stringMatching(/^cleanup _acme-challenge\.shop\.test [\w-]{43}$/) as string,
    ])
    const { https } = await opened.client.domains.get({ domain: 'shop.test' })
    expect(https.certificate).toMatchObject({ kind: 'free', renewal: { by: 'acme', account: 'Far' } })
    const ended = opened.client.acme.endAccount({ reference: 'Far' })
    await expect(ended).rejects.toMatchObject({ code: 'acme.account_in_use' })
  })

  test('puts no certificate in place of a better one that came into use during the order', async () => {
    await addHook()
    const [begun, go] = [join(opened.folder, 'begun'), join(opened.folder, 'go')]
    const waiting = `#!/bin/sh\n: > ${begun}\nwhile [ ! -e ${go} ]; do sleep 0.05; done\n`
    writeFileSync(join(opened.folder, 'hook'), waiting)
    const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test', 'www.shop.test'] })
    const swap = async () => {
      await vi.waitFor(() => expect(existsSync(begun)).toBe(true), 20_000)
      await enableByUpload(opened.client, 'shop.test', leaf)
      writeFileSync(go, '')
    }
    const ordered = order({ challenge: 'dns-01', dnsMethod: 'Hook' })
    await Promise.all([expect(ordered).rejects.toMatchObject({ code: 'certificate.worse' }), swap()])
    const { https } = await opened.client.domains.get({ domain: 'shop.test' })
    expect(https.certificate?.fingerprintSha256).toBe(leaf.fingerprintSha256)
  })

  test('says what the program says that cannot set the record', async () => {
    await addHook(3)
    const failed = order({ challenge: 'dns-01', dnsMethod: 'Hook' })
    await expect(failed).rejects.toMatchObject({ code: 'acme.dns_failed' })
    await expect(failed).rejects.toThrow('it ended with 3: no such zone')
  })

  test('runs no program but the one that was sealed', async () => {
    const noted = await addHook()
    const database = new Database(join(opened.folder, 'vault.db'))
    database.exec(`UPDATE dns_methods SET settings = json_set(settings, '$.command[1]', 'more')`)
    database.close()
    const failed = order({ challenge: 'dns-01', dnsMethod: 'Hook' })
    await expect(failed).rejects.toMatchObject({ code: 'acme.dns_failed' })
    await expect(failed).rejects.toThrow('not those that were sealed')
    expect(existsSync(noted)).toBe(false)
  })

  test('takes no program from the window', async () => {
    const settings = { kind: 'hook' as const, command: ['/bin/true'] }
    const { client } = opened
    await expect(client.acme.addDnsMethod({ name: 'Hook', settings })).rejects.toMatchObject({
      code: 'acme.hook_from_window',
    })
  })

  test('needs an edge, a DNS method, an account and a challenge that fit its names', async () => {
    const dns = { challenge: 'dns-01', dnsMethod: 'Nobody' } as const
    await expect(order({})).rejects.toMatchObject({ code: 'acme.no_edge' })
    await expect(order(dns)).rejects.toMatchObject({ code: 'acme.dns_not_found' })
    await expect(order({}, { account: 'Nobody' })).rejects.toMatchObject({ code: 'acme.account_not_found' })
    await expect(order({}, { names: ['*.shop.test'] })).rejects.toMatchObject({
      code: 'acme.wildcard_needs_dns',
    })
    const { client } = opened
    const { url: directory, rootPem: rootsPem } = server
    await expect(client.acme.addAccount({ name: 'Far', directory, rootsPem })).rejects.toMatchObject({
      code: 'acme.account_name_taken',
    })
    const binding = { keyId: 'me', macKey: 'too short' }
    await expect(
      client.acme.addAccount({ name: 'Other', directory, rootsPem, binding }),
    ).rejects.toMatchObject({ code: 'acme.binding_malformed' })
    const needing = {
      newNonce: `${server.origin}/nonce`,
      newAccount: `${server.origin}/account`,
      newOrder: `${server.origin}/order`,
      meta: { externalAccountRequired: true },
    }
    server.instead.set('/dir', () => ({ body: needing }))
    await expect(client.acme.addAccount({ name: 'Other', directory, rootsPem })).rejects.toMatchObject({
      code: 'acme.binding_required',
    })
    expect(await client.acme.directory({ directory, rootsPem })).toMatchObject({
      needsBinding: true,
      profiles: [],
    })
  })

  test('is one at a time for a name, and is cancelled with nothing changed', async () => {
    await addHook()
    server.instead.set('/finalize', () => ({ silent: true }))
    const cancel = new AbortController()
    const wish = { challenge: 'dns-01', dnsMethod: 'Hook' } as const
    const running = order(wish, {}, cancel.signal)
    await expect.poll(() => server.asked.includes('/finalize')).toBe(true)
    await expect(order(wish)).rejects.toMatchObject({ code: 'acme.busy' })
    cancel.abort()
    await expect(running).rejects.toThrow(/cancelled|abort/i)
    await expect.poll(() => opened.engine.context.parts.orderedNames.size).toBe(0)
    expect(await opened.client.certificates.list()).toEqual([])
  })

  test('stores nothing if the certificate has other names', async () => {
    await addHook()
    const { publicKey } = (await import('node:crypto')).generateKeyPairSync('ec', { namedCurve: 'P-256' })
    server.instead.set('/certificate', () => ({
      headers: { 'content-type': 'application/pem-certificate-chain' },
      body: server.issue(publicKey, ['shop.test']),
    }))
    const refused = order({ challenge: 'dns-01', dnsMethod: 'Hook' })
    await expect(refused).rejects.toMatchObject({ code: 'acme.certificate_unusable' })
    expect(await opened.client.certificates.list()).toEqual([])
  })

  test('revokes only what an account of this vault got', async () => {
    await opened.client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
    const [certificate] = await opened.client.certificates.list()
    const revoked = opened.client.acme.revoke({ certificateId: certificate?.id ?? '', reason: 'superseded' })
    await expect(revoked).rejects.toMatchObject({ code: 'acme.not_ours' })
  })
})
