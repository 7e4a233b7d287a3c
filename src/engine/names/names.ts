import { EdgekeepError } from '../../contract/errors.ts'
import { localSuffixes } from '../../domain/authority-scope.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import type { EngineParts } from '../parts.ts'

/** A domain that is served, and a name of it that one can ask for. */
export interface ServedName {
  domain: string
  host: string
}

/** A name one can ask for: of a wildcard, `www` in its place. */
function hostFor(name: string): string {
  return name.replace(/^\*\./, 'www.')
}

/** All domains that are served, by a name that can be asked for. */
function servedNames({ vault }: EngineParts): ServedName[] {
  return vault.domains.list().map(({ name }) => ({ domain: name, host: hostFor(name) }))
}

/**
 * The domains that the caller means: served as they are, or a name below a wildcard that is.
 * @throws `domain.invalid`, `names.not_served`
 */
export function chosenNames(parts: EngineParts, wanted: string[] | undefined): ServedName[] {
  if (!wanted) return servedNames(parts)
  return wanted.map((input) => {
    const name = normaliseDomain(input)
    const domain = servingDomain(parts, name)
    if (domain === undefined) throw new EdgekeepError('names.not_served', { name })
    return { domain, host: hostFor(name) }
  })
}

/** The domain that serves `name` (A-labels, lower case): itself, or the wildcard above it. */
export function servingDomain({ vault }: Pick<EngineParts, 'vault'>, name: string): string | undefined {
  const above = `*.${name.slice(name.indexOf('.') + 1)}`
  return [name, above].find((each) => vault.domains.get(each) !== undefined)
}

/** Browsers lead these to this computer by themselves (RFC 6761, section 6.3). */
export function isLocalhost(host: string): boolean {
  return host === localSuffixes[0] || host.endsWith(`.${localSuffixes[0]}`)
}
