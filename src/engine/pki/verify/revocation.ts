import { rfc5280, type Breach } from './breach.ts'
import type { DistributionPoint } from './extensions.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'
import { entryKey, parseListCached, type RevocationList, type RevokedEntry } from './revocation-list.ts'
import { allReasons, isInScope, pointsOf, reasonsOf, updates } from './revocation-scope.ts'
import { shortDate } from './time-in-words.ts'

export interface Revocation {
  /** What the given CRLs say against the certificates of a path, leaf first. */
  breachIn(path: ParsedCertificate[]): Breach | undefined
}

export interface RevocationInputs {
  /** DER. */
  crls: Uint8Array[]
  /** Milliseconds since 1970. */
  at: number
  /** Whether `list` is signed by who may sign it, under the anchor at the end of `path`. */
  isAuthentic(list: RevocationList, path: ParsedCertificate[], index: number): boolean
}

type Status = { kind: 'good' } | { kind: 'revoked'; entry: RevokedEntry } | { kind: 'unknown' }

/**
 * Revocation by CRLs (RFC 5280, section 6.3). Where CRLs are given, the leaf's status has to follow from
 * them; an intermediate's only where one of them speaks for its issuer, since people who look at a leaf
 * seldom have the root's list at hand.
 */
export function createRevocation(inputs: RevocationInputs): Revocation {
  const lists = inputs.crls.flatMap((der) => parseListCached(der) ?? [])
  if (inputs.crls.length === 0) return { breachIn: () => undefined }
  return {
    breachIn(path) {
      for (const [index, certificate] of path.slice(0, -1).entries()) {
        const status = statusOf(certificate, index, path, lists, inputs)
        const matters = index === 0 || lists.some((list) => isIssuedFor(list, certificate))
        const breach = matters ? breachOf(status, certificate, index, lists, inputs.at) : undefined
        if (breach) return breach
      }
      return undefined
    },
  }
}

function isIssuedFor(list: RevocationList, { issuer }: ParsedCertificate): boolean {
  return list.issuer.key === issuer.key
}

/** Section 6.3.3. */
function statusOf(
  certificate: ParsedCertificate,
  index: number,
  path: ParsedCertificate[],
  lists: RevocationList[],
  inputs: RevocationInputs,
): Status {
  const usable = lists.filter((list) => isCurrent(list, inputs.at) && !list.fault)
  const authentic = (list: RevocationList): boolean => inputs.isAuthentic(list, path, index)
  const known = new Set<number>()
  for (const point of pointsOf(certificate))
    for (const list of usable) {
      const reasons = reasonsOf(list, point)
      if (list.baseNumber !== undefined || reasons.isSubsetOf(known)) continue
      if (!isInScope(list, certificate, point) || !authentic(list)) continue
      const entry = entryFor(certificate, list, deltaFor(list, usable, certificate, point, authentic))
      if (entry) return { kind: 'revoked', entry }
      for (const reason of reasons) known.add(reason)
    }
  return allReasons.isSubsetOf(known) ? { kind: 'good' } : { kind: 'unknown' }
}

function isCurrent(list: RevocationList, at: number): boolean {
  return list.thisUpdate <= at && list.nextUpdate !== undefined && at <= list.nextUpdate
}

function deltaFor(
  complete: RevocationList,
  lists: RevocationList[],
  certificate: ParsedCertificate,
  point: DistributionPoint,
  authentic: (list: RevocationList) => boolean,
): RevocationList | undefined {
  return lists
    .filter((list) => updates(list, complete) && isInScope(list, certificate, point) && authentic(list))
    .sort((a, b) => b.thisUpdate - a.thisUpdate)[0]
}

const removeFromCrl = 8

/** The delta has the last word; `removeFromCRL` in it takes a hold back (section 6.3.3 (i) to (k)). */
function entryFor(
  certificate: ParsedCertificate,
  complete: RevocationList,
  delta: RevocationList | undefined,
): RevokedEntry | undefined {
  const key = entryKey(certificate.issuer, certificate.serial)
  const entry = delta?.entries.get(key) ?? complete.entries.get(key)
  return entry?.reason === removeFromCrl ? undefined : entry
}

const reasonWords: Record<number, string> = {
  1: 'its key was compromised',
  2: "its authority's key was compromised",
  3: 'its owner changed',
  4: 'it was replaced',
  5: 'it is no longer needed',
  6: 'it is on hold',
  9: 'a right was withdrawn',
  10: "the attribute authority's key was compromised",
}

function breachOf(
  status: Status,
  certificate: ParsedCertificate,
  index: number,
  lists: RevocationList[],
  at: number,
): Breach | undefined {
  const subject = index === 0 ? 'It' : `The intermediate «${certificate.title}»`
  const reference = rfc5280('6.3.3')
  if (status.kind === 'revoked') {
    const why = reasonWords[status.entry.reason]
    const message = `${subject} was revoked by its issuer on ${shortDate(status.entry.date)}${why ? `: ${why}` : ''}.`
    return { code: 'revoked', message, index, reference }
  }
  if (status.kind === 'good') return undefined
  const message = `Whether ${subject.replace(/^It/, 'it').replace(/^The/, 'the')} was revoked does not follow from the CRLs given: ${unusable(certificate, lists, at)}.`
  return { code: 'revocation_unknown', message, index, reference }
}

function unusable(certificate: ParsedCertificate, lists: RevocationList[], at: number): string {
  const own = lists.filter((list) => isIssuedFor(list, certificate))
  if (own.length === 0) return 'none is by its issuer'
  const faulty = own.find((list) => list.fault)
  if (faulty) return `the one by its issuer cannot be used, as ${faulty.fault}`
  const old = own.find((list) => !isCurrent(list, at))
  if (old?.nextUpdate === undefined)
    return old
      ? 'the one by its issuer does not say until when it holds'
      : 'those by its issuer do not speak for it, or are not signed by it'
  return old.thisUpdate > at
    ? `the one by its issuer holds only from ${shortDate(old.thisUpdate)}`
    : `the one by its issuer held only until ${shortDate(old.nextUpdate)}`
}
