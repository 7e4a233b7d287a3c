import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'
import { portSchema } from '../shared/port.ts'

/** Program that listens on a port, as far as this system shows it. */
export const portHolderSchema = z.object({
  /** Null if the system does not show it. */
  uid: z.number().int().nullable(),
  /** Name from foreign system files: fit to be shown only by `formatPortHolder`. */
  user: z.string().nullable(),
  /** Name of the program; a program of another user may choose it. */
  program: z.string().nullable(),
  pid: z.number().int().nullable(),
  /** Owned by another user than the engine's. */
  isStranger: z.boolean(),
})
export type PortHolder = z.infer<typeof portHolderSchema>

/** Fixed ports that are configured in other programs: the PAC file's, the DNS responder's, ACME's, OCSP's. */
export const fixedPortUseSchema = z.enum(['proxy', 'dns', 'acme', 'revocation'])
export type FixedPortUse = z.infer<typeof fixedPortUseSchema>

/** Fixed port on which another program listens, or listened while this engine ran. */
export const portConflictSchema = z.object({
  use: fixedPortUseSchema,
  port: portSchema,
  holder: portHolderSchema,
  seenAt: timeSchema,
  /** Null while it lasts. Conflicts with other users stay listed until the engine ends. */
  endedAt: timeSchema.nullable(),
})
export type PortConflict = z.infer<typeof portConflictSchema>
