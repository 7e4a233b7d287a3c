import { rfc5280, type Breach } from './breach.ts'
import type { Certificate } from '../x509/certificate.ts'
import { entryKey, type RevocationList, type RevokedEntry } from '../x509/revocation-list.ts'
import { isCurrent, isIssuedFor } from './revocation-scope.ts'
import { shortDate } from '../facts/format-time.ts'

const reference = rfc5280('6.3.3')

/** Reasons by number (RFC 5280, section 5.3.1). */
const reasonLabels: Record<number, string> = {
  1: 'its key was compromised',
  2: "its authority's key was compromised",
  3: 'its owner changed',
  4: 'it was replaced',
  5: 'it is no longer needed',
  6: 'it is on hold',
  9: 'a right was withdrawn',
  10: "the attribute authority's key was compromised",
}

export function revokedBreach(entry: RevokedEntry, { title }: Certificate, index: number): Breach {
  const subject = index === 0 ? 'It' : `The intermediate “${title}”`
  const message = `${subject} was revoked by its issuer on ${shortDate(entry.date)}${reasonSuffix(entry.reason)}.`
  return { code: 'revoked', message, index, reference }
}

/** `: its key was compromised`; empty without a reason. */
export function reasonSuffix(reason: number | undefined): string {
  const label = reasonLabels[reason ?? 0]
  return label ? `: ${label}` : ''
}

export function unknownBreach(why: string, { title }: Certificate, index: number): Breach {
  const subject = index === 0 ? 'it' : `the intermediate “${title}”`
  const message = `Whether ${subject} was revoked does not follow from the CRLs given: ${why}.`
  return { code: 'revocation_unknown', message, index, reference }
}

/** Reason why none of `lists` gives a reliable status for the certificate. */
export function whyUnknown(certificate: Certificate, lists: RevocationList[], at: number): string {
  const own = lists.filter((list) => isIssuedFor(list, certificate))
  if (own.length === 0) return 'none is by its issuer'
  const faulty = own.find((list) => list.fault)
  if (faulty) return `the one by its issuer cannot be used, as ${faulty.fault}`
  const outOfDate = own.find((list) => !isCurrent(list, at))
  const deltas = own.filter(({ baseNumber }) => baseNumber !== undefined)
  const entry = deltas
    .map(({ entries }) => entries.get(entryKey(certificate.issuer, certificate.serial)))
    .find(Boolean)
  if (!outOfDate && deltas.length === own.length)
    return `there is only a delta list, without its base${entry ? `; it lists the certificate as revoked on ${shortDate(entry.date)}` : ''}`
  if (!outOfDate) return 'those by its issuer do not speak for it, or are not signed by it'
  return `the one by its issuer ${formatPeriod(outOfDate, at)}`
}

function formatPeriod({ thisUpdate, nextUpdate }: RevocationList, at: number): string {
  if (nextUpdate === undefined) return 'does not say until when it holds'
  return thisUpdate > at
    ? `holds only from ${shortDate(thisUpdate)}`
    : `held only until ${shortDate(nextUpdate)}`
}
