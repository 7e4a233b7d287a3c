import type { TFunction } from 'i18next'
import { formatSize } from '../../../contract/text/format-size.ts'
import { activity } from '../../app/messages/en/activity.ts'

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
  return isValue(value) ? t(`values.${value}`) : value
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
