import { expect, test } from 'vitest'
import { defaultPolicies } from '../../../../../src/contract/policies.ts'
import { policyDifferences } from '../../../../../src/renderer/features/domains/policies/policy-differences.ts'
import { domainFacts } from './domain-facts.ts'

test('what a domain would be given is told by its fields, on a line each', () => {
  const wanted = {
    ...defaultPolicies,
    hsts: { days: 30, includeSubDomains: false, preload: false },
    access: { ...defaultPolicies.access, users: [{ name: 'anna' }, { name: 'otto' }] },
  }
  expect(policyDifferences([domainFacts()], wanted)).toEqual([
    { domain: 'shop.test', field: 'hsts.days', before: '', after: '30' },
    { domain: 'shop.test', field: 'access.users', before: '', after: 'anna, otto' },
  ])
  expect(policyDifferences([domainFacts({ policies: wanted })], wanted)).toEqual([])
})
