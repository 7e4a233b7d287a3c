import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { edgekeep } from '../../support/processes/cli.ts'
import { enableByUpload, openTestEngine, originAt, type TestEngine } from '../../support/engine/engine.ts'
import { deriveCheaply } from '../../support/vault/derive-cheaply.ts'
import { setUpRecovery } from '../../support/vault/recovery.ts'

deriveCheaply()

const authority = createTestAuthority()
const shop = issueTestLeaf(authority, { names: ['shop.test'] })

let opened: TestEngine
beforeEach(async () => {
  opened = await openTestEngine()
})
afterEach(() => opened.close())

async function someChanges(): Promise<void> {
  const { client } = opened
  await client.domains.add({ name: 'shop.test', origin: originAt(3000) })
  const { domain } = await enableByUpload(client, 'shop.test', shop, true)
  await client.domains.setRedirect({ domain: 'shop.test', redirect: { mode: 'https', code: 308 } })
  await client.https.pause({ domain: 'shop.test' })
  await client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
  await client.https.disable({ domain: 'shop.test' })
  const id = domain.https.certificate?.id ?? ''
  await client.certificates.rename({ id, name: 'old shop' })
  await client.certificates.remove({ id })
  await client.domains.remove({ domain: 'shop.test' })
}

test('every change is a row that says who, what, and how it was before and after', async () => {
  await someChanges()
  const rows = (await opened.client.audit.list({ limit: 100 })).toReversed()
  expect(rows.map((row) => row.action)).toEqual([
    'domain.add',
    'https.enable',
    'domain.redirect',
    'https.pause',
    'authority.create',
    'https.enable',
    'https.disable',
    'certificate.remove',
    'certificate.rename',
    'certificate.remove',
    'domain.remove',
  ])
  expect(rows.map((row) => row.sequence)).toEqual(rows.map((_row, index) => index + 1))
  expect(rows[1]).toMatchObject({
    actor: 'engine',
    subject: 'shop.test',
    before: { state: 'off', certificate: null },
    after: { state: 'on', certificate: { name: 'shop.test', fingerprintSha256: shop.fingerprintSha256 } },
  })
  expect(rows[2]).toMatchObject({ before: { mode: 'none', code: 301 }, after: { mode: 'https', code: 308 } })
  expect(await opened.client.audit.verify()).toEqual({ ok: true, rows: 11, brokenAt: null, reason: null })
})

test('a backup is a row of its own, in the backup too', async () => {
  await setUpRecovery(opened)
  await opened.client.vault.backUp({ passphrase: 'a passphrase of the backup', file: 'monday.backup' })
  const [named] = await opened.client.audit.list({ limit: 1 })
  expect(named?.after).toEqual({ file: 'monday.backup' })
  await opened.client.vault.backUp({ passphrase: 'a passphrase of the backup' })
  const [row] = await opened.client.audit.list({ limit: 1 })
  expect(row).toMatchObject({ action: 'backup.make', subject: 'backup', before: null })
  expect(row?.after).toEqual({ file: expect.stringMatching(/^edgekeep-.*\.backup$/) })
})

test('a change that fails leaves no row', async () => {
  await opened.client.domains.add({ name: 'shop.test', origin: originAt(3000) })
  const again = opened.client.domains.add({ name: 'shop.test', origin: originAt(3000) })
  await expect(again).rejects.toThrow('already exists')
  expect(await opened.client.audit.list({ limit: 10 })).toHaveLength(1)
})

test('pages go on from a row', async () => {
  await someChanges()
  const first = await opened.client.audit.list({ limit: 4 })
  const second = await opened.client.audit.list({ limit: 4, before: first.at(-1)?.sequence })
  expect([...first, ...second].map((row) => row.sequence)).toEqual([11, 10, 9, 8, 7, 6, 5, 4])
})

test('a row changed from outside is found, and the command line says where', async () => {
  await someChanges()
  await opened.engine.close()
  const clean = await edgekeep(opened.folder, ['audit', '--verify', '--json'])
  expect(clean.json()).toMatchObject({ ok: true, audit: { rows: 11 } })
  const names = await edgekeep(opened.folder, ['audit', '--limit', '2'])
  expect(names.out).toContain('domain.remove')
  tamper(join(opened.folder, 'vault.db'))
  const broken = await edgekeep(opened.folder, ['audit', '--verify', '--json'])
  expect(broken.status).toBe(1)
  expect(broken.json()).toMatchObject({ error: { code: 'audit.broken' }, audit: { ok: false, brokenAt: 3 } })
})

/** Drops the triggers that make the audit trail append-only, then changes it. */
function tamper(path: string): void {
  const database = new Database(path)
  const triggers = database.prepare<[], { name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'trigger'",
  )
  for (const { name } of triggers.all()) database.exec(`DROP TRIGGER "${name}"`)
  const { changes } = database.prepare("UPDATE audit SET actor = 'nobody' WHERE sequence = 3").run()
  database.close()
  if (changes !== 1) throw new Error('No row was changed')
}
