import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'

/** How the key that opens the vault is kept. */
export const protectorSchema = z.enum(['os-keychain', 'passphrase', 'key-file'])

/** Whether a protector could keep the vault's key on this computer now: null, or why not, as part of a sentence. */
export const protectorStateSchema = z.object({ protector: protectorSchema, whyNot: z.string().nullable() })

export const protectionSchema = z.object({
  protector: protectorSchema,
  /** The data key lies beside the vault: whoever copies the folder has the keys. */
  weak: z.boolean(),
  /** Why it is weak, or how it is kept: a sentence. */
  reason: z.string(),
  /** No key can be opened and nothing can be changed; what is not secret can be read. */
  locked: z.boolean(),
  /** Why it is locked and what opens it, in sentences; null while it is open. */
  lockReason: z.string().nullable(),
  /** What could not be cleaned up after a change and is tried again, a sentence or two each. */
  warnings: z.array(z.string()),
})
export type ProtectionStatus = z.infer<typeof protectionSchema>

/** When the vault locks itself and what the edge does then. */
export const lockingSchema = z.object({
  /** Minutes without a change and without use of a window; null: never. Only under a passphrase. */
  autoLockMinutes: z
    .number()
    .int()
    .min(1)
    .max(24 * 60)
    .nullable(),
  /** Whether the edge stops serving HTTPS while the vault is locked; else it keeps what it has. */
  stopServing: z.boolean(),
})
export type Locking = z.infer<typeof lockingSchema>

export const shortestPassphrase = 8

/** A passphrase that is given; it is never part of an answer. */
export const passphraseSchema = z.string().max(1024, 'a passphrase has at most 1,024 characters')

/** A passphrase that is set. */
export const newPassphraseSchema = passphraseSchema.min(
  shortestPassphrase,
  `the vault needs a passphrase of ${shortestPassphrase} characters or more`,
)

export const rotationSchema = z.object({ protection: protectionSchema })

/**
 * What shows that the person is there who owns the vault, and not only a program that reached the
 * control socket: the vault's passphrase, its recovery key, or the code that `vault.requestCode` had
 * written into the vault's folder. Which of them counts, the error vault.proof_needed says.
 */
export const proofSchema = z.object({
  passphrase: passphraseSchema.optional(),
  recoveryKey: z.string().max(200).optional(),
  code: z.string().max(40).optional(),
})
export type Proof = z.infer<typeof proofSchema>
export const proofKindSchema = proofSchema.keyof()
export type ProofKind = z.infer<typeof proofKindSchema>

/** Where the code is that was asked for: in a file of the vault's folder that only its owner can read. */
export const requestedCodeSchema = z.object({ path: z.string(), expiresAt: timeSchema })

/** An X25519 public key in base64url: the half of the recovery key that the vault may have. */
export const recoveryPublicKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'a recovery key is 32 bytes in base64url')

/** The recovery key that backups are sealed to. `id`: eight hex digits of the SHA-256 of its public key. */
export const recoveryKeyStatusSchema = z.object({ id: z.string(), setAt: timeSchema })
export type RecoveryKeyStatus = z.infer<typeof recoveryKeyStatusSchema>

/** What a backup holds, and what restoring it here takes; a look changes nothing. */
export const backupContentSchema = z.object({
  /** When it was made, as its audit trail tells; null where that is empty. */
  madeAt: timeSchema.nullable(),
  domains: z.number().int(),
  certificates: z.number().int(),
  /** What kept its vault's key. */
  protector: protectorSchema,
  /** It is of the form before recovery keys: its passphrase alone opens it. */
  passphraseOnly: z.boolean(),
  /** What restoring it over the vault that is here takes as proof, one of them; empty: nothing. */
  proofs: z.array(proofKindSchema),
})
export type BackupContent = z.infer<typeof backupContentSchema>

/** Something that concerns how the vault's keys are kept, told to every open window as it happens. */
export const vaultNoticeSchema = z.object({
  at: timeSchema,
  /** `window`, `command line`, `engine`. */
  actor: z.string(),
  /** `refused`: a passphrase, recovery key or code that was given was wrong. */
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
