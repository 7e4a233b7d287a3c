import type { Domain } from '../../../../contract/domains/domains.ts'
import type { Policies } from '../../../../contract/domains/policies.ts'
import type { CopiedPolicies, PolicyField } from './format-policy.ts'

export interface PolicyDifference extends PolicyField {
  domain: string
  before: unknown
  after: unknown
}

/** Fields that would change if `domains` were given `policies`. */
export function policyDifferences(domains: readonly Domain[], policies: Policies): PolicyDifference[] {
  const after = fieldsOf(policies)
  return domains.flatMap(({ displayName, policies: own }) => {
    const before = fieldsOf(own)
    return after.flatMap(({ section, field, value }, at) =>
      JSON.stringify(before[at]?.value) === JSON.stringify(value)
        ? []
        : [{ domain: displayName, section, field, before: before[at]?.value, after: value }],
    )
  })
}

/** Yields the same fields in the same order for every domain, because policies include their defaults. */
function fieldsOf({ origins: _ofOneSite, ...copied }: Policies): (PolicyField & { value: unknown })[] {
  return (Object.keys(copied) as (keyof CopiedPolicies)[]).flatMap((section) =>
    Object.entries(copied[section]).map(([field, value]) => ({ section, field, value: value as unknown })),
  )
}
