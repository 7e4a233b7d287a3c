import {
  checkPrimeSync,
  createPublicKey,
  generateKeyPairSync,
  generatePrimeSync,
  type KeyObject,
} from 'node:crypto'
import { expect, test } from 'vitest'
import { rsaFault } from '../../../../src/pki/lint/rsa-faults.ts'

const base64url = (value: bigint) =>
  Buffer.from(value.toString(16).padStart(Math.ceil(value.toString(16).length / 2) * 2, '0'), 'hex').toString(
    'base64url',
  )

function keyOf(modulus: bigint, exponent = 65_537n): KeyObject {
  return createPublicKey({
    key: { kty: 'RSA', n: base64url(modulus), e: base64url(exponent) },
    format: 'jwk',
  })
}

const prime = (bits: number): bigint => generatePrimeSync(bits, { bigint: true })

function nextPrime(number: bigint): bigint {
  let next = number + 2n
  while (!checkPrimeSync(next)) next += 2n
  return next
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square, rest] = [1n, base % modulus, exponent]
  for (; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

test('an ordinary key has none', () => {
  for (let round = 0; round < 5; round += 1)
    expect(rsaFault(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)).toBeUndefined()
  expect(rsaFault(undefined)).toBeUndefined()
  expect(rsaFault(generateKeyPairSync('ed25519').publicKey)).toBeUndefined()
})

test('a small prime factor is found', () => {
  expect(rsaFault(keyOf(prime(2040) * 743n))).toMatch(/small prime/)
})

test('primes that lie close together are found', () => {
  const p = prime(1024)
  expect(rsaFault(keyOf(p * nextPrime(p)))).toMatch(/close together/)
})

test('the fingerprint of the ROCA weakness is found', () => {
  const primes = [
    2n,
    3n,
    5n,
    7n,
    11n,
    13n,
    17n,
    19n,
    23n,
    29n,
    31n,
    37n,
    41n,
    43n,
    47n,
    53n,
    59n,
    61n,
    67n,
    71n,
  ]
  const more = [
    73n,
    79n,
    83n,
    89n,
    97n,
    101n,
    103n,
    107n,
    109n,
    113n,
    127n,
    131n,
    137n,
    139n,
    149n,
    151n,
    157n,
    163n,
    167n,
  ]
  const primorial = [...primes, ...more].reduce((product, each) => product * each, 1n)
  const weak = (k: bigint, a: bigint) => k * primorial + power(65_537n, a, primorial)
  // Primality does not matter to the fingerprint.
  expect(rsaFault(keyOf(weak(2n ** 800n + 7n, 1234n) * weak(2n ** 790n + 11n, 98_765n)))).toMatch(/ROCA/)
})

test('an exponent that does not work is found', () => {
  expect(rsaFault(keyOf(prime(1024) * prime(1024), 4n))).toMatch(/exponent/)
})
