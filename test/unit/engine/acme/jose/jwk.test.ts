import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { fromBase64url } from '../../../../../src/engine/acme/jose/base64url.ts'
import { keyOfJwk, publicJwk, thumbprint } from '../../../../../src/engine/acme/jose/jwk.ts'

/** RFC 7638, section 3.1. */
const rfcKey = {
  kty: 'RSA' as const,
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
}

describe('a public key as JWK', () => {
  test('has the thumbprint of RFC 7638, whatever else the JWK says', () => {
    expect(thumbprint(rfcKey)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
    const { jwk } = keyOfJwk({ ...rfcKey, alg: 'RS256', kid: '2011-04-29', use: 'sig' })
    expect(thumbprint(jwk)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  })

  test.each([
    ['ec', { namedCurve: 'P-256' }],
    ['ec', { namedCurve: 'P-384' }],
    ['rsa', { modulusLength: 2048 }],
    ['ed25519', {}],
  ] as const)('comes back as the key that it was: %s %o', (type, options) => {
    const { privateKey, publicKey } = generateKeyPairSync(type as 'ec', options as { namedCurve: string })
    const { key, jwk } = keyOfJwk(JSON.parse(JSON.stringify(publicJwk(privateKey))))
    expect(key.equals(publicKey)).toBe(true)
    expect(Object.keys(jwk)).not.toContain('d')
    expect(thumbprint(jwk)).toBe(thumbprint(publicJwk(publicKey)))
  })

  test('is not taken where it is no JWK, of another type, too small, or no point of its curve', () => {
    const small = publicJwk(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)
    const ec = publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)
    const slow = createPublicKey({ key: { ...rfcKey, e: rfcKey.n }, format: 'jwk' })
    const faultOf = (foreign: unknown) => {
      try {
        keyOfJwk(foreign)
        return 'taken'
      } catch (error) {
        return (error as { fault?: string }).fault
      }
    }
    expect(faultOf(null)).toBe('malformed')
    expect(faultOf('RSA')).toBe('malformed')
    expect(faultOf({ kty: 'RSA', n: rfcKey.n })).toBe('malformed')
    expect(faultOf({ ...rfcKey, n: 'A'.repeat(100_000) })).toBe('malformed')
    expect(faultOf({ kty: 'oct', k: 'AAAA' })).toBe('key')
    expect(faultOf({ kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' })).toBe('key')
    expect(faultOf({ ...ec, y: 'AAAA' })).toBe('key')
    expect(faultOf(small)).toBe('key')
    expect(faultOf(slow.export({ format: 'jwk' }))).toBe('key')
  })
})

describe('base64url', () => {
  test.each(['AA==', 'AB', 'A', 'A A', 'a+b/', 'AA\n'])('does not take %j', (text) => {
    expect(() => fromBase64url(text)).toThrow('not base64url without padding')
  })

  test('takes what is strict, and nothing at all', () => {
    expect(fromBase64url('-_8')).toEqual(Buffer.of(0xfb, 0xff))
    expect(fromBase64url('')).toEqual(Buffer.alloc(0))
  })
})
