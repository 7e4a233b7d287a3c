import { z } from 'zod'
import { hexSchema } from './hex.ts'

/** `error`: a rule is broken; `warning`: it will hurt somewhere; `notice`: good to know. */
export const severitySchema = z.enum(['error', 'warning', 'notice'])
export type Severity = z.infer<typeof severitySchema>

export const lintFindingSchema = z.object({
  /** Stable, `names.san_missing`. */
  rule: z.string(),
  severity: severitySchema,
  /** What is wrong with this certificate, a sentence. */
  message: z.string(),
  /** What to do about it, a sentence. */
  advice: z.string(),
  /** `RFC 5280, section 4.2.1.6`. */
  reference: z.string(),
})
export type LintFinding = z.infer<typeof lintFindingSchema>

/**
 * Whose rules bind a certificate. `public`: the CA/Browser Forum's, since it comes, or says that it
 * comes, from a public authority; `private`: RFC 5280's and those of the clients alone.
 */
export const lintScopeSchema = z.enum(['public', 'private'])
export type LintScope = z.infer<typeof lintScopeSchema>

export const lintedCertificateSchema = z.object({
  fingerprintSha256: hexSchema,
  title: z.string(),
  role: z.enum(['leaf', 'intermediate', 'root']),
  scope: lintScopeSchema,
  /** Why that scope, a sentence: `Public rules do not apply: …`. */
  scopeReason: z.string(),
  /** The gravest first. */
  findings: z.array(lintFindingSchema),
  /** Rules that were asked. */
  rules: z.number().int(),
})
export type LintedCertificate = z.infer<typeof lintedCertificateSchema>

export const lintReportSchema = z.object({
  /** No error and no warning. */
  ok: z.boolean(),
  counts: z.object({ error: z.number().int(), warning: z.number().int(), notice: z.number().int() }),
  certificates: z.array(lintedCertificateSchema),
})
export type LintReport = z.infer<typeof lintReportSchema>
