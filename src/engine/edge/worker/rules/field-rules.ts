import type { HeaderDirection, HeaderRule } from '../../../../contract/header-rules.ts'
import { fieldLines } from '../http/headers.ts'

/** Rules of one direction, in their order, with names as they are compared. */
export type FieldRules = readonly {
  action: HeaderRule['action']
  name: string
  lower: string
  value: string
}[]

/** Null where there are none, which is what is asked on the way of every message. */
export function fieldRules(rules: readonly HeaderRule[], on: HeaderDirection): FieldRules | null {
  const own = rules
    .filter((rule) => rule.on === on)
    .map(({ action, name, value }) => ({ action, name, lower: name.toLowerCase(), value }))
  return own.length > 0 ? own : null
}

/** Names and values by turns; what is given stays as it is. */
export function applyToFields(rules: FieldRules, fields: readonly string[]): string[] {
  let left = [...fields]
  for (const { action, name, lower, value } of rules) {
    if (action !== 'add') left = withoutField(left, lower)
    if (action !== 'drop') left.push(name, value)
  }
  return left
}

/** The same on lines of HTTP/1.1. */
export function applyToLines(rules: FieldRules, lines: string): string {
  return fieldLines(applyToFields(rules, readLines(lines)))
}

/** The values of one field among lines of HTTP/1.1. `lower` is in lower case. */
export function valuesInLines(lines: string, lower: string): string[] {
  const fields = readLines(lines)
  return fields.filter((_, at) => at % 2 === 1 && fields[at - 1]!.toLowerCase() === lower)
}

export function withoutLines(lines: string, lower: string): string {
  return fieldLines(withoutField(readLines(lines), lower))
}

function withoutField(fields: readonly string[], lower: string): string[] {
  const left: string[] = []
  for (let at = 0; at < fields.length; at += 2) {
    if (fields[at]!.toLowerCase() !== lower) left.push(fields[at]!, fields[at + 1]!)
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
