import { z } from 'zod'
import { hexSchema } from '../shared/hex.ts'

/** `error`: breaks a rule; `warning`: fails in some clients; `notice`: information. */
export const severitySchema = z.enum(['error', 'warning', 'notice'])
export type Severity = z.infer<typeof severitySchema>

export const lintFindingSchema = z.object({
  /** Stable, `names.san_missing`. */
  rule: z.string(),
  severity: severitySchema,
  /** Fault of this certificate, as a sentence. */
  message: z.string(),
  /** Remedy, as a sentence. */
  advice: z.string(),
  /** `RFC 5280, section 4.2.1.6`. */
  reference: z.string(),
})
export type LintFinding = z.infer<typeof lintFindingSchema>

/**
 * Rules that bind a certificate. `public`: the CA/Browser Forum's, since a public authority issued it or it
 * claims so; `private`: only those of RFC 5280 and of the clients.
 */
export const lintScopeSchema = z.enum(['public', 'private'])
export type LintScope = z.infer<typeof lintScopeSchema>

export const lintedCertificateSchema = z.object({
  fingerprintSha256: hexSchema,
  title: z.string(),
  role: z.enum(['leaf', 'intermediate', 'root']),
  scope: lintScopeSchema,
  /** Reason for the scope, as a sentence: `Public rules do not apply: …`. */
  scopeReason: z.string(),
  /** Most severe first. */
  findings: z.array(lintFindingSchema),
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
