import { once } from 'node:events'
import { connect } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import type { Client } from '../../../../src/client/client.ts'
import { ariIdOf, orderedAriIdOf } from '../../../../src/engine/acme/client/renewal-info.ts'
import { shownAt } from '../../../support/acme/engine.ts'
import { startOrigin } from '../../../support/edge/origin.ts'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../../../support/engine/engine.ts'
import { dayMs, lookAt, jumpingClock, type JumpingClock } from '../../../support/engine/jumping-clock.ts'
import { startHostileDirectory } from '../../../support/acme/hostile-directory.ts'
import { requestOf } from '../../../support/edge/edge-request.ts'
import { codeOf } from '../../../support/vault/recovery.ts'

const hourMs = 3_600_000
const yearMs = 365 * dayMs

let opened: TestEngine | undefined
const endings: (() => unknown)[] = []
afterEach(async () => {
  await opened?.close()
  opened = undefined
  for (const end of endings.splice(0)) await end()
})

async function open(clock: JumpingClock, originPort = 9): Promise<TestEngine & { port: number }> {
  opened = await openTestEngine(undefined, clock.now, testEdge)
  await opened.client.domains.add({ name: 'shop.test', origin: originAt(originPort) })
  await opened.client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
  const port = opened.engine.context.parts.supervisor?.status().https?.port ?? 0
  return { ...opened, port }
}

describe('a local certificate', () => {
  test('is replaced in the handshake that finds it expired, after a year of sleep', async () => {
    const clock = jumpingClock(-500 * dayMs)
    const { port, client } = await open(clock)
    const before = await client.domains.get({ domain: 'shop.test' })
    expect(Date.parse(before.https.certificate?.notAfter ?? '')).toBeLessThan(Date.now())
    clock.jumpTo(0)
    const shown = await Promise.all([1, 2, 3].map(() => shownAt(port, 'shop.test')))
    for (const { notAfter, fingerprint } of shown) {
      expect(notAfter.getTime()).toBeGreaterThan(Date.now() + 300 * dayMs)
      expect(fingerprint).not.toBe(before.https.certificate?.fingerprintSha256)
    }
    const after = await client.domains.get({ domain: 'shop.test' })
    expect(after.https.certificate?.fingerprintSha256).toBe(shown[0]?.fingerprint)
    expect(await client.certificates.list()).toHaveLength(2)
  })

  test('is unknown to ACME servers, which are not asked about it', async () => {
    const { client, engine } = await open(jumpingClock())
    const { vault } = engine.context.parts
    const { https } = await client.domains.get({ domain: 'shop.test' })
    const row = vault.certificates.get(https.certificate!.id)!
    expect(orderedAriIdOf(vault, row)).toBeNull()
    vault.issued.forget(vault.issued.findByFingerprint(row.fingerprintSha256)!.serial)
    expect(orderedAriIdOf(vault, row)).toBe(ariIdOf(row.chainPem))
    expect(orderedAriIdOf(vault, { ...row, kind: 'uploaded' })).toBeNull()
  })

  test('is renewed after days in which nothing ran', async () => {
    const clock = jumpingClock()
    const { client } = await open(clock)
    const before = (await client.domains.get({ domain: 'shop.test' })).https.certificate
    clock.jumpTo(300 * dayMs)
    opened = await opened!.reopen()
    await opened.engine.context.parts.renewal?.look()
    const after = (await opened.client.domains.get({ domain: 'shop.test' })).https.certificate
    expect(after?.fingerprintSha256).not.toBe(before?.fingerprintSha256)
    const lastsMs = Date.parse(after?.notAfter ?? '') - clock.now().getTime()
    expect(lastsMs).toBeGreaterThan(390 * dayMs)
  })

  test('is replaced in its last hours too, and not with days left', async () => {
    const clock = jumpingClock(-(397 * dayMs - 6 * 3_600_000))
    const { port, client } = await open(clock)
    const before = await client.domains.get({ domain: 'shop.test' })
    clock.jumpTo(0)
    const { fingerprint } = await shownAt(port, 'shop.test')
    expect(fingerprint).not.toBe(before.https.certificate?.fingerprintSha256)
    expect((await shownAt(port, 'shop.test')).fingerprint).toBe(fingerprint)
  })

  test('is due at once in lists and commands when a clock that was ahead made it, and is replaced', async () => {
    const clock = jumpingClock()
    const { engine, client, port } = await open(clock)
    await lookAt(clock, 5 * yearMs, { engine })
    clock.jumpTo(0)
    const { https } = await client.domains.get({ domain: 'shop.test' })
    expect(https.certificate).toMatchObject({ expiry: 'not-yet-valid' })
    expect(Date.parse(https.certificate?.renewal?.at ?? '')).toBeLessThanOrEqual(clock.now().getTime())
    const planned = await collect(await client.renewal.renew({ due: true, dryRun: true }))
    expect(planned).toMatchObject([{ outcome: 'would-renew' }])
    const { entries } = await client.renewal.calendar({ months: 1 })
    expect(entries).toMatchObject([{ kind: 'renew' }])
    const { fingerprint } = await shownAt(port, 'shop.test')
    const after = (await client.domains.get({ domain: 'shop.test' })).https.certificate
    expect(after).toMatchObject({ expiry: 'ok', fingerprintSha256: fingerprint, renewal: { held: null } })
    expect(await verified(port, 'shop.test', client)).toBe(true)
  })

  test('is renewed when two thirds of its life are over, without a request failing', async () => {
    const origin = await startOrigin((_request, response) => void response.end('hello'))
    endings.push(() => origin.close())
    const clock = jumpingClock()
    const { engine, client, port } = await open(clock, origin.port)
    const { renewal } = engine.context.parts
    const { https } = await client.domains.get({ domain: 'shop.test' })
    const planned = Date.parse(https.certificate?.renewal?.at ?? '')
    expect(planned - Date.now()).toBeGreaterThan(240 * dayMs)
    expect(planned - Date.now()).toBeLessThan(265 * dayMs)
    await renewal?.look()
    expect(await client.certificates.list()).toHaveLength(1)
    const ask = requestOf(port)
    let isDone = false
    const answers: number[] = []
    const visitor = async () => {
      while (!isDone) answers.push((await ask('/')).status)
    }
    const visitors = [visitor(), visitor()]
    await lookAt(clock, 270 * dayMs, { engine })
    await lookAt(clock, 540 * dayMs, { engine })
    isDone = true
    await Promise.all(visitors)
    expect(new Set(answers)).toEqual(new Set([200]))
    const after = await client.domains.get({ domain: 'shop.test' })
    expect(after.https.certificate).toMatchObject({
      name: 'shop.test',
      renewal: { by: 'local', failure: null },
    })
    expect(after.https.certificate?.fingerprintSha256).not.toBe(https.certificate?.fingerprintSha256)
    const actions = (await client.audit.list({ limit: 20 })).map(({ action }) => action)
    expect(actions.filter((action) => action === 'certificate.renew')).toHaveLength(2)
  })

  test('is not replaced by one of another authority without a person', async () => {
    const clock = jumpingClock()
    const { engine, client, port } = await open(clock)
    await client.authority.rotate({ allow: [], disallow: [] })
    await lookAt(clock, 300 * dayMs, { engine })
    const [certificate] = await client.certificates.list()
    expect(certificate?.renewal?.held).toMatchObject({
      certificateId: null,
      reasons: [expect.stringContaining('another authority') as string],
    })
    expect((await shownAt(port, 'shop.test')).fingerprint).toBe(certificate?.fingerprintSha256)
    const results = await collect(await client.renewal.renew({ acceptWorse: true }))
    expect(results).toMatchObject([{ outcome: 'renewed' }])
    expect((await shownAt(port, 'shop.test')).fingerprint).not.toBe(certificate?.fingerprintSha256)
  })

  test('waits while the vault is locked, reports that, and is renewed when it opens', async () => {
    const clock = jumpingClock()
    const { engine, client } = await open(clock)
    await client.vault.protect({
      protector: 'passphrase',
      passphrase: 'correct horse battery',
      proof: await codeOf({ client }),
    })
    await client.vault.lock()
    await lookAt(clock, 300 * dayMs, { engine })
    expect((await client.certificates.list())[0]?.renewal).toMatchObject({ waitsForVault: true })
    await expect(collect(await client.renewal.renew({}))).rejects.toMatchObject({ code: 'vault.locked' })
    await client.vault.unlock({ passphrase: 'correct horse battery' })
    await expect.poll(async () => (await client.certificates.list()).length).toBe(2)
  })
})

describe('the local authority', () => {
  test('replaces an intermediate from the future below a root that is valid', async () => {
    const clock = jumpingClock(2 * hourMs)
    const { client, port } = await open(clock)
    const before = await client.authority.get()
    clock.jumpTo(0)
    await client.domains.add({ name: 'blog.test', origin: originAt(9) })
    await client.https.enable({ domain: 'blog.test', source: { type: 'free' } })
    const after = await client.authority.get()
    expect(after?.root.facts.fingerprintSha256).toBe(before?.root.facts.fingerprintSha256)
    expect(after?.intermediate?.fingerprintSha256).not.toBe(before?.intermediate?.fingerprintSha256)
    expect(await verified(port, 'blog.test', client)).toBe(true)
    expect((await client.engine.status()).edge.problem).toBeNull()
  })

  test('is not created by a clock that is years ahead of the vault, unless a person vouches for it', async () => {
    const clock = jumpingClock()
    opened = await openTestEngine(undefined, clock.now)
    const { client } = opened
    await client.domains.add({ name: 'shop.test', origin: originAt(9) })
    clock.jumpTo(2 * yearMs)
    await client.domains.add({ name: 'blog.test', origin: originAt(9) })
    const enabled = client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
    await expect(enabled).rejects.toMatchObject({ code: 'authority.clock_doubtful' })
    expect(await client.authority.get()).toBeNull()
    await client.authority.rotate({ clockIsRight: true })
    await client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
    clock.jumpTo(0)
    expect((await client.engine.status()).edge.problem).toMatchObject({ code: 'authority.not_yet_valid' })
  })

  test('issues nothing below a root from the future, names the remedy, and has its leaves replaced', async () => {
    const clock = jumpingClock()
    opened = await openTestEngine(undefined, clock.now, testEdge)
    const { client, engine } = opened
    await client.domains.add({ name: 'shop.test', origin: originAt(9) })
    clock.jumpTo(2 * yearMs)
    await client.authority.rotate({ clockIsRight: true })
    await client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
    clock.jumpTo(0)
    const code = 'authority.not_yet_valid'
    await expect(client.localCertificates.issue({ names: ['new.test'] })).rejects.toMatchObject({ code })
    await engine.context.parts.renewal?.look()
    const shown = async () => (await client.domains.get({ domain: 'shop.test' })).https.certificate
    expect(await shown()).toMatchObject({ expiry: 'not-yet-valid', renewal: { failure: null } })
    const results = await collect(await client.renewal.renew({ due: true }))
    expect(results).toMatchObject([{ outcome: 'failed', code }])
    const { steps } = await client.domains.check({ domain: 'shop.test' })
    expect(steps).toContainEqual(
      expect.objectContaining({
        id: 'authority',
        seen: expect.stringContaining('edgekeep authority rotate') as string,
      }),
    )
    await client.authority.rotate({ clockIsRight: true })
    await engine.context.parts.renewal?.look()
    expect(await shown()).toMatchObject({ expiry: 'ok', renewal: { held: null } })
  })

  test('is not replaced by a clock at which its root has expired', async () => {
    const clock = jumpingClock()
    const { engine, client } = await open(clock)
    const before = await client.authority.get()
    await lookAt(clock, 12 * yearMs, { engine })
    const [certificate] = await client.certificates.list()
    expect(certificate?.renewal?.failure).toMatchObject({ code: 'authority.clock_doubtful' })
    expect((await client.authority.get())?.generation).toBe(before?.generation)
    await lookAt(clock, 0, { engine })
    expect((await client.certificates.list())[0]).toMatchObject({ expiry: 'ok', renewal: { failure: null } })
  })
})

describe('a certificate by ACME', () => {
  test('shows why its authority fails, backs off, and waits as long as a rate limit demands', async () => {
    const clock = jumpingClock()
    const { engine, client, port } = await open(clock)
    const before = await shownAt(port, 'shop.test')
    const directory = await startHostileDirectory()
    endings.push(() => directory.close())
    await client.acme.addAccount({
      name: 'Far',
      directory: directory.url,
      rootsPem: directory.rootPem,
      agreed: true,
    })
    const [certificate] = await client.certificates.list()
    const id = certificate?.id ?? ''
    await client.renewal.set({ id, wish: { by: 'acme', account: 'Far' } })
    directory.instead.set('/renewal', () => ({ status: 404 }))
    const look = async (aheadMs: number) => {
      await lookAt(clock, aheadMs, { engine })
      return (await client.certificates.list())[0]?.renewal
    }
    directory.instead.set('/order', () => ({ status: 500, body: { detail: 'The database is down' } }))
    const first = await look(300 * dayMs)
    expect(first).toMatchObject({
      by: 'acme',
      account: 'Far',
      attempts: 1,
      failure: { code: 'acme.problem' },
    })
    expect(first?.failure?.message).toContain('The database is down')
    const asked = directory.asked.length
    expect(await look(300 * dayMs)).toEqual(first)
    expect(directory.asked).toHaveLength(asked)
    directory.instead.set('/order', () => ({
      status: 429,
      headers: { 'retry-after': '172800' },
      body: { type: 'urn:ietf:params:acme:error:rateLimited', detail: 'Too many certificates' },
    }))
    const second = await look(300 * dayMs + 3_700_000)
    expect(second).toMatchObject({ attempts: 2, failure: { code: 'acme.rate_limited' } })
    expect(Date.parse(second?.failure?.nextAt ?? '') - clock.now().getTime()).toBeGreaterThan(47 * 3_600_000)
    expect(await shownAt(port, 'shop.test')).toEqual(before)
    const failed = (await client.audit.list({ limit: 50 })).filter(
      ({ action }) => action === 'certificate.renew_failed',
    )
    expect(failed).toHaveLength(2)
    expect(failed[0]?.after).toMatchObject({
      code: 'acme.rate_limited',
      reason: expect.stringContaining('Too many certificates') as string,
    })
    // One that came and is not usable counts against the limit on certificates.
    const ready = {
      status: 'valid',
      identifiers: [{ type: 'dns', value: 'shop.test' }],
      authorizations: [],
      finalize: `${directory.origin}/finalize`,
      certificate: `${directory.origin}/certificate`,
    }
    const location = `${directory.origin}/order/1`
    directory.instead.set('/order', () => ({ status: 201, headers: { location }, body: ready }))
    directory.instead.set('/certificate', () => ({
      headers: { 'content-type': 'application/pem-certificate-chain' },
      body: 'none',
    }))
    const third = await look(303 * dayMs)
    expect(third).toMatchObject({ attempts: 3, failure: { code: 'acme.certificate_unusable' } })
    const waitMs = Date.parse(third?.failure?.nextAt ?? '') - Date.parse(third?.failure?.at ?? '')
    expect(waitMs).toBe(42 * 3_600_000)
  })
})

/** Checks that a client with the local authority accepts the served certificate; throws its reason if not. */
async function verified(port: number, servername: string, client: Client): Promise<boolean> {
  const ca = (await client.authority.get())?.root.pem
  const socket = connect({ port, host: '127.0.0.1', servername, ca })
  await once(socket, 'secureConnect')
  socket.destroy()
  return socket.authorized
}

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const event of events) all.push(event)
  return all
}
