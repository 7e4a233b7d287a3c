import { describe, expect, test } from 'vitest'
import type { CertificateSummary } from '../../../../../src/contract/domains/domains.ts'
import { tagsOf } from '../../../../../src/domain/changed-tags.ts'
import { followedIds } from '../../../../../src/domain/followed-certificates.ts'
import {
  certificatesView,
  chooseCertificates,
  countCertificates,
  sortByExpiry,
} from '../../../../../src/renderer/features/certificates/filter.ts'

const now = new Date('2026-11-24T12:00:00.000Z')

function certificate(name: string, rest: Partial<CertificateSummary> = {}): CertificateSummary {
  return {
    id: name,
    name,
    kind: 'uploaded',
    kept: true,
    title: name,
    issuer: 'CN=Bakery R3',
    dnsNames: [name],
    ipNames: [],
    notBefore: '2026-10-25T00:00:00.000Z',
    notAfter: '2027-01-23T00:00:00.000Z',
    fingerprintSha256: 'ab12',
    spkiSha256: 'cd34',
    keyType: 'EC P-256',
    addedAt: '2026-10-25T00:00:00.000Z',
    usedBy: ['shop.test'],
    note: '',
    owner: '',
    tags: [],
    expiry: 'ok',
    covering: true,
    revoked: null,
    renewal: null,
    ...rest,
  }
}

const good = certificate('good.test', { covering: false })
const ending = certificate('ending.test', { notAfter: '2026-12-01T00:00:00.000Z' })
const expired = certificate('expired.test', { notAfter: '2026-11-01T00:00:00.000Z', usedBy: [] })
const free = certificate('free.test', { kind: 'free', notAfter: '2027-10-01T00:00:00.000Z' })
const fewDays = certificate('days.test', {
  notBefore: '2026-11-23T12:00:00.000Z',
  notAfter: '2026-11-29T12:00:00.000Z',
})
const all = [free, good, ending, expired]

const has = { tags: false, owner: false }
const followed = followedIds([...all, fewDays])
const given = { now, isFollowed: (id: string) => followed.has(id), has }

const whole = certificatesView.store.getInitialState()
const namesOf = (filter: Parameters<typeof chooseCertificates>[1]['filter'], search = '') =>
  chooseCertificates(sortByExpiry(all), { ...whole, filter, search }, given).map((each) => each.name)

describe('choosing certificates', () => {
  test('shows the soonest to expire first', () => {
    expect(namesOf('all')).toEqual(['expired.test', 'ending.test', 'good.test', 'free.test'])
  })

  test.each([
    ['name', ['ending.test', 'expired.test', 'free.test', 'good.test']],
    ['use', ['expired.test', 'ending.test', 'good.test', 'free.test']],
    ['expiry', ['expired.test', 'ending.test', 'good.test', 'free.test']],
  ] as const)('sorts by %s, and back to front', (sort, names) => {
    const sorted = (order: 'up' | 'down') =>
      chooseCertificates(sortByExpiry(all), { ...whole, sort, order }, given).map(({ name }) => name)
    expect(sorted('up')).toEqual(names)
    expect(sorted('down')).toEqual(names.toReversed())
  })

  test('counts what nothing renews and has days left, and not what is renewed by itself', () => {
    const renewal = { by: 'acme', at: '2026-11-27T00:00:00.000Z', failure: null, held: null } as const
    const renewed = { ...ending, renewal: { ...renewal, account: null, attempts: 0, waitsForVault: false } }
    const by = { ...whole, filter: 'expiring' } as const
    expect(chooseCertificates(sortByExpiry([ending, fewDays]), by, given)).toEqual([fewDays, ending])
    expect(chooseCertificates(sortByExpiry([renewed]), by, given)).toEqual([])
  })

  test('does not count a replaced certificate that is kept as expiring', () => {
    const replaced = { ...ending, usedBy: [] }
    const successor = certificate('new', { dnsNames: ['ending.test'] })
    const followed = followedIds([replaced, successor])
    const isFollowed = (id: string) => followed.has(id)
    expect(countCertificates([replaced, successor], { ...given, isFollowed }).expiring).toBe(0)
  })

  test('counts the last third of a life as expiring, not an expired certificate', () => {
    expect(namesOf('expiring')).toEqual(['ending.test'])
    expect(namesOf('expired')).toEqual(['expired.test'])
  })

  test('finds what no domain uses and what the local authority issued', () => {
    expect(namesOf('unused')).toEqual(['expired.test'])
    expect(namesOf('free')).toEqual(['free.test'])
  })

  test('finds what serves a domain that its names do not cover', () => {
    expect(namesOf('mismatched')).toEqual(['good.test'])
  })

  test('finds by any word of name, names covered, issuer, use or fingerprint, whatever the case', () => {
    expect(namesOf('all', 'GOOD')).toEqual(['good.test'])
    expect(namesOf('all', 'bakery free')).toEqual(['free.test'])
    expect(namesOf('all', 'ab12')).toHaveLength(4)
    expect(namesOf('all', 'nowhere')).toEqual([])
  })

  test('finds by tag and note, and narrows to one tag', () => {
    const tagged = [
      certificate('a.test', { tags: ['prod', 'eu'], note: 'ask Ada' }),
      certificate('b.test', { tags: ['eu'] }),
    ]
    const chosen = (search: string, tag: string) =>
      chooseCertificates(sortByExpiry(tagged), { ...whole, search, tag }, given).map(({ name }) => name)
    expect(chosen('prod', '')).toEqual(['a.test'])
    expect(chosen('ada', '')).toEqual(['a.test'])
    expect(chosen('', 'eu')).toEqual(['a.test', 'b.test'])
    expect(chosen('', 'prod')).toEqual(['a.test'])
    expect(tagsOf(tagged)).toEqual(['eu', 'prod'])
  })

  test('counts what each filter would show', () => {
    expect(countCertificates(all, given)).toEqual({
      all: 4,
      expiring: 1,
      expired: 1,
      revoked: 0,
      unused: 1,
      mismatched: 1,
      free: 1,
    })
  })
})
