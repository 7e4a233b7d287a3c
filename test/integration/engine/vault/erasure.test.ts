import { randomBytes, randomInt } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Vault } from '../../../../src/engine/vault/vault.ts'
import { addCertificate, filesHolding, openTestVault, temporaryHome } from '../../../support/vault/vault.ts'

/** Every 64 bytes, 24 of the sealed key: whatever part of a page survives holds one of them. */
function piecesOf(folder: string, certificateId: string): Buffer[] {
  const database = new Database(join(folder, 'vault.db'), { readonly: true })
  const statement = database.prepare('SELECT sealed FROM sealed_keys WHERE certificate_id = ?').pluck()
  const sealed = statement.get(certificateId) as Buffer
  database.close()
  const count = Math.floor((sealed.length - 13) / 64)
  return Array.from({ length: count }, (_, index) => sealed.subarray(13 + index * 64, 13 + index * 64 + 24))
}

function randomKey(): Buffer {
  return randomBytes(randomInt(200, 5000))
}

test('a removed certificate leaves no byte of its sealed key in any file, with the vault open', async () => {
  const folder = temporaryHome()
  const vault = await openTestVault(folder)
  const { id } = addCertificate(vault, randomKey())
  const pieces = piecesOf(folder, id)
  expect(filesHolding(folder, pieces)).not.toEqual([])
  vault.change(() => vault.certificates.remove(id))
  expect(vault.keys.has(id)).toBe(false)
  expect(filesHolding(folder, pieces)).toEqual([])
})

test('so does one that is removed outside a change', async () => {
  const folder = temporaryHome()
  const vault = await openTestVault(folder)
  const { id } = addCertificate(vault, randomKey())
  const pieces = piecesOf(folder, id)
  vault.certificates.remove(id)
  expect(filesHolding(folder, pieces)).toEqual([])
})

test('a program that reads the database holds up the erasure, not the change, and not for longer', async () => {
  const folder = temporaryHome()
  const vault = await openTestVault(folder)
  const { id } = addCertificate(vault, randomKey())
  const pieces = piecesOf(folder, id)
  const reader = new Database(join(folder, 'vault.db'), { readonly: true })
  reader.exec('BEGIN; SELECT count(*) FROM sealed_keys')
  const rows = reader.prepare('SELECT * FROM sealed_keys').iterate()
  rows.next()
  vault.change(() => vault.certificates.remove(id))
  expect(vault.certificates.get(id)).toBeUndefined()
  expect(() => vault.scrub()).toThrow('another program reads its database')
  rows.return?.()
  reader.close()
  vault.change(() => vault.settings.set('theme', 'dark'))
  expect(filesHolding(folder, pieces)).toEqual([])
})

test('a removal that is rolled back erases nothing', async () => {
  const vault = await openTestVault(temporaryHome())
  const key = randomKey()
  const { id } = addCertificate(vault, key)
  const change = () =>
    vault.change(() => {
      vault.certificates.remove(id)
      throw new Error('not after all')
    })
  expect(change).toThrow('not after all')
  expect(vault.keys.withKey(id, (lent) => lent.equals(key))).toBe(true)
})

test('many removals among many imports, pages split and merged, leave nothing either', async () => {
  const folder = temporaryHome()
  const vault = await openTestVault(folder)
  const kept = new Map<string, Buffer>()
  const erased: Buffer[] = []
  for (let round = 0; round < 250; round += 1) {
    const [oldest] = kept.keys()
    if (kept.size > 20 && oldest && randomInt(2) === 0) {
      const victim = [...kept.keys()][randomInt(kept.size)] ?? oldest
      erased.push(...piecesOf(folder, victim))
      remove(vault, victim)
      kept.delete(victim)
    } else {
      const key = randomKey()
      kept.set(addCertificate(vault, key).id, key)
    }
  }
  expect(erased.length).toBeGreaterThan(1000)
  // A page from which rows were moved may hold a piece of one, until the rebuild that follows.
  await expect.poll(() => filesHolding(folder, erased)).toEqual([])
  for (const [id, key] of kept) expect(vault.keys.withKey(id, (lent) => lent.equals(key))).toBe(true)
})

test('closing the vault leaves nothing of what was removed just before', async () => {
  for (let round = 0; round < 5; round += 1) {
    const folder = temporaryHome()
    const vault = await openTestVault(folder)
    const ids = Array.from({ length: 30 }, () => addCertificate(vault, randomKey()).id)
    const erased: Buffer[] = []
    for (const id of ids.filter((_, at) => at % 3 !== 0)) {
      erased.push(...piecesOf(folder, id))
      remove(vault, id)
    }
    vault.close()
    expect(filesHolding(folder, erased)).toEqual([])
  }
})

function remove(vault: Vault, id: string): void {
  vault.change(() => vault.certificates.remove(id))
}
