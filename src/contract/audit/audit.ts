import { base } from '../shared/procedure-base.ts'
import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'

/** Row of the audit trail: actor, action, subject, and the state before and after. */
export const auditRowSchema = z.object({
  /** Starts at 1, without gaps. */
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

/** Result of the verification; `brokenAt` is the first altered row. */
export const auditVerdictSchema = z.object({
  ok: z.boolean(),
  rows: z.number().int(),
  brokenAt: z.number().int().nullable(),
  reason: z.string().nullable(),
})
export type AuditVerdict = z.infer<typeof auditVerdictSchema>

export const auditContract = {
  /** Newest first; `before` is the sequence number to continue from. */
  list: base
    .input(
      z.object({
        limit: z.number().int().min(1).max(1000),
        before: z.number().int().positive().optional(),
      }),
    )
    .output(z.array(auditRowSchema)),
  /** Recomputes the hash chain. */
  verify: base.output(auditVerdictSchema),
}
