import type { ProtectionStatus } from '../../contract/custody.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import { restoreVault } from '../vault/backup/restore.ts'
import type { Rotation } from '../vault/vault.ts'
import { passphraseBytes } from './passphrase-bytes.ts'
import { announce, commit } from './commit.ts'
import type { EngineParts } from './parts.ts'

interface Rotated {
  protection: ProtectionStatus
  notForgotten: number
}

/** Under a passphrase that is needed, and checked. */
export function rotateKey(parts: EngineParts, passphrase?: string): Promise<Rotated> {
  return rotated(parts, passphrase, (secret) => parts.vault.custody.rotate(parts.actor, secret))
}

export function protectWith(
  parts: EngineParts,
  wanted: { protector: ProtectionStatus['protector']; passphrase?: string },
): Promise<Rotated> {
  const { vault, actor } = parts
  const { protector, passphrase } = wanted
  return rotated(parts, passphrase, (secret) => vault.custody.moveTo(protector, actor, secret))
}

async function rotated(
  parts: EngineParts,
  passphrase: string | undefined,
  act: (secret: Buffer | undefined) => Promise<Rotation>,
): Promise<Rotated> {
  const secret = passphrase === undefined ? undefined : passphraseBytes(passphrase)
  try {
    const { notForgotten } = await act(secret)
    parts.autoLock.touch()
    return { protection: { ...parts.vault.protection }, notForgotten }
  } finally {
    secret?.fill(0)
    announce(parts, {})
  }
}

/**
 * `edgekeep-2026-11-24.backup`: one file, everything, under `passphrase`. That it was asked for is
 * recorded before it is made, so that the row is in it too.
 */
export async function backUp(parts: EngineParts, passphrase: string): Promise<File> {
  const secret = Buffer.from(passphrase)
  const name = `edgekeep-${parts.clock().toISOString().slice(0, 10)}.backup`
  try {
    await commit(parts, () => ({
      record: { action: 'backup.make', subject: 'backup', before: null, after: { file: name } },
    }))
    const archive = await parts.vault.backup(secret)
    return new File([new Uint8Array(archive)], name)
  } finally {
    secret.fill(0)
  }
}

/** As large as a vault gets; more is no backup of ours. */
const LARGEST_BACKUP_BYTES = 512 * 1024 * 1024

/**
 * Puts a backup in the vault's place. Once it is found good this engine's vault is closed, since
 * its file is replaced; the engine ends after that, and its host starts it on what is there then.
 */
export async function restoreBackup(
  parts: EngineParts,
  { file, passphrase }: { file: File; passphrase: string },
): Promise<{ restarts: boolean }> {
  const { vault, folder, clock, actor, supervisor, protectors } = parts
  let isClosed = false
  const whenGood = () => {
    isClosed = true
    vault.close()
  }
  const [sizeBytes, limitBytes] = [file.size, LARGEST_BACKUP_BYTES]
  if (sizeBytes > limitBytes) throw new EdgekeepError('input.too_large', { sizeBytes, limitBytes })
  const secret = Buffer.from(passphrase)
  const archive = Buffer.from(await file.arrayBuffer())
  try {
    await restoreVault({ folder, clock, archive, passphrase: secret, actor, whenGood, protectors })
  } finally {
    secret.fill(0)
    if (isClosed) parts.ended()
  }
  return { restarts: supervisor !== null }
}
