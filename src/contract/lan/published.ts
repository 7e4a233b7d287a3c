import { z } from 'zod'
import { portSchema } from '../shared/port.ts'

/**
 * Reason not to listen in a network that this computer left: `left` until it is back, `ended` where it cannot be
 * recognised again.
 */
export type LanAbsence = 'left' | 'ended'

/** Address of this computer in a network, with the domains that other devices reach there. */
export const publishedSchema = z.object({
  address: z.string(),
  domains: z.array(z.string()),
  /** Port on which the edge does not listen there, with the system's error code (`EADDRINUSE`) or a `LanAbsence`. */
  failure: z.object({ port: portSchema, code: z.string() }).nullable(),
  /** Names below .local that another device of the network answers for. */
  taken: z.array(z.string()),
})
export type Published = z.infer<typeof publishedSchema>
