import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  macJws,
  readJws,
  signJws,
  verifyJws,
  verifyMac,
  type FlattenedJws,
} from '../../../../../src/engine/acme/jose/jws.ts'

const pairs = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EdDSA: generateKeyPairSync('ed25519'),
}

function faultOf(act: () => unknown): string {
  try {
    act()
    return 'taken'
  } catch (error) {
    return (error as { fault?: string }).fault ?? String(error)
  }
}

describe('a flattened JWS', () => {
  test.each(Object.entries(pairs))(
    'is signed and verified with %s',
    (algorithm, { privateKey, publicKey }) => {
      const jws = readJws(signJws({ nonce: 'n', url: 'https://acme.test/order' }, { a: 1 }, privateKey))
      expect(jws.header).toEqual({ alg: algorithm, nonce: 'n', url: 'https://acme.test/order' })
      expect(JSON.parse(jws.payload.toString())).toEqual({ a: 1 })
      verifyJws(jws, publicKey)
      jws.signed[0] = (jws.signed[0] as number) ^ 1
      expect(faultOf(() => verifyJws(jws, publicKey))).toBe('signature')
    },
  )

  test('has an empty payload for POST-as-GET', () => {
    const jws = signJws({ url: 'https://acme.test' }, null, pairs.ES256.privateKey)
    expect(jws.payload).toBe('')
    expect(readJws(jws).payload).toHaveLength(0)
  })

  test('verifies the example of RFC 7515, appendix A.3', () => {
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    }
    const jws = readJws({
      protected: 'eyJhbGciOiJFUzI1NiJ9',
      payload:
        'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
      signature: 'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
    })
    expect(faultOf(() => verifyJws(jws, createPublicKey({ key: jwk, format: 'jwk' })))).toBe('taken')
  })

  test('is not verified by an algorithm that is not the key’s, nor by none, nor by a MAC with the public key', () => {
    const { privateKey, publicKey } = pairs.RS256
    const forged = (alg: unknown, signature = 'AAAA') => ({
      ...signJws({}, {}, privateKey),
      protected: Buffer.from(JSON.stringify({ alg })).toString('base64url'),
      signature,
    })
    const verify = (jws: FlattenedJws, key: KeyObject) => faultOf(() => verifyJws(readJws(jws), key))
    expect(verify(forged('none', ''), publicKey)).toBe('algorithm')
    expect(verify(forged('ES256'), publicKey)).toBe('algorithm')
    expect(verify(forged('HS256'), publicKey)).toBe('algorithm')
    expect(verify(forged(undefined), publicKey)).toBe('algorithm')
    expect(verify(forged('__proto__'), publicKey)).toBe('algorithm')
    expect(verify(forged('ES256'), pairs.ES384.publicKey)).toBe('algorithm')
    expect(verify(forged('RS256'), publicKey)).toBe('signature')
  })

  test('is refused where it is anything else', () => {
    const good = signJws({ nonce: 'n' }, {}, pairs.ES256.privateKey)
    const headed = (text: string) => ({ ...good, protected: Buffer.from(text).toString('base64url') })
    for (const foreign of [
      null,
      [],
      'a.b.c',
      { ...good, header: {} },
      { ...good, signatures: [] },
      { protected: good.protected, payload: good.payload },
      { ...good, payload: 'a=' },
      { ...good, signature: 7 },
      headed('[]'),
      headed('null'),
      headed('{'),
      headed('{"alg":"ES256","crit":["b64"],"b64":false}'),
      headed('{"alg":"ES256","b64":false}'),
    ])
      expect(faultOf(() => readJws(foreign))).toBe('malformed')
  })
})

describe('a JWS by a shared key', () => {
  const macKey = randomBytes(32)

  test('is made with HS256, and verified', () => {
    const jws = readJws(macJws({ kid: 'one', url: 'https://acme.test/account' }, { kty: 'EC' }, macKey))
    expect(jws.header).toEqual({ alg: 'HS256', kid: 'one', url: 'https://acme.test/account' })
    expect(jws.signature).toEqual(createHmac('sha256', macKey).update(jws.signed).digest())
    verifyMac(jws, macKey)
    expect(faultOf(() => verifyMac(jws, randomBytes(32)))).toBe('signature')
    expect(faultOf(() => verifyMac({ ...jws, signature: Buffer.alloc(0) }, macKey))).toBe('signature')
  })

  test('is not verified by an algorithm of another kind', () => {
    const jws = readJws(signJws({}, {}, pairs.ES256.privateKey))
    expect(faultOf(() => verifyMac(jws, macKey))).toBe('algorithm')
  })
})
