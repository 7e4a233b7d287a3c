import type { Domain } from '../../../../contract/domains.ts'
import type { Policies } from '../../../../contract/policies.ts'

/** One field of a policy that would be another one. */
export interface PolicyDifference {
  domain: string
  /** `hsts.days` */
  field: string
  before: string
  after: string
}

/** What `domains` would have anew if they were given `policies`. */
export function policyDifferences(domains: readonly Domain[], policies: Policies): PolicyDifference[] {
  const after = fieldsOf(policies)
  return domains.flatMap(({ displayName, policies: own }) => {
    const before = fieldsOf(own)
    return Object.keys(after).flatMap((field) =>
      before[field] === after[field]
        ? []
        : [{ domain: displayName, field, before: before[field] ?? '', after: after[field] ?? '' }],
    )
  })
}

function fieldsOf(policies: Policies): Record<string, string> {
  // Further origins and routes are of one site, and not copied.
  const { origins: _own, ...copied } = policies
  const fields = Object.entries(copied).flatMap(([section, values]) =>
    Object.entries(values as Record<string, unknown>).map(([name, value]) => [
      `${section}.${name}`,
      shown(value),
    ]),
  )
  return Object.fromEntries(fields) as Record<string, string>
}

/** On one line; empty for what is not set. */
function shown(value: unknown): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map(shown).join(', ')
  if (typeof value === 'object') return Object.values(value).map(shown).filter(Boolean).join(' ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
