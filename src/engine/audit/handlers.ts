import { auditRowSchema } from '../../contract/audit/audit.ts'
import { proceduresFor } from '../core/procedures.ts'
import type { Core } from '../core/core.ts'

const { audit } = proceduresFor<{ parts: Core }>()

export const auditHandlers = {
  list: audit.list.handler(({ context, input }) =>
    context.parts.vault.audit.list(input).map((row) => auditRowSchema.parse(row)),
  ),
  verify: audit.verify.handler(({ context }) => ({
    brokenAt: null,
    reason: null,
    ...context.parts.vault.audit.verify(),
  })),
}
