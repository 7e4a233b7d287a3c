import type { GivenAccessPolicy } from '../../contract/domains/access-policy.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { headerRuleFault } from '../../contract/domains/header-rules.ts'
import { hstsFault } from '../../contract/domains/hsts.ts'
import type { PolicyChanges } from '../../contract/domains/policies.ts'
import { isBelowPublicSuffix, registrableDomain } from '../../contract/text/public-suffix.ts'
import { readNetwork } from '../../edge/protocol/address-list.ts'

/** @throws `policy.invalid` for rules that no schema can express */
export function checkPolicies({ hsts, headers, access }: PolicyChanges): void {
  if (hsts) refuseFor('hsts', hstsFault(hsts))
  for (const [at, rule] of (headers?.rules ?? []).entries()) {
    const fault = headerRuleFault(rule)
    const which = `rule ${at + 1} (${rule.action} ${rule.name || 'no name'} on the ${rule.on})`
    refuseFor('headers', fault && `${which}: ${fault}`)
  }
  if (access) refuseFor('access', accessFault(access))
}

/**
 * @throws `policy.invalid` if `domain` cannot be on the preload list: the list takes registered domains alone
 *   (https://hstspreload.org, "Submission Requirements")
 */
export function checkPreload(domain: string, { hsts }: PolicyChanges): void {
  if (!hsts?.preload) return
  const bare = domain.replace(/^\*\./, '')
  const registered = registrableDomain(bare)
  if (!isBelowPublicSuffix(bare))
    refuseFor('hsts', `the preload list takes registered domains only, and ${domain} cannot be registered`)
  if (domain === registered) return
  const instead = registered === null ? '' : `; say it for ${registered} instead`
  refuseFor('hsts', `the preload list takes no part of a registered domain, as ${domain} is${instead}`)
}

function refuseFor(section: string, reason: string | null): void {
  if (reason !== null) throw new EdgekeepError('policy.invalid', { section, reason })
}

function accessFault({ allow, users }: GivenAccessPolicy): string | null {
  const odd = allow?.find((entry) => readNetwork(entry) === null)
  if (odd !== undefined)
    return `"${odd}" is neither an address nor a network; examples: 192.168.1.0/24, fd00::/8, ::1`
  const names = users?.map(({ name }) => name) ?? []
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  return twice === undefined ? null : `the user "${twice}" is listed twice`
}
