import type { LastImport } from '../../contract/imports/imports.ts'
import type { DomainNeeds } from '../domains/needs.ts'
import { type Added, importSubject } from './import-setup.ts'

/** Audit entry of the import that can be undone; null if there is none. */
export function lastEntry({ vault }: DomainNeeds) {
  const [row] = vault.audit.about(importSubject)
  if (row?.action !== 'import.apply') return null
  // Written by `addAll`; the audit trail is sealed against changes.
  return { row, added: row.after as unknown as Added & { source: string } }
}

export function lastImport(parts: DomainNeeds): LastImport | null {
  const last = lastEntry(parts)
  if (!last) return null
  const { source, domains, certificates } = last.added
  return { source, at: last.row.at, domains: domains.length, certificates: certificates.length }
}
