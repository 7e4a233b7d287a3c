import { expect, test } from 'vitest'
import { listedDomainSchema, wholeDomain } from '../../../../src/contract/domains/listed-domain.ts'
import { policiesSchema } from '../../../../src/contract/domains/policies.ts'
import { domainFacts } from '../../renderer/features/domains/domain-facts.ts'

const hsts = { days: 30, includeSubDomains: false, preload: false }

test('a listed domain without policies has the defaults, the same for all', () => {
  const [one, other] = ['a.test', 'b.test'].map((name) =>
    wholeDomain({ ...domainFacts({ name }), policies: {} }),
  )
  expect(one?.policies).toEqual(policiesSchema.parse({}))
  expect(one?.policies).toBe(other?.policies)
})

test('a listed domain keeps the sections that are set', () => {
  const { policies } = wholeDomain({ ...domainFacts({ name: 'a.test' }), policies: { hsts } })
  expect(policies).toEqual({ ...policiesSchema.parse({}), hsts })
})

test('a list never has the hash of a password', () => {
  const users = [{ name: 'ada', passwordHash: 'scrypt' }]
  const access = { ...policiesSchema.parse({}).access, users }
  const listed = { ...domainFacts({ name: 'a.test' }), policies: { access } }
  expect(JSON.stringify(listedDomainSchema.safeParse(listed).data ?? null)).not.toContain('scrypt')
})
