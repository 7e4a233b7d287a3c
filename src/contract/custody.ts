import { z } from 'zod'

/** How the key that opens the vault is kept. */
export const protectorSchema = z.enum(['os-keychain', 'key-file'])

export const protectionSchema = z.object({
  protector: protectorSchema,
  /** The data key lies beside the vault: whoever copies the folder has the keys. */
  weak: z.boolean(),
  /** Why it is weak, or how it is kept: a sentence. */
  reason: z.string(),
})
export type ProtectionStatus = z.infer<typeof protectionSchema>

export const rotationSchema = z.object({
  protection: protectionSchema,
  /** Old wrapping keys that their protector would not remove just now; tried again at the next opening. */
  notForgotten: z.number().int(),
})
