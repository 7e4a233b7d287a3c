import type { CertificateSummary } from '../contract/domains/domains.ts'
import type { WindowPlace } from '../contract/engine/desktop.ts'
import type { Target } from '../contract/targets/targets.ts'
import type { TrustAtlas, TrustState } from '../contract/trust/trust.ts'
import type { Watch, WatchFault } from '../contract/watch/watch.ts'
import { compareTimes } from './compare.ts'
import { expiryAt, reminderDays } from './expiry.ts'
import { validityAt } from './validity.ts'

export interface Notice {
  /** Key of the cause: each is notified once. */
  key: string
  title: string
  body: string
  place: WindowPlace
  /** Content that leaves the program; absent for what only the desktop shows. */
  subject?: NoticeSubject
}

/** Cause of a notice, with the certificate's names and end. */
export interface NoticeSubject {
  cause:
    | 'revoked'
    | 'held'
    | 'not-renewed'
    | 'waits-for-vault'
    | 'expiring'
    | 'expired'
    | 'not-yet-valid'
    | 'trust-lost'
    | 'watched-server'
    | 'target-not-renewed'
  name: string
  names: string[]
  notAfter: string | null
}

const dayMs = 24 * 60 * 60 * 1000

/**
 * Notifications about certificates in use that need a person: revoked ones; those about to expire,
 * when they expire (`expiryAt`), 14 and 7 days before the end and on the last day; failing or waiting renewals.
 */
export function certificateNotices(
  { certificates }: { certificates: readonly CertificateSummary[] },
  now: Date,
): Notice[] {
  return certificates
    .filter(({ usedBy }) => usedBy.length > 0)
    .flatMap((certificate) => [
      ...revocationNotice(certificate),
      renewalNotice(certificate) ?? expiryNotice(certificate, now.getTime()) ?? [],
    ])
    .flat()
}

/** Notice about a certificate, once for each cause and `stage` of it. */
function about(
  { fingerprintSha256, name, dnsNames, ipNames, notAfter }: CertificateSummary,
  [cause, stage = cause]: [NoticeSubject['cause'], string?],
  title: string,
  body: string,
): Notice {
  const subject = { cause, name, names: [...dnsNames, ...ipNames], notAfter }
  return { key: `${stage} ${fingerprintSha256}`, title, body, place: '/certificates', subject }
}

function revocationNotice(certificate: CertificateSummary): Notice[] {
  const { name, usedBy, revoked } = certificate
  return revoked === true
    ? [about(certificate, ['revoked'], `${name} was revoked`, formatUsedBy(usedBy))]
    : []
}

function renewalNotice(certificate: CertificateSummary): Notice | null {
  const { name, renewal } = certificate
  if (!renewal) return null
  const { failure, held, waitsForVault } = renewal
  if (held) {
    const title = `A new certificate for ${name} waits for your decision`
    return about(certificate, ['held'], title, `It would be worse: ${held.reasons.join('; ')}.`)
  }
  if (failure) return about(certificate, ['not-renewed'], `${name} could not be renewed`, failure.message)
  if (!waitsForVault) return null
  const body = 'The vault is locked. Unlock it, and the certificate is renewed.'
  return about(certificate, ['waits-for-vault'], `${name} is due for renewal`, body)
}

function expiryNotice(certificate: CertificateSummary, now: number): Notice | null {
  const { name, notAfter, usedBy } = certificate
  const left = Date.parse(notAfter) - now
  const validity = validityAt(certificate, new Date(now))
  const notice = (what: string, ...cause: Parameters<typeof about>[1]) =>
    about(certificate, cause, `${name} ${what}`, formatUsedBy(usedBy))
  if (validity === 'expired') return notice('has expired', 'expired')
  if (validity === 'not-yet-valid') return notice('is not valid yet', 'not-yet-valid')
  if (left <= dayMs) return notice('expires within a day', 'expiring', 'last day')
  if (expiryAt(certificate, new Date(now)) !== 'expiring') return null
  const days = Math.floor(left / dayMs)
  const stage = reminderDays.filter((each) => days < each).at(-1) ?? ''
  return notice(`expires in ${days === 1 ? '1 day' : `${days} days`}`, 'expiring', `expiring ${stage}`)
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
      title: `Your local authority is no longer trusted in ${title}`,
      body: `${sentence} Open Trust to add the authority again.`,
      place: '/trust',
      subject: { cause: 'trust-lost' as const, name: title, names: [], notAfter: null },
    }))
}

/**
 * Faults of watched servers, each once from its beginning to its end. Only what was seen at the last look: a server
 * that is as it should be again, or a computer without a network, gives no notice.
 */
export function watchNotices(watches: readonly Watch[]): Notice[] {
  return watches.flatMap(({ host, port, last, history }) =>
    (last?.state === 'fault' ? last.faults : []).map(({ kind, sentence }) => ({
      key: `watch ${host}:${port} ${kind} ${beganAt(kind, history)}`,
      title: `${host} does not serve as it should: ${watchTitles[kind]}`,
      body: sentence,
      place: '/certificates' as const,
      subject: {
        cause: 'watched-server' as const,
        name: host,
        names: [],
        notAfter: last?.certificate?.notAfter ?? null,
      },
    })),
  )
}

/** Incomplete attempts, with growing pauses, before servers that are away are of note: half an hour. */
const mostAwayAttempts = 5

/** Targets that could not be renewed by themselves, once for each reason and certificate. */
export function targetNotices(targets: readonly Target[]): Notice[] {
  return targets.flatMap(({ name, domains, servers, renewal }) => {
    const { attempts = 0, lastAttempt = null } = renewal ?? {}
    if (!lastAttempt || (lastAttempt.code === null && attempts < mostAwayAttempts)) return []
    const [first] = servers
      .flatMap(({ certificates }) => certificates)
      .toSorted((a, b) => compareTimes(a.notAfter, b.notAfter))
    return [
      {
        key: `target ${name} ${lastAttempt.code ?? 'away'} ${first?.fingerprintSha256 ?? ''}`,
        title: `The servers of ${name} could not be renewed`,
        body: lastAttempt.summary,
        place: '/domains' as const,
        subject: {
          cause: 'target-not-renewed' as const,
          name,
          names: domains,
          notAfter: first?.notAfter ?? null,
        },
      },
    ]
  })
}

/** Time of the first of the latest results with that fault. */
function beganAt(kind: WatchFault['kind'], history: Watch['history']): string {
  const known = history.filter(({ state }) => state !== 'offline')
  const end = known.findIndex(({ faults }) => !faults.some((fault) => fault.kind === kind))
  return known.slice(0, end === -1 ? undefined : end).at(-1)?.at ?? ''
}

const watchTitles: Record<WatchFault['kind'], string> = {
  unreachable: 'no handshake',
  another: 'not the certificate of the vault',
  differs: 'not the same on every address',
  expiring: 'it ends soon',
  validity: 'outside its validity',
  authority: 'not a trusted authority',
  signature: 'its chain does not verify',
  name: 'not its name',
}

function formatUsedBy(domains: readonly string[]): string {
  const [first = '', second = ''] = domains
  if (domains.length === 1) return `It serves ${first}. Replace it in Edgekeep.`
  if (domains.length === 2) return `It serves ${first} and ${second}. Replace it in Edgekeep.`
  return `It serves ${first} and ${domains.length - 1} other domains. Replace it in Edgekeep.`
}
