import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'

export const protectorSchema = z.enum(['os-keychain', 'passphrase', 'key-file'])

/** `whyNot`: reason why the protector cannot keep the key here, as part of a sentence; null: it can. */
export const protectorStateSchema = z.object({ protector: protectorSchema, whyNot: z.string().nullable() })

export const protectionSchema = z.object({
  protector: protectorSchema,
  /** The data key is stored beside the vault: a copy of the folder contains the keys. */
  weak: z.boolean(),
  /** Reason for a weak protection, or a description of the protector: one sentence. */
  reason: z.string(),
  /** No key can be opened and nothing can be changed; only data that is not secret can be read. */
  locked: z.boolean(),
  /** Reason why it is locked and the way to unlock it, in sentences; null while it is unlocked. */
  lockReason: z.string().nullable(),
  /** Failed cleanups that are retried, a sentence or two each. */
  warnings: z.array(z.string()),
})
export type ProtectionStatus = z.infer<typeof protectionSchema>

/** Auto-lock, and the edge's behaviour while the vault is locked. */
export const lockingSchema = z.object({
  /**
   * Auto-lock timeout in minutes without a change or use of a window; null: never. Only under a passphrase.
   */
  autoLockMinutes: z
    .number()
    .int()
    .min(1)
    .max(24 * 60)
    .nullable(),
  /**
   * The edge stops serving HTTPS while the vault is locked; otherwise it continues with the keys in memory.
   */
  stopServing: z.boolean(),
})
export type Locking = z.infer<typeof lockingSchema>

export const shortestPassphrase = 8

/** Passphrase in a request; never part of a response. */
export const passphraseSchema = z.string().max(1024, 'a passphrase has at most 1,024 characters')

export const newPassphraseSchema = passphraseSchema.min(
  shortestPassphrase,
  `the vault needs a passphrase of ${shortestPassphrase} characters or more`,
)

export const rotationSchema = z.object({ protection: protectionSchema })

/**
 * Proof that the caller is the vault's owner, and not only a program that reached the control socket: the
 * vault's passphrase, its recovery key, or the code that `vault.requestCode` had written into the vault's
 * folder. The error vault.proof_needed names the kinds that count.
 */
export const proofSchema = z.object({
  passphrase: passphraseSchema.optional(),
  recoveryKey: z.string().max(200).optional(),
  code: z.string().max(40).optional(),
})
export type Proof = z.infer<typeof proofSchema>
export const proofKindSchema = proofSchema.keyof()
export type ProofKind = z.infer<typeof proofKindSchema>

/** Path of the requested code: a file of the vault's folder that only its owner can read. */
export const requestedCodeSchema = z.object({ path: z.string(), expiresAt: timeSchema })

/** X25519 public key in base64url: the half of the recovery key that the vault stores. */
export const recoveryPublicKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'a recovery key is 32 bytes in base64url')

/** Recovery key of the backups. `id`: the first eight hex digits of the SHA-256 of its public key. */
export const recoveryKeyStatusSchema = z.object({ id: z.string(), setAt: timeSchema })
export type RecoveryKeyStatus = z.infer<typeof recoveryKeyStatusSchema>

/** Content of a backup, and the proof that restoring it here needs. Reading it changes nothing. */
export const backupContentSchema = z.object({
  /** Time of its last audit entry; null if its audit trail is empty. */
  madeAt: timeSchema.nullable(),
  domains: z.number().int(),
  certificates: z.number().int(),
  protector: protectorSchema,
  /** Backup format older than recovery keys: the passphrase alone opens it. */
  passphraseOnly: z.boolean(),
  /** Accepted proofs, any one of them, for restoring it over this vault; empty: no proof needed. */
  proofs: z.array(proofKindSchema),
})
export type BackupContent = z.infer<typeof backupContentSchema>

/** Event about the protection of the vault's keys, sent to every open window. */
export const vaultNoticeSchema = z.object({
  at: timeSchema,
  /** `window`, `command line`, `engine`. */
  actor: z.string(),
  /** `refused`: a wrong passphrase, recovery key or code. */
  what: z.enum([
    'backup',
    'schedule',
    'schedule-ended',
    'recovery-key',
    'protection',
    'rotation',
    'restore',
    'code',
    'refused',
  ]),
})
export type VaultNotice = z.infer<typeof vaultNoticeSchema>
