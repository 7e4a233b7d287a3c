import { expect, test } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import { nearest } from '../../../../src/contract/text/nearest.ts'

test.each([
  ['lnit', 'lint'],
  ['SHOP.tst', 'shop.test'],
  ['xyz.test', undefined],
  ['ab', undefined],
  ['', undefined],
])('the name next to %j is %j', (word, name) => {
  expect(nearest(word, ['audit', 'lint', 'shop.test', 'abc.test'])).toBe(name)
})

test('a client that is not here is answered with the one that was meant', () => {
  const error = new EdgekeepError('trust.no_client', {
    wanted: ['firefxo'],
    names: ['curl 8', 'Firefox, profile a'],
  })
  expect(error.message).toContain('No client here is called "firefxo". Did you mean "Firefox"?')
})
