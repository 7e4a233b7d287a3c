import { describe, expect, test } from 'vitest'
import type { CertificateSummary } from '../../../src/contract/domains/domains.ts'
import type { TrustAtlas } from '../../../src/contract/trust/trust.ts'
import type { CertificateRenewal } from '../../../src/contract/issuing/renewal.ts'
import { certificateNotices, trustNotices } from '../../../src/domain/notices.ts'

const certificate: Partial<CertificateSummary> = {
  name: 'Shop',
  fingerprintSha256: 'aa',
  dnsNames: ['shop.test'],
  ipNames: [],
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-03-31T00:00:00.000Z',
  usedBy: ['shop.test'],
  renewal: null,
}

const at = (time: string, o: Partial<CertificateSummary> = {}) =>
  certificateNotices({ certificates: [{ ...certificate, ...o } as CertificateSummary] }, new Date(time))

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

test('a notice is shown once, and again 14 and 7 days before the end', () => {
  const keys = ['2026-03-10', '2026-03-16', '2026-03-18', '2026-03-25'].map(
    (day) => at(`${day}T00:00Z`)[0]?.key,
  )
  expect(keys).toEqual(['expiring 30 aa', 'expiring 30 aa', 'expiring 14 aa', 'expiring 7 aa'])
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
  expect(told).toMatchObject([
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
      expect(titles({ state })).toEqual(['Your local authority is no longer trusted in Chromium'])
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
