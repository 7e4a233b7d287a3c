import type { Proof, RecoveryKeyStatus } from '../../contract/custody/custody.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { canSealTo } from '../vault/backup/recovery-seal.ts'
import { recoveryKeyId } from '../vault/recovery-key.ts'
import { commit } from '../core/commit.ts'
import { publishNotice } from './notices.ts'
import type { CustodyNeeds } from './needs.ts'
import { keyProofs, requireProof } from './proof.ts'
import { recoveryKeyStatus } from '../settings/status.ts'

/**
 * Sets the recovery key of future backups; existing ones keep theirs.
 * @throws `input.invalid` for an unusable key, `vault.locked`, and as `requireProof`
 */
export async function setRecoveryKey(
  parts: CustodyNeeds,
  { publicKey, proof }: { publicKey: string; proof?: Proof | undefined },
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
