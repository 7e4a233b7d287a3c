import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Client } from '../../../../src/client/client.ts'
import { formatRecoveryKey } from '../../../../src/domain/recovery-key.ts'
import { newArchiveKey, sealArchive } from '../../../../src/engine/vault/backup/archive.ts'
import { imageOf } from '../../../../src/engine/vault/backup/image.ts'
import type { VaultDatabase } from '../../../../src/engine/vault/database.ts'
import { deriveCheaply } from '../../../support/vault/derive-cheaply.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  temporaryFolder,
  type TestEngine,
} from '../../../support/engine/engine.ts'
import { codeOf, setUpRecovery, testRecovery, type TestRecovery } from '../../../support/vault/recovery.ts'

deriveCheaply()

const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
const composed = 'caf\u00e9 correct horse battery'
const decomposed = 'cafe\u0301 correct horse battery'
const own = 'a passphrase of the vault'

let opened: TestEngine
let client: Client
let recovery: TestRecovery
beforeEach(async () => {
  opened = await openTestEngine()
  client = opened.client
  recovery = await setUpRecovery(opened)
  await client.domains.add({ name: 'shop.test', origin: originAt(3000) })
  await enableByUpload(client, 'shop.test', leaf, true)
})
afterEach(() => opened.close())

const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error
const older = () =>
  new File(
    [readFileSync(join(import.meta.dirname, '../../../support/vault/stored-backups/format-1.backup'))],
    'older',
  )

/** Another engine on a folder of its own, closed with the test. */
async function elsewhere(use: (other: TestEngine) => Promise<void>): Promise<void> {
  const other = await openTestEngine(temporaryFolder())
  try {
    await use(other)
  } finally {
    await other.close()
  }
}

describe('a backup', () => {
  test('is sealed to the recovery key, opens with the passphrase in either normal form, and says what it holds', async () => {
    const file = await client.vault.backUp({ passphrase: decomposed })
    const { recoveryKey } = recovery
    await expect(client.vault.inspectBackup({ file, passphrase: composed })).rejects.toThrow(
      code('backup.recovery_key_needed'),
    )
    await expect(
      client.vault.inspectBackup({ file, passphrase: composed, recoveryKey: recoveryKey.slice(1) }),
    ).rejects.toThrow(code('recovery.malformed'))
    const stranger = await testRecovery()
    await expect(
      client.vault.inspectBackup({ file, passphrase: composed, recoveryKey: stranger.recoveryKey }),
    ).rejects.toThrow(code('recovery.wrong'))
    await client.domains.add({ name: 'later.test', origin: originAt(3000) })
    expect(
      await client.vault.inspectBackup({
        file,
        passphrase: composed,
        recoveryKey: recoveryKey.toLowerCase(),
      }),
    ).toEqual({
      madeAt: expect.any(String) as string,
      domains: 1,
      certificates: 1,
      protector: 'key-file',
      passphraseOnly: false,
      proofs: [],
    })
  })

  test('is restored elsewhere by who has both and proves that the vault there may go', async () => {
    const file = await client.vault.backUp({ passphrase: composed })
    await elsewhere(async (other) => {
      const given = { file, passphrase: decomposed, recoveryKey: recovery.recoveryKey }
      expect((await other.client.vault.inspectBackup(given)).proofs).toEqual(['code'])
      await expect(other.client.vault.restore(given)).rejects.toThrow(code('vault.proof_needed'))
      await expect(other.client.vault.restore({ ...given, proof: { code: 'AAAA-AAAA' } })).rejects.toThrow(
        code('vault.wrong_code'),
      )
      const restored = await other.client.vault.restore({ ...given, proof: await codeOf(other) })
      expect(restored.protection).toMatchObject({ protector: 'key-file', weak: true })
      await expect(other.client.domains.list()).rejects.toThrow(code('engine.ending'))
      const { vault } = (await other.reopen()).engine.context.parts
      const [row] = vault.certificates.list()
      expect(vault.keys.withKey(row!.id, (key) => key.toString())).toBe(leaf.keyPem)
      vault.close()
    })
  })

  test('sealed to another recovery key than that of the vault that is to go takes proof for that vault, locked or not', async () => {
    const file = await client.vault.backUp({ passphrase: composed })
    await elsewhere(async (other) => {
      const { recoveryKey } = await setUpRecovery(other)
      const given = { file, passphrase: composed, recoveryKey: recovery.recoveryKey }
      expect((await other.client.vault.inspectBackup(given)).proofs).toEqual(['recoveryKey', 'code'])
      await expect(other.client.vault.restore(given)).rejects.toThrow(code('vault.proof_needed'))
      const wrong = { recoveryKey: recovery.recoveryKey }
      await expect(other.client.vault.restore({ ...given, proof: wrong })).rejects.toThrow(
        code('recovery.wrong'),
      )
      await other.client.vault.protect({
        protector: 'passphrase',
        passphrase: own,
        proof: await codeOf(other),
      })
      await other.client.vault.lock()
      await other.client.vault.restore({ ...given, proof: { recoveryKey } })
    })
  })

  test('needs a passphrase for the restored vault if its vault was under one', async () => {
    await client.vault.protect({ protector: 'passphrase', passphrase: own, proof: await codeOf(opened) })
    const file = await client.vault.backUp({ passphrase: composed, proof: { passphrase: own } })
    await elsewhere(async (other) => {
      const given = { file, passphrase: composed, recoveryKey: recovery.recoveryKey }
      expect(await other.client.vault.inspectBackup(given)).toMatchObject({ protector: 'passphrase' })
      const proof = await codeOf(other)
      await expect(other.client.vault.restore({ ...given, proof })).rejects.toThrow(
        code('backup.passphrase_needed'),
      )
      const newPassphrase = decomposed
      const { protection } = await other.client.vault.restore({ ...given, proof, newPassphrase })
      expect(protection).toMatchObject({ protector: 'passphrase', weak: false })
      const again = await other.reopen()
      expect((await again.client.engine.status()).protection).toMatchObject({ locked: true })
      await again.client.vault.unlock({ passphrase: composed })
      expect(await again.client.audit.list({ limit: 2 })).toMatchObject([
        { action: 'vault.unlock' },
        { action: 'vault.restore', after: { protector: 'passphrase' } },
      ])
      await again.engine.close()
    })
  })

  test('is still restored in the form before recovery keys, whatever normal form its passphrase had', async () => {
    const given = { file: older(), passphrase: composed }
    expect(await client.vault.inspectBackup(given)).toMatchObject({
      passphraseOnly: true,
      domains: 1,
      certificates: 2,
      proofs: ['recoveryKey', 'code'],
    })
    await expect(client.vault.inspectBackup({ ...given, passphrase: own })).rejects.toThrow(
      code('backup.not_opened'),
    )
    await client.vault.restore({ ...given, proof: { recoveryKey: recovery.recoveryKey } })
    opened = await opened.reopen()
    expect((await opened.client.engine.status()).recoveryKey).toBeNull()
    expect(await opened.client.certificates.list()).toHaveLength(2)
  })

  test('is refused if its vault has another recovery key than it is sealed to', async () => {
    const stranger = await testRecovery()
    const database = new Database(join(opened.folder, 'vault.db'))
    const image = imageOf({ sqlite: database } as VaultDatabase)
    database.close()
    const archiveKey = await newArchiveKey(Buffer.from(composed))
    const content = { dataKey: Buffer.alloc(32), image }
    const archive = await sealArchive(content, archiveKey, Buffer.from(stranger.pair.publicKey))
    const made = new File([new Uint8Array(archive)], 'made.backup')
    await expect(
      client.vault.inspectBackup({ file: made, passphrase: composed, recoveryKey: stranger.recoveryKey }),
    ).rejects.toThrow(code('backup.malformed'))
  })
})

describe('the recovery key', () => {
  test('is replaced with the old one or the code, and later backups are sealed to the new one', async () => {
    const next = await testRecovery()
    const set = (proof?: object) => client.vault.setRecoveryKey({ publicKey: next.publicKey, proof })
    await expect(set()).rejects.toThrow(code('vault.proof_needed'))
    await expect(set({ recoveryKey: next.recoveryKey })).rejects.toThrow(code('recovery.wrong'))
    await expect(set({ recoveryKey: formatRecoveryKey(new Uint8Array(20)) })).rejects.toThrow(
      code('recovery.wrong'),
    )
    const before = (await client.engine.status()).recoveryKey
    await expect(set({ recoveryKey: next.recoveryKey })).rejects.toMatchObject({ data: { id: before?.id } })
    const { id } = await set({ recoveryKey: recovery.recoveryKey })
    expect((await client.engine.status()).recoveryKey).toMatchObject({ id })
    const file = await client.vault.backUp({ passphrase: composed })
    await expect(
      client.vault.inspectBackup({ file, passphrase: composed, recoveryKey: recovery.recoveryKey }),
    ).rejects.toThrow(code('recovery.wrong'))
    const opens = { file, passphrase: composed, recoveryKey: next.recoveryKey }
    expect((await client.vault.inspectBackup(opens)).domains).toBe(1)
    expect(await client.audit.list({ limit: 2 })).toMatchObject([
      { action: 'backup.make' },
      { action: 'vault.recovery-key', after: { id } },
    ])
  })

  test('cannot be a point that X25519 gives no secret for', async () => {
    const proof = await codeOf(opened)
    for (const publicKey of [Buffer.alloc(32), Buffer.from(`01${'00'.repeat(31)}`, 'hex')])
      await expect(
        client.vault.setRecoveryKey({ publicKey: publicKey.toString('base64url'), proof }),
      ).rejects.toThrow(code('input.invalid'))
  })

  test('seals nothing and proves nothing if someone put it into the database', async () => {
    const stranger = await testRecovery()
    const database = new Database(join(opened.folder, 'vault.db'))
    database.prepare('UPDATE recovery_key SET public_key = ?').run(Buffer.from(stranger.pair.publicKey))
    await expect(client.vault.backUp({ passphrase: composed })).rejects.toThrow(code('vault.damaged'))
    const proof = { recoveryKey: stranger.recoveryKey }
    await expect(client.vault.protect({ protector: 'key-file', proof })).rejects.toThrow(
      code('vault.damaged'),
    )
    database.exec('UPDATE recovery_key SET sealed = randomblob(61)')
    database.close()
    await expect(client.vault.backUp({ passphrase: composed })).rejects.toThrow(code('vault.damaged'))
  })

  test('is kept by a rotation and a move', async () => {
    await client.vault.rotate({})
    await client.vault.protect({ protector: 'key-file', proof: await codeOf(opened) })
    opened = await opened.reopen()
    const file = await opened.client.vault.backUp({ passphrase: composed })
    const given = { file, passphrase: composed, recoveryKey: recovery.recoveryKey }
    expect((await opened.client.vault.inspectBackup(given)).certificates).toBe(1)
  })
})

test('a vault without a recovery key makes no backup, and says how to set one up', async () => {
  await elsewhere(async (other) => {
    const made = other.client.vault.backUp({ passphrase: composed })
    await expect(made).rejects.toThrow(code('recovery.missing'))
    await expect(made).rejects.toThrow('edgekeep vault recovery-key --new')
  })
})
