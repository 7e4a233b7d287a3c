import { z } from 'zod'
import { portSchema } from '../shared/port.ts'
import { base } from '../shared/procedure-base.ts'

/**
 * Default port of a protocol. `here`: the edge has it; `free`: it could; `taken`: another program has it;
 * `forbidden`: this user may not listen there.
 */
export const standardPortSchema = z.object({
  protocol: z.enum(['https', 'http']),
  port: z.number(),
  /** Port that the edge listens on instead; null if it does not run. */
  edge: z.number().nullable(),
  state: z.enum(['here', 'free', 'taken', 'forbidden']),
  sentence: z.string(),
})
export type StandardPort = z.infer<typeof standardPortSchema>

export const portsContract = {
  /** State of ports 443 and 80. Changes nothing. */
  status: base.output(z.object({ ports: z.array(standardPortSchema) })),
  /** Moves the edge to the ports it should have, which another program had (`edge.port_taken`). */
  retry: base.output(z.object({ https: portSchema, http: portSchema })),
}
