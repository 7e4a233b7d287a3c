import { z } from 'zod'

export const preflightReasonSchema = z.object({
  /** Stable, `cloudfront.key-type`. */
  rule: z.string(),
  verdict: z.enum(['warns', 'refuses']),
  message: z.string(),
  /** Remedy, as a sentence. */
  fix: z.string(),
  /** Error code or sentence of the target itself, if it has one. */
  code: z.string().nullable(),
  source: z.object({
    url: z.string(),
    /** Date on which the source was read. */
    readOn: z.iso.date(),
    /** Program, with its version, in which the behaviour was observed. */
    seenIn: z.string().nullable(),
  }),
})
export type PreflightReason = z.infer<typeof preflightReasonSchema>

/** `read 2026-11-24; seen in OpenJDK 25.0.3`. */
export function formatSource({ readOn, seenIn }: PreflightReason['source']): string {
  const read = `read ${readOn}`
  return seenIn === null ? read : `${read}; seen in ${seenIn}`
}

const targetSchema = z.object({
  /** Value for `--for`: `cloudfront`. */
  id: z.string(),
  /** `Amazon CloudFront (ACM)`. */
  name: z.string(),
  kind: z.enum(['cdn', 'server', 'runtime', 'client']),
})
export type Target = z.infer<typeof targetSchema>

export const preflightVerdictSchema = z.enum(['takes', 'warns', 'refuses'])

/** Verdict of one target on the certificate, its chain and its key. */
export const preflightSchema = z.object({
  target: targetSchema,
  verdict: preflightVerdictSchema,
  sentence: z.string(),
  /** Refusals first. */
  reasons: z.array(preflightReasonSchema),
  rules: z.number().int(),
})
export type Preflight = z.infer<typeof preflightSchema>
