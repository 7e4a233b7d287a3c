import { expect, test } from 'vitest'
import { defaultPolicies } from '../../../../../../src/contract/domains/policies.ts'
import { policyDifferences } from '../../../../../../src/renderer/features/domains/list/format-policy.ts'
import { domainFacts } from '../domain-facts.ts'

test('an added domain lists its fields', () => {
  const users = [{ name: 'anna' }, { name: 'otto' }]
  const wanted = {
    ...defaultPolicies,
    hsts: { days: 30, includeSubDomains: false, preload: false },
    access: { ...defaultPolicies.access, users },
  }
  expect(policyDifferences([domainFacts()], wanted)).toEqual([
    { domain: 'shop.test', section: 'hsts', field: 'days', before: null, after: 30 },
    { domain: 'shop.test', section: 'access', field: 'users', before: null, after: users },
  ])
  expect(policyDifferences([domainFacts({ policies: wanted })], wanted)).toEqual([])
})

test('further origins are of one site and not copied', () => {
  const route = { path: '/api', origin: domainFacts().origin, stripPath: false }
  const wanted = { ...defaultPolicies, origins: { ...defaultPolicies.origins, routes: [route] } }
  expect(policyDifferences([domainFacts()], wanted)).toEqual([])
})
