import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { keyFileProtector } from '../../../../src/engine/vault/key-protector/key-file.ts'
import { newCost } from '../../../../src/engine/vault/derive-key.ts'
import type { KeyProtector, Vault } from '../../../../src/engine/vault/vault.ts'
import { cheapen, withFullCost } from '../../../support/vault/cheap-derivation.ts'
import { deriveCheaply } from '../../../support/vault/derive-cheaply.ts'
import { heldKeychain } from '../../../support/vault/held-keychain.ts'
import {
  addCertificate,
  failureOf,
  filesHolding,
  openTestVault,
  temporaryHome,
} from '../../../support/vault/vault.ts'
import { setRecoveryKeyOf, testRecovery } from '../../../support/vault/recovery.ts'
import { keyOf } from '../../../support/vault/vault-workload.ts'

deriveCheaply()

const secret = () => Buffer.from('correct horse battery staple')
const another = () => Buffer.from('incorrect horse battery staple')

async function filledVault(folder: string, protectors?: KeyProtector[]): Promise<Vault> {
  const vault = await openTestVault(folder, protectors)
  addCertificate(vault, keyOf('c1'), { id: 'c1' })
  vault.authority.create({ certificatePem: 'CERTIFICATE', spkiSha256: 'ab', keyPem: keyOf('authority') })
  return vault
}

async function protectedVault(folder: string): Promise<Vault> {
  const vault = await filledVault(folder)
  await vault.custody.moveTo('passphrase', 'window', secret())
  return vault
}

function expectAllToOpen(vault: Vault): void {
  expect(vault.keys.withKey('c1', (key) => key.equals(keyOf('c1')))).toBe(true)
  expect(vault.authority.withRootKey((key) => key.equals(keyOf('authority')))).toBe(true)
  expect(vault.audit.verify()).toMatchObject({ ok: true })
}

const locked = { code: 'vault.locked' }

describe('a vault under a passphrase', () => {
  test('opens locked, shows what is not secret, and neither opens a key nor takes a change', async () => {
    const folder = temporaryHome()
    ;(await protectedVault(folder)).close()
    const vault = await openTestVault(folder)
    expect(vault.protection).toMatchObject({ protector: 'passphrase', weak: false, locked: true })
    expect(vault.protection.lockReason).toBe(
      'The vault is locked: it is protected by a passphrase. Unlock it in the window or with "edgekeep unlock".',
    )
    expect(vault.certificates.list().map(({ id }) => id)).toEqual(['c1'])
    expect(vault.audit.list({ limit: 1 })).toMatchObject([{ action: 'vault.rotate' }])
    expect([vault.configurationVersion(), vault.keys.has('c1')]).toEqual([1, true])
    const refused: (() => unknown)[] = [
      () => vault.requireUnlocked(),
      () => vault.change(() => vault.settings.set('theme', 'dark')),
      () => vault.keys.withKey('c1', () => undefined),
      () => vault.keys.sealKey('c1', vault.certificates.get('c1')!.spkiSha256, keyOf('c1')),
      () => vault.authority.withRootKey(() => undefined),
      () =>
        vault.authority.create({
          certificatePem: 'CERTIFICATE',
          spkiSha256: 'ab',
          keyPem: keyOf('authority'),
        }),
      () => vault.audit.verify(),
      () => vault.custody.rotate('window', secret()),
      () => vault.custody.moveTo('key-file', 'window'),
      () => vault.custody.moveTo('passphrase', 'window', another()),
      () => vault.backup(secret()),
    ]
    for (const act of refused) expect(await failureOf(act)).toMatchObject(locked)
    expect(vault.settings.get('theme')).toBeUndefined()
  })

  test('is opened by its passphrase and by no other, and says who opened it', async () => {
    const folder = temporaryHome()
    ;(await protectedVault(folder)).close()
    const vault = await openTestVault(folder)
    expect(await failureOf(() => vault.unlock('window'))).toMatchObject({ code: 'vault.passphrase_needed' })
    expect(await failureOf(() => vault.unlock('window', another()))).toMatchObject({
      code: 'vault.wrong_passphrase',
    })
    expect(vault.protection.locked).toBe(true)
    await vault.unlock('command line', secret())
    expect(vault.protection).toMatchObject({ locked: false, lockReason: null })
    expectAllToOpen(vault)
    expect(vault.audit.list({ limit: 1 })).toMatchObject([{ actor: 'command line', action: 'vault.unlock' }])
    await vault.unlock('window')
    addCertificate(vault, keyOf('c2'), { id: 'c2' })
  })

  test('leaves nothing in the folder that opens it', async () => {
    const folder = temporaryHome()
    const vault = await withFullCost(() => protectedVault(folder))
    const database = new Database(join(folder, 'vault.db'), { readonly: true })
    expect(database.prepare('SELECT protector, weak FROM protection').get()).toEqual({
      protector: 'passphrase',
      weak: 0,
    })
    const cost = database.prepare('SELECT log2_n, r, p FROM derivations').get() as Record<string, number>
    expect(cost).toMatchObject({ log2_n: 17, r: 8 })
    expect(cost['p']).toBeGreaterThanOrEqual(1)
    expect(cost['p']).toBeLessThanOrEqual(16)
    database.close()
    expect(filesHolding(folder, [secret(), keyOf('c1')])).toEqual([])
    vault.close()
    expect(filesHolding(folder, [secret(), keyOf('c1')])).toEqual([])
  })

  test('takes as many passes as fill the time that a guess is to cost, sixteen at most', async () => {
    // So much longer than a pass that only the bound ends it, and nothing.
    for (const [atLeastMs, passes] of [
      [20_000, 16],
      [0, 1],
    ] as const) {
      const folder = temporaryHome()
      Object.assign(newCost, { atLeastMs })
      try {
        await protectedVault(folder)
      } finally {
        cheapen()
      }
      const database = new Database(join(folder, 'vault.db'), { readonly: true })
      expect(database.prepare('SELECT p FROM derivations').pluck().get()).toBe(passes)
      database.close()
    }
  })

  test('is rotated with its passphrase only, and opens with it afterwards', async () => {
    const folder = temporaryHome()
    const vault = await protectedVault(folder)
    // Otherwise the rebuild that follows a move changes the file too.
    vault.scrub()
    const before = readFileSync(join(folder, 'vault.db'))
    expect(await failureOf(() => vault.custody.rotate('window'))).toMatchObject({
      code: 'vault.passphrase_needed',
    })
    expect(await failureOf(() => vault.custody.rotate('window', another()))).toMatchObject({
      code: 'vault.wrong_passphrase',
    })
    expect(readFileSync(join(folder, 'vault.db'))).toEqual(before)
    await vault.custody.rotate('window', secret())
    expect(vault.protection.warnings).toEqual([])
    vault.close()
    const again = await openTestVault(folder)
    await again.unlock('window', secret())
    expectAllToOpen(again)
    expect(derivationsOf(folder)).toBe(1)
  })

  test('is locked where the record of the derivation is gone, and does not do work without bound', async () => {
    const folder = temporaryHome()
    ;(await protectedVault(folder)).close()
    for (const statement of [
      'UPDATE derivations SET p = 17',
      'UPDATE derivations SET log2_n = 30, p = 1',
      'DELETE FROM derivations',
    ]) {
      const database = new Database(join(folder, 'vault.db'))
      database.exec(statement)
      database.close()
      const vault = await openTestVault(folder)
      expect(await failureOf(() => vault.unlock('window', secret()))).toMatchObject(locked)
      expect(vault.protection.lockReason).toContain('the record of how its key is derived')
      vault.close()
    }
  })
})

describe('locking', () => {
  test('zeroes the keys where they were, at once, and says why', async () => {
    const vault = await filledVault(temporaryHome())
    vault.lock('window', 'it was not used for 10 minutes')
    expect(vault.protection.lockReason).toContain('it was not used for 10 minutes')
    expect(await failureOf(() => vault.keys.withKey('c1', () => undefined))).toMatchObject(locked)
    vault.lock('window', 'it was locked again')
    expect(vault.protection.lockReason).toContain('it was not used for 10 minutes')
    await vault.unlock('window')
    expectAllToOpen(vault)
    const rows = vault.audit.list({ limit: 2 }).map(({ actor, action }) => [actor, action])
    expect(rows).toEqual([
      ['window', 'vault.unlock'],
      ['window', 'vault.lock'],
    ])
  })

  test('is done also where it cannot be written down, and unlocking is not', async () => {
    const folder = temporaryHome()
    const vault = await filledVault(folder)
    const writer = new Database(join(folder, 'vault.db'))
    writer.exec('BEGIN IMMEDIATE')
    expect(await failureOf(() => vault.lock('window', 'it was locked'))).toMatchObject({
      code: 'engine.busy',
    })
    expect(vault.protection.locked).toBe(true)
    expect(await failureOf(() => vault.unlock('window'))).toMatchObject({ code: 'engine.busy' })
    expect(vault.protection.locked).toBe(true)
    writer.exec('ROLLBACK')
    writer.close()
    await vault.unlock('window')
    expectAllToOpen(vault)
  })

  test('during a rotation or a backup leaves the one undone and the other whole', async () => {
    const folder = temporaryHome()
    const vault = await protectedVault(folder)
    setRecoveryKeyOf(vault, await testRecovery())
    const moving = vault.custody.moveTo('passphrase', 'window', another())
    await new Promise((resolve) => setImmediate(resolve))
    const backup = vault.backup(secret())
    vault.lock('window', 'it was locked')
    expect(await failureOf(() => moving)).toMatchObject(locked)
    expect((await backup).length).toBeGreaterThan(0)
    await vault.unlock('window', secret())
    expectAllToOpen(vault)
    expect(derivationsOf(folder)).toBe(2)
    await vault.custody.rotate('window', secret())
    expect(derivationsOf(folder)).toBe(1)
  })

  test('wins over an unlocking that is still at work when the vault is closed', async () => {
    const folder = temporaryHome()
    ;(await protectedVault(folder)).close()
    const vault = await openTestVault(folder)
    const unlocking = vault.unlock('window', secret())
    await new Promise((resolve) => setImmediate(resolve))
    vault.close()
    await failureOf(() => unlocking)
    expect(vault.protection.locked).toBe(true)
  })
})

describe('a move', () => {
  test('goes from each protector to each other, whole, and leaves no key of the one before', async () => {
    const folder = temporaryHome()
    const keychain = heldKeychain()
    const vault = await filledVault(folder, [keychain.protector, keyFileProtector(folder)])
    for (const to of ['passphrase', 'key-file', 'passphrase', 'os-keychain'] as const) {
      const passphrase = to === 'passphrase' ? secret() : undefined
      await vault.custody.moveTo(to, 'window', passphrase)
      expect(vault.protection.warnings).toEqual([])
      expect(vault.protection.protector).toBe(to)
      expect(derivationsOf(folder)).toBe(to === 'passphrase' ? 1 : 0)
      expect(keychain.held.size).toBe(to === 'os-keychain' ? 1 : 0)
      expectAllToOpen(vault)
    }
  })

  test('changes nothing if the new passphrase is missing, or if it is cut off', async () => {
    const folder = temporaryHome()
    const vault = await filledVault(folder)
    expect(await failureOf(() => vault.custody.moveTo('passphrase', 'window'))).toMatchObject({
      code: 'vault.passphrase_needed',
    })
    expect(vault.protection.protector).toBe('key-file')
    expectAllToOpen(vault)
    const moving = vault.custody.moveTo('passphrase', 'window', secret())
    vault.close()
    await failureOf(() => moving)
    const again = await openTestVault(folder)
    expect(again.protection).toMatchObject({ protector: 'key-file', locked: false })
    expectAllToOpen(again)
  })

  test('makes the old passphrase worthless', async () => {
    const folder = temporaryHome()
    const vault = await protectedVault(folder)
    await vault.custody.moveTo('passphrase', 'window', another())
    vault.close()
    const again = await openTestVault(folder)
    expect(await failureOf(() => again.unlock('window', secret()))).toMatchObject({
      code: 'vault.wrong_passphrase',
    })
    await again.unlock('window', another())
    expectAllToOpen(again)
  })
})

function derivationsOf(folder: string): number {
  const database = new Database(join(folder, 'vault.db'), { readonly: true })
  const count = database.prepare('SELECT count(*) FROM derivations').pluck().get() as number
  database.close()
  return count
}
