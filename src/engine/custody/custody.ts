import type { Proof, ProtectionStatus, RecoveryKeyStatus } from '../../contract/custody/custody.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { announce, commit } from '../core/commit.ts'
import { recoveryKeyStatus } from '../settings/status.ts'
import { canSealTo } from '../vault/backup/recovery-seal.ts'
import { recoveryKeyId } from '../vault/recovery-key.ts'
import { publishNotice } from './notices.ts'
import type { CustodyNeeds } from './needs.ts'
import { passphraseBytes } from './passphrase-bytes.ts'
import { countingWrong, keyProofs, requireProof } from './proof.ts'

interface Rotated {
  protection: ProtectionStatus
}

/**
 * Replaces the data key. A vault under a passphrase needs it. Under another protector no passphrase is compared,
 * so a success does not reset the count of wrong guesses.
 */
export async function rotateKey(parts: CustodyNeeds, passphrase?: string): Promise<Rotated> {
  const { vault, actor } = parts
  let isTried = false
  const done = await rotated(parts, passphrase, (secret) => {
    const rotate = () => {
      isTried = vault.protection.protector === 'passphrase'
      return vault.custody.rotate(actor, secret)
    }
    return countingWrong(parts, 'rotate', rotate, () => isTried)
  })
  publishNotice(parts, 'rotation')
  return done
}

/** @throws as `requireProof` and as moving the key */
export async function protectWith(
  parts: CustodyNeeds,
  wanted: { protector: ProtectionStatus['protector']; passphrase?: string; proof?: Proof },
): Promise<Rotated> {
  const { vault, actor } = parts
  const { protector, passphrase, proof } = wanted
  vault.requireUnlocked()
  await requireProof(parts, 'protect', { accepts: keyProofs(parts), given: proof })
  const done = await rotated(parts, passphrase, (secret) => vault.custody.moveTo(protector, actor, secret))
  publishNotice(parts, 'protection')
  return done
}

async function rotated(
  parts: CustodyNeeds,
  passphrase: string | undefined,
  act: (secret: Buffer | undefined) => Promise<void>,
): Promise<Rotated> {
  using secret = passphrase === undefined ? undefined : passphraseBytes(passphrase)
  try {
    await act(secret?.bytes)
    parts.autoLock.touch()
    return { protection: { ...parts.vault.protection } }
  } finally {
    announce(parts)
  }
}

/**
 * Sets the recovery key of future backups; existing ones keep theirs.
 * @throws `input.invalid` for an unusable key, `vault.locked`, and as `requireProof`
 */
export async function setRecoveryKey(
  parts: CustodyNeeds,
  { publicKey, proof }: { publicKey: string; proof?: Proof },
): Promise<RecoveryKeyStatus> {
  const { vault } = parts
  vault.requireUnlocked()
  const bytes = Buffer.from(publicKey, 'base64url')
  if (!(await canSealTo(bytes)))
    throw new EdgekeepError('input.invalid', { reason: 'Nothing can be sealed to this recovery key.' })
  await requireProof(parts, 'recovery-key', { accepts: keyProofs(parts), given: proof })
  const before = recoveryKeyStatus(parts)
  const { done } = await commit(parts, () => {
    vault.recoveryKey.set(bytes)
    const after = { id: recoveryKeyId(bytes) }
    const record = {
      action: 'vault.recovery-key',
      subject: 'vault',
      before: before && { id: before.id },
      after,
    }
    return { record, set: recoveryKeyStatus(parts) }
  })
  publishNotice(parts, 'recovery-key')
  if (!done.set) throw new Error('The recovery key that was set is not there.')
  return done.set
}
