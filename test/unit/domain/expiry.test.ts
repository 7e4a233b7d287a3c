import { describe, expect, test } from 'vitest'
import type { CertificateRenewal } from '../../../src/contract/issuing/renewal.ts'
import { expiryAt } from '../../../src/domain/expiry.ts'

const dayMs = 86_400_000
const now = new Date('2026-11-29T00:00:00.000Z')
const inDays = (days: number) => new Date(now.getTime() + days * dayMs).toISOString()

/** Expiry of a certificate with this lifetime and these days left. */
function expiryOf(lifeDays: number, leftDays: number, renewal: CertificateRenewal | null = null) {
  return expiryAt({ notBefore: inDays(leftDays - lifeDays), notAfter: inDays(leftDays), renewal }, now)
}

const renewed: CertificateRenewal = {
  by: 'acme',
  account: 'CA',
  at: inDays(1),
  attempts: 0,
  failure: null,
  held: null,
  waitsForVault: false,
}

describe('a certificate that nothing renews', () => {
  test.each([
    [397, 133, 'valid'],
    [397, 132, 'expiring'],
    [90, 31, 'valid'],
    [90, 30, 'expiring'],
    [47, 29, 'expiring'],
    [7, 6, 'expiring'],
    [6, 2, 'expiring'],
    [90, -1, 'expired'],
    [90, 91, 'not-yet-valid'],
  ] as const)('of %i days is with %i left: %s', (life, left, expiry) => {
    expect(expiryOf(life, left)).toBe(expiry)
  })

  test('expires from its own reminder on, if that is earlier', () => {
    const reminder = { ...renewed, by: 'reminder' } as const
    expect(expiryOf(90, 60, { ...reminder, at: inDays(1) })).toBe('valid')
    expect(expiryOf(90, 60, { ...reminder, at: inDays(0) })).toBe('expiring')
    expect(expiryOf(90, 20, { ...reminder, at: inDays(10) })).toBe('expiring')
  })
})

describe('a certificate that is renewed by itself', () => {
  test('does not expire, however few days are left', () => {
    expect(expiryOf(6, 2, renewed)).toBe('valid')
  })

  test('expires when the renewal is late, failed, or waits for a person', () => {
    const failure = { at: inDays(0), code: 'acme.unreachable', message: 'No.', nextAt: inDays(1) }
    const troubles: Partial<CertificateRenewal>[] = [
      { at: inDays(-1) },
      { failure },
      { held: { certificateId: null, reasons: ['its key is weaker'] } },
      { waitsForVault: true },
    ]
    for (const trouble of troubles) expect(expiryOf(90, 80, { ...renewed, ...trouble })).toBe('expiring')
  })
})
