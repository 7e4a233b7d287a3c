import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { keyFileProtector } from '../../../../src/engine/vault/key-protector/key-file.ts'
import { openVault, type AuditEntry, type Vault } from '../../../../src/engine/vault/vault.ts'
import { exampleOrigin, failureOf, now, openTestVault, temporaryHome } from '../../../support/vault/vault.ts'

function entryOf(subject: string): AuditEntry {
  return {
    actor: 'window',
    action: 'domain.add',
    subject,
    before: null,
    after: { state: 'off', ports: [80] },
  }
}

function addDomain(vault: Vault, name: string): void {
  vault.change(() => {
    vault.domains.insert({ name, origin: exampleOrigin })
    vault.audit.append(entryOf(name))
  })
}

/** Closed vault with five rows in its trail. */
async function folderWithTrail(): Promise<string> {
  const folder = temporaryHome()
  const vault = await openTestVault(folder)
  for (let index = 1; index <= 5; index += 1) addDomain(vault, `shop${index}.test`)
  vault.close()
  return folder
}

/** Edits the file as its owner could, without the triggers. */
function tamper(folder: string, statements: string): void {
  const database = new Database(join(folder, 'vault.db'))
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck()
  for (const name of triggers.all() as string[]) database.exec(`DROP TRIGGER ${name}`)
  database.exec(statements)
  database.close()
}

describe('the audit trail', () => {
  test('tells who did what to which, before and after, newest first, a page at a time', async () => {
    const vault = await openTestVault(await folderWithTrail())
    const [newest, second] = vault.audit.list({ limit: 2 })
    expect(newest).toEqual({ sequence: 5, at: now.toISOString(), ...entryOf('shop5.test') })
    expect(vault.audit.list({ limit: 10, before: second!.sequence })).toHaveLength(3)
    expect(vault.audit.verify()).toEqual({ ok: true, rows: 5 })
  })

  test('has a row exactly when the change is made', async () => {
    const vault = await openTestVault(temporaryHome())
    const change = () =>
      vault.change(() => {
        vault.audit.append(entryOf('a.test'))
        throw new Error('not after all')
      })
    expect(change).toThrow('not after all')
    expect(() => vault.audit.append(entryOf('a.test'))).toThrow('outside a change')
    expect(vault.audit.list({ limit: 10 })).toEqual([])
    expect(vault.audit.verify()).toEqual({ ok: true, rows: 0 })
  })

  test('goes on over a restart, with several rows in one change', async () => {
    const folder = await folderWithTrail()
    const vault = await openTestVault(folder)
    vault.change(() => {
      for (const subject of ['a.test', 'b.test']) vault.audit.append(entryOf(subject))
    })
    expect(vault.audit.verify()).toEqual({ ok: true, rows: 7 })
  })

  test('stays in order when the clock jumps back', async () => {
    const folder = temporaryHome()
    const times = ['2026-11-24T12:00:00.000Z', '2020-01-01T00:00:00.000Z', '2026-11-24T12:00:01.000Z']
    const clock = () => new Date(times.shift() ?? now)
    const vault = await openVault({ folder, clock, protectors: [keyFileProtector(folder)] })
    vault.change(() => {
      for (const subject of ['a.test', 'b.test', 'c.test']) vault.audit.append(entryOf(subject))
    })
    const rows = vault.audit.list({ limit: 10 })
    expect(rows.map((row) => row.subject)).toEqual(['c.test', 'b.test', 'a.test'])
    expect(rows[1]?.at).toBe('2020-01-01T00:00:00.000Z')
    expect(vault.audit.verify()).toEqual({ ok: true, rows: 3 })
    vault.close()
  })

  test('is longer than one page of the verification', async () => {
    const vault = await openTestVault(temporaryHome())
    vault.change(() => {
      for (let index = 0; index < 2100; index += 1) vault.audit.append(entryOf(`${index}.test`))
    })
    expect(vault.audit.verify()).toEqual({ ok: true, rows: 2100 })
  })

  test('refuses to be changed by the program itself', async () => {
    const folder = await folderWithTrail()
    const database = new Database(join(folder, 'vault.db'))
    const statements = [
      "UPDATE audit SET actor = 'engine' WHERE sequence = 2",
      'DELETE FROM audit WHERE sequence = 5',
      "INSERT OR REPLACE INTO audit SELECT sequence, at, 'x', action, subject, before, after, hash FROM audit",
      'INSERT INTO audit SELECT 9, at, actor, action, subject, before, after, hash FROM audit LIMIT 1',
    ]
    for (const statement of statements) expect(() => database.exec(statement)).toThrow('append-only')
    database.close()
  })
})

describe('a trail that was tampered with shows where', () => {
  const cases: [string, string, number, string][] = [
    ['a word changed', "UPDATE audit SET actor = 'engine' WHERE sequence = 3", 3, 'this row was changed'],
    ['a row taken out', 'DELETE FROM audit WHERE sequence = 2', 2, 'rows are missing here'],
    ['rows cut off at the end', 'DELETE FROM audit WHERE sequence > 3', 4, 'rows are missing from here on'],
    ['all rows gone', 'DELETE FROM audit', 1, 'rows are missing from here on'],
    [
      'two rows swapped',
      `UPDATE audit SET sequence = 9 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 4;
       UPDATE audit SET sequence = 4 WHERE sequence = 9`,
      2,
      'this row was changed',
    ],
    [
      'text moved between two fields',
      'UPDATE audit SET actor = actor || substr(action, 1, 1), action = substr(action, 2) WHERE sequence = 1',
      1,
      'this row was changed',
    ],
    [
      'a row added with a hash that is made up',
      `INSERT INTO audit SELECT 6, at, actor, action, subject, before, after, hash FROM audit WHERE sequence = 5`,
      6,
      'this row was changed',
    ],
  ]
  test.each(cases)('%s', async (_how, statements, brokenAt, reason) => {
    const folder = await folderWithTrail()
    tamper(folder, statements)
    const vault = await openTestVault(folder)
    expect(vault.audit.verify()).toMatchObject({ ok: false, brokenAt, reason })
  })

  test('a missing key of the trail makes the vault damaged', async () => {
    for (const statement of ['DELETE FROM audit_seal', "UPDATE audit_seal SET sealed_key = x'01'"]) {
      const folder = await folderWithTrail()
      tamper(folder, statement)
      expect(await failureOf(() => openTestVault(folder))).toMatchObject({ code: 'vault.damaged' })
    }
  })
})
