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
    const certificate = best.get(domain.name) ?? best.get(domain.name.replace(/^[^.]+/, '*'))
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

/** Valid certificate with the latest end, by each name that it has. */
function bestByName({ certificates, now }: BulkFacts): Map<string, CertificateSummary> {
  const best = new Map<string, CertificateSummary>()
  for (const certificate of certificates) {
    if (!isValidNow(certificate, now) || certificate.revoked) continue
    for (const name of certificate.dnsNames) {
      const before = best.get(name)
      if (!before || before.notAfter < certificate.notAfter) best.set(name, certificate)
    }
  }
  return best
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
