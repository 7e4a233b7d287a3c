import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecoveryKeyPair } from '../../../src/domain/recovery-key-pair.ts'
import { pruneCopies, writeCopy } from '../../../src/engine/backup/backup-folder.ts'
import { restoreVault } from '../../../src/engine/vault/backup/restore.ts'
import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import type { KeyProtector } from '../../../src/engine/vault/key-protector/key-protector.ts'
import { openVault, type Vault } from '../../../src/engine/vault/vault.ts'
import { setRecoveryKeyOf, testRecovery } from './recovery.ts'
import { certificateRow } from './vault-rows.ts'
import { keyOf } from './vault-workload.ts'

const clock = () => new Date('2026-11-24T12:00:00.000Z')
const passphrase = () => Buffer.from('the passphrase of the vault')

export interface Scenario {
  name: string
  /** Prepares the folder once for all faults. */
  prepare(home: string): Promise<void>
  /** Opens the vault for `act`; if false, `act` opens it itself or needs none. */
  opens: boolean
  /** Runs the operation; returns its warnings. */
  act(vault: Vault, home: string): Promise<string[]>
  /** Prefixes of files outside its clean-up. */
  leaves?: string[]
}

/** Requirements of the scenarios besides a folder; a keychain replaces the key file. */
export interface FaultContext {
  archive: Buffer
  recovery: RecoveryKeyPair
  keychain?: KeyProtector | undefined
}

/** Makes a backup of a separate vault. */
export async function makeContext(folder: string): Promise<FaultContext> {
  const recovery = await testRecovery()
  const vault = await openAt(join(folder, 'backed-up'))
  addCertificates(vault, ['r1', 'r2', 'r3'])
  setRecoveryKeyOf(vault, recovery)
  const archive = await vault.backup(passphrase())
  vault.close()
  return { archive, recovery: recovery.pair }
}

export async function openAt(home: string, keychain?: KeyProtector): Promise<Vault> {
  const vault = await openVault({ folder: home, clock, protectors: protectorsOf(home, keychain) })
  if (vault.protection.locked && vault.protection.protector === 'passphrase')
    await vault.unlock('window', passphrase())
  return vault
}

export function keychainScenarios(context: FaultContext): Scenario[] {
  const { keychain } = context
  const filled = (home: string) => prepareFilled(home, keychain)
  return [
    restoring('restore over a vault', context, filled),
    inVault('rotate', filled, (vault) => vault.custody.rotate('window')),
    inVault('protect with a passphrase', filled, (vault) =>
      vault.custody.moveTo('passphrase', 'window', passphrase()),
    ),
    opening('open a restored vault', (home) => prepareRestored(home, context), keychain),
  ]
}

export function scenariosOf(context: FaultContext): Scenario[] {
  return [
    ...keychainScenarios(context),
    inVault('protect with a key file', prepareUnderPassphrase, (vault) =>
      vault.custody.moveTo('key-file', 'window'),
    ),
    inVault('erase a certificate', prepareFilled, (vault) =>
      vault.change(() => vault.certificates.remove('c1')),
    ),
    restoring('restore over a damaged vault', context, prepareDamaged, ['vault-']),
    restoring('restore into an empty folder', context, async (home) => {
      mkdirSync(home, { mode: 0o700 })
    }),
    {
      ...inVault('set a recovery key', prepareFilled, (vault) =>
        vault.change(() => vault.recoveryKey.set(Buffer.alloc(32, 7))),
      ),
      leaves: ['vault-schema-1.copy'],
    },
    inVault('end automatic backups', prepareScheduled, (vault) => vault.backupSchedule.end('window')),
    { ...opening('migrate', prepareOlder), leaves: ['vault-schema-6.copy'] },
    opening('open a vault that has much to clean up', prepareUncleaned),
    {
      name: 'write an automatic backup',
      opens: true,
      prepare: prepareCopies,
      act: copyOnce,
      leaves: ['vault-schema-1.copy'],
    },
  ]
}

function inVault(
  name: string,
  prepare: (home: string) => Promise<void>,
  change: (vault: Vault) => unknown,
): Scenario {
  const act = async (vault: Vault) => {
    await change(vault)
    return vault.protection.warnings
  }
  return { name, opens: true, prepare, act }
}

function restoring(
  name: string,
  { archive, recovery, keychain }: FaultContext,
  prepare: (home: string) => Promise<void>,
  leaves: string[] = [],
): Scenario {
  const act = (_vault: Vault, home: string) => restore(home, { archive, recovery, keychain })
  return { name, opens: false, prepare, act, leaves }
}

function opening(name: string, prepare: (home: string) => Promise<void>, keychain?: KeyProtector): Scenario {
  const act = async (_vault: Vault, home: string) => {
    const vault = await openVault({ folder: home, clock, protectors: protectorsOf(home, keychain) })
    const { warnings } = vault.protection
    vault.close()
    return warnings
  }
  return { name, opens: false, prepare, act }
}

async function restore(home: string, context: FaultContext) {
  const secrets = { passphrases: [passphrase()], recovery: context.recovery }
  const options = { folder: home, clock, archive: context.archive, secrets, actor: 'window' }
  const { warnings } = await restoreVault({ ...options, protectors: protectorsOf(home, context.keychain) })
  return warnings
}

async function copyOnce(vault: Vault, home: string): Promise<string[]> {
  writeCopy(home, 'copies-3.backup', Buffer.from('3'))
  const prune = { prefix: 'copies-', written: 'copies-3.backup', keep: 1 }
  vault.cleanUp.attempt('backups', () => pruneCopies(home, prune))
  return vault.protection.warnings
}

function protectorsOf(home: string, keychain?: KeyProtector): KeyProtector[] {
  return keychain ? [keychain] : [keyFileProtector(home)]
}

async function prepareFilled(home: string, keychain?: KeyProtector): Promise<void> {
  const vault = await openAt(home, keychain)
  addCertificates(vault, ['c1', 'c2'])
  setRecoveryKeyOf(vault, await testRecovery())
  vault.close()
  // File that a migration leaves.
  writeFileSync(join(home, 'vault-schema-1.copy'), 'a copy', { mode: 0o600 })
}

/** State with the replaced vault's key still there. */
async function prepareRestored(home: string, context: FaultContext): Promise<void> {
  await prepareFilled(home, context.keychain)
  await restore(home, context)
}

async function prepareUnderPassphrase(home: string): Promise<void> {
  await changeOnce(home, (vault) => vault.custody.moveTo('passphrase', 'window', passphrase()))
}

async function prepareScheduled(home: string): Promise<void> {
  const schedule = { folder: home, everyHours: 1, keep: 1 }
  await changeOnce(home, (vault) => vault.backupSchedule.set(schedule, 'window', passphrase()))
}

async function changeOnce(home: string, change: (vault: Vault) => Promise<unknown>): Promise<void> {
  await prepareFilled(home)
  const vault = await openAt(home)
  await change(vault)
  vault.close()
  writeFileSync(join(home, 'vault-schema-1.copy'), 'a copy', { mode: 0o600 })
}

async function prepareDamaged(home: string): Promise<void> {
  await prepareFilled(home)
  writeFileSync(join(home, 'vault.db'), Buffer.alloc(8192, 'x'), { mode: 0o600 })
  writeFileSync(join(home, 'vault.db-wal'), randomBytes(4096), { mode: 0o600 })
}

/** A vault stored by an older Edgekeep; the bundle of this file lies elsewhere, so the test names the folder. */
async function prepareOlder(home: string): Promise<void> {
  const stored = process.env['EDGEKEEP_STORED_VAULT']
  if (!stored) throw new Error('EDGEKEEP_STORED_VAULT names no folder.')
  cpSync(stored, home, { recursive: true })
  for (const name of readdirSync(home)) chmodSync(join(home, name), 0o600)
}

/** State after a kill right behind a rotation: old key present, erased bytes in the log, a stray copy. */
async function prepareUncleaned(home: string): Promise<void> {
  await prepareFilled(home)
  const vault = await openAt(home)
  await vault.custody.rotate('window')
  writeFileSync(join(home, 'vault-schema-1.copy'), 'a copy', { mode: 0o600 })
  const snapshot = join(home, '../..', 'snapshot')
  cpSync(home, snapshot, { recursive: true })
  vault.close()
  cpSync(snapshot, home, { recursive: true })
}

async function prepareCopies(home: string): Promise<void> {
  await prepareFilled(home)
  for (const day of [1, 2]) writeFileSync(join(home, `copies-${day}.backup`), `${day}`)
}

function addCertificates(vault: Vault, ids: string[]): void {
  vault.change(() => {
    for (const id of ids) {
      const row = certificateRow({ id })
      vault.certificates.insert(row)
      vault.keys.sealKey(id, row.spkiSha256, keyOf(id))
    }
  })
}
