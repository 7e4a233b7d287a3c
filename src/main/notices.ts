import type { CertificateSummary } from '../contract/domains/domains.ts'
import type { WindowPlace } from '../contract/engine/desktop.ts'
import type { TrustAtlas, TrustState } from '../contract/trust/trust.ts'
import { expiryAt } from '../domain/expiry.ts'
import { validityAt } from '../domain/validity.ts'
import type { EngineView } from './engine-view.ts'

export interface Notice {
  /** Key of the cause: each is notified once. */
  key: string
  title: string
  body: string
  place: WindowPlace
}

const dayMs = 24 * 60 * 60 * 1000

/**
 * Notifications about certificates in use that need a person: revoked ones; those about to expire, once in
 * when they expire (`expiryAt`) and once in their last day; failing or waiting renewals.
 */
export function certificateNotices({ certificates }: EngineView, now: Date): Notice[] {
  return certificates
    .filter(({ usedBy }) => usedBy.length > 0)
    .flatMap((certificate) => [
      ...revocationNotice(certificate),
      renewalNotice(certificate) ?? expiryNotice(certificate, now.getTime()) ?? [],
    ])
    .flat()
}

/** Notice about a certificate, once for each `cause`. */
function about(
  { fingerprintSha256 }: CertificateSummary,
  cause: string,
  title: string,
  body: string,
): Notice {
  return { key: `${cause} ${fingerprintSha256}`, title, body, place: '/certificates' }
}

function revocationNotice(certificate: CertificateSummary): Notice[] {
  const { name, usedBy, revoked } = certificate
  return revoked === true ? [about(certificate, 'revoked', `${name} was revoked`, formatUsedBy(usedBy))] : []
}

function renewalNotice(certificate: CertificateSummary): Notice | null {
  const { name, renewal } = certificate
  if (!renewal) return null
  const { failure, held, waitsForVault } = renewal
  if (held) {
    const title = `A new certificate for ${name} waits for your decision`
    return about(certificate, 'held', title, `It would be worse: ${held.reasons.join('; ')}.`)
  }
  if (failure) return about(certificate, 'not renewed', `${name} could not be renewed`, failure.message)
  if (!waitsForVault) return null
  const body = 'The vault is locked. Unlock it, and the certificate is renewed.'
  return about(certificate, 'locked', `${name} is due for renewal`, body)
}

function expiryNotice(certificate: CertificateSummary, now: number): Notice | null {
  const { name, notAfter, usedBy } = certificate
  const left = Date.parse(notAfter) - now
  const validity = validityAt(certificate, new Date(now))
  const notice = (cause: string, what: string) =>
    about(certificate, cause, `${name} ${what}`, formatUsedBy(usedBy))
  if (validity === 'expired') return notice('expired', 'has expired')
  if (validity === 'not-yet-valid') return notice('not yet valid', 'is not valid yet')
  if (left <= dayMs) return notice('last day', 'expires within a day')
  if (expiryAt(certificate, new Date(now)) !== 'expiring') return null
  const days = Math.floor(left / dayMs)
  return notice('expiring', `expires in ${days === 1 ? '1 day' : `${days} days`}`)
}

const lostStates: readonly TrustState[] = ['missing', 'distrusted', 'another']

/**
 * Stores that no longer trust the authority after Edgekeep added it. An undo by Edgekeep is no loss: it
 * removes the record that makes a store undoable.
 */
export function trustNotices({ authority, stores }: TrustAtlas): Notice[] {
  if (!authority) return []
  return stores
    .filter(({ undoable, state }) => undoable && lostStates.includes(state))
    .map(({ id, title, sentence }) => ({
      key: `trust lost ${id} ${authority.fingerprintSha256}`,
      title: `${title} no longer trusts your local authority`,
      body: `${sentence} Open Trust to add the authority again.`,
      place: '/trust',
    }))
}

function formatUsedBy(domains: readonly string[]): string {
  const [first = '', second = ''] = domains
  if (domains.length === 1) return `It serves ${first}. Replace it in Edgekeep.`
  if (domains.length === 2) return `It serves ${first} and ${second}. Replace it in Edgekeep.`
  return `It serves ${first} and ${domains.length - 1} other domains. Replace it in Edgekeep.`
}

export function changeNotices(view: EngineView, before: EngineView, lastPid: number | null): Notice[] {
  const { status } = view
  if (!status) return []
  const notices: Notice[] = []
  if (lastPid !== null && status.pid !== lastPid) {
    notices.push({
      key: `engine ${status.pid} ${status.startedAt}`,
      title: 'Edgekeep’s engine stopped and was started again',
      body: 'What happened is in the log. Open connections were cut; new ones are served.',
      place: '/domains',
    })
  }
  const { problem } = status.edge
  if (problem && problem.code !== before.status?.edge.problem?.code) {
    const isLocked = problem.code === 'edge.without_keys'
    notices.push({
      key: `problem ${problem.code} ${status.configuration.version} ${status.pid}`,
      title: isLocked ? 'The vault is locked and HTTPS has stopped' : 'The edge needs attention',
      body: problem.message,
      place: isLocked ? '/domains' : '/settings',
    })
  }
  return notices
}
