import { describe, expect, test } from 'vitest'
import { verificationState } from '../../../src/domain/verification-state.ts'
import { certificateFacts, domainFacts, httpsOn } from '../renderer/features/domains/domain-facts.ts'

const later = '2026-11-24T11:00:00.000Z'
const earlier = '2026-11-24T09:00:00.000Z'
const check = (at: string, ok: boolean) => ({ at, ok, summary: 'seen' })

describe('the green mark', () => {
  const https = httpsOn(certificateFacts('a'))
  test('is earned by a verification that held, after the last change', () => {
    expect(verificationState(domainFacts({ https, lastCheck: check(later, true) }))).toBe('works')
  })
  test('is lost with any change after it', () => {
    expect(verificationState(domainFacts({ https, lastCheck: check(earlier, true) }))).toBe('changed')
  })
  test('is never given while HTTPS is off or paused', () => {
    const paused = { ...https, state: 'paused' as const }
    expect(verificationState(domainFacts({ https: paused, lastCheck: check(later, true) }))).toBe('changed')
    expect(verificationState(domainFacts())).toBe('never')
  })
  test('is never given while the edge has no key, whatever was seen before', () => {
    const down = { ...https, outage: 'vault-locked' as const }
    expect(verificationState(domainFacts({ https: down, lastCheck: check(later, true) }))).toBe('down')
    expect(verificationState(domainFacts({ https: down }))).toBe('down')
  })
  test('is lost when the certificate expires or is revoked', () => {
    for (const spent of [{ expiry: 'expired' as const }, { revoked: true }]) {
      const lost = httpsOn({ ...certificateFacts('a'), ...spent })
      expect(verificationState(domainFacts({ https: lost, lastCheck: check(later, true) }))).toBe('changed')
    }
  })
  test('is refused by a verification that failed', () => {
    expect(verificationState(domainFacts({ https, lastCheck: check(later, false) }))).toBe('failed')
  })
})
