import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'

/** What is known of the answer that is stapled to a domain's handshakes (RFC 6066, section 8). */
export const staplingSchema = z.object({
  /**
   * `none`: the certificate names no responder, or its issuer is not known here. `waiting`: not asked
   * yet. `good`: an answer is sent along. `revoked`: the responder says so, and nothing is sent.
   * `missing`: there is no answer that can be sent.
   */
  state: z.enum(['none', 'waiting', 'good', 'revoked', 'missing']),
  /** The address that the certificate names. */
  responder: z.string().nullable(),
  /** When the responder was last asked. */
  askedAt: timeSchema.nullable(),
  /** Of the answer that is sent along, or that says "revoked". */
  thisUpdate: timeSchema.nullable(),
  nextUpdate: timeSchema.nullable(),
  /** A sentence: what went wrong when it was last asked, also while an earlier answer is still good. */
  problem: z.string().nullable(),
})
export type Stapling = z.infer<typeof staplingSchema>
