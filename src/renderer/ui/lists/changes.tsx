import { useTranslation } from 'react-i18next'
import classes from './lists.module.css'
import type { AuditRow } from '../../../contract/audit/audit.ts'
import type { Difference } from '../../../contract/domains/configuration.ts'
import type { TFunction } from 'i18next'
import { readableName, readableText } from '../../../contract/text/readable-name.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import { activity } from '../../messages/en/activity.ts'
import { rowCount, TableRows, type RowAttributes } from './visible-rows.tsx'

export function ChangeTable({ changes }: { changes: readonly Change[] }) {
  const { t } = useTranslation('activity')
  if (changes.length === 0) return <p className={classes.nothing}>{t('row.nothing')}</p>
  return (
    <table className={classes.changes} aria-rowcount={rowCount(changes)}>
      <thead>
        <tr>
          <th scope="col">{t('row.field')}</th>
          <th scope="col">{t('row.before')}</th>
          <th scope="col">{t('row.after')}</th>
        </tr>
      </thead>
      <tbody>
        <TableRows items={changes} keyOf={keyOf} height={28}>
          {(change, row) => <ChangeRow change={change} row={row} />}
        </TableRows>
      </tbody>
    </table>
  )
}

const keyOf = ({ about, field }: Change) => `${about} ${field}`

function ChangeRow({ change, row }: { change: Change; row: RowAttributes }) {
  const { t } = useTranslation('activity')
  const { about, field, before, after } = change
  return (
    <tr {...row}>
      <th scope="row">
        {[readableName(about), fieldLabel(t, field)].filter((part) => part !== '').join(' · ') ||
          t('row.value')}
      </th>
      <td data-side="before">
        <Value field={field} value={before} />
      </td>
      <td data-side="after">
        <Value field={field} value={after} />
      </td>
    </tr>
  )
}

function Value({ field, value }: { field: string; value: string | null }) {
  const { t } = useTranslation('activity')
  if (value === null) return <span className={classes.none}>{t('row.none')}</span>
  return formatValue(t, field, value)
}

/** One changed value; null if absent before or after. */
export interface Change {
  /** Domain of the change if the row affects several; else empty. */
  about: string
  /** `origin.httpPort`; empty if the row has a single value. */
  field: string
  before: string | null
  after: string | null
}

export function changesOf(row: AuditRow): Change[] {
  if (row.action === 'configuration.import') return importedDifferences(row.after)
  return changesBetween(row.before, row.after).filter(
    ({ field }) => !(field === 'domains' && aboutSeveral(row)),
  )
}

/** Domains of a row about several; null for any other. */
export function aboutSeveral({ action, after }: AuditRow): string[] | null {
  if (!/^(domain|https)\./.test(action) || typeof after !== 'object' || after === null) return null
  const { domains } = after as { domains?: unknown }
  return Array.isArray(domains) ? domains.map(String) : null
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

type Translate = TFunction<'activity'>

/** Label of a field; an unknown field keeps its name, with spaces. */
export function fieldLabel(t: Translate, field: string): string {
  return isField(field) ? t(`fields.${field}`) : field.split('.').map(spaced).join(', ')
}

/** Label of a value, if it has one of its own. */
export function formatValue(t: Translate, field: string, value: string): string {
  const own = `${field.split('.').at(-1)}.${value}`
  if (isValue(own)) return t(`values.${own}`)
  if (/bytes$/i.test(field) && /^\d+$/.test(value)) return formatSize(Number(value))
  return isValue(value) ? t(`values.${value}`) : readableText(value)
}

function isField(field: string): field is keyof typeof activity.fields {
  return Object.hasOwn(activity.fields, field)
}

function isValue(value: string): value is keyof typeof activity.values {
  return Object.hasOwn(activity.values, value)
}

function spaced(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
}
