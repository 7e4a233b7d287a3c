import type { Client } from '../../../client/client.ts'
import type { Domain, Effect } from '../../../contract/domains.ts'
import { EdgekeepError } from '../../../contract/errors.ts'

type GivenChanges = Parameters<Client['domains']['setPolicies']>[0]['policies']

/** Sets what `change` makes of one domain's policies as they are. Throws `domain.not_found`. */
export async function changePolicies(
  { client }: { client: Client },
  name: string,
  change: (domain: Domain) => GivenChanges,
): Promise<{ domain: Domain; effect: Effect }> {
  const before = await client.domains.get({ domain: name })
  const { domains, effect } = await client.domains.setPolicies({ domains: [name], policies: change(before) })
  const [domain] = domains
  if (!domain) throw new EdgekeepError('domain.not_found', { name })
  return { domain, effect }
}
