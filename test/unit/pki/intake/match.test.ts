import { describe, expect, test } from 'vitest'
import { matchFiles } from '../../../../src/pki/intake/match.ts'
import { sample, samplePassphrase, sampleText, textFile } from '../../../support/pki/samples.ts'

const match = (certificate: string, key: string, passphrase?: string) =>
  matchFiles([sample(certificate)], [sample(key)], passphrase)

describe('a key and a certificate', () => {
  test.each(['rsa', 'rsa-pss', 'p256', 'p384', 'p521', 'k256', 'ed25519', 'ed448', 'dsa', 'rsa1024'])(
    'match with type %s',
    (type) => expect(match(`${type}.crt.pem`, `${type}.key.pem`).matches).toBe(true),
  )

  test('match when the EC point is compressed in one and not in the other', () => {
    expect(match('p256.crt.pem', 'p256.compressed.pem').matches).toBe(true)
  })

  test('do not match when the keys differ, and both are named', () => {
    const result = match('rsa.crt.pem', 'p256.key.pem')
    expect(result.matches).toBe(false)
    expect(result.keySpkiSha256).not.toBe(result.certificateSpkiSha256)
  })

  test('match when the key belongs to a later certificate of the file', () => {
    const file = textFile('chain.pem', sampleText('p384.crt.pem') + sampleText('rsa.crt.pem'))
    expect(matchFiles([file], [sample('rsa.key.pem')]).matches).toBe(true)
  })

  test('match in either order', () => {
    expect(match('rsa.key.pem', 'rsa.crt.pem').matches).toBe(true)
    expect(match('p256.key.pem', 'rsa.crt.pem').matches).toBe(false)
  })

  test('match when either input is several files, such as the entries of an archive', () => {
    const entries = [sample('p256.crt.pem'), sample('rsa.key.pem'), sample('rsa.crt.pem')]
    expect(matchFiles(entries, entries).matches).toBe(true)
    expect(matchFiles([sample('rsa.key.pem')], entries).matches).toBe(true)
  })

  test('match with the passphrase of the key', () => {
    expect(match('p256.crt.pem', 'p256.encrypted.pem', samplePassphrase).matches).toBe(true)
  })
})

describe('no answer is given', () => {
  test.each([
    ['key.encrypted', 'p256.crt.pem', 'p256.encrypted.pem', undefined],
    ['key.wrong_passphrase', 'p256.crt.pem', 'p256.encrypted.pem', 'wrong'],
    ['certificate.missing', 'p256.key.pem', 'p256.key.pem', undefined],
    ['input.locked', 'p256.encrypted.pem', 'p256.key.pem', undefined],
    ['key.malformed', 'p256.crt.pem', 'p256.crt.pem', undefined],
  ])('but %s for %s and %s', (code, certificate, key, passphrase) => {
    expect(() => match(certificate, key, passphrase)).toThrow(expect.objectContaining({ code }))
  })
})
