import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../../support/pki/certificates.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  type TestEngine,
  uploads,
} from '../../support/engine/engine.ts'
import { doneOf } from '../../../src/client/done-of.ts'
import { planned } from '../../support/engine/planned.ts'

const authority = createTestAuthority()
const wide = issueTestLeaf(authority, { names: ['shop.test', 'www.test', 'old.test'] })
const narrow = issueTestLeaf(authority, { names: ['shop.test', 'www.test', 'new.test'] })

let now: Date
let opened: TestEngine
beforeEach(async () => {
  now = new Date()
  opened = await openTestEngine(undefined, () => now)
})
afterEach(() => opened.close())

async function imported(leaf: TestLeaf, name: string): Promise<string> {
  const { stagingId } = await opened.client.staging.open({ files: uploads(leaf) })
  return (await opened.client.certificates.import({ stagingId, name })).id
}

async function threeDomains(): Promise<string> {
  const { client } = opened
  const certificateId = await imported(wide, 'wide')
  for (const name of ['shop.test', 'www.test', 'old.test']) {
    await client.domains.add({ name, origin: originAt(3000) })
    await client.https.enable({ domain: name, source: { type: 'vault', certificateId } })
  }
  return certificateId
}

async function certificateOf(domain: string): Promise<string | undefined> {
  return (await opened.client.domains.get({ domain })).https.certificate?.fingerprintSha256
}

describe('a certificate replaced everywhere', () => {
  test('says before what each domain would have, and changes nothing', async () => {
    const id = await threeDomains()
    const certificateId = await imported(narrow, 'narrow')
    const { configuration } = await opened.client.engine.status()
    const told = await opened.client.certificates.replace({
      id,
      with: { type: 'vault', certificateId },
      dryRun: true,
    })
    expect(told).toEqual({
      old: { name: 'wide', fingerprintSha256: wide.fingerprintSha256 },
      new: { name: 'narrow', fingerprintSha256: narrow.fingerprintSha256 },
      impact: { namesLost: ['old.test'], namesGained: ['new.test'] },
      problems: ['it no longer covers old.test'],
      domains: [
        { domain: 'old.test', outcome: 'not-covered' },
        { domain: 'shop.test', outcome: 'replaced' },
        { domain: 'www.test', outcome: 'replaced' },
      ],
      erased: [],
      effect: null,
    })
    expect((await opened.client.engine.status()).configuration).toEqual(configuration)
  })

  test('is replaced in one change where the new one covers, and kept where not', async () => {
    const id = await threeDomains()
    await opened.client.https.pause({ domain: 'www.test' })
    const { version } = (await opened.client.engine.status()).configuration
    const { stagingId } = await opened.client.staging.open({ files: uploads(narrow) })
    const source = { type: 'upload', stagingId, name: 'narrow' } as const
    await expect(opened.client.certificates.replace({ id, with: source })).rejects.toMatchObject({
      code: 'certificate.worse',
      data: { name: 'narrow', problems: ['it no longer covers old.test'] },
    })
    const told = await opened.client.certificates.replace({ id, with: source, acceptWorse: true })
    expect(told.effect?.version).toBe(version + 1)
    expect(await certificateOf('shop.test')).toBe(narrow.fingerprintSha256)
    expect(await certificateOf('www.test')).toBe(narrow.fingerprintSha256)
    expect(await certificateOf('old.test')).toBe(wide.fingerprintSha256)
    const paused = await opened.client.domains.get({ domain: 'www.test' })
    expect(paused.https).toMatchObject({ state: 'paused', previousCertificate: { name: 'wide' } })
    const spent = opened.client.certificates.replace({ id, with: source })
    await expect(spent).rejects.toThrow(expect.objectContaining({ code: 'staging.expired' }))
  })

  test('all or nothing leaves every domain where one is not covered, and keeps what was uploaded', async () => {
    const id = await threeDomains()
    const { stagingId } = await opened.client.staging.open({ files: uploads(narrow) })
    const source = { type: 'upload', stagingId } as const
    const told = await opened.client.certificates.replace({ id, with: source, allOrNothing: true })
    expect(told.effect).toBeNull()
    expect(told.domains.map(({ outcome }) => outcome)).toEqual(['not-covered', 'left', 'left'])
    expect(await opened.client.certificates.list()).toHaveLength(1)
    const covered = { id, with: source, domains: ['shop.test', 'www.test'], allOrNothing: true }
    const { effect } = await opened.client.certificates.replace({ ...covered, acceptWorse: true })
    expect(effect).not.toBeNull()
  })

  test('a domain with another certificate is left, an unknown one and the same certificate are refused', async () => {
    const id = await threeDomains()
    const certificateId = await imported(narrow, 'narrow')
    const by = { type: 'vault', certificateId } as const
    const other = await opened.client.certificates.replace({
      id: certificateId,
      with: { type: 'vault', certificateId: id },
      domains: ['shop.test'],
    })
    expect(other).toMatchObject({ domains: [{ outcome: 'not-using' }], effect: null })
    const unknown = opened.client.certificates.replace({ id, with: by, domains: ['nowhere.test'] })
    await expect(unknown).rejects.toThrow(expect.objectContaining({ code: 'domain.not_found' }))
    const same = opened.client.certificates.replace({ id: certificateId, with: by })
    await expect(same).rejects.toThrow(expect.objectContaining({ code: 'input.invalid' }))
  })
})

test('a domain gets an expired certificate only if that is accepted', async () => {
  const { client } = opened
  await threeDomains()
  const dayMs = 86_400_000
  const past = { notBefore: new Date(now.getTime() - 9 * dayMs), notAfter: new Date(now.getTime() - dayMs) }
  const expired = issueTestLeaf(authority, { names: ['shop.test', 'www.test', 'old.test'], ...past })
  const source = { type: 'vault', certificateId: await imported(expired, 'expired') } as const
  const problems = [expect.stringMatching(/^it expired on 20/)]
  expect(await client.https.preview({ domain: 'shop.test', source })).toMatchObject({ problems })
  await expect(client.https.enable({ domain: 'shop.test', source })).rejects.toMatchObject({
    code: 'certificate.worse',
    data: { name: 'expired', problems },
  })
  await client.https.enable({ domain: 'shop.test', source, acceptWorse: true })
  expect(await certificateOf('shop.test')).toBe(expired.fingerprintSha256)
})

describe('history', () => {
  test('tells which certificate replaced which, when, by whom and with what impact', async () => {
    const id = await threeDomains()
    const certificateId = await imported(narrow, 'narrow')
    now = new Date(now.getTime() + 60_000)
    await opened.client.certificates.replace({
      id,
      with: { type: 'vault', certificateId },
      acceptWorse: true,
    })
    const [swap, first, ...none] = await opened.client.domains.history({ domain: 'shop.test' })
    expect(none).toEqual([])
    expect(swap).toMatchObject({
      at: now.toISOString(),
      actor: 'engine',
      action: 'https.replace',
      domains: ['shop.test'],
      from: { name: 'wide', fingerprintSha256: wide.fingerprintSha256 },
      to: { name: 'narrow', fingerprintSha256: narrow.fingerprintSha256 },
      impact: { namesLost: ['old.test'], namesGained: ['new.test'] },
    })
    expect(first).toMatchObject({
      action: 'https.enable',
      from: null,
      to: { name: 'wide' },
      impact: null,
      erased: [],
    })
  })

  test('has a replacement on many domains as one entry, which each of them has in its own', async () => {
    const { client } = opened
    const id = await threeDomains()
    const certificateId = await imported(narrow, 'narrow')
    const before = await client.audit.list({ limit: 100 })
    await client.certificates.replace({ id, with: { type: 'vault', certificateId }, acceptWorse: true })
    const [row] = await client.audit.list({ limit: 100 - before.length })
    expect(row).toMatchObject({ sequence: before.length + 1, action: 'https.replace', subject: '2 domains' })
    const domains = ['shop.test', 'www.test']
    expect(row?.after).toMatchObject({ certificate: { name: 'narrow' }, domains })
    for (const domain of domains)
      expect((await client.domains.history({ domain }))[0]).toMatchObject({
        sequence: before.length + 1,
        domains: [domain],
        to: { name: 'narrow' },
      })
    for (const each of [id, certificateId])
      expect((await client.certificates.history({ id: each }))[0]).toMatchObject({ domains })
    const left = await client.domains.history({ domain: 'old.test' })
    expect(left.map(({ action }) => action)).toEqual(['https.enable'])
    expect(await client.audit.verify()).toMatchObject({ ok: true, rows: before.length + 1 })
  })

  test('stays when the certificate and the domain are gone', async () => {
    const { client } = opened
    await client.domains.add({ name: 'shop.test', origin: originAt(3000) })
    const { domain } = await enableByUpload(client, 'shop.test', wide)
    const id = domain.https.certificate!.id
    await client.https.disable({ domain: 'shop.test' })
    await client.domains.remove({ domain: 'shop.test' })
    expect(await client.certificates.list()).toEqual([])
    const actions = (await client.certificates.history({ id })).map((row) => row.action)
    expect(actions).toEqual(['certificate.remove', 'https.disable', 'https.enable'])
    const domains = await client.domains.history({ domain: 'shop.test' })
    expect(domains.map((row) => row.action)).toEqual(['https.disable', 'https.enable'])
    await expect(client.certificates.history({ id: 'none' })).rejects.toThrow(
      expect.objectContaining({ code: 'certificate.not_found' }),
    )
    await expect(client.domains.history({ domain: 'none.test' })).rejects.toThrow(
      expect.objectContaining({ code: 'domain.not_found' }),
    )
  })

  test('a certificate that a configuration file brings is in it', async () => {
    const { client } = opened
    await threeDomains()
    await imported(narrow, 'narrow')
    const { text } = await client.configuration.export()
    const swapped = text.replace(
      new RegExp(`${wide.fingerprintSha256}(?=[^]*www\\.test)`, 'g'),
      (found, offset: number) => (offset > text.indexOf('  shop.test:') ? narrow.fingerprintSha256 : found),
    )
    const { version, worse } = await planned(client, swapped)
    const problems = ['it no longer covers old.test']
    expect(worse).toContainEqual({ domain: 'shop.test', name: 'narrow', problems })
    await expect(doneOf(client.configuration.apply({ text: swapped, version }))).rejects.toMatchObject({
      code: 'certificate.worse',
    })
    await doneOf(client.configuration.apply({ text: swapped, version, acceptWorse: true }))
    const [newest] = await client.domains.history({ domain: 'shop.test' })
    expect(newest).toMatchObject({ action: 'https.import', from: { name: 'wide' }, to: { name: 'narrow' } })
  })
})

describe('tags of many', () => {
  test('are added to and removed from domains in one change, and leave their verification valid', async () => {
    const { client } = opened
    for (const name of ['a.test', 'b.test', 'c.test'])
      await client.domains.add({ name, origin: originAt(3000) })
    const first = await client.domains.tag({ domains: ['a.test', 'b.test'], add: ['eu', 'shop'] })
    expect(first.changed).toEqual(['a.test', 'b.test'])
    const { updatedAt } = await client.domains.get({ domain: 'b.test' })
    const second = await client.domains.tag({
      domains: ['b.test', 'c.test', 'B.test'],
      add: ['shop'],
      remove: ['eu'],
    })
    expect(second).toMatchObject({ changed: ['b.test', 'c.test'] })
    expect(second.effect?.version).toBe(first.effect!.version + 1)
    opened = await opened.reopen()
    const listed = await opened.client.domains.list()
    expect(listed.map(({ name, tags }) => [name, ...tags])).toEqual([
      ['a.test', 'eu', 'shop'],
      ['b.test', 'shop'],
      ['c.test', 'shop'],
    ])
    expect(listed[1]!.updatedAt).toBe(updatedAt)
    expect(await opened.client.domains.tag({ domains: ['a.test'], add: ['eu'] })).toEqual({
      changed: [],
      effect: null,
    })
  })

  test('change on none if one is unknown or would have too many', async () => {
    const { client } = opened
    await client.domains.add({ name: 'a.test', origin: originAt(3000) })
    await expect(client.domains.tag({ domains: ['a.test', 'none.test'], add: ['eu'] })).rejects.toMatchObject(
      {
        code: 'domain.not_found',
      },
    )
    await client.domains.tag({ domains: ['a.test'], add: Array.from({ length: 20 }, (_, at) => `t${at}`) })
    await expect(client.domains.tag({ domains: ['a.test'], add: ['eu'] })).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('a.test would have 21 tags; 20 is the most.') as string,
    })
  })

  test('change on certificates likewise, and leave note and owner', async () => {
    const { client } = opened
    const ids = [await imported(wide, 'wide'), await imported(narrow, 'narrow')]
    await client.certificates.annotate({ id: ids[0]!, owner: 'Ada', note: 'ask', tags: ['eu'] })
    const { changed } = await client.certificates.tag({ ids, add: ['prod'], remove: ['eu'] })
    expect(changed).toEqual(ids)
    const listed = await client.certificates.list()
    expect(listed.map(({ tags, owner, note }) => ({ tags, owner, note }))).toEqual([
      { tags: ['prod'], owner: 'Ada', note: 'ask' },
      { tags: ['prod'], owner: '', note: '' },
    ])
  })
})

describe('notes and tags', () => {
  test('are kept, shown in the list, and in the audit trail', async () => {
    const id = await imported(wide, 'wide')
    await opened.client.certificates.annotate({ id, note: 'from the bakery', tags: ['prod', 'prod', 'eu'] })
    opened = await opened.reopen()
    const [listed] = await opened.client.certificates.list()
    expect(listed).toMatchObject({ note: 'from the bakery', tags: ['prod', 'eu'] })
    await opened.client.certificates.annotate({ id, tags: [] })
    expect((await opened.client.certificates.get({ id })).summary).toMatchObject({
      note: 'from the bakery',
      tags: [],
    })
    const [row] = await opened.client.audit.list({ limit: 1 })
    expect(row).toMatchObject({
      action: 'certificate.annotate',
      subject: id,
      before: { note: 'from the bakery', tags: ['prod', 'eu'] },
      after: { note: 'from the bakery', tags: [] },
    })
  })

  test('have an end', async () => {
    const id = await imported(wide, 'wide')
    const { annotate } = opened.client.certificates
    await expect(annotate({ id, note: 'x'.repeat(2001) })).rejects.toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST' }),
    )
    await expect(annotate({ id, tags: ['x'.repeat(41)] })).rejects.toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST' }),
    )
    await expect(annotate({ id, tags: Array.from({ length: 21 }, String) })).rejects.toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST' }),
    )
    await expect(annotate({ id: 'none', note: '' })).rejects.toThrow(
      expect.objectContaining({ code: 'certificate.not_found' }),
    )
  })
})

describe('the state of a certificate', () => {
  test('follows its lifetime by the clock of the engine', async () => {
    const day = 24 * 60 * 60 * 1000
    const start = Math.floor(now.getTime() / 1000) * 1000
    const [notBefore, notAfter] = [new Date(start - day), new Date(start + 89 * day)]
    const id = await imported(issueTestLeaf(authority, { names: ['a.test'], notBefore, notAfter }), 'a')
    const states = []
    for (const days of [-2, 0, 58, 60, 81, 83, 90]) {
      now = new Date(start + days * day)
      states.push((await opened.client.certificates.get({ id })).summary.expiry)
    }
    expect(states).toEqual(['not-yet-valid', 'ok', 'ok', 'expiring', 'expiring', 'last-week', 'expired'])
  })

  test('says that no revocation is known, and that it covers its domains', async () => {
    await threeDomains()
    const [summary] = await opened.client.certificates.list()
    expect(summary).toMatchObject({ revoked: null, covering: true })
  })

  test('says where a domain that uses it is not covered', async () => {
    await threeDomains()
    const { vault } = opened.engine.context.parts
    const certificateId = await imported(narrow, 'narrow')
    vault.change(() => vault.domains.update('old.test', { certificateId }))
    const covering = (await opened.client.certificates.list()).map(({ name, covering }) => [name, covering])
    expect(covering).toEqual([
      ['wide', true],
      ['narrow', false],
    ])
  })
})

test('the same certificate uploaded again is found by its fingerprint', async () => {
  await imported(wide, 'wide')
  const { stagingId, duplicateOf } = await opened.client.staging.open({ files: uploads(wide) })
  expect(duplicateOf?.name).toBe('wide')
  await expect(opened.client.certificates.import({ stagingId })).rejects.toThrow(
    expect.objectContaining({ code: 'certificate.duplicated' }),
  )
  await opened.client.domains.add({ name: 'shop.test', origin: originAt(3000) })
  await enableByUpload(opened.client, 'shop.test', wide)
  expect(await opened.client.certificates.list()).toHaveLength(1)
})

test('an imported certificate that a domain already has gets the new name', async () => {
  const site = issueTestLeaf(createTestAuthority(), { names: ['named.test'] })
  await opened.client.domains.add({ name: 'named.test', origin: originAt(3000) })
  await enableByUpload(opened.client, 'named.test', site)
  const { stagingId } = await opened.client.staging.open({ files: uploads(site) })
  const imported = await opened.client.certificates.import({ stagingId, name: 'named 2026' })
  expect(imported).toMatchObject({
    ...{ name: 'named 2026', formerName: expect.stringContaining('named.test') as string },
    ...{ kept: true, usedBy: ['named.test'] },
  })
})
