import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import { contract } from '../../../src/contract/procedures.ts'
import { openControlSocket } from '../../../src/engine/control-socket.ts'
import { openArchive } from '../../../src/engine/vault/backup/archive.ts'
import { openImage } from '../../../src/engine/vault/backup/image.ts'
import { unseal } from '../../../src/engine/vault/seal.ts'
import { keyBinding } from '../../../src/engine/vault/sealed-keys.ts'
import { certificatesTable, sealedKeysTable } from '../../../src/engine/vault/schema.ts'
import { connectEngine, type Connection } from '../../../src/engine-process/connect.ts'
import { deriveCheaply } from '../../support/vault/derive-cheaply.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  temporaryFolder,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { foundInText, needlesOf } from '../../support/pki/needles.ts'
import { setUpRecovery, testRecovery, type TestRecovery } from '../../support/vault/recovery.ts'

deriveCheaply()

/**
 * Threat: a program of this user that reaches the control socket, and no file of the home. It makes backups
 * under a passphrase and a recovery key of its own choice, and tries every call about the vault, as often and
 * in every state it likes.
 */
const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
const needles = needlesOf(leaf.keyPem)
const chosen = 'a passphrase of the attacker'

let opened: TestEngine
let connection: Connection
let socket: { close(): Promise<void> }
let copies: string
let attacker: TestRecovery
const called = new Set<string>()

beforeEach(async () => {
  opened = await openTestEngine()
  await opened.client.domains.add({ name: 'shop.test', origin: originAt(3000) })
  await enableByUpload(opened.client, 'shop.test', leaf, true)
  copies = temporaryFolder()
  attacker = await testRecovery()
})
afterEach(async () => {
  await connection.close()
  await socket.close()
  await opened.close()
  rmSync(copies, { recursive: true })
})

async function intrude(): Promise<Client> {
  const socketPath = join(opened.folder, 'control.sock')
  socket = await openControlSocket(socketPath, opened.engine)
  const found = await connectEngine({ folder: opened.folder, socketPath, logFolder: opened.folder })
  connection = found!
  return connection.client
}

/** All that was answered, as text, and the backups that were got. */
interface Loot {
  texts: string[]
  files: Buffer[]
}

async function attack(client: Client, loot: Loot): Promise<void> {
  const attempt = async <T>(
    name: keyof typeof contract.vault,
    act: () => Promise<T>,
  ): Promise<T | undefined> => {
    called.add(name)
    try {
      const answer = await act()
      loot.texts.push(JSON.stringify(answer))
      return answer
    } catch (error) {
      loot.texts.push(JSON.stringify({ error, message: (error as Error).message }))
      return undefined
    }
  }
  const { vault } = client
  const backUp = async (proof?: object) => {
    const file = await attempt('backUp', () => vault.backUp({ passphrase: chosen, proof }))
    if (file) loot.files.push(Buffer.from(await file.arrayBuffer()))
    return file
  }
  await attempt('watchNotices', async () => {
    const stream = await vault.watchNotices()
    await attempt('requestCode', () => vault.requestCode())
    const told = await stream.next()
    await stream.return?.(undefined)
    return told
  })
  const guesses = [
    undefined,
    {},
    { passphrase: chosen },
    { recoveryKey: attacker.recoveryKey },
    { code: 'AAAA-AAAA' },
    { passphrase: '', recoveryKey: '', code: '' },
  ]
  for (const proof of guesses) {
    const { publicKey } = attacker
    await attempt('setRecoveryKey', () => vault.setRecoveryKey({ publicKey, proof }))
    await attempt('protect', () => vault.protect({ protector: 'passphrase', passphrase: chosen, proof }))
    await attempt('protect', () => vault.protect({ protector: 'key-file', proof }))
    await attempt('protect', () => vault.protect({ protector: 'os-keychain', proof }))
    await attempt('protectors', () => vault.protectors())
    const schedule = { folder: copies, everyHours: 1, keep: 9, passphrase: chosen }
    await attempt('setSchedule', () => vault.setSchedule({ schedule, proof }))
    await attempt('schedule', () => vault.schedule())
    const file = await backUp(proof)
    if (!file) continue
    const opening = { file, passphrase: chosen, recoveryKey: attacker.recoveryKey }
    await attempt('inspectBackup', () => vault.inspectBackup(opening))
    await attempt('restore', () => vault.restore({ ...opening, newPassphrase: chosen, proof }))
  }
  const older = { file: new File([readOlder()], 'older.backup'), passphrase: olderPassphrase }
  await attempt('restore', () => vault.restore({ ...older, newPassphrase: chosen }))
  await attempt('inspectBackup', () => vault.inspectBackup(older))
  await attempt('rotate', () => vault.rotate({}))
  await attempt('rotate', () => vault.rotate({ passphrase: chosen }))
  await attempt('setLocking', () => vault.setLocking({ autoLockMinutes: null, stopServing: false }))
  await attempt('stayOpen', () => vault.stayOpen())
  await attempt('lock', () => vault.lock())
  await attempt('unlock', () => vault.unlock({}))
  await attempt('unlock', () => vault.unlock({ passphrase: chosen }))
  await backUp({ passphrase: chosen })
  for (const name of readdirSync(copies)) loot.files.push(readFileSync(join(copies, name)))
}

const olderPassphrase = 'cafe\u0301 correct horse battery'
function readOlder(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    readFileSync(join(import.meta.dirname, '../../support/vault/stored-backups/format-1.backup')),
  )
}

/** The private keys that come out of a backup with these secrets: the attack of twenty lines. */
async function keysOut(archive: Buffer, passphrase: string, recovery?: TestRecovery): Promise<string[]> {
  const secrets = { passphrases: [Buffer.from(passphrase)], recovery: recovery?.pair }
  const content = await openArchive(archive, secrets).catch(() => undefined)
  if (!content) return []
  const { sqlite, query } = openImage(content.image)
  const keys = query
    .select()
    .from(sealedKeysTable)
    .all()
    .map(({ certificateId, sealed }) => {
      const owner = query
        .select()
        .from(certificatesTable)
        .all()
        .find(({ id }) => id === certificateId)
      return unseal(content.dataKey.bytes, sealed, keyBinding(owner!)).bytes.toString()
    })
  sqlite.close()
  return keys
}

/** Replaces the public key that the backup is sealed to by the attacker's. */
function readdressed(archive: Buffer): Buffer {
  const copy = Buffer.from(archive)
  copy.set(attacker.pair.publicKey, 36)
  return copy
}

async function expectNoKeys({ texts, files }: Loot): Promise<void> {
  expect(texts.flatMap((text) => foundInText(text, needles))).toEqual([])
  for (const file of files) {
    expect(await keysOut(file, chosen, attacker)).toEqual([])
    expect(await keysOut(readdressed(file), chosen, attacker)).toEqual([])
    expect(needles.bytes.some((needle) => file.includes(needle))).toBe(false)
  }
}

test('the attack works where it may: on a backup of the form that has only a passphrase, and with the recovery key', async () => {
  const recovery = await setUpRecovery(opened)
  await intrude()
  expect(await keysOut(Buffer.from(readOlder()), olderPassphrase)).toHaveLength(2)
  const made = await opened.client.vault.backUp({ passphrase: chosen })
  const archive = Buffer.from(await made.arrayBuffer())
  expect(await keysOut(archive, chosen, recovery)).toEqual([leaf.keyPem])
  expect(await keysOut(archive, chosen)).toEqual([])
})

test(
  'an intruder on a vault without a recovery key gets no key, and no backup either',
  { timeout: 60_000 },
  async () => {
    const client = await intrude()
    const loot: Loot = { texts: [], files: [] }
    await attack(client, loot)
    expect(loot.files).toEqual([])
    await expectNoKeys(loot)
    expect((await client.engine.status()).recoveryKey).toBeNull()
  },
)

test(
  'an intruder on a vault with a recovery key gets only backups that it cannot open',
  { timeout: 90_000 },
  async () => {
    const recovery = await setUpRecovery(opened)
    const client = await intrude()
    const loot: Loot = { texts: [], files: [] }
    await attack(client, loot)
    expect(loot.files.length).toBeGreaterThan(1)
    await expectNoKeys(loot)
    expect(await keysOut(loot.files[0]!, chosen, recovery)).toEqual([leaf.keyPem])
    expect((await client.engine.status()).protection.protector).toBe('key-file')
    expect((await client.domains.list()).map(({ name }) => name)).toEqual(['shop.test'])
  },
)

test('an intruder on a vault under a passphrase gets no backup at all', { timeout: 90_000 }, async () => {
  const { recoveryKey } = await setUpRecovery(opened)
  const passphrase = 'correct horse battery staple'
  await opened.client.vault.protect({
    protector: 'passphrase',
    passphrase,
    proof: { recoveryKey },
  })
  const client = await intrude()
  const loot: Loot = { texts: [], files: [] }
  await attack(client, loot)
  expect(loot.files).toEqual([])
  await expectNoKeys(loot)
  expect((await client.engine.status()).protection.protector).toBe('passphrase')
})

test('every call that concerns the vault was tried', () => {
  expect([...called].toSorted()).toEqual(Object.keys(contract.vault).toSorted())
})
