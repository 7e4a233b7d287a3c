import { expect, test } from 'vitest'
import { cautionOf, faultsOf, isAsBefore, type Observed } from '../../../../src/engine/publish/observe.ts'
import type { ServerSetup } from '../../../../src/engine/publish/site/server-setup.ts'
import type { Site } from '../../../../src/engine/publish/site/site.ts'

const answer = { status: 200, location: null, hsts: 'max-age=86400' }
const seen = { acceptsTls12: false, answersHttp01: true }
const before: Observed = { chain: ['ab'], https: answer, http: answer, ...seen }

test.each<[string, boolean, Partial<Observed>]>([
  ['the same answers', true, {}],
  ['another status of the origin', true, { https: { ...answer, status: 500 } }],
  ['another page that the origin redirects to', true, { https: { ...answer, location: '/login' } }],
  ['another certificate', false, { chain: ['cd'] }],
  ['another HSTS', false, { https: { ...answer, hsts: 'max-age=172800' } }],
  ['a redirect to HTTPS', false, { http: { ...answer, location: 'https://shop.test/' } }],
  ['no answer', false, { http: null }],
])('%s as before a publication: %s', (_, isSame, change) => {
  expect(isAsBefore(before, { ...before, ...change })).toBe(isSame)
})

test('a site without a certificate is served as meant once challenges for it are answered', () => {
  const site = { name: 'shop.test', isPlain: true } as Site
  const setup = { httpPort: 80 } as ServerSetup
  const seen = (answersHttp01: boolean) =>
    faultsOf({ ...before, chain: [], https: null, answersHttp01 }, { site, chainPem: '', setup })
  expect([seen(false), seen(true)]).toEqual([['shop.test: HTTP-01 is not answered on port 80.'], []])
})

test.each<[string, string | null, Partial<Observed>, Site['redirect']['mode']]>([
  ['an answer of the origin', null, {}, 'none'],
  ['an error of the origin itself', null, { https: { ...answer, status: 500 } }, 'none'],
  [
    'no answer of the origin',
    'shop.test answers 502: its origin may not be reachable there.',
    { https: { ...answer, status: 502 } },
    'https',
  ],
  [
    'a redirect to HTTP, and no answer behind it',
    'shop.test answers 504: its origin may not be reachable there.',
    { http: { ...answer, status: 504 } },
    'http',
  ],
])('%s at a server gives the caution %s', (_, caution, change, mode) => {
  const site = { name: 'shop.test', redirect: { mode, code: 301 } } as Site
  expect(cautionOf({ ...before, ...change }, site)).toBe(caution)
})
