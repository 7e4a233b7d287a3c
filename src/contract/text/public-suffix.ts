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

/** Whether `domain` is below a suffix of the list, such as `com`: `test` and `localhost` are on no list. */
export function isBelowPublicSuffix(domain: string): boolean {
  const { domain: registered, isIcann, isPrivate } = parse(domain.toLowerCase(), asGiven)
  return registered !== null && (isIcann === true || isPrivate === true)
}

/** Registrable domain of `domain`: `shop.co.uk` for `a.shop.co.uk`; null for a public suffix. */
export function registrableDomain(domain: string): string | null {
  return parse(domain.toLowerCase(), asGiven).domain
}
