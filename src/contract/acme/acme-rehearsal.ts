import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'

/** Kinds of faults that last some days. */
export const spellKinds = ['unavailable', 'bad-nonce', 'slow', 'recall'] as const
export const rehearsalSpellSchema = z
  .object({
    /** 503; most nonces refused; slow issuance; immediate renewal of all certificates requested by ARI. */
    what: z.enum(spellKinds),
    from: z.number().min(0).max(1000),
    to: z.number().min(0).max(1000),
  })
  .refine(({ from, to }) => from < to, { message: 'It ends before it begins.' })
export type RehearsalSpell = z.infer<typeof rehearsalSpellSchema>

/** Typical faults of Let's Encrypt; a recall lasts to the end. */
export const usualSpells: RehearsalSpell[] = [
  { what: 'unavailable', from: 25, to: 28 },
  { what: 'bad-nonce', from: 40, to: 42 },
  { what: 'slow', from: 55, to: 60 },
  { what: 'recall', from: 70, to: 71 },
  { what: 'unavailable', from: 80, to: 81 },
]

export const rehearsalPlanSchema = z.object({
  /** Profile of orders that name none: 45 days, or 160 hours. */
  profile: z.enum(['classic', 'shortlived']).default('classic'),
  /** Milliseconds per simulated day. */
  dayMs: z.number().int().min(100).max(600_000).default(1000),
  days: z.number().int().min(1).max(1000).default(120),
  /** Let's Encrypt's rate limits. */
  limits: z.boolean().default(true),
  spells: z.array(rehearsalSpellSchema).max(100).default(usualSpells),
})
export type RehearsalPlan = z.infer<typeof rehearsalPlanSchema>

/** Actions of one client for one set of names. */
export const rehearsedClientSchema = z.object({
  /** User-Agent of the client; empty if it sends none. */
  client: z.string(),
  accountId: z.string(),
  names: z.array(z.string()),
  certificates: z.number().int(),
  /**
   * `kept`: always a valid certificate; `gap`: not always; `lapsed`: the last one ended without a successor.
   */
  verdict: z.enum(['kept', 'gap', 'lapsed']),
  /** Days without a valid certificate, in total. */
  uncoveredDays: z.number(),
  /** End of the first certificate without a timely successor. */
  lapsedOnDay: z.number().nullable(),
  askedRenewalInfo: z.number().int(),
  /** Requests refused by an outage, a nonce or a rate limit. */
  refused: z.number().int(),
  /** The last 50 days with an issuance. */
  issuedOnDays: z.array(z.number()),
})
export type RehearsedClient = z.infer<typeof rehearsedClientSchema>

export const rehearsalSchema = z.object({
  plan: rehearsalPlanSchema,
  startedAt: timeSchema,
  day: z.number(),
  ended: z.boolean(),
  clients: z.array(rehearsedClientSchema),
})
export type Rehearsal = z.infer<typeof rehearsalSchema>
