import { describe, expect, test } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import { defaultPolicies } from '../../../../src/contract/domains/policies.ts'
import { keyFileProtector } from '../../../../src/engine/vault/key-protector/key-file.ts'
import { openVault } from '../../../../src/engine/vault/vault.ts'
import {
  addCertificate,
  certificateRow,
  exampleOrigin,
  failureOf,
  now,
  openTestVault,
  temporaryHome,
} from '../../../support/vault/vault.ts'

const keyPem = () =>
  Buffer.from('-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----\n')

describe('domains', () => {
  test('start with HTTPS off and keep what they are given, also over a restart', async () => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    first.domains.insert({ name: 'shop.test', origin: exampleOrigin })
    const stored = first.domains.get('shop.test')
    first.close()
    expect(stored).toEqual({
      name: 'shop.test',
      origin: exampleOrigin,
      httpsState: 'off',
      certificateId: null,
      previousCertificateId: null,
      redirect: { mode: 'none', code: 301 },
      policies: defaultPolicies,
      tags: [],
      lastCheck: null,
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
    })
    expect((await openTestVault(folder)).domains.get('shop.test')).toEqual(stored)
  })

  test('are listed by name, changed in part and removed', async () => {
    const { domains } = await openTestVault(temporaryHome())
    domains.insert({ name: 'b.test', origin: exampleOrigin })
    domains.insert({ name: 'a.test', origin: exampleOrigin })
    domains.update('b.test', { redirect: { mode: 'https', code: 308 } })
    expect(domains.list().map((row) => [row.name, row.redirect.mode])).toEqual([
      ['a.test', 'none'],
      ['b.test', 'https'],
    ])
    domains.remove('a.test')
    expect(domains.get('a.test')).toBeUndefined()
  })

  test('are counted, and a change that came to nothing does not count', async () => {
    const vault = await openTestVault(temporaryHome())
    const { domains } = vault
    const { id } = addCertificate(vault, Buffer.from('key'))
    const add = (name: string) =>
      domains.insert({ name, origin: exampleOrigin, httpsState: 'on', certificateId: id })
    add('a.test')
    domains.insert({ name: 'b.test', origin: exampleOrigin })
    expect(domains.count()).toEqual({ total: 2, onHttps: 1 })
    const failing = () =>
      vault.change(() => {
        add('c.test')
        expect(domains.count()).toEqual({ total: 3, onHttps: 2 })
        throw new Error('no')
      })
    expect(failing).toThrow('no')
    expect(domains.count()).toEqual({ total: 2, onHttps: 1 })
    domains.update('a.test', { httpsState: 'paused' })
    domains.remove('b.test')
    expect(domains.count()).toEqual({ total: 1, onHttps: 0 })
  })

  test('are refused twice, and unknown ones are named', async () => {
    const { domains } = await openTestVault(temporaryHome())
    domains.insert({ name: 'a.test', origin: exampleOrigin })
    const again = () => domains.insert({ name: 'a.test', origin: exampleOrigin })
    expect(await failureOf(again)).toMatchObject({ code: 'domain.exists', data: { name: 'a.test' } })
    expect(await failureOf(() => domains.update('b.test', {}))).toMatchObject({ code: 'domain.not_found' })
    expect(await failureOf(() => domains.remove('b.test'))).toMatchObject({ code: 'domain.not_found' })
  })

  test('keep the time of their last change when a check is noted', async () => {
    const folder = temporaryHome()
    const times = [now, new Date('2026-11-25T12:00:00.000Z')]
    const clock = () => times.shift() ?? now
    const vault = await openVault({ folder, clock, protectors: [keyFileProtector(folder)] })
    vault.domains.insert({ name: 'a.test', origin: exampleOrigin })
    const lastCheck = { at: now.toISOString(), ok: true, summary: 'Works.' }
    vault.domains.update('a.test', { lastCheck })
    expect(vault.domains.get('a.test')).toMatchObject({ lastCheck, updatedAt: now.toISOString() })
    vault.domains.update('a.test', { redirect: { mode: 'https', code: 301 } })
    expect(vault.domains.get('a.test')?.updatedAt).toBe('2026-11-25T12:00:00.000Z')
    vault.close()
  })

  test('cannot be on HTTPS without a certificate', async () => {
    const { domains } = await openTestVault(temporaryHome())
    domains.insert({ name: 'a.test', origin: exampleOrigin })
    expect(() => domains.update('a.test', { httpsState: 'on' })).toThrow(/CHECK constraint/)
  })
})

describe('certificates', () => {
  test('are listed without their chains in the order they came, and read back whole', async () => {
    const { certificates } = await openTestVault(temporaryHome())
    const rows = [certificateRow({ name: 'Z' }), certificateRow({ name: 'A', kind: 'free', kept: false })]
    for (const row of rows) certificates.insert(row)
    const whole = rows.map((row) => ({
      ...row,
      addedAt: now.toISOString(),
      note: '',
      owner: '',
      tags: [],
      revokedAt: null,
    }))
    expect(certificates.list()).toEqual(whole.map(({ chainPem: _, rootPem: __, ...listing }) => listing))
    expect(certificates.get(rows[1]!.id)).toEqual(whole[1])
    expect(certificates.findByFingerprint(rows[0]!.fingerprintSha256)).toEqual(whole[0])
    expect(certificates.get('none')).toBeUndefined()
    expect([certificates.isNameTaken('A'), certificates.isNameTaken('B')]).toEqual([true, false])
    expect(certificates.isNameTaken('A', rows[1]!.id)).toBe(false)
  })

  test('are renamed and marked as kept', async () => {
    const { certificates } = await openTestVault(temporaryHome())
    const { id } = certificateRow()
    certificates.insert(certificateRow({ id, kept: false }))
    certificates.rename(id, 'New name')
    certificates.setKept(id, true)
    expect(certificates.get(id)).toMatchObject({ name: 'New name', kept: true })
    for (const act of [
      () => certificates.rename('none', 'x'),
      () => certificates.setKept('none', true),
      () => certificates.remove('none'),
    ])
      expect(await failureOf(act)).toMatchObject({
        code: 'certificate.not_found',
        data: { reference: 'none' },
      })
  })

  test('are refused a second time by their fingerprint, with the name of the first', async () => {
    const { certificates } = await openTestVault(temporaryHome())
    const first = certificateRow({ name: 'First' })
    certificates.insert(first)
    const again = () =>
      certificates.insert({ ...certificateRow(), fingerprintSha256: first.fingerprintSha256 })
    const data = { name: 'First', fingerprintSha256: first.fingerprintSha256 }
    expect(await failureOf(again)).toMatchObject({ code: 'certificate.duplicated', data })
    expect(certificates.list()).toHaveLength(1)
  })

  test('say which domains use them and are not removed from under those', async () => {
    const { certificates, domains } = await openTestVault(temporaryHome())
    const row = certificateRow()
    certificates.insert(row)
    for (const name of ['b.test', 'a.test'])
      domains.insert({ name, origin: exampleOrigin, httpsState: 'on', certificateId: row.id })
    domains.insert({ name: 'c.test', origin: exampleOrigin, previousCertificateId: row.id })
    expect(certificates.usage(row.id)).toEqual(['a.test', 'b.test'])
    const data = { name: row.name, domains: ['a.test', 'b.test'] }
    expect(await failureOf(() => certificates.remove(row.id))).toMatchObject({
      code: 'certificate.in_use',
      data,
    })
    for (const name of ['a.test', 'b.test']) domains.remove(name)
    certificates.remove(row.id)
    expect(domains.get('c.test')?.previousCertificateId).toBeNull()
  })
})

describe('sealed keys', () => {
  test('come back only inside the function they are lent to, over a restart too', async () => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    const { id } = addCertificate(first, keyPem())
    first.close()
    const { keys } = await openTestVault(folder)
    let lent: Buffer | undefined
    expect(keys.has(id)).toBe(true)
    expect(keys.withKey(id, (key) => (lent = key).equals(keyPem()))).toBe(true)
    expect(lent).toEqual(Buffer.alloc(keyPem().length))
  })

  test('need their certificate and its public key', async () => {
    const { certificates, keys } = await openTestVault(temporaryHome())
    const row = certificateRow()
    certificates.insert(row)
    const unknown = () => keys.sealKey('none', row.spkiSha256, keyPem())
    expect(await failureOf(unknown)).toMatchObject({ code: 'certificate.not_found' })
    expect(await failureOf(() => keys.sealKey(row.id, 'ff', keyPem()))).toMatchObject({
      code: 'key.mismatch',
    })
    expect(await failureOf(() => keys.withKey(row.id, () => 0))).toMatchObject({ code: 'key.unsealable' })
    expect(keys.has(row.id)).toBe(false)
  })
})

describe('the authority', () => {
  test('is made once, shows its certificate and lends its key', async () => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    expect(first.authority.get()).toBeUndefined()
    expect(await failureOf(() => first.authority.withRootKey(() => 0))).toMatchObject({
      code: 'key.unsealable',
    })
    first.authority.create({ certificatePem: 'CERTIFICATE', spkiSha256: 'ab', keyPem: keyPem() })
    expect(() =>
      first.authority.create({ certificatePem: 'OTHER', spkiSha256: 'cd', keyPem: keyPem() }),
    ).toThrow('UNIQUE')
    first.close()
    const { authority } = await openTestVault(folder)
    expect(authority.get()).toMatchObject({ id: 1, certificatePem: 'CERTIFICATE', intermediatePem: null })
    expect(await authority.withRootKey(async (key) => key.equals(keyPem()))).toBe(true)
  })
})

describe('a change', () => {
  test('counts the configuration version up by one, over restarts', async () => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    expect(first.configurationVersion()).toBe(0)
    const result = first.change(() => {
      first.domains.insert({ name: 'a.test', origin: exampleOrigin })
      first.domains.insert({ name: 'b.test', origin: exampleOrigin })
      return 'both'
    })
    expect(result).toBe('both')
    first.close()
    expect((await openTestVault(folder)).configurationVersion()).toBe(1)
  })

  test('leaves nothing behind if it throws, not even the version, and passes the error on', async () => {
    const vault = await openTestVault(temporaryHome())
    const refusal = new EdgekeepError('domain.https_off', {
      name: 'a.test',
      command: 'edgekeep https on a.test --free',
    })
    const change = () =>
      vault.change(() => {
        vault.domains.insert({ name: 'a.test', origin: exampleOrigin })
        addRowOnly()
        throw refusal
      })
    const addRowOnly = () => vault.certificates.insert(certificateRow())
    expect(await failureOf(change)).toBe(refusal)
    expect([vault.domains.list(), vault.certificates.list(), vault.configurationVersion()]).toEqual([
      [],
      [],
      0,
    ])
  })

  test('inside a change is refused, and so is one that is asynchronous', async () => {
    const vault = await openTestVault(temporaryHome())
    expect(() => vault.change(() => vault.change(() => 0))).toThrow('inside another change')
    expect(() => vault.change(async () => 0)).toThrow('asynchronous')
    expect(vault.configurationVersion()).toBe(0)
  })
})

test('settings are kept by name', async () => {
  const folder = temporaryHome()
  const first = await openTestVault(folder)
  expect(first.settings.get('theme')).toBeUndefined()
  first.settings.set('theme', 'dark')
  first.settings.set('theme', 'light')
  first.close()
  expect((await openTestVault(folder)).settings.get('theme')).toBe('light')
})
