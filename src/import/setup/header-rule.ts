import { type HeaderRule, headerRuleFault } from '../../contract/domains/header-rules.ts'
import type { FoundAt, FoundSite } from './found.ts'
import { hstsFromHeader } from './hsts-header.ts'
import type { NoteTaker } from './notes.ts'

/** Headers that the edge sets for the origin by itself, or that belong to one connection. */
export function isOwnHeader(name: string): boolean {
  return ownHeaders.has(name.toLowerCase()) || ownFamilies.test(name)
}

const ownHeaders = new Set('host connection upgrade forwarded x-real-ip x-scheme x-nginx-proxy'.split(' '))
const ownFamilies = /^x-(?:forwarded|original)-\w+$/i

interface Written {
  at: FoundAt
  /** Name of the directive. */
  what: string
  /** Sign of a variable in the value. */
  variable: string
}

/** Adds a rule to a site, or HSTS to its policy; notes what the edge cannot set. */
export function addHeaderRule(
  site: FoundSite,
  rule: HeaderRule,
  { at, what, variable }: Written,
  notes: NoteTaker,
): void {
  if (rule.on === 'request' && isOwnHeader(rule.name)) return
  if (rule.on === 'response' && rule.name.toLowerCase() === 'strict-transport-security')
    site.hsts = rule.action === 'drop' ? null : hstsFromHeader(rule.value)
  else if (rule.value.includes(variable))
    notes.left(at, what, 'Variables in header values are not taken over.')
  else if (headerRuleFault(rule) !== null) notes.left(at, what, 'The edge does not set this header.')
  else site.headers.push(rule)
}
