import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'

/** One row of the audit trail: who did what to what, and how it was before and after. */
export const auditRowSchema = z.object({
  /** From 1, without gaps. */
  sequence: z.number().int(),
  at: timeSchema,
  /** `window`, `command line`, `engine`. */
  actor: z.string(),
  /** Object and verb: `domain.add`, `https.enable`, `certificate.remove`, … */
  action: z.string(),
  /** A domain's name, a certificate's id. */
  subject: z.string(),
  before: z.json(),
  after: z.json(),
})
export type AuditRow = z.infer<typeof auditRowSchema>

/** Whether the trail is as it was written; `brokenAt` is the first row that is not. */
export const auditVerdictSchema = z.object({
  ok: z.boolean(),
  rows: z.number().int(),
  brokenAt: z.number().int().nullable(),
  reason: z.string().nullable(),
})
export type AuditVerdict = z.infer<typeof auditVerdictSchema>
