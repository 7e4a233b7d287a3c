import type { ProtectionStatus } from '../../contract/custody.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import { restoreVault } from '../vault/backup/restore.ts'
import { announce } from './commit.ts'
import type { EngineParts } from './parts.ts'

interface Rotated {
  protection: ProtectionStatus
  notForgotten: number
}

export async function rotateKey(parts: EngineParts): Promise<Rotated> {
  const { notForgotten } = await parts.vault.custody.rotate(parts.actor)
  return rotated(parts, notForgotten)
}

export async function protectWith(
  parts: EngineParts,
  protector: 'os-keychain' | 'key-file' | 'passphrase',
): Promise<Rotated> {
  const { notForgotten } = await parts.vault.custody.moveTo(protector, parts.actor)
  return rotated(parts, notForgotten)
}

function rotated(parts: EngineParts, notForgotten: number): Rotated {
  announce(parts, {})
  return { protection: { ...parts.vault.protection }, notForgotten }
}

/** `edgekeep-2026-11-24.backup`: one file, everything, under `passphrase`. */
export async function backUp({ vault, clock }: EngineParts, passphrase: string): Promise<File> {
  const secret = Buffer.from(passphrase)
  try {
    const archive = await vault.backup(secret)
    return new File([new Uint8Array(archive)], `edgekeep-${clock().toISOString().slice(0, 10)}.backup`)
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
  const { vault, folder, clock, actor, supervisor } = parts
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
    await restoreVault({ folder, clock, archive, passphrase: secret, actor, whenGood })
  } finally {
    secret.fill(0)
    if (isClosed) parts.ended()
  }
  return { restarts: supervisor !== null }
}
