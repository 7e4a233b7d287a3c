import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import type { SetupSelection } from '../../../src/contract/trust/setup.ts'
import type { TrustClient } from '../../../src/contract/trust/trust.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  testEdge,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { absent, needs } from '../../support/needs.ts'
import { createTestAuthority, issueTestLeaf, type TestAuthority } from '../../support/pki/certificates.ts'

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

const selectionOf = (domain: string, more: Partial<SetupSelection> = {}): SetupSelection => ({
  ...{ action: 'install', parts: ['https', 'trust'], domains: [domain] },
  ...more,
})

const planned = async (domain: string) => (await client.setup.plan(selectionOf(domain))).steps

/** Contents of the files of trust stores below a folder, by path. */
function bytesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  const stores = files
    .map((each) => join(each.parentPath, each.name))
    .filter((path) => path.includes('nssdb'))
  return Object.fromEntries(stores.map((path) => [path, readFileSync(path, 'base64')]))
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
          obstacle: {
            cures: [
              {
                cure: 'trust-root',
                command: 'edgekeep setup private.localhost --trust-root FILE',
                isRootMissing: true,
              },
              { cure: 'free-certificate', command: 'edgekeep setup private.localhost --free' },
            ],
          },
        },
      ])
      expect(steps[0]?.obstacle?.sentence).toMatch(/^Chromium.* not trust "CN=Acme Private Root"/)
      const tried = await prove('private.localhost', ['chromium', 'curl'])
      expect(tried.map(({ trust }) => trust)).toEqual(['refused', 'refused'])
      for (const { proof } of tried)
        expect(proof?.sentence).toBe('It does not trust the authority of its certificate.')
      // The first run of Chromium has created its database.
      const again = await tested('private.localhost')
      expect(again.map(([, trust]) => trust)).toEqual(['refused', 'refused'])
    },
    proofMs,
  )

  test(
    'is accepted by Chromium once its root is trusted from a file, until that is undone to the byte',
    async () => {
      const [authority, other] = [createTestAuthority({ commonName: 'Corp Root' }), createTestAuthority()]
      const domain = 'corp.localhost'
      await client.domains.add({ name: domain, origin: originAt(9) })
      await enableByUpload(client, domain, issueTestLeaf(authority, { names: [domain] }))
      const trusting = (root: TestAuthority) =>
        selectionOf(domain, { cure: 'trust-root', root: new File([root.certificatePem], 'root.pem') })
      await expect(client.setup.plan(trusting(other))).rejects.toThrow(
        'root.pem has no root that issued this certificate.',
      )
      const before = bytesOf(home)
      const { steps } = await client.setup.plan(trusting(authority))
      const fingerprint = new X509Certificate(authority.certificatePem).fingerprint256
        .replaceAll(':', '')
        .toLowerCase()
      expect(steps.map(({ change }) => change).join('\n')).toContain(
        `It is not limited to names: whoever holds its key can impersonate any web site to you. SHA-256: ${fingerprint}`,
      )
      expect(bytesOf(home)).toEqual(before)
      await ended(client.setup.apply({ ...trusting(authority), elevation: 'leave' }))
      expect(await planned(domain)).toEqual([])
      expect((await prove(domain, ['chromium']))[0]?.trust).toBe('proven')
      expect(await tested(domain)).toEqual([[expect.stringContaining('Chromium'), 'proven']])
      // The window says what an undo takes out.
      const undo = await client.trust.plan({ action: 'undo' })
      expect(undo.steps.map(({ change }) => change).join()).toContain('Takes out the root "Corp Root" too.')
      await ended(client.trust.apply({ action: 'undo', elevation: 'leave' }))
      expect(bytesOf(home)).toEqual(before)
      expect((await tested(domain)).map(([, trust]) => trust)).not.toContain('proven')
      expect((await prove(domain, ['chromium']))[0]?.trust).toBe('refused')
    },
    proofMs,
  )

  test('needs no file for a root that was uploaded with it, and can be cured by a free certificate', async () => {
    const root = createTestAuthority({ commonName: 'Mailed Root' })
    const issuer = createTestAuthority({ commonName: 'Mailed Issuer', issuer: root })
    const domain = 'mailed.localhost'
    const leaf = issueTestLeaf(issuer, { names: [domain] }, [issuer, root])
    await client.domains.add({ name: domain, origin: originAt(9) })
    await enableByUpload(client, domain, leaf)
    const [step] = await planned(domain)
    expect(step?.obstacle?.cures?.[0]).toEqual({
      ...{ cure: 'trust-root', isRootMissing: false },
      command: 'edgekeep setup mailed.localhost --trust-root',
    })
    const { steps } = await client.setup.plan(selectionOf(domain, { cure: 'trust-root' }))
    expect(steps[0]?.change).toMatch(/^Adds the root "Mailed Root" to /)
    const { https } = await client.domains.get({ domain })
    await ended(client.setup.apply(selectionOf(domain, { cure: 'free-certificate' })))
    const after = await client.domains.get({ domain })
    expect(after.https.certificate?.id).not.toBe(https.certificate?.id)
    await client.certificates.get({ id: https.certificate!.id })
  })
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
