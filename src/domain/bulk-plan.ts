import type { CertificateSource, CertificateSummary, Domain } from '../contract/domains/domains.ts'
import { isUnder } from './authority-scope.ts'
import { bestByName, bestFor, type CertificatesNow } from './best-certificate.ts'
import { coveringName, hostNamesOf } from './covered-names.ts'

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
    | 'notCovered'
    | 'notPermitted'
    | 'alreadyOn'
    | 'alreadyServed'
    | 'pause'
    | 'notOn'
    | 'off'
    | 'alreadyOff'
    | 'remove'
  certificate?: CertificateSummary
}

export interface BulkFacts extends CertificatesNow {
  /** Names that the local authority may vouch for; absent: all of them. */
  suffixes?: readonly string[] | null
  /** Certificate for all domains, `free` for a new one for each; absent: the best of the vault, or free. */
  chosen?: CertificateSummary | 'free'
}

/** One step for each domain, with the best certificate of the vault where HTTPS is turned on. */
export function planBulk(act: BulkAct, domains: readonly Domain[], facts: BulkFacts): BulkStep[] {
  if (act !== 'httpsOn') return domains.map((domain) => simpleStep(act, domain))
  const { chosen } = facts
  if (chosen !== undefined && chosen !== 'free') return domains.map((domain) => swapTo(chosen, domain))
  const best = chosen === 'free' ? new Map<string, CertificateSummary>() : bestByName(facts)
  return domains.map((domain) => {
    if (domain.https.state === 'on') return { domain, skip: true, text: 'alreadyOn' }
    if (domain.https.state === 'paused') return { domain, skip: false, text: 'resume' }
    const certificate = bestFor(domain.name, best)
    if (certificate) return { domain, skip: false, text: 'withCertificate', certificate }
    const isPermitted = facts.suffixes?.some((suffix) => isUnder(domain.name, suffix)) ?? true
    return isPermitted ? { domain, skip: false, text: 'free' } : { domain, skip: true, text: 'notPermitted' }
  })
}

function swapTo(certificate: CertificateSummary, domain: Domain): BulkStep {
  const { state, certificate: current } = domain.https
  if (state === 'on' && current?.id === certificate.id)
    return { domain, skip: true, text: 'alreadyServed', certificate }
  const isCovered = coveringName(hostNamesOf(certificate), domain.name) !== undefined
  return isCovered
    ? { domain, skip: false, text: 'withCertificate', certificate }
    : { domain, skip: true, text: 'notCovered', certificate }
}

/** Domains with HTTPS off that a certificate of the vault covers. */
export function readyDomains(domains: readonly Domain[], facts: BulkFacts): Set<string> {
  const best = bestByName(facts)
  const ready = domains.filter(({ name, https }) => https.state === 'off' && bestFor(name, best))
  return new Set(ready.map(({ name }) => name))
}

function simpleStep(act: Exclude<BulkAct, 'httpsOn'>, domain: Domain): BulkStep {
  const { state } = domain.https
  if (act === 'pause') return { domain, skip: state !== 'on', text: state === 'on' ? 'pause' : 'notOn' }
  if (act === 'httpsOff')
    return { domain, skip: state === 'off', text: state === 'off' ? 'alreadyOff' : 'off' }
  return { domain, skip: false, text: act }
}

/** Certificate of a step that turns HTTPS on. */
export function sourceOf({ text, certificate }: BulkStep): CertificateSource {
  if (certificate) return { type: 'vault', certificateId: certificate.id }
  return text === 'resume' ? { type: 'current' } : { type: 'free' }
}
