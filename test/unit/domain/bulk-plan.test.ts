import { describe, expect, test } from 'vitest'
import { isRefused, planBulk, undoOf, type BulkFacts, type BulkStep } from '../../../src/domain/bulk-plan.ts'
import { certificateFacts, domainFacts, httpsOn } from '../renderer/features/domains/domain-facts.ts'

const now = new Date('2026-11-29T00:00:00.000Z')
const certificates = [
  certificateFacts('short', { dnsNames: ['shop.test'], notAfter: '2026-12-31T00:00:00.000Z' }),
  certificateFacts('long', { dnsNames: ['shop.test', '*.shop.test'], notAfter: '2027-11-30T00:00:00.000Z' }),
  certificateFacts('trusted', { dnsNames: ['mixed.test'], notAfter: '2027-02-01T00:00:00.000Z' }),
  certificateFacts('local', { dnsNames: ['mixed.test'], notAfter: '2027-10-01T00:00:00.000Z', kind: 'free' }),
  certificateFacts('self-signed', {
    ...{ dnsNames: ['mixed.test'], title: 'mixed.test', issuer: 'CN=mixed.test,O=Shop' },
    notAfter: '2027-11-01T00:00:00.000Z',
  }),
  certificateFacts('wildcard', { dnsNames: ['*.only.test'] }),
  certificateFacts('own root', { dnsNames: ['www.only.test'], notAfter: '2036-11-01T00:00:00.000Z' }),
  certificateFacts('long-lived', {
    dnsNames: ['mixed.test', 'only.test'],
    notAfter: '2036-11-01T00:00:00.000Z',
  }),
  certificateFacts('expired', { dnsNames: ['old.test'], notAfter: '2026-11-01T00:00:00.000Z' }),
  certificateFacts('revoked', { dnsNames: ['gone.test'], revoked: true }),
]
const named = (name: string, https = domainFacts().https) => domainFacts({ name, displayName: name, https })
const on = httpsOn(certificateFacts('own'))
const plan = (act: Parameters<typeof planBulk>[0], ...domains: ReturnType<typeof named>[]) =>
  planBulk(act, domains, { certificates, now }).map(({ text, skip, certificate }) => [
    text,
    skip,
    certificate?.id,
  ])

describe('the plan of an act on many domains', () => {
  test('turns HTTPS on with the valid certificate that lasts longest, by name or wildcard', () => {
    expect(plan('httpsOn', named('shop.test'), named('www.shop.test'))).toEqual([
      ['withCertificate', false, 'long'],
      ['withCertificate', false, 'long'],
    ])
  })

  test('prefers a certificate of an authority to a self-signed one or one too long for a public authority', () => {
    expect(plan('httpsOn', named('mixed.test'), named('only.test'), named('www.only.test'))).toEqual([
      ['withCertificate', false, 'trusted'],
      ['withCertificate', false, 'long-lived'],
      ['withCertificate', false, 'wildcard'],
    ])
  })

  test('issues a free one where no certificate is good, and resumes a paused domain with its own', () => {
    const paused = named('paused.test', { ...on, state: 'paused' })
    expect(plan('httpsOn', named('old.test'), named('gone.test'), named('a.b.shop.test'), paused)).toEqual([
      ['free', false, undefined],
      ['free', false, undefined],
      ['free', false, undefined],
      ['resume', false, undefined],
    ])
  })

  test('issues no free one for a name that the local authority may not vouch for', () => {
    const facts = { certificates, now, suffixes: ['shop.test'] }
    const texts = planBulk('httpsOn', [named('a.b.shop.test'), named('old.test')], facts).map(
      ({ text, skip }) => [text, skip],
    )
    expect(texts).toEqual([
      ['free', false],
      ['notPermitted', true],
    ])
  })

  test('swaps to the certificate that is named, where it covers the domain', () => {
    const chosen = certificateFacts('chosen', { dnsNames: ['*.shop.test'] })
    const served = httpsOn(chosen)
    const domains = [named('a.shop.test', on), named('b.shop.test', served), named('old.test')]
    const steps = planBulk('httpsOn', domains, { certificates, now, chosen })
    expect(steps.map(({ text, skip }) => [text, skip])).toEqual([
      ['withCertificate', false],
      ['alreadyServed', true],
      ['notCovered', true],
    ])
    const free = planBulk('httpsOn', [named('shop.test')], { certificates, now, chosen: 'free' })
    expect(free).toMatchObject([{ text: 'free' }])
  })

  test('leaves out what it would not change', () => {
    expect(plan('httpsOn', named('shop.test', on))).toEqual([['alreadyOn', true, undefined]])
    expect(plan('pause', named('shop.test', on), named('off.test'))).toEqual([
      ['pause', false, undefined],
      ['notOn', true, undefined],
    ])
    expect(plan('httpsOff', named('shop.test', on), named('off.test'))).toEqual([
      ['off', false, undefined],
      ['alreadyOff', true, undefined],
    ])
    expect(plan('verify', named('off.test'))).toEqual([['verify', false, undefined]])
  })
})

describe('the plan of a redirect, a renewal or tags on many domains', () => {
  const texts = (
    act: 'redirect' | 'renew' | 'tag',
    domains: ReturnType<typeof named>[],
    facts: Partial<BulkFacts>,
  ) =>
    planBulk(act, domains, { certificates, now, ...facts }).map((step) => [
      step.text,
      step.skip,
      isRefused(step),
    ])

  test('redirects where HTTPS can answer, with the code of each domain unless one is chosen', () => {
    const redirected = { ...named('b.test', on), redirect: { mode: 'https', code: 302 } } as const
    const domains = [named('a.test', on), redirected, named('off.test')]
    expect(texts('redirect', domains, { redirect: { mode: 'https' } })).toEqual([
      ['redirect', false, false],
      ['redirectsAlready', true, false],
      ['nothingToRedirectTo', true, true],
    ])
    const [first, second] = planBulk('redirect', domains, {
      ...{ certificates, now },
      redirect: { mode: 'https', code: 307 },
    })
    expect([first?.redirect?.code, second?.redirect?.code]).toEqual([307, 307])
    expect(texts('redirect', [redirected], { redirect: { mode: 'https', except: ['/a'] } })).toEqual([
      ['redirect', false, false],
    ])
  })

  test('renews certificates that an authority issues here, and no others', () => {
    const renewal = { by: 'local', account: null, at: '2027-01-01T00:00:00.000Z', attempts: 0 } as const
    const local = certificateFacts('local', {
      renewal: { ...renewal, failure: null, held: null, waitsForVault: false },
    })
    expect(
      texts('renew', [named('a.test', httpsOn(local)), named('b.test', on), named('off.test')], {}),
    ).toEqual([
      ['renew', false, false],
      ['notRenewable', true, true],
      ['notOn', true, false],
    ])
  })

  test('changes tags where they differ, up to the limit', () => {
    const full = { ...named('full.test'), tags: Array.from({ length: 20 }, (_, at) => `t${at}`) }
    const tagged = { ...named('b.test'), tags: ['eu'] }
    expect(texts('tag', [named('a.test'), tagged, full], { tags: { add: ['eu'], remove: [] } })).toEqual([
      ['tag', false, false],
      ['taggedAlready', true, false],
      ['tooManyTags', true, true],
    ])
  })
})

describe('the undo of an act on many domains', () => {
  const undone = (
    act: Parameters<typeof planBulk>[0],
    domain: ReturnType<typeof named>,
    facts: Partial<BulkFacts> = {},
  ) => undoOf(planBulk(act, [domain], { certificates, now, ...facts })[0] as BulkStep)

  test('resumes what was paused, and turns off what was off', () => {
    expect(undone('pause', named('a.test', on))).toMatchObject({ text: 'resume' })
    expect(undone('httpsOn', named('a.test', { ...on, state: 'paused' }))).toMatchObject({ text: 'pause' })
    expect(undone('httpsOn', named('shop.test'))).toMatchObject({ text: 'off' })
  })

  test('restores the redirect and the tags of each domain', () => {
    const redirect = undone('redirect', named('a.test', on), { redirect: { mode: 'https', code: 302 } })
    expect(redirect).toMatchObject({
      ...{ text: 'redirect', redirect: { mode: 'none', code: 301 } },
      domain: { redirect: { mode: 'https', code: 302 } },
    })
    const tagged = { ...named('a.test'), tags: ['eu', 'old'] }
    const tags = undone('tag', tagged, { tags: { add: ['eu', 'new'], remove: ['old'] } })
    expect(tags).toMatchObject({ tags: ['eu', 'old'], tagChanges: { add: ['old'], remove: ['new'] } })
  })

  test('is not offered where keys are erased, or a swap has a rollback', () => {
    expect(undone('httpsOff', named('a.test', on))).toBeNull()
    expect(undone('remove', named('a.test'))).toBeNull()
    const chosen = certificateFacts('chosen', { dnsNames: ['a.test'] })
    expect(undone('httpsOn', named('a.test', on), { chosen })).toBeNull()
  })
})
