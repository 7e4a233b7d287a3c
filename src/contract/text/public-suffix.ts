import { parse } from 'tldts'

const asGiven = { allowPrivateDomains: true, extractHostname: false, validateHostname: false }

/**
 * Kind of public suffix (publicsuffix.org): `registry` for one such as `co.uk`, `operator` for one such as
 * `github.io`, whose owner gives the names below it to others. Null for every other name, also for a
 * top-level domain that is on no list.
 */
export function suffixKind(domain: string): 'registry' | 'operator' | null {
  const { publicSuffix, isIcann, isPrivate } = parse(domain.toLowerCase(), asGiven)
  if (publicSuffix !== domain.toLowerCase()) return null
  if (isIcann) return 'registry'
  return isPrivate ? 'operator' : null
}

/** Registrable domain of `domain`: `shop.co.uk` for `a.shop.co.uk`; null for a public suffix. */
export function registrableDomain(domain: string): string | null {
  return parse(domain.toLowerCase(), asGiven).domain
}
