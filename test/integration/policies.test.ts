import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../src/contract/policies.ts'
import { openTestEngine, originAt, type TestEngine } from '../support/engine.ts'

let opened: TestEngine
beforeEach(async () => {
  opened = await openTestEngine()
  for (const name of ['shop.test', 'img.shop.test'])
    await opened.client.domains.add({ name, origin: originAt(3000) })
})
afterEach(() => opened.close())

const hsts = { days: 30, includeSubDomains: true, preload: false }

describe('the policies of a domain', () => {
  test('are all at their defaults at first', async () => {
    const { policies } = await opened.client.domains.get({ domain: 'shop.test' })
    expect(policies).toEqual(defaultPolicies)
  })

  test('are set for many domains in one change, with a row in the audit trail for each', async () => {
    const { client } = opened
    const before = (await client.engine.status()).configuration.version
    const { domains, effect } = await client.domains.setPolicies({
      domains: ['shop.test', 'IMG.shop.test'],
      policies: { hsts },
    })
    expect(domains.map(({ name, policies }) => [name, policies.hsts])).toEqual([
      ['shop.test', hsts],
      ['img.shop.test', hsts],
    ])
    expect(effect.version).toBe(before + 1)
    const rows = await client.audit.list({ limit: 2 })
    expect(rows.map(({ action, subject, after }) => [action, subject, after])).toEqual([
      ['domain.policies', 'img.shop.test', { hsts }],
      ['domain.policies', 'shop.test', { hsts }],
    ])
  })

  test('stay as they are everywhere when one of the domains is not there', async () => {
    const { client } = opened
    const refused = client.domains.setPolicies({ domains: ['shop.test', 'gone.test'], policies: { hsts } })
    await expect(refused).rejects.toMatchObject({ code: 'domain.not_found' })
    expect((await client.domains.get({ domain: 'shop.test' })).policies).toEqual(defaultPolicies)
  })

  test('come back with the configuration file, which leaves out what is at its default', async () => {
    const { client } = opened
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { hsts } })
    const { text } = await client.configuration.export()
    expect(text.match(/hsts/g)).toHaveLength(1)
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { hsts: { days: null } } })
    const plan = await client.configuration.plan({ text })
    expect(plan.differences.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['policies.hsts.days', null, 30],
      ['policies.hsts.includeSubDomains', false, true],
    ])
    await client.configuration.apply({ text, version: plan.version })
    expect((await client.domains.get({ domain: 'shop.test' })).policies.hsts).toEqual(hsts)
  })
})
