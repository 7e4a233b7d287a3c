import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { keyFileProtector } from '../../../../src/engine/vault/key-protector/key-file.ts'
import {
  ProtectorFailure,
  type KeyProtector,
} from '../../../../src/engine/vault/key-protector/key-protector.ts'
import type { Vault } from '../../../../src/engine/vault/vault.ts'
import {
  addCertificate,
  failureOf,
  filesHolding,
  openTestVault,
  temporaryHome,
} from '../../../support/vault/vault.ts'
import { heldKeychain } from '../../../support/vault/held-keychain.ts'
import { setRecoveryKeyOf, testRecovery } from '../../../support/vault/recovery.ts'
import { keyOf } from '../../../support/vault/vault-workload.ts'

const ids = ['c1', 'c2', 'c3']

async function filledVault(folder: string, protectors?: KeyProtector[]): Promise<Vault> {
  const vault = await openTestVault(folder, protectors)
  for (const id of ids) addCertificate(vault, keyOf(id), { id })
  vault.authority.create({ certificatePem: 'CERTIFICATE', spkiSha256: 'ab', keyPem: keyOf('authority') })
  return vault
}

function expectAllToOpen(vault: Vault): void {
  for (const id of ids) expect(vault.keys.withKey(id, (key) => key.equals(keyOf(id)))).toBe(true)
  expect(vault.authority.withRootKey((key) => key.equals(keyOf('authority')))).toBe(true)
  expect(vault.audit.verify()).toMatchObject({ ok: true })
}

function sealedBytes(folder: string): Buffer[] {
  const database = new Database(join(folder, 'vault.db'), { readonly: true })
  const statement = database.prepare(
    'SELECT sealed FROM sealed_keys UNION ALL SELECT sealed FROM authority UNION ALL ' +
      'SELECT sealed_key FROM audit_seal UNION ALL SELECT wrapped_data_key FROM protection',
  )
  const sealed = statement.pluck().all() as Buffer[]
  database.close()
  return sealed
}

/** Sealed bytes of every table with a secret. */
function everySeal(folder: string): Buffer[] {
  const database = new Database(join(folder, 'vault.db'), { readonly: true })
  const columns = database
    .prepare(
      "SELECT m.name AS holder, c.name AS field FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name LIKE 'sealed%' AND c.type = 'BLOB'",
    )
    .all() as { holder: string; field: string }[]
  const sealed = columns.flatMap(
    ({ holder, field }) =>
      database.prepare(`SELECT ${field} FROM ${holder} WHERE ${field} IS NOT NULL`).pluck().all() as Buffer[],
  )
  database.close()
  return sealed
}

const accountRow = (id: string) => ({
  id,
  name: `Account ${id}`,
  directoryUrl: 'https://ca.test/directory',
  rootsPem: null,
  mayBePrivate: false,
  contact: [],
  accountUrl: `https://ca.test/${id}`,
  spkiSha256: id,
})
const hook = {
  id: 'hook',
  name: 'Hook',
  settings: { kind: 'hook' as const, command: ['/bin/true'] },
  waitSeconds: 120,
}
const dnsRow = (id: string) => ({
  id,
  name: `Method ${id}`,
  settings: { kind: 'acme-dns' as const, server: 'https://dns.test', username: id, subdomain: id },
  waitSeconds: 120,
})
const noticeRow = (id: string) => ({
  id,
  name: `Channel ${id}`,
  settings: { kind: 'slack' as const },
  place: 'https://hooks.test',
})
const requestRow = (id: string) => ({
  id,
  title: `Request ${id}`,
  names: ['shop.test'],
  keyType: 'ec',
  request: Buffer.from(id),
  spkiSha256: id,
})

function keyFilesOf(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes('.key'))
}

describe('a rotation', () => {
  test('seals everything anew; what was sealed before is in no file any more', async () => {
    const folder = temporaryHome()
    const vault = await filledVault(folder)
    const before = sealedBytes(folder)
    const keyFile = readFileSync(join(folder, keyFilesOf(folder)[0]!))
    await vault.custody.rotate('command line')
    expect(vault.protection.warnings).toEqual([])
    expect(filesHolding(folder, [...before, keyFile])).toEqual([])
    expect(keyFilesOf(folder)).toHaveLength(1)
    expectAllToOpen(vault)
    addCertificate(vault, keyOf('c4'), { id: 'c4' })
    vault.close()
    const again = await openTestVault(folder)
    expectAllToOpen(again)
    expect(again.keys.withKey('c4', (key) => key.equals(keyOf('c4')))).toBe(true)
    expect(again.audit.list({ limit: 1 })).toMatchObject([{ actor: 'command line', action: 'vault.rotate' }])
  })

  test('seals what there is of a vault that has hardly anything', async () => {
    const vault = await openTestVault(temporaryHome())
    await vault.custody.rotate('command line')
    expect(vault.protection.warnings).toEqual([])
    expect(vault.audit.verify()).toMatchObject({ ok: true })
  })

  test('seals every kind of secret anew', async () => {
    const folder = temporaryHome()
    const vault = await filledVault(folder)
    const part = (name: string) => ({ certificatePem: name, spkiSha256: name, keyPem: keyOf(name) })
    vault.authority.retire()
    vault.authority.create(part('second root'))
    vault.authority.setIntermediate(part('second intermediate'))
    for (const id of ['a1', 'a2']) vault.acmeAccounts.insert(accountRow(id), keyOf(id))
    vault.dnsMethods.insert(hook, Buffer.alloc(0))
    for (const id of ['d1', 'd2']) vault.dnsMethods.insert(dnsRow(id), keyOf(id))
    for (const id of ['n1', 'n2']) vault.noticeChannels.insert(noticeRow(id), keyOf(id))
    for (const id of ['r1', 'r2']) vault.requests.add(requestRow(id), keyOf(id))
    for (const id of ['m1', 'm2']) vault.acmeServer.addBinding({ id, label: id }, keyOf(id))
    for (const id of ['t1', 't2']) vault.targetKeys.add({ id, publicKey: Buffer.from(id) }, keyOf(id))
    setRecoveryKeyOf(vault, await testRecovery())
    const copies = { folder, everyHours: 24, keep: 3 }
    await vault.backupSchedule.set(copies, 'window', Buffer.from('a passphrase for copies'))
    const before = everySeal(folder)
    expect(before).toHaveLength(21)

    await vault.custody.rotate('window')

    expect(everySeal(folder)).toHaveLength(before.length)
    expect(filesHolding(folder, before)).toEqual([])
    for (const id of ids) expect(vault.keys.withKey(id, (key) => key.equals(keyOf(id)))).toBe(true)
    expect(vault.authority.withRootKey((key) => key.equals(keyOf('second root')))).toBe(true)
    expect(vault.authority.withIntermediateKey((key) => key.equals(keyOf('second intermediate')))).toBe(true)
    for (const id of ['a1', 'a2'])
      expect(vault.acmeAccounts.withKey(id, (key) => key.equals(keyOf(id)))).toBe(true)
    for (const id of ['d1', 'd2'])
      expect(vault.dnsMethods.withSecret(id, (key) => key.equals(keyOf(id)))).toBe(true)
    for (const id of ['n1', 'n2'])
      expect(vault.noticeChannels.withSecret(id, (key) => key.equals(keyOf(id)))).toBe(true)
    for (const row of vault.requests.list())
      expect(vault.requests.withKey(row, (key) => key.equals(keyOf(row.id)))).toBe(true)
    for (const id of ['m1', 'm2'])
      expect(vault.acmeServer.withMacKey(id, (key) => key.equals(keyOf(id)))).toBe(true)
    for (const id of ['t1', 't2'])
      expect(vault.targetKeys.withKey(id, (key) => key.equals(keyOf(id)))).toBe(true)
    expect((await vault.backupSchedule.archive()).length).toBeGreaterThan(1000)
    expect(vault.audit.verify()).toMatchObject({ ok: true })
  })

  test.each([
    ['acme_accounts', 'a1', 'Account a1'],
    ['dns_methods', 'd1', 'Method d1'],
    ['notice_channels', 'n1', 'Channel n1'],
    ['requests', 'r1', 'Request r1'],
    ['acme_server_bindings', 'm1', 'Binding m1'],
    ['target_keys', 't1', 't1'],
  ])('changes nothing where a secret of %s does not open, and names it', async (table, id, name) => {
    const folder = temporaryHome()
    const vault = await filledVault(folder)
    vault.acmeAccounts.insert(accountRow('a1'), keyOf('a1'))
    vault.dnsMethods.insert(dnsRow('d1'), keyOf('d1'))
    vault.noticeChannels.insert(noticeRow('n1'), keyOf('n1'))
    vault.requests.add(requestRow('r1'), keyOf('r1'))
    vault.acmeServer.addBinding({ id: 'm1', label: 'Binding m1' }, keyOf('m1'))
    vault.targetKeys.add({ id: 't1', publicKey: Buffer.from('t1') }, keyOf('t1'))
    vault.close()
    const database = new Database(join(folder, 'vault.db'))
    database.exec(`UPDATE ${table} SET sealed = randomblob(300) WHERE id = '${id}'`)
    database.close()
    const again = await openTestVault(folder)
    const before = everySeal(folder)
    const failure = await failureOf(() => again.custody.rotate('window'))
    expect(failure).toMatchObject({ code: 'key.unsealable', data: { name } })
    expect(everySeal(folder)).toEqual(before)
  })

  test('seals the recovery key anew, which backups are sealed to', async () => {
    const vault = await filledVault(temporaryHome())
    setRecoveryKeyOf(vault, await testRecovery())
    const before = vault.recoveryKey.sealedPublicKey()
    await vault.custody.rotate('command line')
    expect(vault.recoveryKey.sealedPublicKey()).toEqual(before)
  })

  test('makes a copy of the folder from before worthless for what comes after', async () => {
    const folder = temporaryHome()
    const stolen = temporaryHome()
    const vault = await filledVault(folder)
    vault.scrub()
    cpSync(folder, stolen, { recursive: true })
    await vault.custody.rotate('window')
    vault.close()
    cpSync(join(folder, 'vault.db'), join(stolen, 'vault.db'))
    expect((await openTestVault(stolen)).protection.locked).toBe(true)
  })

  test('changes nothing where a sealed key does not open, and names it', async () => {
    const folder = temporaryHome()
    const vault = await filledVault(folder)
    vault.close()
    const database = new Database(join(folder, 'vault.db'))
    database.exec("UPDATE sealed_keys SET sealed = randomblob(300) WHERE certificate_id = 'c2'")
    database.exec("UPDATE certificates SET name = 'Broken' WHERE id = 'c2'")
    database.close()
    const again = await openTestVault(folder)
    const before = sealedBytes(folder)
    const failure = await failureOf(() => again.custody.rotate('window'))
    expect(failure).toMatchObject({ code: 'key.unsealable', data: { name: 'Broken' } })
    expect(sealedBytes(folder)).toEqual(before)
    expect(again.keys.withKey('c1', (key) => key.equals(keyOf('c1')))).toBe(true)
    again.close()
    const third = await openTestVault(folder)
    expect(keyFilesOf(folder)).toHaveLength(1)
    expect(third.keys.withKey('c3', (key) => key.equals(keyOf('c3')))).toBe(true)
  })

  test('zeroes the wrapping key that it was given, whether it succeeds or not', async () => {
    const folder = temporaryHome()
    const given: Buffer[] = []
    const { protector } = heldKeychain()
    const establish: KeyProtector['establish'] = async (keyName) => {
      const key = await protector.establish(keyName)
      given.push(key.bytes)
      return key
    }
    const vault = await filledVault(folder, [{ ...protector, establish }])
    await vault.custody.rotate('window')
    const other = new Database(join(folder, 'vault.db'))
    other.exec('DELETE FROM protection')
    other.close()
    const failure = await failureOf(() => vault.custody.rotate('window'))
    expect(failure).toMatchObject({ code: 'vault.damaged' })
    expect(given).toHaveLength(3)
    for (const key of given) expect(key.every((byte) => byte === 0)).toBe(true)
  })

  test('waits for another one, also for one that fails', async () => {
    const vault = await filledVault(temporaryHome())
    const all = [
      vault.custody.rotate('window'),
      vault.custody.moveTo('passphrase', 'window'),
      vault.custody.rotate('window'),
    ]
    const settled = await Promise.allSettled(all)
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expectAllToOpen(vault)
  })
})

describe('a move to another protector', () => {
  test('takes the key out of the folder and is what the vault opens with from then on', async () => {
    const folder = temporaryHome()
    const keychain = heldKeychain()
    const protectors = [keychain.protector, keyFileProtector(folder)]
    keychain.state.failing = true
    const vault = await filledVault(folder, protectors)
    expect(vault.protection.weak).toBe(true)
    keychain.state.failing = false
    await vault.custody.moveTo('os-keychain', 'window')
    expect(vault.protection).toEqual({
      protector: 'os-keychain',
      weak: false,
      reason: keychain.protector.reason,
      locked: false,
      lockReason: null,
      warnings: [],
    })
    expect(keyFilesOf(folder)).toEqual([])
    vault.close()
    const again = await openTestVault(folder, protectors)
    expect(again.protection.protector).toBe('os-keychain')
    expectAllToOpen(again)
    await again.custody.moveTo('key-file', 'window')
    expect([keychain.held.size, keyFilesOf(folder).length]).toEqual([0, 1])
    expectAllToOpen(again)
  })

  test('changes nothing where the new protector fails, or is not there', async () => {
    const folder = temporaryHome()
    const keychain = heldKeychain()
    keychain.state.failing = true
    const protectors = [keychain.protector, keyFileProtector(folder)]
    const vault = await filledVault(folder, protectors)
    const failing = await failureOf(() => vault.custody.moveTo('os-keychain', 'window'))
    expect(failing).toMatchObject({ code: 'vault.protector_failed' })
    vault.close()
    const alone = await openTestVault(folder, [keyFileProtector(folder)])
    const missing = await failureOf(() => alone.custody.moveTo('os-keychain', 'window'))
    expect(missing).toMatchObject({ code: 'vault.protector_failed' })
    expect(alone.protection.protector).toBe('key-file')
    expectAllToOpen(alone)
  })

  test('succeeds if the keychain cannot delete its key, and retries that later', async () => {
    const folder = temporaryHome()
    const keychain = heldKeychain()
    const protectors = [keychain.protector, keyFileProtector(folder)]
    const vault = await filledVault(folder, protectors)
    keychain.state.failing = true
    await vault.custody.moveTo('key-file', 'window')
    expect(vault.protection.warnings).toEqual([expect.stringContaining('An old key of the vault')])
    vault.close()
    expectAllToOpen(await reopened(folder, protectors))
    expect(keychain.held.size).toBe(1)
    keychain.state.failing = false
    expectAllToOpen(await reopened(folder, protectors))
    expect(keychain.held.size).toBe(0)
  })

  test('leaves no key behind if it was cut off after the new key was made', async () => {
    const folder = temporaryHome()
    const keychain = heldKeychain()
    const vault = await filledVault(folder, [keychain.protector])
    const cutOff: KeyProtector = {
      ...keychain.protector,
      establish: async (keyName) => {
        ;(await keychain.protector.establish(keyName))[Symbol.dispose]()
        throw new ProtectorFailure('the machine went away')
      },
    }
    vault.close()
    const second = await openTestVault(folder, [cutOff])
    const failure = await failureOf(() => second.custody.rotate('window'))
    expect(failure).toMatchObject({ code: 'vault.protector_failed' })
    expect(keychain.held.size).toBe(2)
    second.close()
    expectAllToOpen(await reopened(folder, [keychain.protector]))
    expect(keychain.held.size).toBe(1)
  })
})

/** Opened and closed again by the test's end; only one may be open at a time. */
async function reopened(folder: string, protectors: KeyProtector[]): Promise<Vault> {
  open?.close()
  open = await openTestVault(folder, protectors)
  return open
}
let open: Vault | undefined

test('the key that opens the vault is not forgotten, whatever the list says', async () => {
  const folder = temporaryHome()
  const vault = await filledVault(folder)
  vault.close()
  const database = new Database(join(folder, 'vault.db'))
  database.exec('INSERT INTO keys_to_forget SELECT protector, key_name FROM protection')
  database.close()
  expectAllToOpen(await openTestVault(folder))
})
