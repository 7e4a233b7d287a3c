import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import {
  addCertificate,
  certificateRow,
  failureOf,
  openTestVault,
  temporaryHome,
} from '../../../support/vault/vault.ts'

const keyPem = () => Buffer.from('the bytes of a private key')

test('a key is lent for as long as it is used, and zeroed then', async () => {
  const vault = await openTestVault(temporaryHome())
  const { id } = addCertificate(vault, keyPem())
  let lent: Buffer | undefined
  expect(vault.keys.withKey(id, (key) => (lent = key).toString())).toBe(keyPem().toString())
  expect(lent?.every((byte) => byte === 0)).toBe(true)
})

test('a key is sealed for its own certificate alone', async () => {
  const vault = await openTestVault(temporaryHome())
  const row = certificateRow()
  vault.certificates.insert(row)
  const other = await failureOf(() => vault.keys.sealKey(row.id, 'ff'.repeat(32), keyPem()))
  expect(other).toMatchObject({ code: 'key.mismatch', data: { certificateSpkiSha256: row.spkiSha256 } })
  expect(vault.keys.has(row.id)).toBe(false)
  vault.keys.sealKey(row.id, row.spkiSha256, keyPem())
  expect(vault.keys.has(row.id)).toBe(true)
})

test('no key is sealed or lent for a certificate that is not there', async () => {
  const { keys } = await openTestVault(temporaryHome())
  const missing = { code: 'certificate.not_found' }
  expect(await failureOf(() => keys.sealKey('nobody', 'ab', keyPem()))).toMatchObject(missing)
  expect(await failureOf(() => keys.withKey('nobody', () => 0))).toMatchObject(missing)
})

test('a certificate with a lost key reports that it has none that opens', async () => {
  const vault = await openTestVault(temporaryHome())
  const row = certificateRow({ name: 'shop' })
  vault.certificates.insert(row)
  const failure = await failureOf(() => vault.keys.withKey(row.id, () => 0))
  expect(failure).toMatchObject({ code: 'key.unsealable', data: { name: 'shop' } })
})

test('a locked vault says that it is locked, and not that its keys are damaged', async () => {
  const vault = await openTestVault(temporaryHome())
  const { id } = addCertificate(vault, keyPem())
  vault.lock('engine', 'it was locked')
  expect(await failureOf(() => vault.keys.withKey(id, () => 0))).toMatchObject({ code: 'vault.locked' })
})

test('a damaged key says which one it is', async () => {
  const folder = temporaryHome()
  const vault = await openTestVault(folder)
  const { id } = addCertificate(vault, keyPem(), { name: 'shop' })
  vault.close()
  const database = new Database(join(folder, 'vault.db'))
  database.prepare('UPDATE sealed_keys SET sealed = substr(sealed, 1, 40)').run()
  database.close()
  const { keys } = await openTestVault(folder)
  const failure = await failureOf(() => keys.withKey(id, () => 0))
  expect(failure).toMatchObject({ code: 'key.unsealable', data: { name: 'shop' } })
})
