import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { updateAcmeDns } from '../../../../../src/engine/acme/client/acme-dns.ts'
import { updateTxt } from '../../../../../src/engine/acme/client/dns-update.ts'
import { type NameServers, nameServersBy } from '../../../../../src/engine/acme/client/name-servers.ts'
import { txtLookup } from '../../../../../src/engine/acme/client/txt-lookup.ts'
import { openAcmeServer, type OpenedAcme } from '../../../../support/acme/server.ts'
import { type AcmeDns, startAcmeDns } from '../../../../support/acme/dns.ts'
import { whyNoBind, startBind, type Bind } from '../../../../support/acme/bind.ts'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  testEdge,
  type TestEngine,
  uploads,
} from '../../../../support/engine/engine.ts'
import { unless } from '../../../../support/needs.ts'

/** The ACME server on one engine, the client on another, and a real BIND that both ask. */
describe('validation by a real BIND', unless(whyNoBind()), () => {
  let bind: Bind
  let server: OpenedAcme
  let client: TestEngine
  let acmeDns: AcmeDns
  const endings: (() => Promise<void>)[] = []
  beforeAll(async () => {
    bind = await startBind({ zones: ['shop.test', 'auth.test'], resolves: true })
    acmeDns = await startAcmeDns(bind, 'auth.test')
    server = await openAcmeServer({ dnsPort: bind.port })
    client = await openClient(txtLookup([`127.0.0.1:${bind.port}`]), inBind())
    await client.client.acme.addDnsMethod({ name: 'bind', settings: settings(), secret: bind.secret })
  })
  afterAll(async () => {
    for (const end of endings) await end()
    await server?.close()
    await acmeDns?.close()
    await bind?.close()
  })

  const settings = () =>
    ({
      kind: 'rfc2136',
      server: '127.0.0.1',
      port: bind.port,
      zone: bind.zone,
      keyName: bind.keyName,
    }) as const
  const inBind = () =>
    nameServersBy({ resolver: [`127.0.0.1:${bind.port}`], portAt: () => `127.0.0.1:${bind.port}` })

  async function openClient(
    lookupTxt: (name: string) => Promise<string[]>,
    nameServers?: NameServers,
    edge: typeof testEdge | null = null,
  ): Promise<TestEngine> {
    const opened = await openTestEngine(undefined, undefined, edge, { lookupTxt, nameServers })
    endings.push(() => opened.close())
    const rootsPem = (await server.opened.client.authority.get())!.root.pem
    await opened.client.acme.addAccount({ name: 'Local', directory: server.directory, rootsPem })
    return opened
  }

  type Wish = Parameters<TestEngine['client']['acme']['obtain']>[0]['wish']

  async function obtain({ client: of }: TestEngine, domain: string, wish: Wish): Promise<string> {
    if (!(await of.domains.list()).some(({ name }) => name === domain))
      await of.domains.add({ name: domain, origin: originAt(9) })
    let last = ''
    for await (const event of await of.acme.obtain({ domain, account: 'Local', wish })) last = event.type
    return last
  }

  const set = (value: string, act: 'add' | 'remove' = 'add', name = '_validation-persist.shop.test') =>
    updateTxt(
      { server: '127.0.0.1', port: bind.port, zone: bind.zone, keyName: 'acme', algorithm: 'hmac-sha256' },
      Buffer.from(bind.secret, 'base64'),
      { act, name, value },
    )

  test('dns-01 gets a certificate, and its record is taken away again', async () => {
    expect(await obtain(client, 'a.shop.test', { challenge: 'dns-01', dnsMethod: 'bind' })).toBe('done')
    expect(await bind.txt('_acme-challenge.a.shop.test')).toEqual([])
    expect(await obtain(client, '*.shop.test', { challenge: 'dns-01', dnsMethod: 'bind' })).toBe('done')
  })

  test('a certificate has the requested profile, and an unknown one is an error', async () => {
    const wish = { challenge: 'dns-01', dnsMethod: 'bind' } as const
    expect(await obtain(client, 'brief.shop.test', { ...wish, profile: 'shortlived' })).toBe('done')
    const { certificate } = (await client.client.domains.get({ domain: 'brief.shop.test' })).https
    const hours = (Date.parse(certificate?.notAfter ?? '') - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(159)
    expect(hours).toBeLessThan(161)
    await expect(obtain(client, 'brief.shop.test', { ...wish, profile: 'long' })).rejects.toMatchObject({
      code: 'acme.profile_unknown',
      data: { offered: ['classic', 'tlsserver', 'shortlived'] },
    })
  })

  test('a certificate that its authority wants renewed at once is, at the next look', async () => {
    const wish = { challenge: 'dns-01', dnsMethod: 'bind' } as const
    // An engine without an edge renews nothing by itself.
    const running = await openClient(txtLookup([`127.0.0.1:${bind.port}`]), inBind(), testEdge)
    await running.client.acme.addDnsMethod({ name: 'bind', settings: settings(), secret: bind.secret })
    expect(await obtain(running, 'moved-up.shop.test', wish)).toBe('done')
    const { vault, ariAskedAt, renewal } = running.engine.context.parts
    const served = async () =>
      (await running.client.domains.get({ domain: 'moved-up.shop.test' })).https.certificate!
    const { id, fingerprintSha256 } = await served()
    await renewal!.look()
    expect((await served()).id).toBe(id)
    expect(Date.parse(vault.renewals.get(id)!.state.window!.start)).toBeGreaterThan(Date.now())
    // Moves its renewal window into the past (RFC 9773, section 4.2), the only thing that the client is sent.
    const reference = fingerprintSha256.slice(0, 16)
    await server.opened.client.localCertificates.revoke({ reference, reason: 'superseded' })
    // Clears the ARI cache, as if its six hours had passed.
    ariAskedAt.clear()
    const kept = vault.renewals.get(id)!
    vault.renewals.put({ ...kept, state: { ...kept.state, window: null } })
    await renewal!.look()
    const renewed = await served()
    expect(renewed.id).not.toBe(id)
    // An authority that wants each new certificate renewed at once is not asked again at once.
    await server.opened.client.localCertificates.revoke({
      reference: renewed.fingerprintSha256.slice(0, 16),
      reason: 'superseded',
    })
    await renewal!.look()
    expect((await served()).id).toBe(renewed.id)
  })

  async function statesOf(domain: string, wish: Wish): Promise<unknown[]> {
    await client.client.domains.add({ name: domain, origin: originAt(9) })
    const events: unknown[] = []
    for await (const event of await client.client.acme.obtain({ domain, account: 'Local', wish }))
      if (event.type === 'state') events.push({ state: event.state, servers: event.servers })
    return events
  }

  test.each([
    ['', 'This DNS method needs its secret.'],
    [' ', 'This DNS method needs its secret.'],
    ['not base64!', 'The TSIG key is not base64.'],
  ])('a DNS method is not added with the secret %j', async (secret, reason) => {
    const settings = { kind: 'rfc2136', server: '127.0.0.1', zone: 'a.test', keyName: 'k' } as const
    const added = client.client.acme.addDnsMethod({ name: 'none', settings, secret })
    await expect(added).rejects.toMatchObject({ code: 'input.invalid', data: { reason } })
  })

  test.each(['file:///etc/passwd', 'javascript:alert(1)', 'ftp://auth.test'])(
    'an acme-dns server is not asked at %s',
    async (server) => {
      const settings = { kind: 'acme-dns', server, username: 'u', subdomain: 's' } as const
      const added = client.client.acme.addDnsMethod({ name: 'none', settings, secret: 'x' })
      await expect(added).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    },
  )

  test.each([
    'http://auth.test',
    'http://192.0.2.1:8080/',
    'http://localhost.auth.test',
    'http://127.0.0.1.auth.test',
  ])('the password of an acme-dns account does not go to %s in clear', async (server) => {
    const settings = { kind: 'acme-dns', server, username: 'u', subdomain: 's' } as const
    const added = client.client.acme.addDnsMethod({ name: 'clear', settings, secret: 'x' })
    await expect(added).rejects.toMatchObject({ code: 'acme.dns_in_clear' })
    // Nor for an account that an earlier version took.
    const updated = updateAcmeDns(settings, 'x', 'value')
    await expect(updated).rejects.toMatchObject({ code: 'acme.dns_in_clear' })
  })

  test.each(['http://localhost:1', 'http://[::1]:1', 'https://auth.test'])(
    'an acme-dns server at %s is taken',
    async (server) => {
      const { acme } = client.client
      const settings = { kind: 'acme-dns', server, username: 'u', subdomain: 's' } as const
      const { id } = await acme.addDnsMethod({ name: 'fits', settings, secret: 'x' })
      await acme.removeDnsMethod({ reference: id })
    },
  )

  test('dns-01 tells which name servers have the record before the challenge is answered', async () => {
    const states = await statesOf('waits.shop.test', { challenge: 'dns-01', dnsMethod: 'bind' })
    const servers = [
      {
        server: 'ns.shop.test (127.0.0.1)',
        state: 'found',
        says: expect.stringMatching(/^"[\w-]{43}"$/) as string,
      },
    ]
    expect(states).toContainEqual({ state: 'propagating', servers })
  })

  test('dns-01 gets and renews certificates by acme-dns, through the alias', async () => {
    const { fulldomain, password, ...account } = await acmeDns.register()
    const settings = { kind: 'acme-dns', server: acmeDns.url, ...account } as const
    await client.client.acme.addDnsMethod({ name: 'acme-dns', settings, secret: password, waitSeconds: 2 })
    const wish = { challenge: 'dns-01', dnsMethod: 'acme-dns' } as const
    await client.client.acme.addDnsMethod({ name: 'wrong', settings, secret: 'guessed' })
    await expect(obtain(client, 'by.shop.test', { ...wish, dnsMethod: 'wrong' })).rejects.toMatchObject({
      code: 'acme.dns_failed',
      data: { reason: expect.stringContaining('401') as string },
    })
    // Without the alias, the record is not found, and the authority gets no order.
    const unaliased = obtain(client, 'by.shop.test', wish)
    await expect(unaliased).rejects.toMatchObject({ code: 'acme.dns_not_propagated' })
    await expect(unaliased).rejects.toThrow('ns.shop.test (127.0.0.1) has no such record')
    bind.alias('_acme-challenge.by.shop.test', fulldomain)
    await client.client.acme.setDnsWait({ reference: 'acme-dns', waitSeconds: 60 })
    expect(await obtain(client, 'by.shop.test', wish)).toBe('done')
    expect(await obtain(client, 'by.shop.test', wish)).toBe('done')
    const titled = (await client.client.certificates.list()).find(({ title }) => title === 'by.shop.test')
    for await (const renewed of await client.client.renewal.renew({ ids: [titled?.id ?? ''] }))
      expect(renewed).toMatchObject({ outcome: 'renewed' })
    // A renewed certificate keeps its renewal method, also after a revocation.
    const served = async () => (await client.client.domains.get({ domain: 'by.shop.test' })).https.certificate
    expect(await served()).toMatchObject({ renewal: { by: 'acme', account: 'Local' } })
    const { id } = (await served())!
    await client.client.acme.revoke({ certificateId: id, reason: 'superseded' })
    for await (const renewed of await client.client.renewal.renew({ ids: [id] }))
      expect(renewed).toMatchObject({ outcome: 'renewed' })
    expect(await served()).toMatchObject({ renewal: { by: 'acme', account: 'Local' } })
    expect(acmeDns.asked.filter((line) => line === '/update 200')).toHaveLength(5)
    // The last two values stay, as in acme-dns.
    expect(await bind.txt(fulldomain)).toHaveLength(2)
  })

  test('an uploaded certificate is renewed by ACME from now on, after a person took the other authority', async () => {
    const { domains, renewal, certificates } = client.client
    await domains.add({ name: 'up.shop.test', origin: originAt(9) })
    const leaf = issueTestLeaf(createTestAuthority(), { names: ['up.shop.test'] })
    await enableByUpload(client.client, 'up.shop.test', leaf)
    const shown = async () => (await domains.get({ domain: 'up.shop.test' })).https.certificate
    const { id } = (await shown())!
    const wish = { by: 'acme', account: 'Local', challenge: 'dns-01', dnsMethod: 'bind' } as const
    expect(await renewal.set({ id, wish })).toMatchObject({ renewal: { by: 'acme', account: 'Local' } })
    const outcomes = async (acceptWorse: boolean) => {
      const all: string[] = []
      for await (const one of await renewal.renew({ ids: [id], acceptWorse })) all.push(one.outcome)
      return all
    }
    expect(await outcomes(false)).toEqual(['held'])
    const { renewal: state } = (await certificates.list()).find((each) => each.id === id)!
    expect(state?.held?.reasons).toMatchObject([expect.stringContaining('another authority')])
    expect((await shown())?.id).toBe(id)
    expect(await outcomes(true)).toEqual(['renewed'])
    expect(await shown()).toMatchObject({ kind: 'free', renewal: { by: 'acme', account: 'Local' } })
    const wild = issueTestLeaf(createTestAuthority(), { names: ['*.wild.test'] })
    const { stagingId } = await client.client.staging.open({ files: uploads(wild) })
    const imported = await certificates.import({ stagingId })
    const byHttp = { by: 'acme', account: 'Local', challenge: 'http-01' } as const
    await expect(renewal.set({ id: imported.id, wish: byHttp })).rejects.toMatchObject({
      code: 'acme.wildcard_needs_dns',
    })
  })

  test('dns-persist-01 says which record to set, and gets and renews certificates by it', async () => {
    const wish = { challenge: 'dns-persist-01' } as const
    const failure = await obtain(client, 'shop.test', wish).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'acme.persistent_record_missing',
      data: { seen: [], reason: null },
    })
    const { name, value } = (failure as { data: { name: string; value: string } }).data
    expect(name).toBe('_validation-persist.shop.test')
    expect(value).toMatch(
      /^edgekeep\.internal; accounturi=https:\/\/localhost:\d+\/account-hash\/sha-256\/[\w-]{43}$/,
    )
    await set('edgekeep.internal; accounturi=https://localhost/somebody-else')
    await expect(obtain(client, 'shop.test', wish)).rejects.toMatchObject({
      code: 'acme.persistent_record_missing',
      data: { seen: [expect.stringContaining('somebody-else') as string] },
    })
    await set(value)
    expect(await obtain(client, 'shop.test', wish)).toBe('done')
    const { id } = (await client.client.certificates.list()).find(({ title }) => title === 'shop.test') ?? {
      id: '',
    }
    for await (const renewed of await client.client.renewal.renew({ ids: [id] }))
      expect(renewed).toMatchObject({ outcome: 'renewed' })
  })

  test('the record is shown before any order, and an existing one is recognized', async () => {
    const names = ['early.shop.test', '*.early.shop.test', 'shop.test']
    const ask = () => client.client.acme.persistentRecords({ account: 'Local', names })
    const [early, first] = await ask()
    expect(early).toMatchObject({ domain: 'early.shop.test', isThere: false, seen: [], reason: null })
    expect(early?.value).toMatch(/^edgekeep\.internal; accounturi=.*; policy=wildcard$/)
    expect(first).toMatchObject({ domain: 'shop.test', isThere: true })
    await set(early?.value ?? '', 'add', early?.name)
    expect(await ask()).toMatchObject([{ isThere: true }, { isThere: true }])
    const wish = { challenge: 'dns-persist-01' } as const
    expect(await obtain(client, 'early.shop.test', wish)).toBe('done')
    expect(await obtain(client, '*.early.shop.test', wish)).toBe('done')
  })

  test('a directory without a description of its records is an error', async () => {
    const { acmeServer } = server.opened.client
    await acmeServer.set({ dnsPort: null })
    const asked = client.client.acme.persistentRecords({ account: 'Local', names: ['shop.test'] })
    await expect(asked).rejects.toMatchObject({ code: 'acme.persistent_unavailable' })
    await acmeServer.set({ dnsPort: bind.port })
  })

  test('a record goes on to count when the account has another key, and another', async () => {
    const wish = { challenge: 'dns-persist-01' } as const
    const { acme } = client.client
    const [before] = await acme.persistentRecords({ account: 'Local', names: ['shop.test'] })
    await acme.rolloverAccount({ reference: 'Local' })
    expect(await obtain(client, 'shop.test', wish)).toBe('done')
    await acme.rolloverAccount({ reference: 'Local' })
    expect(await obtain(client, 'shop.test', wish)).toBe('done')
    const [after] = await acme.persistentRecords({ account: 'Local', names: ['shop.test'] })
    expect(after).toMatchObject({ isThere: true, seen: expect.arrayContaining([before?.value]) as string[] })
    expect(after?.value).not.toBe(before?.value)
    const { vault } = server.opened.engine.context.parts
    const [account] = vault.acmeServer.page({ limit: 1 })
    expect(vault.acmeServer.thumbprints(account?.id ?? '')).toHaveLength(3)
  })

  test('dns-persist-01 of a wildcard wants that in the record', async () => {
    const wish = { challenge: 'dns-persist-01' } as const
    const name = '_validation-persist.wild.shop.test'
    const failure = await obtain(client, '*.wild.shop.test', wish).catch((error: unknown) => error)
    const { value } = (failure as { data: { value: string } }).data
    expect(value).toMatch(/; policy=wildcard$/)
    await set(value.replace('; policy=wildcard', ''), 'add', name)
    await expect(obtain(client, '*.wild.shop.test', wish)).rejects.toMatchObject({
      code: 'acme.persistent_record_missing',
    })
    await set(value, 'add', name)
    expect(await obtain(client, '*.wild.shop.test', wish)).toBe('done')
  })

  test('the server itself refuses a record that is another account’s', async () => {
    const records = await bind.txt('_validation-persist.shop.test')
    expect(records).toHaveLength(2)
    let told = ''
    const other = await openClient((name) => {
      // The client's own look-up is forged, so the server's decides.
      expect(name).toBe('_validation-persist.shop.test')
      return Promise.resolve([told])
    })
    const wish = { challenge: 'dns-persist-01' } as const
    const failure = await obtain(other, 'shop.test', wish).catch((error: unknown) => error)
    told = (failure as { data: { value: string } }).data.value
    await expect(obtain(other, 'shop.test', wish)).rejects.toMatchObject({
      code: 'acme.validation_failed',
      data: { challenge: 'dns-persist-01', problem: { type: 'unauthorized' } },
    })
  })

  test('a failed lookup is reported with its reason', async () => {
    const dead = await openClient(txtLookup(['127.0.0.1:9']))
    await expect(obtain(dead, 'shop.test', { challenge: 'dns-persist-01' })).rejects.toMatchObject({
      code: 'acme.persistent_record_missing',
      data: { reason: expect.any(String) as string },
    })
  })
})
