import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'
import { portSchema } from './origins.ts'

/** Program that listens on a port, as far as this system tells. */
export const portHolderSchema = z.object({
  /** Null where the system does not tell. */
  uid: z.number().int().nullable(),
  /** Name of the user, as the other program's system files have it: fit to be shown only by `formatPortHolder`. */
  user: z.string().nullable(),
  /** Name of the program; of another user's, the program may choose it. */
  program: z.string().nullable(),
  pid: z.number().int().nullable(),
  /** It belongs to another user than the engine. */
  isStranger: z.boolean(),
})
export type PortHolder = z.infer<typeof portHolderSchema>

/** Fixed ports that browsers and other programs were given: the PAC file's, the DNS responder's, ACME's, OCSP's. */
export const keptPortUseSchema = z.enum(['proxy', 'dns', 'acme', 'revocation'])
export type KeptPortUse = z.infer<typeof keptPortUseSchema>

/** A kept port on which another program listens, or did while this engine ran. */
export const portConflictSchema = z.object({
  use: keptPortUseSchema,
  port: portSchema,
  holder: portHolderSchema,
  seenAt: timeSchema,
  /** Null while it lasts. Conflicts with other users stay listed until the engine ends. */
  endedAt: timeSchema.nullable(),
})
export type PortConflict = z.infer<typeof portConflictSchema>
