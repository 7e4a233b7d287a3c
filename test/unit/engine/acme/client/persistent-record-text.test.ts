import { describe, expect, test } from 'vitest'
import {
  hashedAccountUri,
  isRecordFor,
  persistentRecord,
  readRecord,
} from '../../../../../src/engine/acme/client/persistent-record-text.ts'

const prefix = 'https://ca.example/account-hash/'
const account = {
  thumbprint: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  accountUrl: 'https://ca.example/acct/123',
}
const uri = `${prefix}sha-256/5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw`
const now = new Date('2026-11-26T12:00:00Z')

/** The examples of draft-ietf-acme-dns-persist-02, section 10. */
describe('the record of dns-persist-01', () => {
  test('hashes account and domain as the draft does', () => {
    expect(hashedAccountUri(prefix, { domain: 'example.com', ...account })).toBe(uri)
    expect(hashedAccountUri(prefix, { domain: '*', ...account })).toBe(
      `${prefix}sha-256/NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug`,
    )
  })

  test.each([
    [false, `authority.example; accounturi=${uri}`],
    [true, `authority.example; accounturi=${uri}; policy=wildcard`],
  ])('is written as the draft does (wildcard: %s)', (wildcard, value) => {
    const wanted = { domain: 'example.com', wildcard, issuer: 'authority.example', accountUri: uri }
    expect(persistentRecord(wanted)).toEqual({ name: '_validation-persist.example.com', value })
  })

  const good = `authority.example; accounturi=${uri}`
  test.each([
    [good, false, true],
    [`AUTHORITY.example.;accounturi=${uri};something=else`, false, true],
    [good, true, false],
    [`${good}; policy=WILDCARD`, true, true],
    [`${good}; policy=none`, true, false],
    [`${good}; persistUntil=${now.getTime() / 1000 + 1}`, false, true],
    [`${good}; persistUntil=${now.getTime() / 1000 - 1}`, false, false],
    [`${good}; persistUntil=soon`, false, false],
    [`${good}; persistUntil=-1`, false, false],
    [`other.example; accounturi=${uri}`, false, false],
    [`authority.example; accounturi=${uri.toUpperCase()}`, false, false],
    [`authority.example; accounturi=https://ca.example/acct/123`, false, false],
    [`authority.example; accounturi=wrong; accounturi=${uri}`, false, false],
    ['authority.example', false, false],
    ['', false, false],
    [';', false, false],
    [`a b; accounturi=${uri}`, false, false],
    [`${good}; ${'x'.repeat(5000)}`, false, false],
  ])('"%s" counts for a wildcard (%s): %s', (text, wildcard, counts) => {
    const read = readRecord(text)
    const asked = { issuers: ['authority.example'], accountUris: [uri], wildcard, now }
    expect(read !== undefined && isRecordFor(read, asked)).toBe(counts)
  })
})
