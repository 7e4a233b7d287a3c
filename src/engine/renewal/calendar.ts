import { setImmediate as otherWork } from 'node:timers/promises'
import type { CalendarEntry, RenewalCalendar, RenewedBy } from '../../contract/issuing/renewal-calendar.ts'
import {
  letsEncryptLifetimes,
  letsEncryptServerProfileDays,
  type LifetimeAuthority,
  publicLifetimeRules,
} from '../../domain/maximum-lifetimes.ts'
import { compareText, compareTimes } from '../../domain/compare.ts'
import { isRenewed } from '../../domain/expiry.ts'
import { followedCertificates } from '../../domain/followed-certificates.ts'
import type { RenewalMethod } from '../../contract/issuing/renewal.ts'
import { type Foreseen, forecastOf, type Renewal, renewalAfter, renewalAt } from './forecast.ts'
import { DerError } from '../../pki/asn1/der.ts'
import { chainFromPem } from '../../pki/facts/certificate.ts'
import { saysItIsPublic } from '../../pki/lint/scope.ts'
import { certificateOf } from '../../pki/x509/certificate.ts'
import type { AcmeAccountRow, CertificateListing } from '../vault/vault.ts'
import type { RenewalNeeds } from './needs.ts'
import { plannedAt, renewalOf, renewalView } from '../renewal-schedule/renewal-state.ts'

const minuteMs = 60_000
const minutesPerDay = 24 * 60
const dayMs = 86_400_000
/** Issuer name of Let's Encrypt, whose lifetimes also bind certificates that another client renews. */
const letsEncryptIssuer = /(?:^|, ?)O=Let['’]s Encrypt(?:,|$)/
const mostEntries = 5_000
/** Shortest interval with separate entries; more frequent renewals share one entry. */
const leastBetweenMs = 14 * dayMs
/** Certificates read per turn of the event loop. */
const atOnce = 25

interface Followed extends Foreseen {
  row: CertificateListing
  /** Time of the renewal or reminder; null for neither. */
  plannedAt: Date | null
  /** Renewed by itself, and was whenever that was due. */
  isRenewed: boolean
}

/** Renewals of the next months, with the effect of known lifetime rules on each certificate. */
export async function renewalCalendar(parts: RenewalNeeds, months: number): Promise<RenewalCalendar> {
  const now = parts.clock()
  const until = monthsAfter(now, months)
  const followed = await certificatesIn(parts, now)
  const { entries, completeUntil } = entriesOf(followed, now, until)
  const isWithin = ({ from }: { from: string }) =>
    Date.parse(from) >= now.getTime() && Date.parse(from) <= until.getTime()
  const rules = [
    ...publicLifetimeRules.map((rule) => ({ ...rule, of: 'public' as const })),
    ...letsEncryptLifetimes.map((rule) => ({ ...rule, of: 'lets-encrypt' as const })),
  ]
  return {
    at: now.toISOString(),
    until: until.toISOString(),
    entries,
    completeUntil: completeUntil?.toISOString() ?? null,
    forecasts: followed
      .map((each) => forecastOf(each, now))
      .toSorted((a, b) => compareText(a.certificate.name, b.certificate.name)),
    rules: rules.filter(isWithin).toSorted((a, b) => compareTimes(a.from, b.from)),
  }
}

function monthsAfter(now: Date, months: number): Date {
  const until = new Date(now)
  until.setUTCMonth(until.getUTCMonth() + months)
  return until
}

/** `followedCertificates` of the vault, which may have thousands, so reading yields to other work in between. */
async function certificatesIn(parts: RenewalNeeds, now: Date): Promise<Followed[]> {
  const { vault } = parts
  const renewals = new Map(vault.renewals.list().map((row) => [row.certificateId, row]))
  const used = new Set(vault.domains.list().map(({ certificateId }) => certificateId))
  const accounts = new Map(vault.acmeAccounts.list().map((account) => [account.id, account]))
  const rows = followedCertificates(vault.certificates.list(), ({ id }) => used.has(id))
  const followed: Followed[] = []
  for (const [at, row] of rows.entries()) {
    if (at % atOnce === atOnce - 1) await otherWork()
    const renewal = renewalOf(row, renewals.get(row.id))
    const account = accounts.get(renewal?.accountId ?? '')
    const method = renewal?.method ?? null
    const authority = authorityOf(parts, { row, method, account })
    followed.push({
      row,
      certificate: { id: row.id, name: row.name, covers: [...row.dnsNames, ...row.ipNames] },
      by: method?.by ?? 'nobody',
      authority,
      profile: method?.by === 'acme' ? method.profile : null,
      lifeDays: lifeOf(row, method, authority),
      plannedAt: renewal ? plannedAt(row, renewal, now) : null,
      isRenewed: isRenewed(
        renewalView(row, renewals.get(row.id), {
          now,
          locked: vault.protection.locked,
          accountName: () => null,
        }),
        now,
      ),
    })
  }
  return followed
}

/** Lifetime of the next certificate before any rule; the present one's, unless the authority fixes it. */
function lifeOf(
  { notBefore, notAfter }: CertificateListing,
  method: RenewalMethod | null,
  authority: LifetimeAuthority,
): number {
  const days = (Date.parse(notAfter) - Date.parse(notBefore)) / dayMs
  const isServerProfile = method?.by === 'acme' && method.profile === 'tlsserver'
  return authority === 'lets-encrypt' && isServerProfile ? Math.min(days, letsEncryptServerProfileDays) : days
}

function authorityOf(
  { vault }: RenewalNeeds,
  {
    row,
    method,
    account,
  }: { row: CertificateListing; method: RenewalMethod | null; account: AcmeAccountRow | undefined },
): LifetimeAuthority {
  if (method?.by === 'local') return 'private'
  if (method?.by === 'acme' && account) {
    if (new URL(account.directoryUrl).hostname.endsWith('.letsencrypt.org')) return 'lets-encrypt'
    return account.mayBePrivate ? 'private' : 'public'
  }
  const [leaf] = chainFromPem(vault.certificates.get(row.id)?.chainPem ?? '')
  try {
    if (!leaf || !saysItIsPublic(certificateOf(leaf))) return 'private'
    return letsEncryptIssuer.test(row.issuer) ? 'lets-encrypt' : 'public'
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    return 'private'
  }
}

/** Planned renewals, then their projected successors, generation by generation until the end or the bound. */
function entriesOf(
  followed: readonly Followed[],
  now: Date,
  until: Date,
): { entries: CalendarEntry[]; completeUntil: Date | null } {
  const entries = followed.flatMap((each) => byPerson(each, now))
  let heads = followed.flatMap((each) => firstRenewal(each, now))
  let generation = 0
  while (heads.length > 0 && entries.length < mostEntries) {
    heads = heads.filter(({ renewal }) => renewal.at <= until.getTime())
    const next: Head[] = []
    for (const { each, renewal } of heads) {
      const following = renewalAfter(each, renewal)
      const betweenMs = following.at - renewal.at
      const isRepeated = generation > 0 && betweenMs < leastBetweenMs
      const repeats = isRepeated ? repeatsOf(renewal, betweenMs, until) : null
      entries.push({ ...renewalEntry(each, renewal, generation), repeats })
      if (!isRepeated) next.push({ each, renewal: following })
    }
    heads = next
    generation += 1
  }
  const missingFrom = Math.min(...heads.map(({ renewal }) => renewal.at), Infinity)
  const completeUntil = missingFrom <= until.getTime() ? new Date(missingFrom) : null
  const last = Math.min(missingFrom, until.getTime())
  const shown = entries.filter(({ at }) => Date.parse(at) <= last)
  return { entries: shown.toSorted((a, b) => compareTimes(a.at, b.at)), completeUntil }
}

interface Head {
  each: Followed
  renewal: Renewal
}

/** Lifetimes this short are not affected by any known rule. */
function repeatsOf({ at }: Renewal, betweenMs: number, until: Date): NonNullable<CalendarEntry['repeats']> {
  const everyMinutes = Math.max(1, Math.round(betweenMs / minuteMs))
  return { everyMinutes, times: 1 + Math.floor((until.getTime() - at) / betweenMs) }
}

function isByProgram(by: RenewedBy): boolean {
  return by === 'local' || by === 'acme'
}

/** A renewal that is overdue counts as now. */
function firstRenewal(each: Followed, now: Date): Head[] {
  if (!isByProgram(each.by) || each.plannedAt === null) return []
  return [{ each, renewal: renewalAt(each, Math.max(each.plannedAt.getTime(), now.getTime())) }]
}

function renewalEntry(
  { certificate, by }: Followed,
  { at, lifeDays }: Renewal,
  generation: number,
): CalendarEntry {
  return {
    at: new Date(at).toISOString(),
    kind: 'renew',
    certificate,
    by,
    generation,
    lifeDays: Math.round(lifeDays * minutesPerDay) / minutesPerDay,
    repeats: null,
  }
}

/** Reminder and end of a certificate that a person has to replace; past ones are left out. */
function byPerson(
  { by, certificate, plannedAt: remindAt, row, isRenewed: isFine }: Followed,
  now: Date,
): CalendarEntry[] {
  if (isFine) return []
  const common = { certificate, by, generation: 0, lifeDays: null, repeats: null }
  const entries: CalendarEntry[] = [{ ...common, at: row.notAfter, kind: 'end' }]
  if (remindAt && by === 'reminder') entries.push({ ...common, at: remindAt.toISOString(), kind: 'remind' })
  return entries.filter(({ at }) => Date.parse(at) >= now.getTime())
}
