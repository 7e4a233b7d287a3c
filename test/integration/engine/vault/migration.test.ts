import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { possiblePassphraseBytes } from '../../../../src/engine/custody/passphrase-bytes.ts'
import { summarizeArchive } from '../../../../src/engine/vault/backup/summary.ts'
import { migrate } from '../../../../src/engine/vault/migrations/migrate.ts'
import { migrations } from '../../../../src/engine/vault/migrations/steps.ts'
import { setRecoveryKeyOf, testRecovery } from '../../../support/vault/recovery.ts'
import {
  exampleOrigin,
  failureOf,
  filesHolding,
  openTestVault,
  temporaryHome,
} from '../../../support/vault/vault.ts'
import { keyOf } from '../../../support/vault/vault-workload.ts'

const stored = join(import.meta.dirname, '../../../support/vault/stored-vaults')

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
    test('opens with all its contents', async () => {
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
      // The fixture of each schema from 7 to 11 has one change more.
      const changes = 3 + Math.max(0, Math.min(schema, 11) - 6)
      expect([vault.configurationVersion(), vault.settings.get('theme')]).toEqual([changes, 'dark'])
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

test('the recovery key of schema 7 is what backups are sealed to', async () => {
  const vault = await openTestVault(homeOfSchema(7))
  expect(vault.recoveryKey.sealedPublicKey().equals(Buffer.alloc(32, 7))).toBe(true)
})

test('the intermediate of schema 8 signs', async () => {
  const vault = await openTestVault(homeOfSchema(8))
  expect(vault.authority.list()).toMatchObject([
    { id: 1, intermediatePem: 'the intermediate', retiredAt: null },
  ])
  expect(vault.authority.withIntermediateKey((key) => key.equals(keyOf('intermediate')))).toBe(true)
})

test('accounts, DNS methods and renewals of schema 9 go on; orders wait for name servers', async () => {
  const vault = await openTestVault(homeOfSchema(9))
  expect(vault.acmeAccounts.list()).toMatchObject([
    {
      name: 'Far',
      directoryUrl: 'https://ca.test/dir',
      contact: ['mailto:anna@shop.test'],
      mayBePrivate: false,
    },
  ])
  expect(vault.acmeAccounts.withKey('account', (key) => key.equals(keyOf('account')))).toBe(true)
  expect(vault.dnsMethods.list()).toMatchObject([
    { name: 'bind', settings: { kind: 'rfc2136', zone: 'shop.test' }, waitSeconds: 120 },
    { name: 'Hook', settings: { kind: 'hook', command: ['/usr/local/bin/set-txt'] }, waitSeconds: 120 },
  ])
  expect(vault.dnsMethods.withSecret('updates', (key) => key.equals(keyOf('updates')))).toBe(true)
  expect(vault.renewals.get('second')).toMatchObject({
    accountId: 'account',
    method: { by: 'acme', challenge: 'dns-01', profile: 'shortlived' },
    state: { attempts: 2, lastAttempt: { code: 'acme.unreachable' } },
  })
  expect(vault.acmeAccounts.formerThumbprints('account')).toEqual([])
  expect(vault.renewals.get('first')).toMatchObject({ method: { by: 'reminder', days: 30 } })
  // A changed wait keeps the secret bound to its server.
  vault.change(() => vault.dnsMethods.setWait('updates', 0))
  expect(vault.dnsMethods.withSecret('updates', (key) => key.equals(keyOf('updates')))).toBe(true)
})

test('certificates, requests and clients that the local authority of schema 10 issued are known', async () => {
  const vault = await openTestVault(homeOfSchema(10))
  expect(vault.issued.list()).toMatchObject([
    { serial: '0a', source: 'device', revokedAt: '2026-11-26T10:00:00.000Z', revocationReason: 1 },
  ])
  expect(vault.issued.lastListNamed('former')).toMatchObject({ issuerPem: 'a former issuer' })
  expect(vault.requests.list()).toMatchObject([{ id: 'request', names: ['shop.test'] }])
  expect(vault.requests.withKey(vault.requests.list()[0]!, (key) => key.equals(keyOf('request')))).toBe(true)
  expect(vault.acmeServer.page({ limit: 10 })).toMatchObject([
    { id: 'lego', binding: 'binding', userAgent: 'lego-cli/4' },
  ])
  expect(vault.acmeServer.bindings()).toMatchObject([
    { label: 'laptop', usedAt: expect.any(String) as string },
  ])
  expect(vault.acmeServer.withMacKey('binding', (key) => key.equals(keyOf('binding')))).toBe(true)
  expect(vault.acmeServer.thumbprints('lego')).toEqual(['thumbprint'])
})

test('a binding of schema 11 is the first account’s that used it, and an unchosen requirement is the default again', async () => {
  const vault = await openTestVault(homeOfSchema(11))
  expect(vault.acmeServer.page({ limit: 10 }).map(({ id, binding }) => [id, binding])).toEqual([
    ['lego', 'binding'],
    ['certbot', 'binding'],
  ])
  const [lego] = vault.acmeServer.page({ limit: 10 })
  const again = { ...lego!, id: 'again', thumbprint: 'a third thumbprint' }
  expect(vault.acmeServer.add(again)).toBe(false)
  expect(vault.acmeServer.add({ ...again, binding: 'fresh' })).toBe(true)
  const stored = JSON.parse(vault.settings.get('acme-server') ?? '') as Record<string, unknown>
  expect(stored).toEqual({
    ...{ enabled: false, port: 14_000, waived: ['dev.test'], httpPort: 5080, tlsPort: 443, dnsPort: null },
  })
})

test('a folder of schema 17 is held to its real path of now, and one of a project to the project’s folder', async () => {
  const { domains } = await openTestVault(homeOfSchema(17))
  // A link, as /proc/self/cwd is one: the folder stays where it leads now.
  expect(domains.get('files.test')?.origin).toMatchObject({
    folder: '/proc/self/cwd/no-such-site',
    boundary: join(process.cwd(), 'no-such-site'),
  })
  const project = domains.get('project.test')
  expect(project?.origin).toMatchObject({ folder: '/no-such-project/dist', boundary: '/no-such-project' })
  expect(project?.policies.origins.routes).toMatchObject([
    { path: '/docs', origin: { folder: '/no-such-project/docs', boundary: '/no-such-project' } },
  ])
  expect(domains.get('shop.test')?.origin).not.toHaveProperty('boundary')
})

test('every schema before the present one is stored here', () => {
  const schemas = readdirSync(stored).map((name) => Number(name.replace('schema-', '')))
  expect(schemas.toSorted((a, b) => a - b)).toEqual(migrations.slice(1).map((_, index) => index + 1))
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
