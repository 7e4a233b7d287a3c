import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'

/** State of a domain's OCSP staple (RFC 6066, section 8). */
export const staplingSchema = z.object({
  /**
   * `none`: the certificate names no responder, or its issuer is unknown here. `waiting`: not queried yet.
   * `good`: a response is stapled. `revoked`: by the responder; nothing is stapled. `missing`: no response
   * can be stapled.
   */
  state: z.enum(['none', 'waiting', 'good', 'revoked', 'missing']),
  /** URL of the responder in the certificate. */
  responder: z.string().nullable(),
  askedAt: timeSchema.nullable(),
  /** Times of the stapled response, or of the one with status "revoked". */
  thisUpdate: timeSchema.nullable(),
  nextUpdate: timeSchema.nullable(),
  /** Error of the last query as a sentence, also while an earlier response is still good. */
  problem: z.string().nullable(),
})
export type Stapling = z.infer<typeof staplingSchema>
