import type { TFunction } from 'i18next'
import { sizeInWords } from '../../../contract/text/size-in-words.ts'
import { activity } from '../../app/messages/en/activity.ts'

type Translate = TFunction<'activity'>

/** A field of a row as a person calls it; one that this window does not know keeps its name, in words. */
export function fieldInWords(t: Translate, field: string): string {
  return isField(field) ? t(`fields.${field}`) : field.split('.').map(spaced).join(', ')
}

/** A value as a person says it: of the values with a name of their own, that name. */
export function valueInWords(t: Translate, field: string, value: string): string {
  const own = `${field.split('.').at(-1)}.${value}`
  if (isValue(own)) return t(`values.${own}`)
  if (/bytes$/i.test(field) && /^\d+$/.test(value)) return sizeInWords(Number(value))
  return isValue(value) ? t(`values.${value}`) : value
}

function isField(field: string): field is keyof typeof activity.fields {
  return Object.hasOwn(activity.fields, field)
}

function isValue(value: string): value is keyof typeof activity.values {
  return Object.hasOwn(activity.values, value)
}

/** `requestTimeoutMs`: `request timeout ms` */
function spaced(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
}
