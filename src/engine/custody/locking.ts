import { setTimeout as delay } from 'node:timers/promises'
import type { Locking, ProtectionStatus } from '../../contract/custody/custody.ts'
import { announce, commit } from '../core/commit.ts'
import { autoLockMinutes, lockStopsServing, lockingSettings } from '../core/settings.ts'
import type { Core } from '../core/core.ts'
import type { CustodyNeeds } from './needs.ts'
import { passphraseBytes } from './passphrase-bytes.ts'
import { countingWrong } from './proof.ts'
import type { FileSessions } from '../inspect/file-sessions.ts'

/** Timeout for workers: one that does not start must not keep the vault open. */
const longestWaitMs = 10_000

/** Sets the auto-lock and the edge's behaviour while the vault is locked. */
export async function setLocking(parts: CustodyNeeds, wanted: Locking): Promise<Locking> {
  const before = lockingSettings(parts)
  await commit(parts, () => {
    autoLockMinutes.store(parts.vault, wanted.autoLockMinutes ?? 0)
    lockStopsServing.store(parts.vault, wanted.stopServing)
    const record = { action: 'vault.locking', subject: 'vault', before: { ...before }, after: { ...wanted } }
    return { record }
  })
  return lockingSettings(parts)
}

/** Auto-lock needs a passphrase: other protectors give the key to anyone at this computer. */
export function effectiveAutoLockMinutes(parts: Pick<Core, 'vault'>): number | null {
  const { locked, protector } = parts.vault.protection
  return locked || protector !== 'passphrase' ? null : lockingSettings(parts).autoLockMinutes
}

/** A snapshot built while the vault is locked would have no keys. */
export function keepsServing(parts: Pick<Core, 'vault'>): boolean {
  return parts.vault.protection.locked && !lockingSettings(parts).stopServing
}

/** Locks the vault and wipes the files that windows and commands have open. The edge keeps serving unless it is set to stop. */
export async function lockVault(
  parts: CustodyNeeds,
  sessions: FileSessions,
  reason = 'it was locked on request',
): Promise<ProtectionStatus> {
  const { vault, supervisor, actor } = parts
  const { stopServing } = lockingSettings(parts)
  sessions.wipe()
  // A worker that starts after the lock gets no keys, so a pending replacement is done first.
  if (!stopServing) await Promise.race([supervisor?.erased(), delay(longestWaitMs, null, { ref: false })])
  try {
    vault.lock(actor, reason)
  } finally {
    if (stopServing) await supervisor?.apply()
    announce(parts)
  }
  return { ...vault.protection }
}

/** Unlocks the vault and sends the edge its keys at once. */
export async function unlockVault(parts: CustodyNeeds, passphrase?: string): Promise<ProtectionStatus> {
  const { vault, supervisor, actor, log } = parts
  using secret = passphrase === undefined ? undefined : passphraseBytes(passphrase)
  try {
    const unlock = () => vault.unlock(actor, secret?.bytes)
    // Counts only guesses at a passphrase, not failures of a keychain. An unlocked vault accepts any
    // passphrase, so that success does not reset the count.
    await (vault.protection.protector === 'passphrase'
      ? countingWrong(parts, 'unlock', unlock, (wasLocked) => wasLocked)
      : unlock())
  } catch (error) {
    log.warn({ err: error, actor }, 'Vault unlock failed')
    announce(parts)
    throw error
  }
  parts.autoLock.touch()
  await supervisor?.apply()
  await parts.acmeServer.followSettings()
  announce(parts)
  void parts.renewal?.look()
  return { ...vault.protection }
}
