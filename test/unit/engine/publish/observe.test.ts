import { expect, test } from 'vitest'
import { isAsBefore, type Observed } from '../../../../src/engine/publish/observe.ts'

const answer = { status: 200, location: null, hsts: 'max-age=86400' }
const before: Observed = { chain: ['ab'], https: answer, http: answer, acceptsTls12: false }

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
