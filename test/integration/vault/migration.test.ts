import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { possiblePassphraseBytes } from '../../../src/engine/services/vault/passphrase-bytes.ts'
import { summarizeArchive } from '../../../src/engine/vault/backup/summary.ts'
import { migrate, migrations } from '../../../src/engine/vault/migrations/migrate.ts'
import { setRecoveryKeyOf, testRecovery } from '../../support/recovery.ts'
import { exampleOrigin, failureOf, filesHolding, openTestVault, temporaryHome } from '../../support/vault.ts'
import { keyOf } from '../../support/vault-workload.ts'

const stored = join(import.meta.dirname, '../../support/stored-vaults')

/** A home with a vault as the Edgekeep of that schema left it. */
function homeOfSchema(version: number): string {
  const folder = temporaryHome()
  const from = join(stored, `schema-${version}`)
  for (const name of readdirSync(from)) {
    copyFileSync(join(from, name), join(folder, name))
    chmodSync(join(folder, name), 0o600)
  }
  return folder
}

function versionOf(path: string): unknown {
  const database = new Database(path, { readonly: true })
  const version = database.pragma('user_version', { simple: true })
  database.close()
  return version
}

describe.each(readdirSync(stored).map((name) => Number(name.replace('schema-', ''))))(
  'a vault stored with schema %i',
  (schema) => {
    test('opens with all that it held', async () => {
      const folder = homeOfSchema(schema)
      const vault = await openTestVault(folder)
      expect(vault.certificates.list().map((row) => [row.id, row.kind])).toEqual([
        ['first', 'uploaded'],
        ['second', 'free'],
      ])
      for (const id of ['first', 'second'])
        expect(vault.keys.withKey(id, (key) => key.equals(keyOf(id)))).toBe(true)
      expect(vault.authority.withRootKey((key) => key.equals(keyOf('authority')))).toBe(true)
      expect(vault.domains.get('shop.test')).toMatchObject({
        origin: exampleOrigin,
        httpsState: 'on',
        certificateId: 'first',
        previousCertificateId: 'second',
        redirect: { mode: 'https', code: 308 },
        lastCheck: { ok: true, summary: 'Works.' },
      })
      expect([vault.configurationVersion(), vault.settings.get('theme')]).toEqual([3, 'dark'])
      expect(vault.audit.verify()).toMatchObject({ ok: true })
      vault.close()
      expect(versionOf(join(folder, 'vault.db'))).toBe(migrations.length)
    })
  },
)

test('the history of a certificate is found in rows that were written before there was an index', async () => {
  const vault = await openTestVault(homeOfSchema(4))
  const { fingerprintSha256, note, tags } = vault.certificates.get('first')!
  expect([note, tags]).toEqual(['', []])
  const rows = vault.audit.about('first', fingerprintSha256)
  expect(rows.map((row) => `${row.action} ${row.subject}`)).toEqual([
    'https.enable shop.test',
    'certificate.import first',
  ])
  expect(vault.audit.fingerprintOf('first')).toBe(fingerprintSha256)
})

test('a schedule of backups from before recovery keys makes copies once there is one, under its old passphrase', async () => {
  const vault = await openTestVault(homeOfSchema(6))
  expect(vault.backupSchedule.get()).toMatchObject({ folder: '/media/backups', everyHours: 24, keep: 7 })
  expect(await failureOf(() => vault.backupSchedule.archive())).toMatchObject({ code: 'recovery.missing' })
  const recovery = await testRecovery()
  setRecoveryKeyOf(vault, recovery)
  const passphrases = possiblePassphraseBytes('caf\u00e9 correct horse battery')
  const archive = await vault.backupSchedule.archive()
  const summary = await summarizeArchive(archive, { passphrases, recovery: recovery.pair })
  expect(summary).toMatchObject({ domains: 1, certificates: 2, protector: 'key-file' })
})

describe('before a migration', () => {
  test('a copy is made, for the owner alone, that is the vault as it was', async () => {
    const folder = homeOfSchema(1)
    await openTestVault(folder)
    const copy = join(folder, 'vault-schema-1.copy')
    expect((statSync(copy).mode & 0o777).toString(8)).toBe('600')
    expect(versionOf(copy)).toBe(1)
    const database = new Database(copy, { readonly: true })
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.prepare('SELECT count(*) FROM sealed_keys').pluck().get()).toBe(2)
    database.close()
  })

  test('no copy is made of a vault that is up to date', async () => {
    const folder = temporaryHome()
    ;(await openTestVault(folder)).close()
    await openTestVault(folder)
    expect(readdirSync(folder).filter((name) => name.endsWith('.copy'))).toEqual([])
  })

  test('the copy goes when a key is erased, since it would keep that', async () => {
    const folder = homeOfSchema(1)
    const sealed = sealedBytes(join(folder, 'vault.db'), 'second')
    const vault = await openTestVault(folder)
    expect(filesHolding(folder, [sealed])).toEqual(expect.arrayContaining(['vault-schema-1.copy']))
    vault.change(() => vault.certificates.remove('second'))
    expect(filesHolding(folder, [sealed])).toEqual([])
  })
})

function sealedBytes(path: string, id: string): Buffer {
  const database = new Database(path, { readonly: true })
  const sealed = database
    .prepare('SELECT sealed FROM sealed_keys WHERE certificate_id = ?')
    .pluck()
    .get(id) as Buffer
  database.close()
  return sealed
}

describe('a migration that fails', () => {
  test('leaves the schema and the rows as they were', async () => {
    const path = join(homeOfSchema(1), 'vault.db')
    const database = new Database(path)
    database.pragma('foreign_keys = ON')
    const steps = [
      migrations[0]!,
      'CREATE TABLE half (id INTEGER) STRICT; DELETE FROM settings; INSERT INTO nowhere VALUES (1);',
    ]
    expect(await failureOf(() => migrate(database, steps))).toMatchObject({ code: 'SQLITE_ERROR' })
    const dangling = [migrations[0]!, "DELETE FROM certificates WHERE id = 'first'"]
    expect(() => migrate(database, dangling)).toThrow('a row that is gone')
    expect(database.pragma('user_version', { simple: true })).toBe(1)
    expect(database.prepare('SELECT count(*) FROM settings').pluck().get()).toBe(1)
    expect(database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined()
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1)
    database.close()
    expect(readFileSync(path).length).toBeGreaterThan(0)
  })
})
