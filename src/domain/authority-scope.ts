/**
 * Names that the local authority may vouch for. Its certificate has them as name constraints, which clients
 * enforce (RFC 5280, section 4.2.1.10), so that a thief of its key cannot impersonate foreign sites.
 */

/**
 * Never delegated in public DNS: RFC 6761 (localhost, test), RFC 6762 (local), ICANN 2024 (internal), RFC 8375
 * (home.arpa).
 */
export const localSuffixes = ['localhost', 'test', 'local', 'internal', 'home.arpa'] as const

/**
 * Whether a change of the authority leaves revocations of certificates issued before possible. A wider authority
 * says nothing against the present key; a narrower or another one may be about it.
 */
export function keepsRevoking(change: ScopeChange): boolean {
  return change.disallow.length === 0 && (change.allow.length > 0 || change.clients === true)
}

/** Change of what an authority vouches for; `clients` null keeps the setting. */
interface ScopeChange {
  /** Suffixes as in the certificate. */
  allow: readonly string[]
  disallow: readonly string[]
  clients: boolean | null
}

/**
 * Whether an authority is as a change wants it, so that no new root has to be trusted again. False without a wanted
 * change: that is a rotation.
 */
export function isWithinScope(
  { suffixes, clients }: { suffixes: readonly string[] | null; clients: boolean },
  wanted: ScopeChange,
): boolean {
  const { allow, disallow } = wanted
  if (suffixes === null || (allow.length + disallow.length === 0 && wanted.clients === null)) return false
  const has = (suffix: string) => suffixes.includes(suffix)
  return allow.every(has) && !disallow.some(has) && (wanted.clients ?? clients) === clients
}

/** Keeps the certificate small and the list readable. */
export const mostSuffixes = 50

/** Whether `name` (A-labels, exact or `*.`) lies under `suffix`, as a constraint on DNS names reads it. */
export function isUnder(name: string, suffix: string): boolean {
  const bare = name.startsWith('*.') ? name.slice(2) : name
  return bare === suffix || bare.endsWith(`.${suffix}`)
}

export function isLocalSuffix(suffix: string): boolean {
  return (localSuffixes as readonly string[]).includes(suffix)
}
