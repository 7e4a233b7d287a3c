import { SecretBytes } from '../../domain/secret-bytes.ts'
import { timingSafeEqual } from 'node:crypto'
import type { Proof, ProofKind } from '../../contract/custody/custody.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { givenProof, proofsForBackup, proofsForKeys } from '../../domain/proofs.ts'
import { recoveryKeyId } from '../vault/recovery-key.ts'
import { isWrongSecret } from './attempts.ts'
import { publishNotice } from './notices.ts'
import type { CustodyNeeds } from './needs.ts'
import { passphraseBytes, typedRecoveryKeyPair } from './passphrase-bytes.ts'

/**
 * Proof for calls that change who can open the vault or its backups. Without it a program that reached the
 * control socket could have a backup made for a recovery key of its own, and open it. The reasons for each
 * call are in docs/decisions/0016-recovery-key.md.
 */

export function keyProofs({ vault }: CustodyNeeds): ProofKind[] {
  return proofsForKeys(vault.protection.protector, vault.recoveryKey.get() !== undefined)
}

export function backupProofs({ vault }: CustodyNeeds): ProofKind[] {
  return proofsForBackup(vault.protection.protector)
}

/**
 * Proofs for replacing the vault by a backup. The recovery key that opens a backup sealed to this vault's
 * own is proof enough. For any other backup the code in the folder suffices: it reveals nothing of this
 * vault, and a program that can write to the folder can replace the vault anyway.
 */
export function restoreProofs(parts: CustodyNeeds, recoveryKeyOfBackup: Buffer | null): ProofKind[] {
  const own = parts.vault.recoveryKey.get()?.publicKey
  if (own && recoveryKeyOfBackup && own.equals(recoveryKeyOfBackup)) return []
  return [...new Set<ProofKind>([...keyProofs(parts), 'code'])]
}

/**
 * @throws `vault.proof_needed` without an accepted proof, `vault.wrong_passphrase`, `recovery.malformed`,
 *   `recovery.wrong`, `vault.wrong_code`, and `vault.too_many_attempts`
 */
export async function requireProof(
  parts: CustodyNeeds,
  what: string,
  { accepts, given = {} }: { accepts: readonly ProofKind[]; given?: Proof },
): Promise<void> {
  if (accepts.length === 0) return
  const kind = givenProof(accepts, given)
  const secret = kind && given[kind]
  if (!kind || secret === undefined) throw new EdgekeepError('vault.proof_needed', { accepts: [...accepts] })
  // A right code proves nothing about the passphrase.
  const isRight = () => kind !== 'code' || parts.vault.protection.protector !== 'passphrase'
  await countingWrong(parts, what, () => checks[kind](parts, secret), isRight)
}

/** Runs a rate-limited attempt at a secret of the vault; records a wrong one and notifies the windows. */
export async function countingWrong<T>(
  parts: CustodyNeeds,
  what: string,
  attempt: () => Promise<T>,
  isRight?: (done: T) => boolean,
): Promise<T> {
  try {
    return await parts.attempts.run(attempt, isRight)
  } catch (error) {
    if (isWrongSecret(error)) {
      parts.vault.recordRefusal(parts.actor, what)
      publishNotice(parts, 'refused')
    }
    throw error
  }
}

const checks: Record<ProofKind, (parts: CustodyNeeds, secret: string) => Promise<void>> = {
  async passphrase({ vault }, secret) {
    using passphrase = passphraseBytes(secret)
    await vault.checkPassphrase(passphrase.bytes)
  },
  async recoveryKey({ vault }, secret) {
    const wanted = vault.protection.locked
      ? vault.recoveryKey.get()?.publicKey
      : vault.recoveryKey.sealedPublicKey()
    const { publicKey, privateKey } = await typedRecoveryKeyPair(secret)
    using _privateKey = new SecretBytes(privateKey)
    if (!wanted || !timingSafeEqual(publicKey, wanted))
      throw new EdgekeepError('recovery.wrong', { id: recoveryKeyId(wanted ?? Buffer.alloc(0)) })
  },
  async code({ codes }, secret) {
    if (!codes.take(secret)) throw new EdgekeepError('vault.wrong_code', {})
  },
}
