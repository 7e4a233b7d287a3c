import { describe, expect, test } from 'vitest'
import type { CertificateSummary } from '../../../src/contract/domains/domains.ts'
import type { TrustAtlas } from '../../../src/contract/trust/trust.ts'
import type { CertificateRenewal } from '../../../src/contract/issuing/renewal.ts'
import { changeNotices, certificateNotices, trustNotices } from '../../../src/main/notices.ts'
import { engineView } from './engine-view.ts'

const certificate = {
  name: 'Shop',
  fingerprintSha256: 'aa',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-03-31T00:00:00.000Z',
  usedBy: ['shop.test'],
  renewal: null,
} as CertificateSummary

const at = (time: string, o: Partial<CertificateSummary> = {}) =>
  certificateNotices(engineView({ certificates: [{ ...certificate, ...o }] }), new Date(time))

test('a certificate in the first two thirds of its life has no notification', () => {
  expect(at('2026-02-28T00:00:00.000Z')).toEqual([])
})

test('its last third, its last day and its end are notified, each under a key of its own', () => {
  const told = ['2026-03-10', '2026-03-30T12:00', '2026-04-02'].flatMap((time) => at(`${time}Z`))
  expect(told.map(({ title }) => title)).toEqual([
    'Shop expires in 21 days',
    'Shop expires within a day',
    'Shop has expired',
  ])
  expect(new Set(told.map(({ key }) => key)).size).toBe(3)
  expect(told[0]).toMatchObject({
    body: 'It serves shop.test. Replace it in Edgekeep.',
    place: '/certificates',
  })
})

test('a certificate that is not valid yet is reported, though it renews automatically', () => {
  const renewal = { by: 'local', failure: null, held: null, waitsForVault: false } as CertificateRenewal
  expect(at('2025-12-01T00:00Z', { renewal }).map(({ title }) => title)).toEqual(['Shop is not valid yet'])
})

test('the key of a notice stays the same from day to day, so that it is shown once', () => {
  expect(at('2026-03-10T00:00Z')[0]?.key).toBe(at('2026-03-20T00:00Z')[0]?.key)
})

test('an automatically renewed one is notified when that fails, waits for a decision, or for the vault', () => {
  const well: CertificateRenewal = {
    by: 'acme',
    account: 'CA',
    at: '2026-03-11T00:00:00.000Z',
    attempts: 0,
    failure: null,
    held: null,
    waitsForVault: false,
  }
  const titles = (renewal: CertificateRenewal) =>
    at('2026-03-10T00:00Z', { renewal }).map(({ title }) => title)
  const failure = { at: well.at, code: 'acme.unreachable', message: 'It cannot be reached.', nextAt: well.at }
  expect(titles(well)).toEqual([])
  expect(titles({ ...well, failure })).toEqual(['Shop could not be renewed'])
  expect(titles({ ...well, held: { certificateId: null, reasons: ['its key is weaker'] } })).toEqual([
    'A new certificate for Shop waits for your decision',
  ])
  expect(titles({ ...well, waitsForVault: true })).toEqual(['Shop is due for renewal'])
})

test('an upload with a reminder is notified from that day on', () => {
  const renewal = {
    by: 'reminder',
    at: '2026-02-09T00:00:00.000Z',
    failure: null,
    held: null,
  } as CertificateRenewal
  expect(at('2026-02-08T00:00Z', { renewal })).toEqual([])
  expect(at('2026-02-09T00:00Z', { renewal })[0]?.title).toBe('Shop expires in 50 days')
})

test('a revoked one is notified at once, whatever its remaining life and its renewal', () => {
  const early = '2026-01-02T00:00:00.000Z'
  const told = at(early, { revoked: true, usedBy: ['shop.test', 'blog.test'] })
  expect(told).toEqual([
    {
      key: 'revoked aa',
      title: 'Shop was revoked',
      body: 'It serves shop.test and blog.test. Replace it in Edgekeep.',
      place: '/certificates',
    },
  ])
  const renewal = { by: 'acme', at: early, failure: null, held: null } as CertificateRenewal
  expect(at(early, { revoked: true, renewal })).toHaveLength(1)
  expect(at('2026-04-02T00:00Z', { revoked: true }).map(({ title }) => title)).toEqual([
    'Shop was revoked',
    'Shop has expired',
  ])
  expect(at(early, { revoked: false })).toEqual([])
  expect(at(early, { revoked: true, usedBy: [] })).toEqual([])
})

test('a certificate that no domain uses is not notified', () => {
  expect(at('2026-04-02T00:00Z', { usedBy: [] })).toEqual([])
})

test('a restarted engine is notified, the first start is not', () => {
  const first = engineView({ pid: 10 })
  expect(changeNotices(first, engineView({ running: false }), null)).toEqual([])
  const second = engineView({ pid: 11 })
  expect(changeNotices(second, engineView({ running: false }), 10)).toMatchObject([
    { title: 'Edgekeep’s engine stopped and was started again' },
  ])
  expect(changeNotices(second, second, 11)).toEqual([])
})

test('an edge in trouble is notified once, with the engine’s reason', () => {
  const problem = { code: 'edge.port_taken', message: 'Port 8443 is taken by nginx.' }
  const well = engineView({})
  const ill = engineView({ problem })
  expect(changeNotices(ill, well, 1)).toMatchObject([{ body: 'Port 8443 is taken by nginx.' }])
  expect(changeNotices(ill, ill, 1)).toEqual([])
})

test('a vault that locked and stopped HTTPS has a notice of its own', () => {
  const problem = { code: 'edge.without_keys', message: 'The vault is locked.' }
  expect(changeNotices(engineView({ locked: true, problem }), engineView({}), 1)).toMatchObject([
    { title: 'The vault is locked and HTTPS has stopped', place: '/domains' },
  ])
})

describe('a notice of lost trust', () => {
  const authority = { title: 'Edgekeep of mine', fingerprintSha256: 'aa' }
  const store = {
    id: 'nss',
    title: 'Chromium',
    sentence: 'It does not have the local authority.',
    undoable: true,
    state: 'missing',
  } as TrustAtlas['stores'][number]
  const titles = (o: Partial<typeof store>, of: TrustAtlas['authority'] = authority) =>
    trustNotices({ authority: of, system: 'Linux', clients: [], stores: [{ ...store, ...o }] }).map(
      ({ title }) => title,
    )

  test('names a store that Edgekeep added the authority to and that no longer trusts it', () => {
    for (const state of ['missing', 'distrusted', 'another'] as const)
      expect(titles({ state })).toEqual(['Chromium no longer trusts your local authority'])
  })

  test('leaves out stores that trust it, that Edgekeep never changed, and that cannot be read', () => {
    expect(titles({ state: 'trusted' })).toEqual([])
    expect(titles({ state: 'stale' })).toEqual([])
    expect(titles({ state: 'unreadable' })).toEqual([])
    expect(titles({ undoable: false })).toEqual([])
  })

  test('needs an authority', () => {
    expect(titles({}, null)).toEqual([])
  })
})
