import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'

/** A stretch of days on which the server behaves as it does on a bad day. */
export const spellKinds = ['unavailable', 'bad-nonce', 'slow', 'recall'] as const
export const rehearsalSpellSchema = z
  .object({
    /** 503; most nonces refused; certificates that are long in coming; renewal of all asked for at once. */
    what: z.enum(spellKinds),
    from: z.number().min(0).max(1000),
    to: z.number().min(0).max(1000),
  })
  .refine(({ from, to }) => from < to, { message: 'It ends before it begins.' })
export type RehearsalSpell = z.infer<typeof rehearsalSpellSchema>

/** What a bad season with Let's Encrypt has; a recall lasts. */
export const usualSpells: RehearsalSpell[] = [
  { what: 'unavailable', from: 25, to: 28 },
  { what: 'bad-nonce', from: 40, to: 42 },
  { what: 'slow', from: 55, to: 60 },
  { what: 'recall', from: 70, to: 71 },
  { what: 'unavailable', from: 80, to: 81 },
]

export const rehearsalPlanSchema = z.object({
  /** What an order gets that names no profile: 45 days, or 160 hours. */
  profile: z.enum(['classic', 'shortlived']).default('classic'),
  /** Milliseconds that a day takes. */
  dayMs: z.number().int().min(100).max(600_000).default(1000),
  days: z.number().int().min(1).max(1000).default(120),
  /** Let's Encrypt's rate limits. */
  limits: z.boolean().default(true),
  spells: z.array(rehearsalSpellSchema).max(100).default(usualSpells),
})
export type RehearsalPlan = z.infer<typeof rehearsalPlanSchema>

/** What one client did about one set of names. */
export const rehearsedClientSchema = z.object({
  /** What it calls itself; empty where it does not. */
  client: z.string(),
  accountId: z.string(),
  names: z.array(z.string()),
  certificates: z.number().int(),
  /** `kept`: always one that is valid; `gap`: not always; `lapsed`: the last one ended, and none came. */
  verdict: z.enum(['kept', 'gap', 'lapsed']),
  /** Days without a valid one, in all. */
  uncoveredDays: z.number(),
  /** When the first of them ended that nothing followed in time. */
  lapsedOnDay: z.number().nullable(),
  askedRenewalInfo: z.number().int(),
  /** Requests that met an outage, a nonce that was refused, or a limit. */
  refused: z.number().int(),
  /** The last 50. */
  issuedOnDays: z.array(z.number()),
})
export type RehearsedClient = z.infer<typeof rehearsedClientSchema>

export const rehearsalSchema = z.object({
  plan: rehearsalPlanSchema,
  startedAt: timeSchema,
  /** How far it is. */
  day: z.number(),
  ended: z.boolean(),
  clients: z.array(rehearsedClientSchema),
})
export type Rehearsal = z.infer<typeof rehearsalSchema>
