import { z } from 'zod'

export const preflightReasonSchema = z.object({
  /** Stable, `cloudfront.key-type`. */
  rule: z.string(),
  verdict: z.enum(['warns', 'refuses']),
  /** Why, a sentence. */
  message: z.string(),
  /** What to do, a sentence. */
  fix: z.string(),
  /** The target's own error code or sentence, where it has one. */
  code: z.string().nullable(),
  source: z.object({
    url: z.string(),
    /** The day on which the rule was read there. */
    readOn: z.iso.date(),
    /** The program, with its version, that was seen doing it. */
    seenIn: z.string().nullable(),
  }),
})
export type PreflightReason = z.infer<typeof preflightReasonSchema>

/** `read 2026-11-24; seen in OpenJDK 25.0.3`. */
export function sourceInWords({ readOn, seenIn }: PreflightReason['source']): string {
  const read = `read ${readOn}`
  return seenIn === null ? read : `${read}; seen in ${seenIn}`
}

const targetSchema = z.object({
  /** What `--for` takes, `cloudfront`. */
  id: z.string(),
  /** `Amazon CloudFront (ACM)`. */
  name: z.string(),
  kind: z.enum(['cdn', 'server', 'runtime', 'client']),
})
export type Target = z.infer<typeof targetSchema>

export const preflightVerdictSchema = z.enum(['takes', 'warns', 'refuses'])

/** Whether one target would take the certificate, its chain and its key. */
export const preflightSchema = z.object({
  target: targetSchema,
  verdict: preflightVerdictSchema,
  /** The verdict in a sentence. */
  sentence: z.string(),
  /** Refusals first. */
  reasons: z.array(preflightReasonSchema),
  /** Rules that were asked. */
  rules: z.number().int(),
})
export type Preflight = z.infer<typeof preflightSchema>
