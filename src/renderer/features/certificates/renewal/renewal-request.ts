import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import type { RenewalMethodInput } from '../../../../contract/certificates/renewal-procedures.ts'

/** Challenges that need no DNS method. */
const byItself = ['http-01', 'tls-alpn-01', 'dns-persist-01'] as const

export interface RenewalChoice {
  by: 'usual' | 'acme' | 'reminder'
  account: string | null
  /** A challenge, or `dns ` and the name of a DNS method. */
  challenge: string
  days: number | string
}

/** Form values of the current renewal method. */
export function askedOf({ renewal, notAfter }: CertificateSummary): RenewalChoice {
  const by = renewal?.by === 'acme' || renewal?.by === 'reminder' ? renewal.by : 'usual'
  const daysBefore = renewal ? Math.round((Date.parse(notAfter) - Date.parse(renewal.at)) / 86_400_000) : 30
  return { by, account: null, challenge: 'http-01', days: by === 'reminder' ? daysBefore : 30 }
}

/** Request for the engine; null for the default method, undefined while incomplete. */
export function renewalRequestOf({
  by,
  account,
  challenge,
  days,
}: RenewalChoice): RenewalMethodInput | null | undefined {
  if (by === 'usual') return null
  if (by === 'reminder')
    return typeof days === 'number' && days >= 1 && days <= 365 ? { by, days: Math.floor(days) } : undefined
  if (account === null) return undefined
  const dnsMethod = challenge.startsWith('dns ') ? challenge.slice('dns '.length) : null
  const type = dnsMethod === null ? (byItself.find((way) => way === challenge) ?? 'http-01') : 'dns-01'
  return { by, account, challenge: type, dnsMethod, keyType: 'p256', profile: null, preferredIssuer: null }
}
