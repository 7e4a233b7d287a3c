import { z } from 'zod'
import { base } from './procedure-base.ts'

/**
 * A port whose number needs not stand in an address. `here`: the edge has it; `free`: it could; `taken`: another
 * program has it; `forbidden`: this user may not listen there.
 */
export const standardPortSchema = z.object({
  protocol: z.enum(['https', 'http']),
  port: z.number(),
  /** Where the edge listens for it; null while it does not run. */
  edge: z.number().nullable(),
  state: z.enum(['here', 'free', 'taken', 'forbidden']),
  sentence: z.string(),
})
export type StandardPort = z.infer<typeof standardPortSchema>

export const portsContract = {
  /** Ports 443 and 80: who has them, and whether the edge could. Changes nothing. */
  status: base.output(z.object({ ports: z.array(standardPortSchema) })),
}
