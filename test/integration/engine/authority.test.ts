import { X509Certificate } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import { permittedSuffixes } from '../../../src/pki/issue/authority-certificates.ts'
import { certificateFacts, chainFromPem } from '../../../src/pki/facts/certificate.ts'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { wantedRoots } from '../../../src/engine/trust/atlas.ts'
import type { Vault } from '../../../src/engine/vault/vault.ts'
import { makeCertificate, makeKeys, nameConstraints } from '../../support/pki/certificate-maker.ts'
import { openTestEngine, originAt, type TestEngine } from '../../support/engine/engine.ts'
import { filesHolding } from '../../support/vault/vault.ts'
import { needlesOf } from '../../support/pki/needles.ts'

const dayMs = 86_400_000
let now: Date
let opened: TestEngine
let client: Client
let vault: Vault
const start = new Date('2026-11-26T12:00:00Z')
beforeEach(async () => {
  now = start
  opened = await openTestEngine(undefined, () => now)
  client = opened.client
  vault = opened.engine.context.parts.vault
})
afterEach(() => opened.close())

async function free(name: string) {
  if (!(await client.domains.list()).some((domain) => domain.name === name))
    await client.domains.add({ name, origin: originAt(3000) })
  const { domain } = await client.https.enable({ domain: name, source: { type: 'free' } })
  const { chain, verification } = await client.certificates.get({ id: domain.https.certificate!.id })
  return { chain, verification }
}

/** The keys of the authority that signs, in the forms in which they could show up. */
function keysOfAuthority(): { root: Buffer[]; intermediate: Buffer[] } {
  return {
    root: vault.authority.withRootKey((key) => needlesOf(key.toString()).bytes),
    intermediate: vault.authority.withIntermediateKey((key) => needlesOf(key.toString()).bytes),
  }
}

test('a free certificate comes with the intermediate that signed it, below a root that is held to local names', async () => {
  const { chain, verification } = await free('shop.test')
  expect(verification.ok, JSON.stringify(verification.answers)).toBe(true)
  const authority = (await client.authority.get())!
  expect(chain.map(({ fingerprintSha256 }) => fingerprintSha256).slice(1)).toEqual([
    authority.intermediate!.fingerprintSha256,
  ])
  expect(authority.suffixes).toEqual(['localhost', 'test', 'local', 'internal', 'home.arpa'])
  expect(new X509Certificate(Buffer.from(authority.root.der, 'base64')).fingerprint256).toBe(
    new X509Certificate(authority.root.pem).fingerprint256,
  )
})

describe('a name that the authority is not held to', () => {
  test('gets no certificate until it is allowed, and then one of a new root', async () => {
    await expect(free('www.example.com')).rejects.toMatchObject({ code: 'authority.name_outside' })
    const before = (await client.authority.get())!
    const after = await client.authority.rotate({ allow: ['Example.com'] })
    expect(after.chosen).toEqual(['example.com'])
    expect(after.root.facts.fingerprintSha256).not.toBe(before.root.facts.fingerprintSha256)
    expect((await free('www.example.com')).verification.ok).toBe(true)
    expect(await client.authority.rotate({ allow: ['EXAMPLE.com'] })).toEqual(await client.authority.get())
    expect((await client.authority.rotate({ allow: ['example.com'] })).generation).toBe(after.generation)
    const { chosen } = await client.authority.rotate({ disallow: ['example.com'] })
    expect(chosen).toEqual([])
    await expect(free('www.example.com')).rejects.toMatchObject({ code: 'authority.name_outside' })
  })

  const refused = ['com', 'COM.', 'com。', 'co.uk', 'CO.UK.', 'github.io', '香港', '公司.cn']
  test.each([...refused, '*.example.com', 'a b', '.', 'dev', 'dev.'])(
    '%s is refused as a suffix',
    async (suffix) => {
      await expect(client.authority.rotate({ allow: [suffix] })).rejects.toMatchObject({
        code: 'authority.suffix_refused',
      })
      expect(await client.authority.get()).toBeNull()
    },
  )

  test('the local suffixes cannot be taken away', async () => {
    await expect(client.authority.rotate({ disallow: ['test'] })).rejects.toMatchObject({
      code: 'authority.suffix_refused',
    })
  })
})

describe('a rotation', () => {
  test('leaves certificates in use valid, says which root they need, and forgets it when none is left', async () => {
    await free('shop.test')
    const old = (await client.authority.get())!.root.facts.fingerprintSha256
    const rotated = await client.authority.rotate({})
    expect(rotated.retired.map(({ facts }) => facts.fingerprintSha256)).toEqual([old])
    const [listed] = await client.certificates.list()
    expect((await client.certificates.get({ id: listed!.id })).verification.ok).toBe(true)
    await free('shop.test')
    await client.https.disable({ domain: 'shop.test' })
    expect((await client.authority.get())!.retired).toEqual([])
  })

  test('erases the keys of the root and the intermediate before, from the files too', async () => {
    await free('shop.test')
    const before = keysOfAuthority()
    await client.authority.rotate({})
    const after = keysOfAuthority()
    expect(after.root).not.toEqual(before.root)
    const sealedBefore = vault.authority.list().find(({ retiredAt }) => retiredAt !== null)
    expect(sealedBefore).toMatchObject({ id: 1 })
    const everything = Object.values({ ...before, more: [...after.root, ...after.intermediate] }).flat()
    expect(filesHolding(opened.folder, everything)).toEqual([])
    const { rows } = (await client.audit.verify()) as { rows: number }
    expect(rows).toBeGreaterThan(0)
  })

  test('seals both keys anew when it changes the data key', async () => {
    await free('shop.test')
    const before = keysOfAuthority()
    await client.vault.rotate({})
    expect(keysOfAuthority()).toEqual(before)
  })
})

describe('the intermediate', () => {
  test('is renewed under the same root before what it signs would be cut short', async () => {
    await free('shop.test')
    const first = (await client.authority.get())!
    now = new Date(start.getTime() + 800 * dayMs)
    const { chain } = await free('shop.test')
    const second = (await client.authority.get())!
    expect(second.root.facts.fingerprintSha256).toBe(first.root.facts.fingerprintSha256)
    expect(second.intermediate!.fingerprintSha256).not.toBe(first.intermediate!.fingerprintSha256)
    expect(chain[0]!.lifetimeDays).toBe(397)
    expect(second.retired).toEqual([])
  })

  test('gives way to a new root when that has ended', async () => {
    await free('shop.test')
    now = new Date(start.getTime() + 3500 * dayMs)
    await client.domains.add({ name: 'blog.test', origin: originAt(9) })
    now = new Date(start.getTime() + 3651 * dayMs)
    await free('shop.test')
    expect((await client.authority.get())!.generation).toBe(2)
  })
})

describe('the authority of an early vault, which signed leaves itself and was held to no domain', () => {
  function addEarly() {
    const keys = makeKeys('ec')
    const loopback = Buffer.from([0x87, 8, 127, 0, 0, 0, 255, 0, 0, 0])
    const root = makeCertificate({
      subject: 'Edgekeep local authority (early)',
      keys,
      authority: { pathLength: 0 },
      notAfter: new Date('2036-01-01T00:00:00Z'),
      extensions: { '2.5.29.30': nameConstraints([loopback]), '2.5.29.35': null },
    })
    const leaf = makeCertificate({ subject: 'www.example.com', names: ['www.example.com'], issuer: root })
    const keyPem = Buffer.from(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const { publicKey } = certificateFacts(root.der)
    const facts = certificateFacts(leaf.der)
    vault.change(() => {
      vault.authority.create({
        certificatePem: toPem(root.der),
        spkiSha256: publicKey.spkiSha256,
        keyPem,
      })
      vault.certificates.insert({
        id: 'early',
        name: 'early',
        kind: 'free',
        kept: true,
        title: 'www.example.com',
        issuer: 'early',
        dnsNames: facts.names.dns,
        ipNames: [],
        notBefore: facts.notBefore,
        notAfter: facts.notAfter,
        fingerprintSha256: facts.fingerprintSha256,
        spkiSha256: facts.publicKey.spkiSha256,
        keyType: 'Ed25519',
        chainPem: toPem(leaf.der),
        rootPem: null,
      })
    })
    return { root, needles: needlesOf(keyPem.toString()).bytes }
  }

  test('goes on as it is, and its successor keeps the domains that it served', async () => {
    const { needles } = addEarly()
    expect(await client.authority.get()).toMatchObject({ intermediate: null, suffixes: null, chosen: [] })
    expect((await client.certificates.get({ id: 'early' })).verification.ok).toBe(true)
    await free('shop.test')
    const authority = (await client.authority.get())!
    expect(authority).toMatchObject({ generation: 2, chosen: ['www.example.com'] })
    expect(authority.retired).toHaveLength(1)
    expect((await client.certificates.get({ id: 'early' })).verification.ok).toBe(true)
    expect(filesHolding(opened.folder, needles)).toEqual([])
    expect(permittedSuffixes(authority.root.pem)).toContain('www.example.com')
    await expect(free('example.org')).rejects.toMatchObject({ code: 'authority.name_outside' })
    // Its root is only ever taken out of stores, also while certificates in use chain to it.
    const wanted = wantedRoots(opened.engine.context.parts)!
    expect([wanted.retired, wanted.ours.length]).toEqual([[], 2])
  })

  test('is never made trusted, whatever the vault says of it', async () => {
    const { root } = addEarly()
    const keys = makeKeys('ec')
    const below = makeCertificate({ subject: 'below', keys, authority: { pathLength: 0 }, issuer: root })
    const keyPem = Buffer.from(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const { publicKey } = certificateFacts(below.der)
    const intermediate = { certificatePem: toPem(below.der), spkiSha256: publicKey.spkiSha256, keyPem }
    vault.change(() => vault.authority.setIntermediate(intermediate))
    for (const plan of [
      client.trust.plan({ action: 'install' }),
      client.setup.plan({ action: 'install', parts: ['trust'] }),
    ])
      await expect(plan).rejects.toMatchObject({ code: 'authority.unlimited' })
    expect((await client.trust.plan({ action: 'undo' })).steps).toEqual([])
  })
})

test('a dry run has the stores of the real plan, makes no authority and cannot be carried out', async () => {
  const selection = { action: 'install' as const, parts: ['trust' as const] }
  const dry = await client.setup.plan({ ...selection, dryRun: true })
  const ofTrust = await client.trust.plan({ action: 'install', dryRun: true })
  expect([await client.authority.get(), dry.id]).toEqual([null, ''])
  expect(ofTrust).toEqual({ ...dry, command: 'edgekeep trust install' })
  const real = await client.setup.plan(selection)
  // The same commands, with words where the certificate that was made since stands.
  const { pem, facts } = (await client.authority.get())!.root
  const toRead = (commands: string | null) =>
    commands
      ?.replaceAll(pem.trimEnd(), '(the certificate of the local authority)')
      .replaceAll(facts.fingerprintSha256.slice(0, 16), 'FINGERPRINT') ?? null
  expect(dry.steps).toEqual([
    expect.objectContaining({ store: 'authority' }),
    ...real.steps.map((step) => ({ ...step, commands: toRead(step.commands) })),
  ])
  expect(dry.elevatedScript).toBe(toRead(real.elevatedScript))
  // Once there is an authority a dry run tells all that the real plan does.
  const { id: _, ...rest } = real
  expect(await client.setup.plan({ ...selection, dryRun: true })).toEqual({ id: '', ...rest })
})

test('rotating or limiting an authority that is not there is refused', async () => {
  for (const change of [{}, { disallow: ['example.com'] }, { clients: false }])
    await expect(client.authority.rotate(change)).rejects.toMatchObject({ code: 'authority.none' })
  expect(await client.authority.get()).toBeNull()
})

test('chains that were stored are read again after the vault is opened anew', async () => {
  await free('shop.test')
  const before = (await client.authority.get())!
  opened = await opened.reopen()
  client = opened.client
  const after = (await client.authority.get())!
  expect(after).toEqual(before)
  expect(chainFromPem(after.root.pem)).toHaveLength(1)
})
