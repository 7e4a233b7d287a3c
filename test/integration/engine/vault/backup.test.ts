import { createHash } from 'node:crypto'
import { openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { restoreVault, type RestoreOptions } from '../../../../src/engine/vault/backup/restore.ts'
import { keyFileProtector } from '../../../../src/engine/vault/key-protector/key-file.ts'
import type { Vault } from '../../../../src/engine/vault/vault.ts'
import { deriveCheaply } from '../../../support/vault/derive-cheaply.ts'
import { heldKeychain } from '../../../support/vault/held-keychain.ts'
import { mountSmallDisk } from '../../../support/vault/small-disk.ts'
import {
  addCertificate,
  exampleOrigin,
  failureOf,
  filesHolding,
  now,
  openTestVault,
  temporaryHome,
} from '../../../support/vault/vault.ts'
import { setRecoveryKeyOf, testRecovery } from '../../../support/vault/recovery.ts'
import { keyOf } from '../../../support/vault/vault-workload.ts'

deriveCheaply()

const passphrase = Buffer.from('correct horse battery staple')
const ids = ['c1', 'c2']
const recovery = await testRecovery()
const secrets = { passphrases: [passphrase], recovery: recovery.pair }

function fill(vault: Vault): void {
  for (const id of ids) addCertificate(vault, keyOf(id), { id })
  vault.change(() => {
    vault.domains.insert({ name: 'shop.test', origin: exampleOrigin, httpsState: 'on', certificateId: 'c1' })
    vault.audit.append({
      actor: 'window',
      action: 'domain.add',
      subject: 'shop.test',
      before: null,
      after: null,
    })
  })
  vault.authority.create({ certificatePem: 'CERTIFICATE', spkiSha256: 'ab', keyPem: keyOf('authority') })
}

/** Backup of a filled vault, and the secrets to search for in files. */
interface Backup {
  archive: Buffer
  sealed: Buffer[]
}

/** Made once: its passphrase is slow on purpose. */
function backedUp(): Promise<Backup> {
  made ??= makeBackup()
  return made
}
let made: Promise<Backup> | undefined

async function makeBackup(): Promise<Backup> {
  const folder = temporaryHome()
  const vault = await openTestVault(folder)
  fill(vault)
  setRecoveryKeyOf(vault, recovery)
  const archive = await vault.backup(passphrase)
  vault.close()
  const database = new Database(join(folder, 'vault.db'), { readonly: true })
  const sealed = database.prepare('SELECT sealed FROM sealed_keys').pluck().all() as Buffer[]
  database.close()
  return { archive, sealed }
}

function restore(folder: string, archive: Buffer, over: Partial<RestoreOptions> = {}): Promise<unknown> {
  const protectors = [keyFileProtector(folder)]
  return restoreVault({
    folder,
    archive,
    secrets,
    clock: () => now,
    actor: 'command line',
    protectors,
    ...over,
  })
}

function expectWhole(vault: Vault): void {
  expect(vault.domains.list().map((row) => [row.name, row.httpsState])).toEqual([['shop.test', 'on']])
  for (const id of ids) expect(vault.keys.withKey(id, (key) => key.equals(keyOf(id)))).toBe(true)
  expect(vault.authority.withRootKey((key) => key.equals(keyOf('authority')))).toBe(true)
  expect(vault.audit.verify()).toEqual({ ok: true, rows: 2 })
  expect(vault.audit.list({ limit: 1 })).toMatchObject([{ actor: 'command line', action: 'vault.restore' }])
}

/** Makes a closed vault with one domain that is not in the backup; returns a digest of its files. */
async function otherVault(folder: string): Promise<() => Record<string, string>> {
  const vault = await openTestVault(folder)
  vault.domains.insert({ name: 'other.test', origin: exampleOrigin })
  vault.close()
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  return () => Object.fromEntries(readdirSync(folder).map((name) => [name, digest(name)]))
}

function keyFilesOf(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes('.key'))
}

describe('a backup', () => {
  test('is restored whole in an empty folder, under that machine’s own protection', async () => {
    const { archive, sealed } = await backedUp()
    const folder = temporaryHome()
    const keychain = heldKeychain()
    const protectors = [keychain.protector, keyFileProtector(folder)]
    await restore(folder, archive, { protectors })
    const vault = await openTestVault(folder, protectors)
    expectWhole(vault)
    expect([vault.protection.protector, keychain.held.size]).toEqual(['os-keychain', 1])
    expect(vault.configurationVersion()).toBe(4)
    vault.scrub()
    expect(filesHolding(folder, sealed)).toEqual([])
  })

  test('shows nothing of its contents', async () => {
    const { archive, sealed } = await backedUp()
    const words = ['shop.test', 'PRIVATE KEY', 'CERTIFICATE', 'sealed_keys', 'SQLite'].map((word) =>
      Buffer.from(word),
    )
    for (const needle of [...words, ...sealed, passphrase]) expect(archive.includes(needle)).toBe(false)
  })

  test('replaces the existing vault, whose key is deleted', async () => {
    const { archive } = await backedUp()
    const folder = temporaryHome()
    await otherVault(folder)
    const [before] = keyFilesOf(folder)
    await restore(folder, archive)
    expectWhole(await openTestVault(folder))
    expect(keyFilesOf(folder)).toHaveLength(1)
    expect(keyFilesOf(folder)).not.toContain(before)
  })

  test('takes the place of a damaged vault, and of one of which the log is left', async () => {
    const { archive } = await backedUp()
    const spoilt = [
      (path: string) => void writeSync(openSync(path, 'r+'), Buffer.alloc(4096), 0, 4096, 8192),
      (path: string) => writeFileSync(path, ''),
      (path: string) => rmSync(path),
    ]
    for (const spoil of spoilt) {
      const folder = temporaryHome()
      await otherVault(folder)
      spoil(join(folder, 'vault.db'))
      writeFileSync(join(folder, 'vault.db-wal'), 'frames of another time', { mode: 0o600 })
      await restore(folder, archive)
      const vault = await openTestVault(folder)
      expectWhole(vault)
      expect(readdirSync(folder)).not.toContain('vault.db-wal.damaged')
      vault.close()
    }
  })
})

describe('a failed restore leaves the existing vault as it is', () => {
  test('another passphrase, a changed byte, a piece of the file or no backup at all changes nothing', async () => {
    const { archive } = await backedUp()
    const folder = temporaryHome()
    const files = await otherVault(folder)
    const before = files()
    const changed = (offset: number) => {
      const copy = Buffer.from(archive)
      copy[offset < 0 ? copy.length + offset : offset]! ^= 1
      return copy
    }
    const cases: [Buffer, string][] = [
      [changed(-1), 'backup.not_opened'],
      [changed(1000), 'backup.not_opened'],
      [changed(30), 'backup.not_opened'],
      [archive.subarray(0, archive.length - 100), 'backup.not_opened'],
      [changed(0), 'backup.malformed'],
      [changed(16), 'backup.malformed'],
      [archive.subarray(0, 40), 'backup.malformed'],
      [Buffer.from('-----BEGIN CERTIFICATE-----'), 'backup.malformed'],
      [withCost(archive, 30), 'backup.malformed'],
    ]
    for (const [bytes, code] of cases)
      expect(await failureOf(() => restore(folder, bytes))).toMatchObject({ code })
    const stranger = (await testRecovery()).pair
    const others: [RestoreOptions['secrets'], string][] = [
      [{ ...secrets, passphrases: [Buffer.from('another')] }, 'backup.not_opened'],
      [{ passphrases: [passphrase] }, 'backup.recovery_key_needed'],
      [{ passphrases: [passphrase], recovery: stranger }, 'recovery.wrong'],
    ]
    for (const [given, code] of others)
      expect(await failureOf(() => restore(folder, archive, { secrets: given }))).toMatchObject({ code })
    expect(files()).toEqual(before)
  })

  test('an open vault is not replaced', async () => {
    const { archive } = await backedUp()
    const folder = temporaryHome()
    const vault = await openTestVault(folder)
    expect(await failureOf(() => restore(folder, archive))).toMatchObject({ code: 'engine.busy' })
    expect(vault.domains.list()).toEqual([])
    expect(keyFilesOf(folder)).toHaveLength(1)
  })

  test('no working protector, or a key in the backup that does not open, changes nothing', async () => {
    const folder = temporaryHome()
    const files = await otherVault(folder)
    const before = files()
    const keychain = heldKeychain()
    keychain.state.failing = true
    const { archive } = await backedUp()
    const unprotected = await failureOf(() => restore(folder, archive, { protectors: [keychain.protector] }))
    expect(unprotected).toMatchObject({ code: 'vault.locked' })
    const broken = await failureOf(async () => restore(folder, await backupWithBrokenKey()))
    expect(broken).toMatchObject({ code: 'key.unsealable', data: { name: 'Shop' } })
    expect(files()).toEqual(before)
  })

  test('a full disk changes nothing', async ({ skip }) => {
    const { archive } = await backedUp()
    const disk = mountSmallDisk(1 << 20) ?? skip('A disk of its own can be mounted on Linux as root only.')
    const home = join(disk.folder, 'home')
    await otherVault(home)
    // Room for the beginning of a vault alone.
    disk.fill(64 * 1024)
    const failure = await failureOf(() => restore(home, archive))
    expect(failure).toMatchObject({ code: 'home.unusable', data: { reason: 'the disk is full' } })
    disk.empty()
    expect(keyFilesOf(home)).toHaveLength(1)
    expect((await openTestVault(home)).domains.list().map((row) => row.name)).toEqual(['other.test'])
  })
})

test('a backup needs a passphrase, and a recovery key to be sealed to', async () => {
  const vault = await openTestVault(temporaryHome())
  expect(await failureOf(() => vault.backup(passphrase))).toMatchObject({ code: 'recovery.missing' })
  setRecoveryKeyOf(vault, recovery)
  expect(await failureOf(() => vault.backup(Buffer.alloc(0)))).toMatchObject({ code: 'input.invalid' })
})

/** Raises the derivation cost in the header beyond the memory of any machine. */
function withCost(archive: Buffer, log2N: number): Buffer {
  const copy = Buffer.from(archive)
  copy[17] = log2N
  return copy
}

async function backupWithBrokenKey(): Promise<Buffer> {
  const folder = temporaryHome()
  const vault = await openTestVault(folder)
  fill(vault)
  vault.close()
  const database = new Database(join(folder, 'vault.db'))
  database.exec("UPDATE sealed_keys SET sealed = randomblob(300) WHERE certificate_id = 'c2'")
  database.close()
  const again = await openTestVault(folder)
  setRecoveryKeyOf(again, recovery)
  const archive = await again.backup(passphrase)
  again.close()
  return archive
}
