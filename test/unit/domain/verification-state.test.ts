import { describe, expect, test } from 'vitest'
import { verificationState } from '../../../src/domain/verification-state.ts'
import { certificateFacts, domainFacts, httpsOn } from '../renderer/features/domains/domain-facts.ts'

const later = '2026-11-24T11:00:00.000Z'
const earlier = '2026-11-24T09:00:00.000Z'
const now = new Date('2026-11-24T12:00:00.000Z')
const check = (at: string, ok: boolean) => ({ at, ok, summary: 'seen', portsChanged: false })

describe('the green mark', () => {
  const https = httpsOn(certificateFacts('a'))
  test('is earned by a verification that held, after the last change', () => {
    expect(verificationState(domainFacts({ https, lastCheck: check(later, true) }), now)).toBe('works')
  })
  test('is lost with any change after it', () => {
    expect(verificationState(domainFacts({ https, lastCheck: check(earlier, true) }), now)).toBe('changed')
  })
  test('is never given while HTTPS is off or paused', () => {
    const paused = { ...https, state: 'paused' as const }
    expect(verificationState(domainFacts({ https: paused, lastCheck: check(later, true) }), now)).toBe(
      'changed',
    )
    expect(verificationState(domainFacts(), now)).toBe('never')
  })
  test('is never given while the edge has no key, whatever was seen before', () => {
    const down = { ...https, outage: 'vault-locked' as const }
    expect(verificationState(domainFacts({ https: down, lastCheck: check(later, true) }), now)).toBe('down')
    expect(verificationState(domainFacts({ https: down }), now)).toBe('down')
  })
  test('is lost when the certificate is revoked', () => {
    const lost = httpsOn(certificateFacts('a', { revoked: true }))
    expect(verificationState(domainFacts({ https: lost, lastCheck: check(later, true) }), now)).toBe(
      'changed',
    )
  })
  test('is there while the certificate is valid, also where the engine last reported on it at another time', () => {
    const domain = domainFacts({ https, lastCheck: check(later, true) })
    const { notBefore, notAfter } = certificateFacts('a')
    const at = (time: number) => verificationState(domain, new Date(time))
    const [begin, end] = [Date.parse(notBefore), Date.parse(notAfter)]
    expect([begin - 1, begin, end - 1, end].map(at)).toEqual(['changed', 'works', 'works', 'changed'])
  })
  test('is refused by a verification that failed', () => {
    expect(verificationState(domainFacts({ https, lastCheck: check(later, false) }), now)).toBe('failed')
  })
  test.each([true, false])('says nothing once the ports are others than those verified (ok: %s)', (ok) => {
    const lastCheck = { ...check(later, ok), portsChanged: true }
    expect(verificationState(domainFacts({ https, lastCheck }), now)).toBe('changed')
  })
})
