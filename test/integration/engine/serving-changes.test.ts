import Database from 'better-sqlite3'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { defaultPolicies } from '../../../src/contract/domains/policies.ts'
import type { SnapshotDifference, SnapshotSource } from '../../../src/edge/supervisor/editions.ts'
import { createServing } from '../../../src/engine/serving/serving.ts'
import { createStapleKeeper } from '../../../src/engine/serving/stapling.ts'
import { watchedTables } from '../../../src/engine/vault/touched-rows.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { enableByUpload, openTestEngine, originAt, type TestEngine } from '../../support/engine/engine.ts'
import { startResponder } from '../../support/pki/ocsp-responder.ts'
import { waits } from '../../support/waits.ts'

const authority = createTestAuthority()
const leafFor = (name: string) => issueTestLeaf(authority, { names: [name] })

let opened: TestEngine
let source: SnapshotSource

beforeEach(async () => {
  opened = await openTestEngine()
  const { client, engine } = opened
  for (const name of ['shop.test', 'blog.test', 'plain.test'])
    await client.domains.add({ name, origin: originAt(3000) })
  for (const name of ['shop.test', 'blog.test']) await enableByUpload(client, name, leafFor(name))
  source = createServing(engine.context.parts)
  zero(source.whole().certificates)
})
afterEach(() => opened.close())

function zero(certificates: SnapshotDifference['change']['certificates']): void {
  for (const { leafKeyPem } of Object.values(certificates)) leafKeyPem.fill(0)
}

/** Summary of the next change. */
function nextChange() {
  const difference = source.change()
  if (!difference) throw new Error('only a whole one will do')
  const { change, endsSessions } = difference
  const { routes, removedRoutes, certificates, removedCertificates, staples, removedStaples, version } =
    change
  zero(certificates)
  return {
    version,
    routes: routes.map(({ domain, certificateId }) => [domain, certificateId !== null]),
    removedRoutes,
    certificates: Object.keys(certificates),
    removedCertificates,
    staples: Object.keys(staples),
    removedStaples,
    endsSessions,
  }
}
const certificateOf = async (domain: string) =>
  (await opened.client.domains.get({ domain })).https.certificate?.id ?? ''
const nothing = {
  routes: [],
  removedRoutes: [],
  certificates: [],
  removedCertificates: [],
  staples: [],
  removedStaples: [],
  endsSessions: false,
}

describe('a change of what the edge serves', () => {
  test('names the one domain that was changed, and opens no key', async () => {
    const { client, engine } = opened
    const opening = vi.spyOn(engine.context.parts.vault.keys, 'withKey')
    await client.domains.setOrigin({ domain: 'shop.test', origin: originAt(4000) })
    expect(nextChange()).toMatchObject({ ...nothing, routes: [['shop.test', true]] })
    expect(opening).not.toHaveBeenCalled()
  })

  test('is empty where nothing that is served was touched, and has the new version', async () => {
    const { client } = opened
    await client.certificates.annotate({ id: await certificateOf('shop.test'), note: 'a note' })
    const { configuration } = await client.engine.status()
    expect(nextChange()).toEqual({ ...nothing, version: configuration.version })
  })

  test('has a domain that was added, and one that was removed with its certificate', async () => {
    const { client } = opened
    const id = await certificateOf('shop.test')
    await client.domains.add({ name: 'new.test', origin: originAt(3000) })
    await client.domains.remove({ domain: 'shop.test' })
    expect(nextChange()).toMatchObject({
      routes: [['new.test', false]],
      removedRoutes: ['shop.test'],
      certificates: [],
      removedCertificates: [id],
      endsSessions: true,
    })
  })

  test('has the new certificate of a swap alone, whose sessions end', async () => {
    const { client, engine } = opened
    const before = await certificateOf('shop.test')
    const opening = vi.spyOn(engine.context.parts.vault.keys, 'withKey')
    await enableByUpload(client, 'shop.test', leafFor('shop.test'))
    expect(nextChange()).toMatchObject({
      routes: [['shop.test', true]],
      certificates: [await certificateOf('shop.test')],
      removedCertificates: [before],
      endsSessions: true,
    })
    expect(opening).toHaveBeenCalledTimes(1)
  })

  test('keeps a certificate that another domain still has', async () => {
    const { client } = opened
    const wide = issueTestLeaf(authority, { names: ['shop.test', 'blog.test'] })
    await enableByUpload(client, 'shop.test', wide, true)
    const source = { type: 'vault', certificateId: await certificateOf('shop.test') } as const
    await client.https.enable({ domain: 'blog.test', source })
    nextChange()
    await client.https.disable({ domain: 'shop.test' })
    expect(nextChange()).toMatchObject({
      routes: [['shop.test', false]],
      removedCertificates: [],
      endsSessions: true,
    })
    await client.https.pause({ domain: 'blog.test' })
    expect(nextChange()).toMatchObject({
      routes: [['blog.test', false]],
      removedCertificates: [source.certificateId],
    })
  })

  test('has several changes in one, and nothing of what was undone', async () => {
    const { client } = opened
    await client.domains.setOrigin({ domain: 'blog.test', origin: originAt(4000) })
    await client.domains.setOrigin({ domain: 'plain.test', origin: originAt(4000) })
    await client.domains.setOrigin({ domain: 'plain.test', origin: originAt(3000) })
    expect(nextChange()).toMatchObject({ ...nothing, routes: [['blog.test', true]] })
  })

  test('does not depend on the rows being written by a service', () => {
    const { vault } = opened.engine.context.parts
    vault.change(() => vault.domains.update('plain.test', { redirect: { mode: 'http', code: 302 } }))
    expect(() =>
      vault.change(() => {
        vault.domains.remove('blog.test')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(nextChange()).toMatchObject({ ...nothing, routes: [['plain.test', false]] })
  })

  test('takes every domain off HTTPS when the vault was locked, and puts it on again', async () => {
    const { parts } = opened.engine.context
    const ids = [await certificateOf('shop.test'), await certificateOf('blog.test')].sort()
    parts.vault.lock('window', 'it was asked for')
    const locked = nextChange()
    expect(locked.routes).toEqual([
      ['blog.test', false],
      ['shop.test', false],
    ])
    expect(locked.removedCertificates.sort()).toEqual(ids)
    expect(Object.fromEntries(parts.outages)).toEqual({
      'blog.test': 'vault-locked',
      'shop.test': 'vault-locked',
    })
    await parts.vault.unlock('window')
    expect(nextChange().certificates.sort()).toEqual(ids)
    expect([...parts.outages]).toEqual([])
  })

  test('tries a key that did not open again with the next change', async () => {
    const { engine, client } = opened
    const { keys } = engine.context.parts.vault
    const opening = vi.spyOn(keys, 'withKey').mockImplementation(() => {
      throw new Error('damaged')
    })
    await enableByUpload(client, 'plain.test', leafFor('plain.test'))
    expect(nextChange()).toMatchObject({ routes: [['plain.test', false]], certificates: [] })
    expect([...engine.context.parts.outages]).toEqual([['plain.test', 'key-unreadable']])
    opening.mockRestore()
    expect(nextChange()).toMatchObject({
      routes: [['plain.test', true]],
      certificates: [await certificateOf('plain.test')],
    })
  })

  test('has the OCSP answers that are new, once, and those that are gone', async () => {
    const { client, engine } = opened
    const { parts } = engine.context
    const issuing = createTestAuthority({ commonName: 'Issuing', issuer: authority })
    const responder = await startResponder(issuing)
    const stapling = (parts.stapling = createStapleKeeper(parts))
    const tls = { ...defaultPolicies.tls, ocspStapling: true }
    const fingerprints = ['shop.test', 'blog.test'].map(async (name) => {
      const leaf = issueTestLeaf(issuing, { names: [name], responder: responder.address }, [issuing])
      responder.says(leaf.leafPem, 'good')
      await enableByUpload(client, name, leaf)
      return leaf.fingerprintSha256
    })
    const [shop = '', blog = ''] = await Promise.all(fingerprints)
    const turnOn = (name: string) => client.domains.setPolicies({ domains: [name], policies: { tls } })
    await turnOn('shop.test')
    await vi.waitFor(() => expect(Object.keys(stapling.staples())).toEqual([shop]), waits)
    expect(nextChange()).toMatchObject({ staples: [shop], removedStaples: [] })
    await turnOn('blog.test')
    await vi.waitFor(() => expect(Object.keys(stapling.staples())).toHaveLength(2), waits)
    expect(nextChange()).toMatchObject({ staples: [blog], removedStaples: [] })
    await client.domains.setOrigin({ domain: 'shop.test', origin: originAt(4000) })
    expect(nextChange()).toMatchObject({ staples: [], removedStaples: [] })
    await client.https.disable({ domain: 'shop.test' })
    expect(nextChange()).toMatchObject({ staples: [], removedStaples: [shop] })
    expect(Object.keys(source.whole().staples)).toEqual([blog])
    responder.close()
  })

  test('cannot be told after a failure: a whole one is needed, and has everything', () => {
    const { vault } = opened.engine.context.parts
    vault.change(() => vault.domains.update('plain.test', { redirect: { mode: 'http', code: 302 } }))
    const reading = vi.spyOn(vault.domains, 'get').mockImplementation(() => {
      throw new Error('the disk is away')
    })
    expect(() => source.change()).toThrow('the disk is away')
    reading.mockRestore()
    expect(source.change()).toBeNull()
    const { routes, certificates } = source.whole()
    zero(certificates)
    expect(routes).toHaveLength(3)
    expect(Object.keys(certificates)).toHaveLength(2)
    expect(nextChange()).toMatchObject(nothing)
  })
})

test('every table of the vault either counts for the edge or is known not to', () => {
  const sqlite = new Database(join(opened.folder, 'vault.db'), { readonly: true })
  const watched = watchedTables(sqlite).map(({ table, noted }) => [table, noted.map(({ kind }) => kind)])
  sqlite.close()
  // Add a new table that the edge does not serve from to `unserved`: else each row written to it makes the
  // next change slow.
  expect(Object.fromEntries(watched)).toEqual({
    domains: ['domains', 'usedCertificates', 'usedCertificates'],
    certificates: ['certificates'],
    certificate_chains: ['certificates'],
    renewals: ['certificates'],
  })
})
