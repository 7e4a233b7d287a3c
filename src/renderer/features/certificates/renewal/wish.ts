import type { CertificateSummary } from '../../../../contract/domains.ts'
import type { RenewalWish } from '../../../../contract/renewal-procedures.ts'

/** What takes no DNS method. */
const byItself = ['http-01', 'tls-alpn-01', 'dns-persist-01'] as const

/** What the form asks for. */
export interface RenewalChoice {
  by: 'usual' | 'acme' | 'reminder'
  account: string | null
  /** A challenge, or `dns ` and the name of a DNS method. */
  challenge: string
  days: number | string
}

/** How it is renewed now, as the form shows it. */
export function askedOf({ renewal, notAfter }: CertificateSummary): RenewalChoice {
  const by = renewal?.by === 'acme' || renewal?.by === 'reminder' ? renewal.by : 'usual'
  const daysBefore = renewal ? Math.round((Date.parse(notAfter) - Date.parse(renewal.at)) / 86_400_000) : 30
  return { by, account: null, challenge: 'http-01', days: by === 'reminder' ? daysBefore : 30 }
}

/** What the engine is told; undefined while something is missing. */
export function wishOf({ by, account, challenge, days }: RenewalChoice): RenewalWish | null | undefined {
  if (by === 'usual') return null
  if (by === 'reminder')
    return typeof days === 'number' && days >= 1 && days <= 365 ? { by, days: Math.floor(days) } : undefined
  if (account === null) return undefined
  const dnsMethod = challenge.startsWith('dns ') ? challenge.slice('dns '.length) : null
  const type = dnsMethod === null ? (byItself.find((way) => way === challenge) ?? 'http-01') : 'dns-01'
  return { by, account, challenge: type, dnsMethod, keyType: 'p256', profile: null, preferredIssuer: null }
}
