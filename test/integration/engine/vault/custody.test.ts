import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { inspect } from 'node:util'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { ProtectorFailure } from '../../../../src/engine/vault/key-protector/key-protector.ts'
import { keyFileProtector } from '../../../../src/engine/vault/key-protector/key-file.ts'
import { osKeychainProtector } from '../../../../src/engine/vault/key-protector/os-keychain.ts'
import type { Vault } from '../../../../src/engine/vault/vault.ts'
import { heldKeychain } from '../../../support/vault/held-keychain.ts'
import {
  addCertificate,
  failureOf,
  filesHolding,
  openTestVault,
  temporaryHome,
} from '../../../support/vault/vault.ts'
import { linuxOnly } from '../../../support/needs.ts'

const secret = randomBytes(48).toString('base64')
const keyPem = () => Buffer.from(`-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`)

function expectLocked(vault: Vault, reason: string): void {
  expect(vault.protection.locked).toBe(true)
  expect(vault.protection.lockReason).toContain(reason)
}

function keyFileOf(folder: string): string {
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.key'))!,
  )
}

describe('a new vault', () => {
  test('takes the first protector that works and leaves the others alone', async () => {
    const folder = temporaryHome()
    const vault = await openTestVault(folder, [heldKeychain().protector, keyFileProtector(folder)])
    expect(vault.protection).toMatchObject({ protector: 'os-keychain', weak: false })
    expect(readdirSync(folder).filter((name) => name.endsWith('.key'))).toEqual([])
  })

  test('uses the key file if the keychain fails, reports that, and remembers it', async () => {
    const folder = temporaryHome()
    const keychain = heldKeychain()
    keychain.state.failing = true
    const protectors = [keychain.protector, keyFileProtector(folder)]
    const first = await openTestVault(folder, protectors)
    expect(first.protection).toMatchObject({ protector: 'key-file', weak: true })
    expect(first.protection.reason).toContain('The keychain of this machine does not answer.')
    const { id } = addCertificate(first, keyPem())
    const protection = { ...first.protection }
    first.close()
    keychain.state.failing = false
    const second = await openTestVault(folder, protectors)
    expect(second.protection).toEqual(protection)
    expect(second.keys.withKey(id, (key) => key.equals(keyPem()))).toBe(true)
  })

  test('says what could keep its key, and why the rest could not', async () => {
    const folder = temporaryHome()
    const keychain = heldKeychain()
    const vault = await openTestVault(folder, [keychain.protector, keyFileProtector(folder)])
    const whyNot = async () => {
      const states = await vault.custody.protectors()
      return Object.fromEntries(states.map((state) => [state.protector, state.whyNot]))
    }
    expect(await whyNot()).toEqual({ 'os-keychain': null, 'key-file': null, passphrase: null })
    keychain.state.failing = true
    expect(await whyNot()).toMatchObject({ 'os-keychain': 'the keychain of this machine does not answer' })
  })

  test('says of a system without a keychain that it has none to offer', async () => {
    if (process.platform !== 'linux' || process.env['DBUS_SESSION_BUS_ADDRESS']) return
    expect(await osKeychainProtector().whyNot()).toBe('the keychain of this machine cannot be used')
  })

  test('is locked where no protector works, and stays without a data key', async () => {
    const folder = temporaryHome()
    const keychain = heldKeychain()
    keychain.state.failing = true
    const failure = await failureOf(() => openTestVault(folder, [keychain.protector]))
    expect(failure).toMatchObject({ code: 'vault.locked' })
    keychain.state.failing = false
    const vault = await openTestVault(folder, [keychain.protector])
    expect(vault.protection.protector).toBe('os-keychain')
  })

  // The tests have no way to the Secret Service (`vitest.config.ts`), so the kernel's keyring is all there is.
  test('never takes the kernel keyring, which forgets, for a keychain', linuxOnly, async () => {
    await expect(osKeychainProtector().establish('edgekeep-test')).rejects.toThrow(ProtectorFailure)
  })
})

describe('a vault that exists', () => {
  test('is locked while its own protector fails, though another would work', async () => {
    const folder = temporaryHome()
    const keychain = heldKeychain()
    const protectors = [keychain.protector, keyFileProtector(folder)]
    const first = await openTestVault(folder, protectors)
    const { id } = addCertificate(first, keyPem())
    first.close()
    keychain.state.failing = true
    const vault = await openTestVault(folder, protectors)
    const reason = 'the keychain of this machine does not answer'
    expectLocked(vault, reason)
    expect(await failureOf(() => vault.unlock('window'))).toMatchObject({
      code: 'vault.locked',
      data: { reason },
    })
    expect(readdirSync(folder).filter((name) => name.endsWith('.key'))).toEqual([])
    keychain.state.failing = false
    await vault.unlock('window')
    expect(vault.keys.withKey(id, (key) => key.equals(keyPem()))).toBe(true)
  })

  test('is locked where the keychain gives another key, or this host knows no such protector', async () => {
    const folder = temporaryHome()
    const keychain = heldKeychain()
    const first = await openTestVault(folder, [keychain.protector])
    first.close()
    for (const vaultId of keychain.held.keys()) keychain.held.set(vaultId, randomBytes(32))
    const others = [[keychain.protector], [keyFileProtector(folder)]]
    const reasons = ['the key that its protector holds does not open it', 'cannot be used here']
    for (const [index, protectors] of others.entries()) {
      const vault = await openTestVault(folder, protectors)
      expectLocked(vault, reasons[index]!)
      vault.close()
    }
  })

  test('is locked without its key file, and opens again with it', async () => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    const { id } = addCertificate(first, keyPem())
    first.close()
    const keyFile = keyFileOf(folder)
    renameSync(keyFile, `${keyFile}.away`)
    const vault = await openTestVault(folder)
    expectLocked(vault, 'its key file is missing')
    expect(existsSync(keyFile)).toBe(false)
    renameSync(`${keyFile}.away`, keyFile)
    await vault.unlock('window')
    expect(vault.keys.withKey(id, (key) => key.equals(keyPem()))).toBe(true)
  })

  test('is locked with a key file that is damaged or of another vault', async () => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    first.close()
    for (const bytes of [randomBytes(31), randomBytes(32)]) {
      writeFileSync(keyFileOf(folder), bytes)
      const vault = await openTestVault(folder)
      expectLocked(vault, bytes.length === 31 ? 'is damaged' : 'does not open it')
      vault.close()
    }
  })

  test('is refused while others can read its key file', async () => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    first.close()
    chmodSync(keyFileOf(folder), 0o640)
    expect(await failureOf(() => openTestVault(folder))).toMatchObject({ code: 'home.unusable' })
  })

  test('is damaged, not made anew, where the record of its protection or its name is gone', async () => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    addCertificate(first, keyPem())
    first.close()
    for (const statement of ['DELETE FROM protection', 'DELETE FROM vault']) {
      tamper(folder, statement)
      expect(await failureOf(() => openTestVault(folder))).toMatchObject({ code: 'vault.damaged' })
    }
  })
})

function tamper(folder: string, statement: string): void {
  const database = new Database(join(folder, 'vault.db'))
  database.exec(statement)
  database.close()
}

describe('a sealed key that was tampered with', () => {
  const swaps = {
    'swapped with another certificate’s': `
      CREATE TEMP TABLE kept AS SELECT certificate_id AS id, sealed FROM sealed_keys;
      UPDATE sealed_keys SET sealed = (SELECT sealed FROM kept WHERE id <> certificate_id)`,
    'put beside another public key': `UPDATE certificates SET spki_sha256 = 'ff'`,
    'changed in one byte': `UPDATE sealed_keys SET sealed =
      unhex(substr(hex(sealed), 1, 60) || iif(substr(hex(sealed), 61, 1) = '0', '1', '0') || substr(hex(sealed), 62))`,
    'cut short': `UPDATE sealed_keys SET sealed = substr(sealed, 1, 20)`,
  }
  test.each(Object.entries(swaps))('does not open: %s', async (_how, statement) => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    const rows = [addCertificate(first, keyPem()), addCertificate(first, keyPem(), { name: 'Other' })]
    first.close()
    tamper(folder, statement)
    const { keys } = await openTestVault(folder)
    for (const { id, name } of rows)
      expect(await failureOf(() => keys.withKey(id, () => 0))).toMatchObject({
        code: 'key.unsealable',
        data: { name },
      })
  })

  test('does not open as the key of the authority', async () => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    first.authority.create({ certificatePem: 'CERTIFICATE', spkiSha256: 'ab', keyPem: keyPem() })
    addCertificate(first, keyPem(), { spkiSha256: 'ab' })
    first.close()
    tamper(folder, 'UPDATE authority SET sealed = (SELECT sealed FROM sealed_keys)')
    const { authority } = await openTestVault(folder)
    const failure = await failureOf(() => authority.withRootKey(() => 0))
    expect(failure).toMatchObject({ code: 'key.unsealable' })
  })
})

describe('key material', () => {
  test('is in no file of the vault, in no form', async () => {
    const folder = temporaryHome()
    const vault = await openTestVault(folder)
    addCertificate(vault, keyPem())
    vault.authority.create({ certificatePem: 'CERTIFICATE', spkiSha256: 'ab', keyPem: keyPem() })
    expect(filesHolding(folder, formsOf(keyPem()))).toEqual([])
    vault.close()
    expect(filesHolding(folder, formsOf(keyPem()))).toEqual([])
  })

  test('is in no error, though the failing call was given the key', async () => {
    const vault = await openTestVault(temporaryHome())
    const { id, spkiSha256 } = addCertificate(vault, keyPem())
    const failures = [
      await failureOf(() => vault.keys.sealKey(id, spkiSha256, keyPem())),
      await failureOf(() => vault.keys.sealKey(id, 'ff', keyPem())),
      await failureOf(() => vault.keys.sealKey('none', 'ff', keyPem())),
    ]
    const told = inspect(failures, { depth: 10, showHidden: true })
    for (const form of formsOf(keyPem())) expect(told).not.toContain(form.toString('latin1'))
  })

  test('is with the wrapping key alone in the key file, which has nothing else', async () => {
    const folder = temporaryHome()
    await openTestVault(folder)
    const wrappingKey = readFileSync(keyFileOf(folder))
    expect(wrappingKey).toHaveLength(32)
    expect(filesHolding(folder, [wrappingKey])).toHaveLength(1)
    rmSync(keyFileOf(folder))
    expect(filesHolding(folder, [wrappingKey])).toEqual([])
  })
})

/** The whole PEM and its body as text, raw bytes, hex and base64. */
function formsOf(pem: Buffer): Buffer[] {
  const raw = Buffer.from(secret, 'base64')
  return [pem, raw, ...[secret, raw.toString('hex'), pem.toString('base64')].map((text) => Buffer.from(text))]
}
