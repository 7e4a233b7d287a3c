import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import { restoreVault } from '../../../src/engine/vault/backup/restore.ts'
import { createBackupTimer, makeCopyWhenDue } from '../../../src/engine/backup/backup-schedule.ts'
import { deriveCheaply } from '../../support/vault/derive-cheaply.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { edgekeep } from '../../support/processes/cli.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  temporaryFolder,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { filesWith, type Needles, needlesOf } from '../../support/pki/needles.ts'
import { setUpRecovery, type TestRecovery } from '../../support/vault/recovery.ts'
import { waits } from '../../support/waits.ts'

deriveCheaply()

const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
const passphrase = 'planted-copies-passphrase-0123456789'
const needles: Needles = {
  bytes: [...needlesOf(leaf.keyPem).bytes, Buffer.from(passphrase)],
  texts: [...needlesOf(leaf.keyPem).texts, passphrase],
}
const hourMs = 60 * 60 * 1000

let now: Date
let opened: TestEngine
let folder: string
let recovery: TestRecovery
beforeEach(async () => {
  now = new Date('2026-11-24T12:00:00.000Z')
  opened = await openTestEngine(undefined, () => now)
  recovery = await setUpRecovery(opened)
  folder = temporaryFolder()
})
afterEach(async () => {
  await opened.close()
  rmSync(folder, { recursive: true, force: true })
})

const copies = () => readdirSync(folder).toSorted()
const set = (over = {}) =>
  opened.client.vault.setSchedule({ schedule: { folder, everyHours: 24, keep: 2, passphrase, ...over } })
async function pass(hours: number): Promise<void> {
  now = new Date(now.getTime() + hours * hourMs)
  await makeCopyWhenDue(opened.engine.context.parts)
}

test('a schedule is not set or ended over what another window has made of it since it was read', async () => {
  const theirs = { folder, everyHours: 12, keep: 3 }
  const { setSchedule } = opened.client.vault
  const [one, other] = await Promise.allSettled([
    setSchedule({ schedule: { ...theirs, passphrase }, read: null }),
    setSchedule({ schedule: { folder, everyHours: 48, keep: 1, passphrase }, read: null }),
  ])
  expect([one.status, other.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  await set(theirs)
  for (const schedule of [{ folder, everyHours: 24, keep: 2 }, null])
    await expect(setSchedule({ schedule, read: { ...theirs, keep: 4 } })).rejects.toMatchObject({
      code: 'settings.changed_meanwhile',
      message: expect.stringMatching(/^The schedule of automatic backups changed after you opened it/),
    })
  expect(await opened.client.vault.schedule()).toMatchObject(theirs)
  expect(await setSchedule({ schedule: null, read: theirs })).toBeNull()
})

describe('scheduled copies', () => {
  test('begin at once, come when they are due, and the oldest go', async () => {
    writeFileSync(join(folder, 'edgekeep-00000000-20260101T000000Z.backup'), 'of another vault')
    const told = await set()
    expect(told).toMatchObject({ lastRun: { ok: true }, nextAt: '2026-11-25T12:00:00.000Z' })
    expect(statSync(join(folder, told!.lastRun!.summary)).mode & 0o077).toBe(0)
    await pass(23)
    expect(copies()).toHaveLength(2)
    await pass(1)
    expect(copies()).toHaveLength(3)
    await pass(24)
    const names = copies()
    expect(names).toHaveLength(3)
    expect(names).not.toContain(told!.lastRun!.summary)
    expect(names).toContain('edgekeep-00000000-20260101T000000Z.backup')
  })

  test('restore whole with the passphrase that was set, however it was typed, after a rotation and a restart as well', async () => {
    const [composed, decomposed] = ['caf\u00e9 correct horse', 'cafe\u0301 correct horse']
    await opened.client.domains.add({ name: 'shop.test', origin: originAt(3000) })
    await enableByUpload(opened.client, 'shop.test', leaf, true)
    await set({ passphrase: decomposed })
    await opened.client.vault.rotate({})
    opened = await opened.reopen()
    await pass(24)
    const archive = readFileSync(join(folder, copies().at(-1)!))
    const home = temporaryFolder()
    const protectors = [keyFileProtector(home)]
    const common = { folder: home, clock: () => now, archive, actor: 'engine', protectors }
    const secrets = (text: string) => ({ passphrases: [Buffer.from(text)], recovery: recovery.pair })
    await expect(restoreVault({ ...common, secrets: secrets('another') })).rejects.toThrow(
      expect.objectContaining({ code: 'backup.not_opened' }),
    )
    await restoreVault({ ...common, secrets: secrets(composed) })
    const restored = await openTestEngine(home, () => now)
    expect((await restored.client.certificates.list()).map(({ name }) => name)).toEqual(['shop.test'])
    const { vault } = restored.engine.context.parts
    const [row] = vault.certificates.list()
    expect(vault.keys.withKey(row!.id, (key) => key.toString())).toBe(leaf.keyPem)
    await restored.close()
  })

  test('show neither a key nor the passphrase, in the copies, the vault and the log', async () => {
    await opened.client.domains.add({ name: 'shop.test', origin: originAt(3000) })
    await enableByUpload(opened.client, 'shop.test', leaf, true)
    await set()
    expect(filesWith(folder, needles)).toEqual([])
    expect(filesWith(opened.folder, needles)).toEqual([])
    expect(JSON.stringify(await opened.client.audit.list({ limit: 10 }))).not.toContain(passphrase)
  })

  test('report a failure, and retry within the hour', async () => {
    await set()
    rmSync(folder, { recursive: true })
    await pass(24)
    expect(await opened.client.vault.schedule()).toMatchObject({
      lastRun: { ok: false, summary: expect.stringContaining('it is not there') as string },
      nextAt: '2026-11-25T13:00:00.000Z',
    })
    const [row] = await opened.client.audit.list({ limit: 1 })
    expect(row).toMatchObject({ action: 'backup.run', after: { ok: false } })
    mkdirSync(folder)
    await pass(1)
    expect(await opened.client.vault.schedule()).toMatchObject({ lastRun: { ok: true } })
  })

  test('wait while the vault is locked', async () => {
    await set()
    await opened.client.vault.lock()
    await pass(24)
    expect(copies()).toHaveLength(1)
    await opened.client.vault.unlock({})
    await pass(0)
    expect(copies()).toHaveLength(2)
  })

  test('are looked after once a minute until the engine ends', async () => {
    await set()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const timer = createBackupTimer(opened.engine.context.parts)
      now = new Date(now.getTime() + 24 * hourMs)
      vi.advanceTimersByTime(60_000)
      await vi.waitFor(() => expect(copies()).toHaveLength(2), waits)
      timer.close()
      now = new Date(now.getTime() + 24 * hourMs)
      const before = copies()
      vi.advanceTimersByTime(600_000)
      expect(copies()).toEqual(before)
    } finally {
      vi.useRealTimers()
    }
  })

  test('wait for a recovery key under an older schedule, and go on under the same passphrase', async () => {
    await set()
    const database = new Database(join(opened.folder, 'vault.db'))
    const row = database.prepare('SELECT * FROM recovery_key').get() as Record<string, unknown>
    database.exec('DELETE FROM recovery_key')
    await pass(24)
    const { lastRun } = (await opened.client.vault.schedule())!
    expect(lastRun).toMatchObject({
      ok: false,
      summary: expect.stringContaining('no recovery key') as string,
    })
    expect(copies()).toHaveLength(1)
    const insert = 'INSERT INTO recovery_key VALUES (@id, @public_key, @sealed, @set_at)'
    database.prepare(insert).run(row)
    database.close()
    await pass(1)
    expect(copies()).toHaveLength(2)
  })

  test('do not stop for a clock that was set back', async () => {
    await set()
    await pass(-500)
    expect(copies()).toHaveLength(2)
  })

  test('need a folder that is there and a passphrase the first time', async () => {
    await expect(set({ folder: 'relative' })).rejects.toThrow(
      expect.objectContaining({ code: 'backup.folder_unusable' }),
    )
    await expect(set({ folder: join(folder, 'none') })).rejects.toThrow(
      expect.objectContaining({ code: 'backup.folder_unusable' }),
    )
    await expect(set({ passphrase: undefined })).rejects.toThrow(
      expect.objectContaining({ code: 'input.invalid' }),
    )
    await set()
    expect(await set({ passphrase: undefined, keep: 5 })).toMatchObject({ keep: 5, lastRun: { ok: true } })
    expect(await opened.client.vault.setSchedule({ schedule: null })).toBeNull()
    expect(await opened.client.vault.schedule()).toBeNull()
    await expect(set({ passphrase: undefined })).rejects.toThrow(
      expect.objectContaining({ code: 'input.invalid' }),
    )
  })
})

test('the command line sets, shows and ends them, and a failed one is a no', async () => {
  const home = opened.folder
  await opened.engine.close()
  const args = ['backup', '--every', '12h', '--keep', '3', '--to', folder, '--password-stdin']
  const ran = await edgekeep(home, args, `${passphrase}\n`)
  expect(ran).toMatchObject({ status: 0, err: '' })
  expect(ran.out).toContain('every 12 hours, the last 3 are kept')
  expect(copies()).toHaveLength(1)
  rmSync(folder, { recursive: true })
  writeFileSync(folder, 'no folder any more')
  const again = await edgekeep(home, ['backup', '--keep', '2', '--json'])
  expect(again.json().error?.code).toBe('backup.folder_unusable')
  opened = await openTestEngine(home, () => now)
  now = new Date(Date.now() + 24 * hourMs)
  await makeCopyWhenDue(opened.engine.context.parts)
  await opened.engine.close()
  const failed = await edgekeep(home, ['backup', '--json'])
  expect(failed).toMatchObject({ status: 1 })
  expect(failed.json().error?.code).toBe('backup.failed')
  expect((await edgekeep(home, ['status'])).out).toContain('FAILED')
  expect((await edgekeep(home, ['backup', '--off', '--json'])).json()).toMatchObject({ schedule: null })
})
