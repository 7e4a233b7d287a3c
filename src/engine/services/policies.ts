import { isDeepStrictEqual } from 'node:util'
import type { Domain, Effect } from '../../contract/domains.ts'
import {
  defaultPolicies,
  type Policies,
  type PolicyChanges,
  type PolicySection,
} from '../../contract/policies.ts'
import { withCleanAnchors } from './client-anchors.ts'
import { commit } from './commit.ts'
import { domainRow } from './domains.ts'
import { normaliseOrigins } from './origin.ts'
import type { EngineParts } from './parts.ts'
import { viewSources, domainView } from './views.ts'

/**
 * Sets whole sections for all of `inputs` or for none. Throws `domain.invalid`, `domain.not_found`,
 * `policy.anchors_missing`, `policy.anchor_unusable`.
 */
export async function setPolicies(
  parts: EngineParts,
  inputs: string[],
  given: PolicyChanges,
): Promise<{ domains: Domain[]; effect: Effect }> {
  const { vault } = parts
  const changes = checkedPolicies(parts, given)
  const rows = new Map(inputs.map((input) => domainRow(parts, input)).map((row) => [row.name, row]))
  const sections = Object.keys(changes) as PolicySection[]
  const { effect } = await commit(parts, () => {
    const record = [...rows.values()].map(({ name, policies }) => {
      const wanted: Policies = { ...policies, ...changes }
      vault.domains.update(name, { policies: wanted })
      const [before, after] = [only(sections, policies), only(sections, wanted)]
      return { action: 'domain.policies', subject: name, before, after }
    })
    return { record, domains: [...rows.keys()] }
  })
  const certificates = viewSources(parts)
  const domains = [...rows.keys()].map((name) => domainView(domainRow(parts, name), certificates))
  return { domains, effect }
}

/** The same sections, checked and in the form that is stored. */
export function checkedPolicies<P extends Partial<Policies>>(parts: EngineParts, given: P): P {
  const { tls, origins } = given
  return {
    ...given,
    ...(tls && { tls: withCleanAnchors(tls) }),
    ...(origins && { origins: normaliseOrigins(parts, origins) }),
  }
}

/** The sections that are not at their defaults. */
export function setPoliciesOf(policies: Policies): Partial<Policies> {
  const sections = Object.keys(policies) as PolicySection[]
  return only(
    sections.filter((section) => !isDeepStrictEqual(policies[section], defaultPolicies[section])),
    policies,
  )
}

function only(sections: PolicySection[], policies: Policies): Partial<Policies> {
  return Object.fromEntries(sections.map((section) => [section, policies[section]]))
}
