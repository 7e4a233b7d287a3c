import type { CertificateSource, CertificateSummary, Domain, Redirect } from '../contract/domains/domains.ts'
import type { TagChanges } from '../contract/shared/tags.ts'
import { isUnder } from './authority-scope.ts'
import { bestByName, bestFor, type CertificatesNow } from './best-certificate.ts'
import { tagStep, undoneTagStep } from './changed-tags.ts'
import { coveringName, hostNamesOf } from './covered-names.ts'

export const bulkActs = [
  'verify',
  'httpsOn',
  'redirect',
  'renew',
  'tag',
  'pause',
  'httpsOff',
  'remove',
] as const
export type BulkAct = (typeof bulkActs)[number]

/** `skip`: the act would change nothing, or cannot be done (`isRefused`). `text` is a key of `bulk.plan`. */
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
    | 'redirect'
    | 'redirectsAlready'
    | 'nothingToRedirectTo'
    | 'renew'
    | 'notRenewable'
    | 'tag'
    | 'taggedAlready'
    | 'tooManyTags'
    | 'pause'
    | 'notOn'
    | 'off'
    | 'alreadyOff'
    | 'remove'
  certificate?: Pick<CertificateSummary, 'id' | 'name'>
  redirect?: Redirect
  /** Tags after the act, and the change to them. */
  tags?: readonly string[]
  tagChanges?: TagChanges
}

const refused: readonly BulkStep['text'][] = [
  'notCovered',
  'notPermitted',
  'nothingToRedirectTo',
  'notRenewable',
  'tooManyTags',
]

/** Whether the act cannot be done, which is more than nothing to do. */
export function isRefused({ text }: BulkStep): boolean {
  return refused.includes(text)
}

/** Redirect for many domains; absent: the code of each, the exceptions of each. */
export interface RedirectChange extends Pick<Redirect, 'mode'> {
  code?: Redirect['code']
  except?: readonly string[]
}

export interface BulkFacts extends CertificatesNow {
  /** Names that the local authority may vouch for; absent: all of them. */
  suffixes?: readonly string[]
  /** Certificate for all domains, `free` for a new one for each; absent: the best of the vault, or free. */
  chosen?: CertificateSummary | 'free'
  redirect?: RedirectChange
  tags?: TagChanges
}

/** One step for each domain, with the best certificate of the vault where HTTPS is turned on. */
export function planBulk(act: BulkAct, domains: readonly Domain[], facts: BulkFacts): BulkStep[] {
  if (act === 'httpsOn') return planHttps(domains, facts)
  const { redirect = { mode: 'none' }, tags = { add: [], remove: [] } } = facts
  if (act === 'redirect') return domains.map((domain) => redirectTo(redirect, domain))
  if (act === 'tag')
    return domains.map((domain) => ({ domain, ...tagStep(domain.displayName, domain.tags, tags) }))
  return domains.map((domain) => (act === 'renew' ? renewalOf(domain) : simpleStep(act, domain)))
}

function planHttps(domains: readonly Domain[], facts: BulkFacts): BulkStep[] {
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

function redirectTo({ mode, code, except }: RedirectChange, domain: Domain): BulkStep {
  const { redirect: before, policies, https } = domain
  const redirect = { mode, code: code ?? before.code }
  if (mode !== 'none' && https.state === 'off')
    return { domain, skip: true, text: 'nothingToRedirectTo', redirect }
  const isSame =
    mode === before.mode &&
    redirect.code === before.code &&
    (except === undefined || except.join() === policies.redirect.except.join())
  return { domain, skip: isSame, text: isSame ? 'redirectsAlready' : 'redirect', redirect }
}

/** Certificates of the local authority and of ACME accounts are renewed; others come from a person. */
function renewalOf(domain: Domain): BulkStep {
  const { certificate } = domain.https
  if (!certificate) return { domain, skip: true, text: 'notOn' }
  const canRenew = isRenewable(certificate)
  return { domain, skip: !canRenew, text: canRenew ? 'renew' : 'notRenewable', certificate }
}

export function isRenewable({ renewal }: Pick<CertificateSummary, 'renewal'>): boolean {
  return renewal?.by === 'local' || renewal?.by === 'acme'
}

/** Undo of a completed step; null if it cannot be undone. */
export function undoOf(step: BulkStep): BulkStep | null {
  const { domain, text, redirect } = step
  switch (text) {
    case 'pause':
      return { domain, skip: false, text: 'resume' }
    case 'resume':
      return { domain, skip: false, text: 'pause' }
    case 'withCertificate':
    case 'free':
      // A swap has a rollback of its own, on the page of the domain.
      return domain.https.state === 'off' ? { domain, skip: false, text: 'off' } : null
    case 'redirect':
      return redirect
        ? { domain: { ...domain, redirect }, skip: false, text, redirect: domain.redirect }
        : null
    case 'tag':
      return { domain, ...undoneTagStep(domain.tags, step) }
    default:
      return null
  }
}

/** Domains with HTTPS off that a certificate of the vault covers. */
export function readyDomains(domains: readonly Domain[], facts: BulkFacts): Set<string> {
  const off = domains.filter(({ https }) => https.state === 'off')
  if (off.length === 0) return new Set()
  const best = bestByName(facts)
  const ready = off.filter(({ name }) => bestFor(name, best))
  return new Set(ready.map(({ name }) => name))
}

function simpleStep(act: 'verify' | 'pause' | 'httpsOff' | 'remove', domain: Domain): BulkStep {
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
