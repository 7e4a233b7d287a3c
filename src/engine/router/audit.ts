import { auditRows, verifyAudit } from '../services/audit/audit.ts'
import type { Procedures } from './procedures.ts'

export function auditHandlers(procedures: Procedures['audit']) {
  return {
    list: procedures.list.handler(({ context, input }) => auditRows(context.parts, input)),
    verify: procedures.verify.handler(({ context }) => verifyAudit(context.parts)),
  }
}
