import { expect, test } from 'vitest'
import { followedCertificates } from '../../../src/domain/followed-certificates.ts'

const certificate = (dnsNames: string[], notAfter: string, { kept = true, used = false } = {}) => ({
  dnsNames,
  ipNames: [] as string[],
  notAfter,
  kept,
  used,
})

const late = '2032-01-01T00:00:00.000Z'
const early = '2031-01-01T00:00:00.000Z'
const followed = (...certificates: ReturnType<typeof certificate>[]) =>
  followedCertificates(certificates, ({ used }) => used)

test('a kept certificate without a successor is followed', () => {
  const kept = certificate(['shop.test'], early)
  expect(followed(kept, certificate(['other.test'], late))).toContain(kept)
})

test.each([
  ['its names', ['shop.test', 'www.shop.test']],
  ['a wildcard for its names', ['shop.test', '*.shop.test']],
])('a kept certificate with a later one for %s is not', (_, names) => {
  const old = certificate(['Shop.test', 'www.shop.test'], early)
  const successor = certificate(names, late, { kept: false, used: true })
  expect(followed(old, successor)).toEqual([successor])
})

test('one name without a successor is enough', () => {
  const old = certificate(['shop.test', 'mail.test'], early)
  expect(followed(old, certificate(['shop.test'], late))).toContain(old)
})

test('a certificate in use is followed, whatever there is beside it', () => {
  const used = certificate(['shop.test'], early, { used: true, kept: false })
  expect(followed(used, certificate(['shop.test'], late))).toContain(used)
})

test('one that is neither used nor kept, for going back to it, is not followed', () => {
  expect(followed(certificate(['shop.test'], late, { kept: false }))).toEqual([])
})
