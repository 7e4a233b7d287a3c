import { applicationFieldName } from '../../../contract/text/field-name.ts'
import type { HeaderDirection, HeaderRule } from '../../../contract/header-rules.ts'
import { ListedFields } from '../http/fields.ts'
import { fieldLines } from '../http/headers.ts'

/** Rules of one direction, in their order, with names as they are compared: as applications see them. */
export type FieldRules = readonly {
  action: HeaderRule['action']
  name: string
  seen: string
  value: string
}[]

/** Null where there are none, which is what is asked on the way of every message. */
export function fieldRules(rules: readonly HeaderRule[], on: HeaderDirection): FieldRules | null {
  const own = rules
    .filter((rule) => rule.on === on)
    .map(({ action, name, value }) => ({ action, name, seen: applicationFieldName(name), value }))
  return own.length > 0 ? own : null
}

/** Names and values by turns; what is given stays as it is. */
export function applyToFields(rules: FieldRules, fields: readonly string[]): string[] {
  let left = [...fields]
  for (const { action, name, seen, value } of rules) {
    if (action !== 'add') left = withoutField(left, seen)
    if (action !== 'drop') left.push(name, value)
  }
  return left
}

/** The same on lines of HTTP/1.1. */
export function applyToLines(rules: FieldRules, lines: string): string {
  return fieldLines(applyToFields(rules, readLines(lines)))
}

/** Trailers without the fields that a rule drops or replaces. What a rule adds is in the head. */
export function trailersUnderFieldRules(rules: FieldRules, trailers: string[]): string[] {
  let left = trailers
  for (const { action, seen } of rules) if (action !== 'add') left = withoutField(left, seen)
  return left
}

/** The values of a field and its look-alikes among lines of HTTP/1.1. */
export function valuesInLines(lines: string, seen: string): string[] {
  const fields = new ListedFields(readLines(lines))
  const values: string[] = []
  for (let at = 0; at < fields.count; at += 1) if (fields.resembles(at, seen)) values.push(fields.value(at))
  return values
}

export function withoutLines(lines: string, seen: string): string {
  return fieldLines(withoutField(readLines(lines), seen))
}

/** Leaves out its look-alikes too. */
function withoutField(list: string[], seen: string): string[] {
  const fields = new ListedFields(list)
  const left: string[] = []
  for (let at = 0; at < fields.count; at += 1) {
    if (!fields.resembles(at, seen)) left.push(fields.name(at), fields.value(at))
  }
  return left
}

/** Lines that we have written ourselves: `name: value`, each with its line end. */
function readLines(lines: string): string[] {
  const fields: string[] = []
  for (const line of lines.split('\r\n')) {
    if (line === '') continue
    const colon = line.indexOf(':')
    fields.push(line.slice(0, colon), line.slice(colon + 2))
  }
  return fields
}
