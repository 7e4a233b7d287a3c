import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http2'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Origin } from '../../../src/contract/domains/origins.ts'
import { defaultPolicies } from '../../../src/contract/domains/policies.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { connectPlain, exchangeBytes } from '../../support/edge/edge.ts'
import { startOrigin, startRawOrigin } from '../../support/edge/origin.ts'
import {
  openTestEngine,
  originAt,
  temporaryFolder,
  testEdge,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { doneOf } from '../../../src/client/done-of.ts'
import { planned } from '../../support/engine/planned.ts'

let opened: TestEngine
const closers: (() => unknown)[] = []
beforeEach(async () => {
  opened = await openTestEngine()
  await opened.client.domains.add({ name: 'shop.test', origin: originAt(3000) })
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  await opened.close()
})

const folder = (path: string) => ({ protocol: 'folder', folder: path, dotFiles: false }) as const
const leaf = issueTestLeaf(createTestAuthority(), { names: ['origin.test'] })

describe('the origins of a domain', () => {
  test('come back with the configuration file, backups, paths and folders too', async () => {
    const { client } = opened
    const origins = {
      backups: [{ ...originAt(3001), protocol: 'h2c' as const }, folder('/srv/sorry')],
      routes: [{ path: '/api', origin: originAt(4000, 'API.example'), stripPath: true }],
    }
    const timeouts = { connectSeconds: 2, responseSeconds: null, idleSeconds: null }
    const policies = { origins, timeouts }
    const { domains } = await client.domains.setPolicies({ domains: ['shop.test'], policies })
    expect(domains[0]!.policies.origins.routes[0]!.origin).toMatchObject({ host: 'api.example' })
    await client.domains.setOrigin({ domain: 'shop.test', origin: folder('/srv/shop') })
    const { text } = await client.configuration.export()
    const before = await client.domains.get({ domain: 'shop.test' })
    await client.domains.setPolicies({
      domains: ['shop.test'],
      policies: { origins: defaultPolicies.origins },
    })
    await client.domains.setOrigin({ domain: 'shop.test', origin: originAt(3000) })
    const plan = await planned(client, text)
    expect(plan.differences.map(({ field }) => field)).toContain('policies.origins.backups')
    await doneOf(client.configuration.apply({ text, version: plan.version }))
    const { origin, policies: now } = await client.domains.get({ domain: 'shop.test' })
    expect(origin).toEqual(before.origin)
    expect(now).toEqual(before.policies)
  })

  test('take certificates as anchors, and nothing of a key that comes with them', async () => {
    const anchorsPem = `words\n${leaf.keyPem}${leaf.chainPem}`
    const origin = { ...originAt(443), protocol: 'https' as const, anchorsPem }
    const { domain } = await opened.client.domains.setOrigin({ domain: 'shop.test', origin })
    expect(domain.origin).toMatchObject({ anchorsPem: expect.stringMatching(/^-----BEGIN CERTIFICATE/) })
    expect(JSON.stringify(domain)).not.toContain('PRIVATE KEY')
    const refused = opened.client.domains.setOrigin({
      domain: 'shop.test',
      origin: { ...origin, anchorsPem: leaf.keyPem },
    })
    await expect(refused).rejects.toMatchObject({ code: 'origin.invalid' })
  })

  test('hold a folder to where it led when it was chosen, also through another change, until it is chosen again', async () => {
    const base = realpathSync(temporaryFolder())
    const [first, second, site] = ['first', 'second', 'site'].map((name) => join(base, name)) as [
      string,
      string,
      string,
    ]
    for (const path of [first, second]) mkdirSync(path)
    symlinkSync(first, site)
    const { client } = opened
    const choose = async (origin: Origin) =>
      (await client.domains.setOrigin({ domain: 'shop.test', origin })).domain.origin
    const seen = async (origin: Origin) =>
      (await client.domains.testOrigin({ domain: 'shop.test', origin })).ok
    const chosen = await choose(folder(site))
    expect(chosen).toEqual({ ...folder(site), boundary: first })
    rmSync(site)
    symlinkSync(second, site)
    expect(await choose({ ...chosen, dotFiles: true } as Origin)).toMatchObject({ boundary: first })
    expect([await seen(chosen), await seen(folder(site))]).toEqual([false, true])
    expect(await choose(folder(site))).toMatchObject({ boundary: second })
    expect(await choose(folder(join(base, 'later/dist')))).toMatchObject({
      boundary: join(base, 'later/dist'),
    })
    await expect(choose({ ...folder(site), boundary: 'x' })).rejects.toMatchObject({ code: 'origin.invalid' })
  })

  test('cannot be a folder that holds the vault, lies in it, or has no whole path', async () => {
    for (const path of [opened.folder, join(opened.folder, 'logs'), join(opened.folder, '..'), '/', 'site']) {
      const refused = opened.client.domains.setOrigin({ domain: 'shop.test', origin: folder(path) })
      await expect(refused).rejects.toMatchObject({
        code: 'origin.invalid',
        message: expect.stringMatching(/^This folder cannot be an origin: [^"]+\.$/),
      })
      await expect(refused).rejects.not.toThrow(opened.folder)
    }
    const backups = [folder(opened.folder)]
    const refused = opened.client.domains.setPolicies({
      domains: ['shop.test'],
      policies: { origins: { backups, routes: [] } },
    })
    await expect(refused).rejects.toMatchObject({ code: 'origin.invalid' })
  })

  test('are tested whatever kind they are', async () => {
    const site = temporaryFolder()
    writeFileSync(join(site, 'index.html'), 'shop')
    mkdirSync(join(site, 'empty'))
    const h2c = createServer((_request, response) => response.end('ok'))
    h2c.listen(0, '127.0.0.1')
    await once(h2c, 'listening')
    const http1 = await startOrigin((_request, response) => response.end('ok'))
    closers.push(() => h2c.close(), http1.close)
    const { port } = h2c.address() as AddressInfo
    const seen = async (origin: Parameters<typeof opened.client.domains.testOrigin>[0]['origin']) => {
      const answer = await opened.client.domains.testOrigin({ domain: 'shop.test', origin })
      return `${answer.ok} ${answer.seen}`
    }
    expect(await seen({ ...originAt(port), protocol: 'h2c' })).toMatch(/^true .* answers 200 over HTTP\/2\.$/)
    expect(await seen({ ...originAt(http1.port), protocol: 'h2c' })).toMatch(
      /^false .*does not speak HTTP\/2/,
    )
    // Many resolvers do not know names below localhost, and the edge needs none for them.
    expect(await seen({ ...originAt(http1.port), host: 'app.localhost' })).toMatch(/^true .* answers 200\.$/)
    expect(await seen(folder(site))).toBe('true The folder is there, with an index.html.')
    expect(await seen(folder(join(site, 'empty')))).toMatch(/^true .*no index\.html/)
    expect(await seen(folder(join(site, 'gone')))).toBe('false There is no such folder.')
    expect(await seen(folder(join(site, 'index.html')))).toBe('false It is not a folder.')
  })
})

describe('the test of an origin', () => {
  test('waits as long as the domain’s timeouts let the edge wait', async () => {
    const origin = await startOrigin(() => undefined)
    closers.push(origin.close)
    await opened.client.domains.add({ name: 'slow.test', origin: originAt(origin.port) })
    const timeouts = { ...defaultPolicies.timeouts, responseSeconds: 1 }
    await opened.client.domains.setPolicies({ domains: ['slow.test'], policies: { timeouts } })
    const answer = await opened.client.domains.testOrigin({
      domain: 'slow.test',
      origin: originAt(origin.port),
    })
    expect(answer).toMatchObject({
      ok: false,
      seen: expect.stringContaining('no answer within 1 second'),
    })
  })
})

describe('the health of a domain’s origins', () => {
  test('reaches every subscriber of the domain, as the edge sees it', async () => {
    const served = await openTestEngine(undefined, undefined, testEdge)
    closers.push(() => served.close())
    const { client } = served
    const backup = await startOrigin((_request, response) => response.end('backup'))
    const gone = await startRawOrigin(() => {})
    gone.close()
    closers.push(backup.close)
    await client.domains.add({ name: 'shop.test', origin: originAt(gone.port) })
    expect((await client.domains.get({ domain: 'shop.test' })).originStates).toEqual([])
    const head = 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'
    const { edge } = await client.engine.status()
    const ask = async () => exchangeBytes(await connectPlain(edge.http!.port), head)
    const states = async () => (await client.domains.get({ domain: 'shop.test' })).originStates
    // Without a backup or a health check it is that of the last answer.
    await ask()
    await expect
      .poll(states)
      .toMatchObject([{ role: 'primary', state: 'down', reason: 'It refuses connections' }])
    await client.domains.setPolicies({
      domains: ['shop.test'],
      policies: {
        origins: { backups: [originAt(backup.port)], routes: [] },
        health: { ejectAfter: 1, check: null },
      },
    })
    expect(await ask()).toContain('backup')
    await expect.poll(async () => (await states()).map(({ state }) => state)).toEqual(['ejected', 'up'])
    expect((await states())[0]).toMatchObject({
      address: `http://127.0.0.1:${gone.port}`,
      role: 'primary',
      reason: 'It refuses connections',
    })
  })
})
