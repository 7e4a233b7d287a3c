import { EdgekeepError } from '../../contract/errors/registry.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { compareText } from '../../domain/compare.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import type { Core } from '../core/core.ts'
import type { NamesNeeds } from './needs.ts'

export interface ServedName {
  domain: string
  host: string
}

/** Concrete host: `www` replaces the wildcard. */
function hostFor(name: string): string {
  return name.replace(/^\*\./, 'www.')
}

function servedNames({ vault }: NamesNeeds): ServedName[] {
  const names = vault.domains.list().map(({ name }) => ({ domain: name, host: hostFor(name) }))
  return names.sort((one, other) => compareText(readableName(one.domain), readableName(other.domain)))
}

/**
 * Domains by name; a name below a served wildcard counts too. `isAdded`: those that do not exist will.
 * @throws `domain.invalid`, `names.not_served`
 */
export function chosenNames(parts: NamesNeeds, wanted: string[] | undefined, isAdded = false): ServedName[] {
  if (!wanted) return servedNames(parts)
  return wanted.map((input) => {
    const name = normaliseDomain(input)
    const domain = servingDomain(parts, name) ?? (isAdded ? name : undefined)
    if (domain === undefined) throw new EdgekeepError('names.not_served', { name })
    return { domain, host: hostFor(name) }
  })
}

/** Domain that serves `name` (A-labels, lower case): itself, or its wildcard. */
export function servingDomain({ vault }: Pick<Core, 'vault'>, name: string): string | undefined {
  const above = `*.${name.slice(name.indexOf('.') + 1)}`
  return [name, above].find((each) => vault.domains.get(each) !== undefined)
}
