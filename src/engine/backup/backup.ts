import type { BackupContent, Proof } from '../../contract/custody/custody.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { wipedTogether } from '../../domain/secret-bytes.ts'
import type { ArchiveSecrets } from '../vault/backup/archive.ts'
import { formerRootsIn } from '../trust/stores/former-roots.ts'
import { restoreVault, type RestoredProtection } from '../vault/backup/restore.ts'
import { summarizeArchive } from '../vault/backup/summary.ts'
import { commit } from '../core/commit.ts'
import { hostEnvironmentOf } from '../trust/atlas.ts'
import { failureLogger, publishNotice } from '../custody/notices.ts'
import type { BackupNeeds } from './needs.ts'
import {
  passphraseBytes,
  possiblePassphraseBytes,
  typedRecoveryKeyPair,
} from '../custody/passphrase-bytes.ts'
import { backupProofs, restoreProofs, requireProof } from '../custody/proof.ts'

/**
 * `edgekeep-2026-11-24.backup`: the whole vault in one file, sealed to the recovery key and under
 * `passphrase`. The audit entry precedes it, so that the file contains it.
 * @throws `recovery.missing`, `vault.locked`, and as `requireProof`
 */
export async function backUp(
  parts: BackupNeeds,
  { passphrase, proof, file }: { passphrase: string; proof?: Proof; file?: string },
): Promise<File> {
  const { vault, clock } = parts
  vault.recoveryKey.sealedPublicKey()
  await requireProof(parts, 'backup', { accepts: backupProofs(parts), given: proof })
  using secret = passphraseBytes(passphrase)
  const name = file ?? `edgekeep-${clock().toISOString().slice(0, 10)}.backup`
  await commit(parts, () => ({
    record: { action: 'backup.make', subject: 'backup', before: null, after: { file: name } },
  }))
  const archive = await vault.backup(secret.bytes)
  publishNotice(parts, 'backup')
  return new File([new Uint8Array(archive)], name)
}

/** Upper bound of any vault. */
const largestBackupBytes = 512 * 1024 * 1024

interface GivenBackup {
  file: File
  passphrase: string
  recoveryKey?: string
}

/**
 * Returns the content of a backup and the proof that restoring it here needs.
 * @throws as restoring does before it changes anything
 */
export async function inspectBackup(parts: BackupNeeds, given: GivenBackup): Promise<BackupContent> {
  using opened = await readBackup(given)
  const { recoveryKey, ...content } = await summarizeArchive(opened.archive, opened.secrets)
  return { ...content, passphraseOnly: recoveryKey === null, proofs: restoreProofs(parts, recoveryKey) }
}

/**
 * Replaces the vault by a backup. Once the backup is found good this engine's vault is closed, since its file
 * is replaced; the engine ends after that, and its host starts it on the new vault.
 * @throws as `restoreVault` and as `requireProof`
 */
export async function restoreBackup(
  parts: BackupNeeds,
  given: GivenBackup & { newPassphrase?: string; proof?: Proof },
): Promise<{ restarts: boolean; protection: RestoredProtection }> {
  const { vault, folder, clock, actor, supervisor, protectors } = parts
  const { newPassphrase, proof } = given
  using newSecret = newPassphrase === undefined ? undefined : passphraseBytes(newPassphrase)
  let isClosed = false
  const whenGood = () => {
    keepRoots(parts)
    isClosed = true
    publishNotice(parts, 'restore')
    vault.close()
  }
  const allow = ({ recoveryKey }: { recoveryKey: Buffer | null }) =>
    requireProof(parts, 'restore', { accepts: restoreProofs(parts, recoveryKey), given: proof })
  try {
    using opened = await readBackup(given)
    const protection = await restoreVault({
      ...opened,
      folder,
      clock,
      actor,
      protectors,
      newPassphrase: newSecret?.bytes,
      allow,
      whenGood,
      reportFailure: failureLogger(parts),
    })
    return { restarts: supervisor !== null, protection }
  } finally {
    if (isClosed) parts.ended('replaced')
  }
}

/**
 * Keeps the roots for a later undo: stores may still trust them, and the restored vault does not know them.
 */
function keepRoots({ vault, folder, log }: BackupNeeds): void {
  try {
    const roots = vault.authority.list().map(({ certificatePem }) => certificatePem)
    formerRootsIn(hostEnvironmentOf({ folder })).note(roots)
  } catch (error) {
    // Backups have to replace damaged vaults, too.
    log.warn({ err: error }, 'Roots of the replaced vault not kept')
  }
}

/** Reads the file and the secrets that open it, which are wiped with the scope of the result. */
async function readBackup({
  file,
  passphrase,
  recoveryKey,
}: GivenBackup): Promise<{ archive: Buffer; secrets: ArchiveSecrets } & Disposable> {
  const [sizeBytes, limitBytes] = [file.size, largestBackupBytes]
  if (sizeBytes > limitBytes) throw new EdgekeepError('input.too_large', { sizeBytes, limitBytes })
  const archive = Buffer.from(await file.arrayBuffer())
  const recovery = recoveryKey === undefined ? undefined : await typedRecoveryKeyPair(recoveryKey)
  const passphrases = possiblePassphraseBytes(passphrase)
  const wiped = wipedTogether(recovery ? [recovery.privateKey, ...passphrases] : passphrases)
  return { archive, secrets: { passphrases, recovery }, [Symbol.dispose]: () => wiped[Symbol.dispose]() }
}
