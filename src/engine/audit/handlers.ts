import { auditRowSchema } from '../../contract/audit/audit.ts'
import type { Procedures } from '../core/procedures.ts'

export function auditHandlers(procedures: Procedures['audit']) {
  return {
    list: procedures.list.handler(({ context, input }) =>
      context.parts.vault.audit.list(input).map((row) => auditRowSchema.parse(row)),
    ),
    verify: procedures.verify.handler(({ context }) => ({
      brokenAt: null,
      reason: null,
      ...context.parts.vault.audit.verify(),
    })),
  }
}
