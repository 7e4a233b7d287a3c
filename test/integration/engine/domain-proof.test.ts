import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import type { TrustClient } from '../../../src/contract/trust/trust.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  testEdge,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { absent, needs } from '../../support/needs.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'

/* Names below localhost, which Chromium and curl find by themselves. */

const missing =
  process.platform === 'linux' ? absent('certutil', 'curl', 'chromium') : 'the stores are Linux’s'
const proofMs = 120_000

let opened: TestEngine
let client: Client
let home: string
const homeBefore = process.env.HOME
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'edgekeep-proof-'))
  process.env.HOME = home
  opened = await openTestEngine(undefined, undefined, testEdge)
  client = opened.client
  for (const name of ['shop.localhost', 'private.localhost'])
    await client.domains.add({ name, origin: originAt(9) })
})
afterAll(async () => {
  await opened.close()
  process.env.HOME = homeBefore
  rmSync(home, { recursive: true, force: true })
})

async function prove(domain: string, clients: string[]): Promise<TrustClient[]> {
  const tried: TrustClient[] = []
  for await (const event of await client.setup.prove({ domain, clients }))
    if (event.type === 'proof') tried.push(event.client)
  return tried
}

async function tested(domain: string): Promise<[name: string, trust: string][]> {
  const [found] = await client.setup.tested({ domains: [domain] })
  return found?.clients.map(({ name, trust }) => [name, trust]) ?? []
}

async function ended(events: Promise<AsyncIterable<unknown>>): Promise<void> {
  const all = []
  for await (const event of await events) all.push(event)
}

const planned = async (domain: string) => {
  const parts = ['https' as const, 'trust' as const]
  return (await client.setup.plan({ action: 'install', parts, domains: [domain] })).steps
}

describe('a domain with the certificate of a private authority', () => {
  needs(missing)

  test(
    'has an obstacle in the plan, before anything is changed, and is refused by the clients',
    async () => {
      const authority = createTestAuthority({ commonName: 'Acme Private Root' })
      const leaf = issueTestLeaf(authority, { names: ['private.localhost'] })
      await enableByUpload(client, 'private.localhost', leaf)
      const steps = await planned('private.localhost')
      expect(steps).toMatchObject([
        {
          store: 'https:private.localhost',
          change: 'Serves private.localhost with a certificate that the browsers here accept.',
          obstacle: { command: 'edgekeep https on private.localhost --free' },
        },
      ])
      expect(steps[0]?.obstacle?.sentence).toMatch(
        /authority "CN=Acme Private Root", which Chromium.* not trust\. .*certutil -d '?sql:\S+nssdb'? -A -t C,, -n company-root -i root\.pem/,
      )
      const tried = await prove('private.localhost', ['chromium', 'curl'])
      expect(tried.map(({ trust }) => trust)).toEqual(['refused', 'refused'])
      for (const { proof } of tried)
        expect(proof?.sentence).toBe('It does not trust the authority of its certificate.')
      // The person's own browser trusts it, and then nothing is in the way.
      const database = join(home, '.local/share/pki/nssdb')
      const folder = spawnSync('test', ['-d', database]).status === 0 ? database : join(home, '.pki/nssdb')
      spawnSync('certutil', ['-A', '-t', 'C,,', '-n', 'acme', '-d', `sql:${folder}`], {
        input: authority.certificatePem,
      })
      expect(await planned('private.localhost')).toEqual([])
      expect((await prove('private.localhost', ['chromium']))[0]?.trust).toBe('proven')
    },
    proofMs,
  )
})

test('an expired certificate is an obstacle whatever authority signed it', async () => {
  const leaf = issueTestLeaf(createTestAuthority(), {
    names: ['expired.localhost'],
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2021-01-01'),
  })
  await client.domains.add({ name: 'expired.localhost', origin: originAt(9) })
  await enableByUpload(client, 'expired.localhost', leaf)
  const [step] = await planned('expired.localhost')
  expect(step?.obstacle?.sentence).toMatch(
    /^No client accepts the certificate of expired\.localhost\. It was valid until/,
  )
})

describe('a domain with a free certificate', () => {
  needs(missing)

  test(
    'is green in Chromium by its own name, only with variables in curl, and no longer after the store or the certificate changes',
    async () => {
      await client.https.enable({ domain: 'shop.localhost', source: { type: 'free' } })
      await ended(client.trust.apply({ action: 'install', clients: ['chromium', 'node'] }))
      await prove('shop.localhost', ['chromium', 'curl'])
      expect(await tested('shop.localhost')).toEqual([
        ['Chromium', 'proven'],
        ['curl', 'variables'],
      ])
      const { clients } = await client.trust.status()
      expect(clients.find(({ name }) => name === 'Chromium')?.trust).toBe('proven')
      await client.https.enable({ domain: 'shop.localhost', source: { type: 'free' } })
      expect((await tested('shop.localhost'))[0]).toEqual(['Chromium', 'trusted'])
      await prove('shop.localhost', ['chromium'])
      await ended(client.trust.apply({ action: 'undo', clients: ['chromium'] }))
      expect((await tested('shop.localhost'))[0]).toEqual(['Chromium', 'missing'])
    },
    proofMs,
  )

  test(
    'ends an earlier proof of trust when a later test of it fails, also after the store is as it was',
    async () => {
      const trusted = async () =>
        (await client.trust.status()).clients.find(({ name }) => name === 'Chromium')
      await ended(client.trust.apply({ action: 'install', clients: ['chromium'] }))
      await prove('shop.localhost', ['chromium'])
      expect((await trusted())?.trust).toBe('proven')
      await ended(client.trust.apply({ action: 'undo', clients: ['chromium'] }))
      expect((await prove('shop.localhost', ['chromium']))[0]?.trust).toBe('refused')
      await ended(client.trust.apply({ action: 'install', clients: ['chromium'] }))
      expect(await trusted()).toMatchObject({
        trust: 'trusted',
        sentence: expect.stringContaining('Its last test no longer counts: its store has changed since.'),
      })
    },
    proofMs,
  )

  test(
    'of an earlier root proves nothing about the present one',
    async () => {
      await ended(client.trust.apply({ action: 'install', clients: ['chromium'] }))
      await client.authority.rotate({ allow: ['example.com'] })
      await prove('shop.localhost', ['chromium'])
      expect((await tested('shop.localhost'))[0]).toEqual(['Chromium', 'proven'])
      const { clients } = await client.trust.status()
      expect(clients.find(({ name }) => name === 'Chromium')?.trust).toBe('stale')
    },
    proofMs,
  )

  test('is not tested while HTTPS is off', async () => {
    await client.https.pause({ domain: 'shop.localhost' })
    await expect(prove('shop.localhost', ['curl'])).rejects.toMatchObject({ code: 'domain.https_off' })
    expect((await tested('shop.localhost')).map(([, trust]) => trust)).not.toContain('proven')
  })
})

test('a setup adds the domain that it is given an origin for', async () => {
  const selection = { action: 'install' as const, parts: ['https' as const], domains: ['new.localhost'] }
  await expect(client.setup.plan(selection)).rejects.toMatchObject({ code: 'names.not_served' })
  const origin = originAt(9)
  const plan = await client.setup.plan({ ...selection, origin })
  expect(plan.steps.map(({ change }) => change)).toEqual([
    'Adds new.localhost, with the origin http://127.0.0.1:9.',
    'Turns HTTPS on for new.localhost, with a free certificate of the local authority.',
  ])
  await ended(client.setup.apply({ ...selection, origin, plan: plan.id }))
  expect(await client.domains.get({ domain: 'new.localhost' })).toMatchObject({ https: { state: 'on' } })
})
