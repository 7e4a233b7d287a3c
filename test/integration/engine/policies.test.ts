import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HeaderRule } from '../../../src/contract/domains/header-rules.ts'
import { defaultPolicies, type PolicyChanges } from '../../../src/contract/domains/policies.ts'
import { openTestEngine, originAt, type TestEngine } from '../../support/engine/engine.ts'
import { doneOf } from '../../../src/client/done-of.ts'
import { planned } from '../../support/engine/planned.ts'

let opened: TestEngine
beforeEach(async () => {
  opened = await openTestEngine()
  for (const name of ['shop.test', 'img.shop.test'])
    await opened.client.domains.add({ name, origin: originAt(3000) })
})
afterEach(() => opened.close())

const openAccess = { allow: null, users: null, realm: 'Edgekeep', forwardAuthorization: false }
const cacheRule: HeaderRule = { on: 'response', action: 'set', name: 'Cache-Control', value: 'no-store' }
const hsts = { days: 30, includeSubDomains: true, preload: false }

describe('the policies of a domain', () => {
  test('are all at their defaults at first', async () => {
    const { policies } = await opened.client.domains.get({ domain: 'shop.test' })
    expect(policies).toEqual(defaultPolicies)
    expect(defaultPolicies.access.users).toBeNull()
  })

  test('are set for many domains in one change, with one row in the audit trail that names them', async () => {
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
    const [row] = await client.audit.list({ limit: 1 })
    expect([row?.action, row?.subject]).toEqual(['domain.policies', '2 domains'])
    expect(row?.after).toEqual({ hsts, domains: ['shop.test', 'img.shop.test'] })
  })

  test('are not saved over what another window has set since they were read, section by section', async () => {
    const { client } = opened
    const read = (await client.domains.get({ domain: 'shop.test' })).policies
    const theirs = { ...hsts, days: 1 }
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { hsts: theirs } })
    const mine = { domains: ['shop.test'], policies: { hsts } }
    const refused = client.domains.setPolicies({ ...mine, read: { hsts: read.hsts } })
    await expect(refused).rejects.toMatchObject({
      code: 'domain.changed_meanwhile',
      data: { name: 'shop.test', what: 'HSTS policy', by: 'engine' },
    })
    expect((await client.domains.get({ domain: 'shop.test' })).policies.hsts).toEqual(theirs)
    // A different section conflicts with nothing, nor does one that was read since.
    const headers = { rules: [cacheRule] }
    await client.domains.setPolicies({
      domains: ['shop.test'],
      policies: { headers },
      read: { headers: read.headers },
    })
    await client.domains.setPolicies({ ...mine, read: { hsts: theirs } })
    expect((await client.domains.get({ domain: 'shop.test' })).policies).toMatchObject({ hsts, headers })
  })

  test('refuse to overwrite an origin or redirect that has changed since it was read', async () => {
    const { client } = opened
    const { origin, redirect } = await client.domains.get({ domain: 'shop.test' })
    await client.domains.setOrigin({ domain: 'shop.test', origin: originAt(4000) })
    const refused = client.domains.setOrigin({ domain: 'shop.test', origin: originAt(5000), read: origin })
    await expect(refused).rejects.toMatchObject({
      code: 'domain.changed_meanwhile',
      data: { what: 'origin' },
    })
    expect((await client.domains.get({ domain: 'shop.test' })).origin).toEqual(originAt(4000))
    await client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
    await client.domains.setRedirect({ domain: 'shop.test', redirect: { mode: 'https', code: 302 } })
    const late = { domain: 'shop.test', redirect: { mode: 'https', code: 308 }, read: redirect } as const
    await expect(client.domains.setRedirect(late)).rejects.toMatchObject({
      code: 'domain.changed_meanwhile',
      data: { what: 'redirect' },
    })
  })

  test('keep redirect and excluded paths as they were if one of both cannot be saved', async () => {
    const { client } = opened
    const domain = 'shop.test'
    const before = await client.domains.get({ domain })
    const redirect = { mode: 'https', code: 301 } as const
    const policy = { except: ['/health'] }
    // HTTPS is off, so that the redirect is refused.
    await expect(client.domains.setRedirect({ domain, redirect, policy })).rejects.toMatchObject({
      code: 'domain.https_off',
    })
    expect((await client.domains.get({ domain })).policies.redirect).toEqual(before.policies.redirect)
    await client.https.enable({ domain, source: { type: 'free' } })
    await client.domains.setRedirect({ domain, redirect, policy, readPolicy: before.policies.redirect })
    const after = await client.domains.get({ domain })
    expect([after.redirect, after.policies.redirect]).toEqual([redirect, policy])
    const late = { policy: { except: [] }, readPolicy: before.policies.redirect }
    await expect(client.domains.setRedirect({ domain, redirect, ...late })).rejects.toMatchObject({
      code: 'domain.changed_meanwhile',
      data: { what: 'redirect exceptions' },
    })
  })

  test('stay as they are everywhere when one of the domains is not there', async () => {
    const { client } = opened
    const refused = client.domains.setPolicies({ domains: ['shop.test', 'gone.test'], policies: { hsts } })
    await expect(refused).rejects.toMatchObject({ code: 'domain.not_found' })
    expect((await client.domains.get({ domain: 'shop.test' })).policies).toEqual(defaultPolicies)
  })

  test('ask for a place on the preload list for registered domains alone', async () => {
    const { client } = opened
    const preload = { hsts: { days: 400, includeSubDomains: true, preload: true } }
    await client.domains.add({ name: 'www.shop.co.uk', origin: originAt(3000) })
    await client.domains.add({ name: 'shop.co.uk', origin: originAt(3000) })
    await expect(
      client.domains.setPolicies({ domains: ['shop.co.uk', 'www.shop.co.uk'], policies: preload }),
    ).rejects.toMatchObject({
      code: 'policy.invalid',
      message: expect.stringMatching(/say it for shop\.co\.uk/),
    })
    await client.domains.add({ name: 'shop.localhost', origin: originAt(3000) })
    await expect(
      client.domains.setPolicies({ domains: ['shop.localhost'], policies: preload }),
    ).rejects.toMatchObject({
      code: 'policy.invalid',
      message: expect.stringMatching(/cannot be registered/),
    })
    expect((await client.domains.get({ domain: 'shop.co.uk' })).policies.hsts.preload).toBe(false)
    await client.domains.setPolicies({ domains: ['shop.co.uk'], policies: preload })
  })

  test('come back with the configuration file, which leaves out what is at its default', async () => {
    const { client } = opened
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { hsts } })
    const { text } = await client.configuration.export()
    expect(text.match(/hsts/g)).toHaveLength(1)
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { hsts: { days: null } } })
    const plan = await planned(client, text)
    expect(plan.differences.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['policies.hsts.days', null, 30],
      ['policies.hsts.includeSubDomains', false, true],
    ])
    await doneOf(client.configuration.apply({ text, version: plan.version }))
    expect((await client.domains.get({ domain: 'shop.test' })).policies.hsts).toEqual(hsts)
  })

  test.each<[PolicyChanges, RegExp]>([
    [{ hsts: { days: 364, includeSubDomains: true, preload: true } }, /365 days or more.*hstspreload\.org/],
    [{ hsts: { days: 400, includeSubDomains: false, preload: true } }, /includeSubDomains/],
    [
      {
        headers: {
          rules: [cacheRule, { on: 'response', action: 'set', name: 'Content-Length', value: '1' }],
        },
      },
      /"headers".*rule 2 \(set Content-Length on the response\): it says where a message ends/,
    ],
    [{ access: { ...openAccess, allow: ['192.168.1.0/33'] } }, /"192\.168\.1\.0\/33" is neither an address/],
    [{ access: { ...openAccess, users: [{ name: 'anna' }] } }, /"anna" has no password at shop\.test yet/],
    [
      { access: { ...openAccess, users: ['a', 'a'].map((name) => ({ name, password: 'long enough' })) } },
      /"a" is listed twice/,
    ],
  ])('are refused whole where they make no sense: %j', async (policies, why) => {
    const { client } = opened
    const refused = client.domains.setPolicies({ domains: ['shop.test'], policies })
    await expect(refused).rejects.toMatchObject({
      code: 'policy.invalid',
      message: expect.stringMatching(why),
    })
    expect((await client.domains.get({ domain: 'shop.test' })).policies).toEqual(defaultPolicies)
  })

  test('survive export and import in all their sections', async () => {
    const { client } = opened
    const wanted: PolicyChanges = {
      hsts,
      redirect: { except: ['/.well-known/acme-challenge/*'] },
      headers: { rules: [cacheRule] },
      access: { ...openAccess, allow: ['10.0.0.0/8'], realm: 'The shop' },
      body: { maxBytes: 10_000_000 },
    }
    await client.domains.setPolicies({ domains: ['shop.test'], policies: wanted })
    const { policies: before } = await client.domains.get({ domain: 'shop.test' })
    const { text } = await client.configuration.export()
    await client.domains.copyPolicies({ from: 'img.shop.test', to: ['shop.test'] })
    const { version } = await planned(client, text)
    await doneOf(client.configuration.apply({ text, version }))
    expect((await client.domains.get({ domain: 'shop.test' })).policies).toEqual(before)
    expect(before).toMatchObject(wanted)
  })
})

describe('passwords of a domain', () => {
  const access = { ...openAccess, users: [{ name: 'anna', password: 'anna knows this' }] }
  const stored = (name: string) => opened.engine.context.parts.vault.domains.get(name)?.policies.access.users

  test('are kept as hashes that nobody is shown, and stay where none is given', async () => {
    const { client } = opened
    const { domains } = await client.domains.setPolicies({ domains: ['shop.test'], policies: { access } })
    expect(domains[0]?.policies.access.users).toEqual([{ name: 'anna' }])
    const [before] = stored('shop.test') ?? []
    expect(before?.passwordHash).toMatch(/^scrypt:15:8:3:/)
    const shown = { ...openAccess, users: [{ name: 'anna' }], realm: 'Other' }
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { access: shown } })
    expect(stored('shop.test')).toEqual([before])
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { access } })
    expect(stored('shop.test')).not.toEqual([before])
    const [row] = await client.audit.list({ limit: 1 })
    expect(row?.after).toMatchObject({ newPasswords: ['anna'], access: { users: [{ name: 'anna' }] } })
  })

  test('are copied with the section, within the engine', async () => {
    const { client } = opened
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { access, hsts } })
    await client.domains.copyPolicies({ from: 'shop.test', to: ['img.shop.test'], sections: ['access'] })
    expect(stored('img.shop.test')).toEqual(stored('shop.test'))
    expect((await client.domains.get({ domain: 'img.shop.test' })).policies.hsts).toEqual(
      defaultPolicies.hsts,
    )
  })

  test('are not in the configuration file: a known user keeps his, an unknown one is left out and named', async () => {
    const { client } = opened
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { access } })
    const { text } = await client.configuration.export()
    expect(text).toContain('anna')
    expect(text).not.toContain('scrypt')
    const before = stored('shop.test')
    const same = await planned(client, text)
    expect([same.differences, same.cautions]).toEqual([[], []])
    const moved = text.replace('  shop.test:', '  new.test:')
    const plan = await planned(client, moved)
    expect(plan.cautions).toEqual([
      { domain: 'new.test', message: 'No password is known here for anna; set one anew.' },
    ])
    await doneOf(client.configuration.apply({ text: moved, version: plan.version }))
    expect(stored('new.test')).toEqual([])
    expect(stored('shop.test')).toEqual(before)
  })
})
