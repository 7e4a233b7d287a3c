import type { Client } from '../../../client/client.ts'
import type { Domain, Effect } from '../../../contract/domains/domains.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'

type GivenChanges = Parameters<Client['domains']['setPolicies']>[0]['policies']

/**
 * Applies `change` to the current policies of one domain.
 * @throws `domain.not_found`, and `domain.changed_meanwhile` after a concurrent change
 */
export async function changePolicies(
  { client }: { client: Client },
  name: string,
  change: (domain: Domain) => GivenChanges,
): Promise<{ domain: Domain; effect: Effect }> {
  const before = await client.domains.get({ domain: name })
  const policies = change(before)
  const sections = Object.keys(policies) as (keyof GivenChanges)[]
  const read = Object.fromEntries(sections.map((section) => [section, before.policies[section]]))
  const { domains, effect } = await client.domains.setPolicies({ domains: [name], policies, read })
  const [domain] = domains
  if (!domain) throw new EdgekeepError('domain.not_found', { name })
  return { domain, effect }
}
