import { z } from 'zod'
import { type AuditRow, auditRowSchema } from '../../contract/audit/audit.ts'
import { swapImpactSchema } from '../../contract/domains/domains.ts'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import {
  rememberedCertificateSchema,
  type HistoryEntry,
  type RememberedCertificate,
} from '../../contract/domains/history.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import type { Core } from '../core/core.ts'

/**
 * Reads the history from the audit trail, which outlives certificates; there is no second copy.
 * @throws `certificate.not_found` if no certificate ever had that id
 */
export function certificateHistory({ vault }: Core, id: string): HistoryEntry[] {
  const fingerprint = vault.certificates.get(id)?.fingerprintSha256 ?? vault.audit.fingerprintOf(id)
  if (fingerprint === undefined) throw new EdgekeepError('certificate.not_found', { reference: echoOf(id) })
  return vault.audit.about(id, fingerprint).map((row) => entryOf(auditRowSchema.parse(row)))
}

/** @throws `domain.invalid`, and `domain.not_found` if no domain ever had that name */
export function domainHistory({ vault }: Core, input: string): HistoryEntry[] {
  const name = normaliseDomain(input)
  const rows = vault.audit.about(name)
  if (rows.length === 0 && !vault.domains.get(name)) throw new EdgekeepError('domain.not_found', { name })
  const entries = rows.map((row) => ({ ...entryOf(auditRowSchema.parse(row)), domains: [name] }))
  return entries.filter(({ from, to }) => from !== null || to !== null)
}

function entryOf(row: AuditRow): HistoryEntry {
  const impact = swapImpactSchema.safeParse(fieldOf(row.after, 'impact'))
  return {
    ...row,
    domains: domainsOf(row),
    from: certificateIn(row.before),
    to: certificateIn(row.after),
    impact: impact.success ? impact.data : null,
    erased: erasedIn(row.after),
  }
}

/** A change of several domains lists them. */
function domainsOf({ action, subject, after }: AuditRow): string[] {
  if (!action.startsWith('https.') && !action.startsWith('domain.')) return []
  const several = z.array(z.string()).safeParse(fieldOf(after, 'domains'))
  return several.success ? several.data : [subject]
}

/** Reads the certificate from an audit value: from `certificate` in a domain's row, else the row itself. */
function certificateIn(value: AuditRow['before']): RememberedCertificate | null {
  for (const candidate of [fieldOf(value, 'certificate'), value]) {
    const found = rememberedCertificateSchema.safeParse(candidate)
    if (found.success) return found.data
  }
  return null
}

function erasedIn(value: AuditRow['after']): RememberedCertificate[] {
  const found = rememberedCertificateSchema.array().safeParse(fieldOf(value, 'erased'))
  return found.success ? found.data : []
}

function fieldOf(value: AuditRow['before'], name: string): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value[name] : undefined
}
