import type { CertificateRenewal } from '../contract/issuing/renewal.ts'
import { validityAt, type Validity, type ValidityPeriod } from './validity.ts'

/** `expiring`: valid, and a person has to act before it ends. */
export type Expiry = Validity | 'expiring'

/** Renewal as far as it decides who has to act; null or absent: nothing renews it. */
export interface Expirable extends ValidityPeriod {
  renewal?: Pick<CertificateRenewal, 'by' | 'at' | 'failure' | 'held' | 'waitsForVault'> | null
}

const dayMs = 86_400_000
/** Time within which a renewal that is due has begun. */
const renewalGraceMs = 3_600_000

/** Days before the end at which calendar and notices remind of a certificate that expires. */
export const reminderDays = [30, 14, 7] as const

/** Time before the end in which a certificate of this lifetime expires: its last third, at least 30 days. */
export function expiringWindowMs(lifetimeMs: number): number {
  return Math.max(lifetimeMs / 3, reminderDays[0] * dayMs)
}

/**
 * Rule for "expiring", for lists, filters, colours, the command, the calendar and notices: what nothing renews
 * and is in its window, or at its own reminder; and what should have been renewed and was not.
 */
export function expiryAt(certificate: Expirable, now: Date, windowMs = expiringWindowMs): Expiry {
  const validity = validityAt(certificate, now)
  if (validity !== 'valid') return validity
  const { renewal, notBefore, notAfter } = certificate
  if (isRenewed(renewal, now)) return 'valid'
  if (renewal && renewal.by !== 'reminder') return 'expiring'
  if (renewal && Date.parse(renewal.at) <= now.getTime()) return 'expiring'
  const leftMs = Date.parse(notAfter) - now.getTime()
  return leftMs <= windowMs(Date.parse(notAfter) - Date.parse(notBefore)) ? 'expiring' : 'valid'
}

/** Whether it is renewed by itself, and was whenever that was due. */
export function isRenewed(renewal: Expirable['renewal'], now: Date): boolean {
  if (!renewal || renewal.by === 'reminder') return false
  if (renewal.failure || renewal.held || renewal.waitsForVault) return false
  return now.getTime() < Date.parse(renewal.at) + renewalGraceMs
}
