import { applicationFieldName } from '../../../contract/text/field-name.ts'
import type { HeaderDirection, HeaderRule } from '../../../contract/domains/header-rules.ts'
import { fieldLines, readLines, withoutField } from '../http/field-lines.ts'

/** Rules of one direction, in order, with names in the form of `applicationFieldName`. */
export type FieldRules = readonly {
  action: HeaderRule['action']
  name: string
  seen: string
  value: string
}[]

/** Null without rules, the quick check for every message. */
export function fieldRules(rules: readonly HeaderRule[], on: HeaderDirection): FieldRules | null {
  const own = rules
    .filter((rule) => rule.on === on)
    .map(({ action, name, value }) => ({ action, name, seen: applicationFieldName(name), value }))
  return own.length > 0 ? own : null
}

/** Takes alternating names and values; does not change its input. */
export function applyToFields(rules: FieldRules, fields: readonly string[]): string[] {
  let left = [...fields]
  for (const { action, name, seen, value } of rules) {
    if (action !== 'add') left = withoutField(left, seen)
    if (action !== 'drop') left.push(name, value)
  }
  return left
}

/** Same as `applyToFields` on lines of HTTP/1.1. */
export function applyToLines(rules: FieldRules, lines: string): string {
  return fieldLines(applyToFields(rules, readLines(lines)))
}

/** Removes the trailers that a rule drops or replaces. Additions go into the head. */
export function trailersUnderFieldRules(rules: FieldRules, trailers: string[]): string[] {
  let left = trailers
  for (const { action, seen } of rules) if (action !== 'add') left = withoutField(left, seen)
  return left
}
