import { describe, expect, test } from 'vitest'
import type { Domain } from '../../../../../../src/contract/domains/domains.ts'
import {
  chooseDomains,
  countDomains,
  sortByName,
  type DomainsView,
} from '../../../../../../src/renderer/features/domains/list/list-view.ts'
import { certificateFacts, domainFacts, httpsOn } from '../domain-facts.ts'

const facts = {
  now: new Date('2026-11-29T00:00:00.000Z'),
  today: new Map([['b.test', 7]]),
  ready: new Set(['b.test']),
}
const whole: DomainsView = { filter: 'all', search: '', sort: 'domain', order: 'up', group: 'none' }

function domain(name: string, over: Partial<Domain> = {}): Domain {
  return domainFacts({ name, displayName: name, ...over })
}
const until = (notAfter: string) => httpsOn(certificateFacts(notAfter, { notAfter }))
const check = (ok: boolean, at: string) => ({ at, ok, summary: '', portsChanged: false })

const domains = [
  domain('a10.test', { https: until('2027-11-01T00:00:00.000Z') }),
  domain('a2.test', {
    https: until('2026-12-05T00:00:00.000Z'),
    lastCheck: check(true, '2026-11-20T00:00:00.000Z'),
  }),
  domain('b.test', {
    originStates: [
      {
        ...{ address: 'http://127.0.0.1:3000', role: 'primary', state: 'down', reason: null },
        ...{ since: '2026-11-28T00:00:00.000Z', until: null },
      },
    ],
    lastCheck: check(false, '2026-11-28T00:00:00.000Z'),
  }),
  domain('c.test', { https: { ...until('2027-11-01T00:00:00.000Z'), state: 'paused' } }),
]
const names = (view: Partial<DomainsView>) =>
  chooseDomains(sortByName(domains), { ...whole, ...view }, facts).map(({ name }) => name)

describe('the list of domains', () => {
  test('counts what each filter shows', () => {
    expect(countDomains(domains, facts)).toEqual({
      ...{ all: 4, failing: 1, expiring: 1, expired: 0, off: 1, ready: 1, paused: 1, changed: 1 },
      'origin-down': 1,
    })
  })

  test.each([
    ['failing', ['b.test']],
    ['expiring', ['a2.test']],
    ['off', ['b.test']],
    ['ready', ['b.test']],
    ['paused', ['c.test']],
    ['changed', ['a2.test']],
    ['origin-down', ['b.test']],
  ] as const)('shows those that are %s', (filter, shown) => {
    expect(names({ filter })).toEqual(shown)
  })

  test('counts an expired certificate as expired, not as expiring', () => {
    const expired = domain('d.test', { https: until('2026-11-28T00:00:00.000Z') })
    expect(countDomains([expired], facts)).toMatchObject({ expiring: 0, expired: 1 })
  })

  test('sorts by name, numbers in it by value', () => {
    expect(names({})).toEqual(['a2.test', 'a10.test', 'b.test', 'c.test'])
    expect(names({ order: 'down' })).toEqual(['c.test', 'b.test', 'a10.test', 'a2.test'])
  })

  test('sorts by the end of the certificate, those without one last', () => {
    expect(names({ sort: 'https' })).toEqual(['a2.test', 'a10.test', 'c.test', 'b.test'])
  })

  test('sorts by today’s requests and by the last verification', () => {
    expect(names({ sort: 'today', order: 'down' })[0]).toBe('b.test')
    expect(names({ sort: 'check', order: 'down' }).slice(0, 2)).toEqual(['b.test', 'a2.test'])
  })

  test('searches names and origins', () => {
    expect(names({ search: ' A2 ' })).toEqual(['a2.test'])
    expect(names({ search: '127.0.0.1' })).toHaveLength(4)
  })
})
