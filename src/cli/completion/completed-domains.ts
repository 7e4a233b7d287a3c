import type { Domain } from '../../contract/domains/domains.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'

/**
 * Names that a shell may complete. It puts them on the command line without quotes, so a name of a tampered
 * vault that is no domain is left out.
 */
export function completedDomains(domains: Pick<Domain, 'name' | 'displayName'>[]): string[] {
  return domains.filter(({ name }) => isDomain(name)).map(({ displayName }) => displayName)
}

function isDomain(name: string): boolean {
  try {
    return normaliseDomain(name) === name
  } catch {
    return false
  }
}
