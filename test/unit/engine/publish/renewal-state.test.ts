import { expect, test } from 'vitest'
import type { PublishedCertificate, TargetServer } from '../../../../src/contract/targets/targets.ts'
import type { PublishNeeds } from '../../../../src/engine/publish/needs.ts'
import { isRenewalDue, renewalAfter } from '../../../../src/engine/publish/renewal-state.ts'

const now = new Date('2026-11-29T10:00:00Z')
const ended = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-11-01T00:00:00Z' }
const future = { notBefore: '2026-12-01T00:00:00Z', notAfter: '2027-03-01T00:00:00Z' }
const begun = { attempts: 0, notBefore: null, lastAttempt: null }

function serverWith(by: PublishedCertificate['by'], validity: typeof ended): TargetServer {
  const certificate = {
    domain: 'shop.test',
    by,
    fingerprintSha256: '00',
    ariId: null,
    window: null,
    ...validity,
  }
  return {
    address: 'web',
    hostKey: null,
    release: 'r',
    digest: '00',
    certificates: [certificate],
    switchedAt: null,
  }
}

test.each([
  ['local', ended, true],
  ['acme', ended, true],
  // Only a person has another one.
  ['files', ended, false],
  ['local', future, true],
  // The clock is behind: each order would give another one that is not valid yet.
  ['acme', future, false],
] as const)('a certificate by %s with %j is due at its server: %s', (by, validity, isDue) => {
  const server = serverWith(by, validity)
  const target = { renewal: begun, domains: ['shop.test'], servers: [server], history: [] }
  expect(isRenewalDue(target, now)).toBe(isDue)
})

test('a new certificate that is due at once is not ordered again until the limits of its authority allow it', () => {
  const renewal = { method: { by: 'acme' }, accountId: 'a' }
  const vault = {
    domains: { get: () => ({ certificateId: 'c' }) },
    renewals: { get: () => renewal },
    acmeAccounts: { find: () => ({}) },
  }
  const parts = { clock: () => now, vault } as unknown as PublishNeeds
  const server = serverWith('acme', ended)
  const report = { server: 'web', state: 'published' as const, steps: [], diff: '', renewed: [] }
  const outcomes = [{ report, server, undo: null }]
  const after = renewalAfter(parts, begun, { domains: ['shop.test'], outcomes })
  expect(after).toMatchObject({ attempts: 1, lastAttempt: { code: 'publish.failed' } })
  const target = { renewal: after, domains: ['shop.test'], servers: [server], history: [] }
  expect(isRenewalDue(target, new Date('2026-11-30T10:00:00Z'))).toBe(false)
})
