import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { withoutKeys } from '../../../../src/platform/log/without-keys.ts'
import { foundInText, needlesOf } from '../../../support/pki/needles.ts'

const keys: Record<string, KeyObject> = {
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  Ed25519: generateKeyPairSync('ed25519').privateKey,
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Formats in which Node, OpenSSL and JSON write a key; `scalar` is one of its secret numbers. */
const forms: Record<string, (key: KeyObject) => string> = {
  PEM: pemOf,
  'the body of a PEM without its first line': (key) => pemOf(key).split('\n').slice(1, -2).join('\n'),
  'DER in base64': (key) => derOf(key).toString('base64'),
  'DER in base64url': (key) => derOf(key).toString('base64url'),
  'DER in hexadecimal': (key) => derOf(key).toString('hex'),
  'a printed Buffer': (key) => inspect(derOf(key), { maxArrayLength: null }),
  'a printed array of bytes': (key) => inspect(new Uint8Array(scalarOf(key)), { maxArrayLength: null }),
  'a Buffer in JSON': (key) => JSON.stringify(derOf(key)),
  'a JWK': (key) => JSON.stringify(jwkOf(key)),
  'a printed JWK': (key) => inspect(jwkOf(key)),
  'a JWK in JSON in JSON': (key) => JSON.stringify({ text: JSON.stringify(jwkOf(key)) }),
  'a scalar in hexadecimal': (key) => scalarOf(key).toString('hex'),
  'a scalar in capitals': (key) => scalarOf(key).toString('hex').toUpperCase(),
  'a scalar in base64': (key) => scalarOf(key).toString('base64'),
  'a scalar in base64url': (key) => scalarOf(key).toString('base64url'),
  'a decimal scalar': (key) => BigInt(`0x${scalarOf(key).toString('hex')}`).toString(),
  'bytes with colons, as OpenSSL prints them': (key) => colonsOf(scalarOf(key)),
}

describe.each(Object.keys(keys))('a key of %s', (name) => {
  const key = keys[name] as KeyObject
  test.each(Object.keys(forms))(
    'does not stay as %s, alone or in a sentence, and what is beside it does',
    (form) => {
      const told = forms[form]?.(key) ?? ''
      for (const text of [
        told,
        `Error: cannot use ${told}\n    at sign (app.js:1:2)`,
        JSON.stringify({ told }),
      ]) {
        expect(foundInText(withoutKeys(text), needlesOf(pemOf(key)))).toEqual([])
        expect(withoutKeys(text)).not.toContain(scalarOf(key).toString('hex', 0, 12))
      }
      const sentence = withoutKeys(`Error: cannot use ${told}\n    at sign (app.js:1:2)`)
      expect(sentence).toContain('Error: cannot use ')
      expect(sentence).toContain('    at sign (app.js:1:2)')
    },
  )
})

test.each([
  'Error: listen EADDRINUSE: address already in use 127.0.0.1:8443',
  '    at Server.listen (node:net:2102:7)',
  '    at file:///home/somebody/projects/some-where-else/edgekeep/node_modules/better-sqlite3/lib/methods/wrappers.js:5:21',
  '    at open (C:\\Users\\Somebody\\AppData\\Local\\edgekeep\\out\\engine\\main.js:10:3)',
  '{"level":50,"time":"2026-01-02T03:04:05.678Z","err":{"type":"Error","message":"read ECONNRESET"}}',
  '{"certificate":"3f0d8a52-7f55-4a51-9f0b-8b6a6f1f4c11","ports":[8443,8080],"mac":"aa:bb:cc:dd:ee:ff"}',
  '{"pem":"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----"}',
  'Edge listening at 127.0.0.1 and fe80::1ff:fe23:4567:890a',
])('%s stays as it is', (line) => {
  expect(withoutKeys(line)).toBe(line)
})

function derOf(key: KeyObject): Buffer {
  return key.export({ type: 'pkcs8', format: 'der' })
}

function jwkOf(key: KeyObject): Record<string, string> {
  return key.export({ format: 'jwk' }) as Record<string, string>
}

function scalarOf(key: KeyObject): Buffer {
  return Buffer.from(jwkOf(key)['d'] ?? '', 'base64url')
}

function colonsOf(bytes: Buffer): string {
  const pairs = bytes.toString('hex').match(/../g) ?? []
  const lines = pairs.flatMap((_, at) => (at % 15 === 0 ? [pairs.slice(at, at + 15).join(':')] : []))
  return lines.map((line) => `    ${line}`).join(':\n')
}
