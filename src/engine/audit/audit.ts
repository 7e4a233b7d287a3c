import { type AuditRow, auditRowSchema, type AuditVerdict } from '../../contract/audit.ts'
import type { EngineParts } from '../parts.ts'

export function auditRows({ vault }: EngineParts, page: { limit: number; before?: number }): AuditRow[] {
  return vault.audit.list(page).map((row) => auditRowSchema.parse(row))
}

export function verifyAudit({ vault }: EngineParts): AuditVerdict {
  const verdict = vault.audit.verify()
  return { brokenAt: null, reason: null, ...verdict }
}
