import { auditRowSchema } from '../../contract/audit/audit.ts'
import { implement, proceduresFor } from '../core/procedures.ts'
import type { Core } from '../core/core.ts'

const { audit } = proceduresFor<{ parts: Core }>()

export const auditHandlers = implement(audit, {
  list: (parts, input) => parts.vault.audit.list(input).map((row) => auditRowSchema.parse(row)),
  verify: (parts) => ({
    brokenAt: null,
    reason: null,
    ...parts.vault.audit.verify(),
  }),
})
