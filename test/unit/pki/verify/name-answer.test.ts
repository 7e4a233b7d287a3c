import { expect, test } from 'vitest'
import { ask } from '../../../support/pki/ask.ts'
import { makeChain } from '../../../support/pki/certificate-maker.ts'

function answer(names: string[], question: { host?: string; emails?: string[] }) {
  const { root, intermediate, leaf } = makeChain({ leaf: { names } })
  return ask({ leaf, intermediates: [intermediate], anchors: [root], purpose: 'any', ...question }).answers
    .name
}

test('a host is covered by a name of its own kind', () => {
  expect(answer(['192.0.2.1', 'shop.test'], { host: '192.0.2.1' })).toMatchObject({ ok: true })
  expect(answer(['192.0.2.1', 'shop.test'], { host: '192.0.2.2' })).toMatchObject({ ok: false })
  expect(answer(['192.0.2.1', 'shop.test'], { host: 'shop.test' })).toMatchObject({ ok: true })
  expect(answer(['https://shop.test', 'me@shop.test'], { host: 'shop.test' })).toMatchObject({ ok: false })
})

test('an e-mail address is covered by itself alone, its host without case', () => {
  expect(answer(['Me@shop.test'], { emails: ['Me@SHOP.test'] })).toMatchObject({ ok: true })
  expect(answer(['Me@shop.test'], { emails: ['me@shop.test'] })).toMatchObject({
    reason: 'It does not cover me@shop.test; it names Me@shop.test.',
  })
  expect(answer(['shop.test', 'https://me@shop.test'], { emails: ['me@shop.test'] })).toMatchObject({
    reason: 'It does not cover me@shop.test; it names no e-mail address.',
  })
})

test('the first negative answer to several questions counts', () => {
  const names = ['shop.test', 'me@shop.test']
  expect(answer(names, { host: 'shop.test', emails: ['me@shop.test', 'you@shop.test'] })).toMatchObject({
    reason: 'It does not cover you@shop.test; it names me@shop.test.',
  })
  expect(answer(names, {})).toBeNull()
})
