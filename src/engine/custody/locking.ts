import { setTimeout as delay } from 'node:timers/promises'
import type { Locking, ProtectionStatus } from '../../contract/custody.ts'
import { announce, commit } from '../core/commit.ts'
import { autoLockMinutes as minutesKept, lockStopsServing, lockingSettings } from '../core/settings.ts'
import type { EngineParts } from '../parts.ts'
import { passphraseBytes } from './passphrase-bytes.ts'
import { countingWrong } from './proof.ts'
import type { Staging } from '../inspect/staging.ts'

/** A worker that does not come up must not keep the vault open. */
const longestWaitMs = 10_000

/** Stores when the vault locks itself and what the edge does then. */
export async function setLocking(parts: EngineParts, wanted: Locking): Promise<Locking> {
  const before = lockingSettings(parts)
  await commit(parts, () => {
    minutesKept.store(parts.vault, wanted.autoLockMinutes ?? 0)
    lockStopsServing.store(parts.vault, wanted.stopServing)
    const record = { action: 'vault.locking', subject: 'vault', before: { ...before }, after: { ...wanted } }
    return { record }
  })
  return lockingSettings(parts)
}

/** Auto-lock needs a passphrase: other protectors give the key to anyone at this computer. */
export function autoLockMinutes(parts: EngineParts): number | null {
  const { locked, protector } = parts.vault.protection
  return locked || protector !== 'passphrase' ? null : lockingSettings(parts).autoLockMinutes
}

/** Whether the edge is to keep what it serves: a snapshot that is built now would have no keys. */
export function keepsServing(parts: EngineParts): boolean {
  return parts.vault.protection.locked && !lockingSettings(parts).stopServing
}

/**
 * Seals everything again. Uploads that wait for their decision are wiped. The edge keeps what it
 * serves unless it was set to stop.
 */
export async function lockVault(
  parts: EngineParts,
  staging: Staging,
  reason = 'it was locked on request',
): Promise<ProtectionStatus> {
  const { vault, supervisor, actor } = parts
  const { stopServing } = lockingSettings(parts)
  staging.wipe()
  // A worker that is started after the lock gets no keys, so one that is to be replaced is replaced first.
  if (!stopServing) await Promise.race([supervisor?.erased(), delay(longestWaitMs, null, { ref: false })])
  try {
    vault.lock(actor, reason)
  } finally {
    if (stopServing) await supervisor?.apply()
    announce(parts)
  }
  return { ...vault.protection }
}

/** Opens the vault and gives the edge its keys at once. */
export async function unlockVault(parts: EngineParts, passphrase?: string): Promise<ProtectionStatus> {
  const { vault, supervisor, actor, log } = parts
  const secret = passphrase === undefined ? undefined : passphraseBytes(passphrase)
  try {
    const unlock = () => vault.unlock(actor, secret)
    // Only a passphrase can be guessed at; a keychain that fails is no attempt of anybody's. A vault that is open
    // takes any passphrase, which is no right one for that.
    await (vault.protection.protector === 'passphrase'
      ? countingWrong(parts, 'unlock', unlock, (wasLocked) => wasLocked)
      : unlock())
  } catch (error) {
    log.warn({ err: error, actor }, 'The vault was not unlocked')
    announce(parts)
    throw error
  } finally {
    secret?.fill(0)
  }
  parts.autoLock.touch()
  await supervisor?.apply()
  await parts.acmeServer.followSettings()
  announce(parts)
  void parts.renewal?.look()
  return { ...vault.protection }
}
