import { expect, test } from 'vitest'
import {
  listedDomainSchema,
  receivedEvent,
  sentEvent,
  wholeDomain,
} from '../../../../src/contract/domains/listed-domain.ts'
import { policiesSchema } from '../../../../src/contract/domains/policies.ts'
import { certificateFacts, domainFacts, httpsOn } from '../../renderer/features/domains/domain-facts.ts'

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

test('a certificate that many domains of an event are served with is sent once, and each has it again', () => {
  const certificate = certificateFacts('shop', { fingerprintSha256: 'abcdef' })
  const items = [
    domainFacts({ name: 'a.test', https: httpsOn(certificate) }),
    domainFacts({ name: 'b.test', https: httpsOn(certificate) }),
    domainFacts({ name: 'c.test' }),
  ]
  const sent = sentEvent({ type: 'more', items, complete: true })
  expect(JSON.stringify(sent).split(certificate.fingerprintSha256)).toHaveLength(2)
  expect(receivedEvent(sent)).toEqual({ type: 'more', items, complete: true })
  const removed = { type: 'removed', keys: ['a.test'] } as const
  expect(receivedEvent(sentEvent({ ...removed, keys: [...removed.keys] }))).toEqual(removed)
})
