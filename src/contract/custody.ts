import { z } from 'zod'

/** How the key that opens the vault is kept. */
export const protectorSchema = z.enum(['os-keychain', 'passphrase', 'key-file'])

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

const SHORTEST_PASSPHRASE = 8

/** A passphrase that is given; it is never part of an answer. */
export const passphraseSchema = z.string().max(1024)

/** A passphrase that is set. */
export const newPassphraseSchema = passphraseSchema.min(
  SHORTEST_PASSPHRASE,
  `the vault needs a passphrase of ${SHORTEST_PASSPHRASE} characters or more`,
)

export const rotationSchema = z.object({
  protection: protectionSchema,
  /** Old wrapping keys that their protector would not remove just now; tried again at the next opening. */
  notForgotten: z.number().int(),
})
