import type { AuditRow } from '../../../contract/audit/audit.ts'
import type { Difference } from '../../../contract/domains/configuration.ts'

/** One changed value; null if absent before or after. */
export interface Change {
  /** Domain of the change if the row affects several; else empty. */
  about: string
  /** `origin.httpPort`; empty if the row has a single value. */
  field: string
  before: string | null
  after: string | null
}

/** Changed fields of an audit row. */
export function changesOf(row: AuditRow): Change[] {
  if (row.action === 'configuration.import') return importedDifferences(row.after)
  return changesBetween(row.before, row.after)
}

export function changesBetween(was: AuditRow['before'] | object, is: AuditRow['before'] | object): Change[] {
  const [before, after] = [leavesOf(was), leavesOf(is)]
  const fields = new Set([...before.keys(), ...after.keys()])
  return [...fields]
    .map((field) => ({
      about: '',
      field,
      before: before.get(field) ?? null,
      after: after.get(field) ?? null,
    }))
    .filter((change) => change.before !== change.after)
}

function importedDifferences(value: AuditRow['before']): Change[] {
  if (!Array.isArray(value)) return []
  return (value as Difference[]).map((one) => ({
    about: one.domain,
    field: one.field,
    before: shown(one.before),
    after: shown(one.after),
  }))
}

function leavesOf(value: AuditRow['before'] | object | undefined, field = ''): Map<string, string> {
  if (value === null || value === undefined) return new Map()
  if (typeof value !== 'object') return new Map([[field, String(value)]])
  if (Array.isArray(value)) {
    const items = value.map(formatItem).filter((item) => item !== '')
    return items.length === 0 ? new Map() : new Map([[field, items.join(', ')]])
  }
  const leaves = new Map<string, string>()
  for (const [name, inner] of Object.entries(value))
    for (const leaf of leavesOf(inner, field === '' ? name : `${field}.${name}`)) leaves.set(...leaf)
  return leaves
}

/** Formats a list item; a certificate is shown by its name. */
function formatItem(item: AuditRow['before']): string {
  if (item === null || typeof item !== 'object') return String(item ?? '')
  const { name } = item as { name?: unknown }
  return typeof name === 'string' ? name : JSON.stringify(item)
}

function shown(value: AuditRow['before']): string | null {
  const leaves = leavesOf(value)
  if (leaves.size === 0) return null
  return [...leaves].map(([field, leaf]) => (field === '' ? leaf : `${field} ${leaf}`)).join(', ')
}
