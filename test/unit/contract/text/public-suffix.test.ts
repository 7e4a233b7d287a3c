import { expect, test } from 'vitest'
import { registrableDomain, suffixKind } from '../../../../src/contract/text/public-suffix.ts'

test.each([
  ['co.uk', 'registry'],
  ['CO.UK', 'registry'],
  ['com', 'registry'],
  ['github.io', 'operator'],
  ['shop.co.uk', null],
  ['shop.github.io', null],
  ['test', null],
  ['', null],
  ['__proto__', null],
])('the names below %s are given out by the %s', (domain, kind) => {
  expect(suffixKind(domain)).toBe(kind)
})

test.each([
  ['a.shop.co.uk', 'shop.co.uk'],
  ['shop.github.io', 'shop.github.io'],
  ['a.shop.test', 'shop.test'],
  ['co.uk', null],
])('%s belongs to what was registered as %s', (domain, registered) => {
  expect(registrableDomain(domain)).toBe(registered)
})
