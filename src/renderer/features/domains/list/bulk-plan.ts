import type { Client } from '../../../../client/client.ts'
import type { CertificateSource, CertificateSummary, Domain } from '../../../../contract/domains/domains.ts'
import { isValidNow } from '../../../../domain/validity.ts'

export const bulkActs = ['verify', 'httpsOn', 'pause', 'httpsOff', 'remove'] as const
export type BulkAct = (typeof bulkActs)[number]

/** `skip`: the act would change nothing. `text` is a key of `bulk.plan`, with a certificate's name for it. */
export interface BulkStep {
  domain: Domain
  skip: boolean
  text:
    | 'verify'
    | 'resume'
    | 'withCertificate'
    | 'free'
    | 'alreadyOn'
    | 'pause'
    | 'notOn'
    | 'off'
    | 'alreadyOff'
    | 'remove'
  certificate?: CertificateSummary
}

export interface BulkFacts {
  certificates: readonly CertificateSummary[]
  now: Date
}

/** One step for each domain, with the best certificate of the vault where HTTPS is turned on. */
export function planBulk(act: BulkAct, domains: readonly Domain[], facts: BulkFacts): BulkStep[] {
  if (act !== 'httpsOn') return domains.map((domain) => simpleStep(act, domain))
  const best = bestByName(facts)
  return domains.map((domain) => {
    if (domain.https.state === 'on') return { domain, skip: true, text: 'alreadyOn' }
    if (domain.https.state === 'paused') return { domain, skip: false, text: 'resume' }
    const certificate = bestFor(domain.name, best)
    return certificate
      ? { domain, skip: false, text: 'withCertificate', certificate }
      : { domain, skip: false, text: 'free' }
  })
}

function simpleStep(act: Exclude<BulkAct, 'httpsOn'>, domain: Domain): BulkStep {
  const { state } = domain.https
  if (act === 'pause') return { domain, skip: state !== 'on', text: state === 'on' ? 'pause' : 'notOn' }
  if (act === 'httpsOff')
    return { domain, skip: state === 'off', text: state === 'off' ? 'alreadyOff' : 'off' }
  return { domain, skip: false, text: act }
}

/** Valid certificate that the most clients trust, then with the latest end, by each name that it has. */
function bestByName({ certificates, now }: BulkFacts): Map<string, CertificateSummary> {
  const best = new Map<string, CertificateSummary>()
  for (const certificate of certificates) {
    if (!isValidNow(certificate, now) || certificate.revoked) continue
    for (const name of certificate.dnsNames) {
      const before = best.get(name)
      if (!before || isBetter(certificate, before)) best.set(name, certificate)
    }
  }
  return best
}

/** A wildcard only comes before the name itself if more clients trust it. */
function bestFor(name: string, best: Map<string, CertificateSummary>): CertificateSummary | undefined {
  const exact = best.get(name)
  const wildcard = best.get(name.replace(/^[^.]+/, '*'))
  if (!exact || !wildcard) return exact ?? wildcard
  return distrust(wildcard) < distrust(exact) ? wildcard : exact
}

function isBetter(one: CertificateSummary, other: CertificateSummary): boolean {
  const [rank, otherRank] = [distrust(one), distrust(other)]
  return rank === otherRank ? one.notAfter > other.notAfter : rank < otherRank
}

/** Longest lifetime of a public certificate in days (CA/Browser Forum baseline requirements, section 6.3.2). */
const longestPublic = 398
const dayMs = 86_400_000

/** Rank by the facts of a list, which has no verdicts: self-signed or too long for a public authority is last. */
function distrust(certificate: CertificateSummary): 0 | 1 | 2 {
  const { kind, renewal, notBefore, notAfter } = certificate
  const days = (Date.parse(notAfter) - Date.parse(notBefore)) / dayMs
  if (isSelfSigned(certificate) || days > longestPublic) return 2
  const isLocal = kind === 'free' && renewal?.by !== 'acme'
  return isLocal ? 1 : 0
}

/** No authority has the name of a certificate's host. */
function isSelfSigned({ issuer, title, dnsNames }: CertificateSummary): boolean {
  const name = /(?:^|[,+])CN=([^,+]+)/.exec(issuer)?.[1]
  return issuer === '' || issuer === title || name === title || dnsNames.includes(name ?? '')
}

/** Carries a step out. @throws EdgekeepError; a verification that does not hold returns its sentence */
export async function carryOut(client: Client, act: BulkAct, step: BulkStep): Promise<string | null> {
  const domain = step.domain.name
  switch (act) {
    case 'verify': {
      const { ok, summary } = await client.domains.check({ domain })
      return ok ? null : summary
    }
    case 'httpsOn':
      await client.https.enable({ domain, source: sourceOf(step) })
      return null
    case 'pause':
      await client.https.pause({ domain })
      return null
    case 'httpsOff':
      await client.https.disable({ domain })
      return null
    case 'remove':
      await client.domains.remove({ domain })
      return null
  }
}

function sourceOf({ text, certificate }: BulkStep): CertificateSource {
  if (certificate) return { type: 'vault', certificateId: certificate.id }
  return text === 'resume' ? { type: 'current' } : { type: 'free' }
}
