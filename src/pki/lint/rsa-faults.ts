import type { KeyObject } from 'node:crypto'

/** The baseline requirements ask that no prime factor is smaller than these (section 6.1.6). */
const smallPrimes = primesBelow(752)
const productOfSmallPrimes = smallPrimes.reduce((product, prime) => product * BigInt(prime), 1n)

/** What is broken about an RSA key beyond its size, a sentence. */
export function rsaFault(key: KeyObject | undefined): string | undefined {
  if (key?.asymmetricKeyType !== 'rsa') return undefined
  const { n = '', e = '' } = key.export({ format: 'jwk' })
  const modulus = bigIntOf(n)
  const exponent = bigIntOf(e)
  if (exponent < 3n || exponent % 2n === 0n) return 'Its RSA key has an exponent that does not work.'
  if (greatestCommonDivisor(modulus, productOfSmallPrimes) > 1n)
    return 'Its RSA key is divided by a small prime: its private key can be computed.'
  if (isFromWeakChip(modulus))
    return 'Its RSA key was made by a chip with the ROCA weakness (CVE-2017-15361): its private key can be computed.'
  if (hasClosePrimes(modulus))
    return 'The two primes of its RSA key lie close together: its private key can be computed.'
  return undefined
}

function bigIntOf(base64url: string): bigint {
  return BigInt(`0x${Buffer.from(base64url, 'base64url').toString('hex') || '0'}`)
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b % a]
  while (y > 0n) [x, y] = [y, x % y]
  return x
}

/**
 * Infineon's library made primes of the form k·M + 65537^a mod M, so that the modulus lies in the group that
 * 65537 generates, modulo each small prime (Nemec and others, The Return of Coppersmith's Attack, 2017). For
 * a random modulus that is true of all of them with a probability below 2^-27.
 */
const fingerprintPrimes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157,
]
const generated = fingerprintPrimes.map((prime) => ({ prime: BigInt(prime), powers: powersOf65537(prime) }))

function powersOf65537(prime: number): Set<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * 65_537) % prime) powers.add(power)
  return powers
}

function isFromWeakChip(modulus: bigint): boolean {
  return generated.every(({ prime, powers }) => powers.has(Number(modulus % prime)))
}

const fermatRounds = 100

/** Fermat's factorisation, as many rounds as the baseline requirements ask for (section 6.1.1.3). */
function hasClosePrimes(modulus: bigint): boolean {
  let a = squareRoot(modulus)
  if (a * a < modulus) a += 1n
  for (let round = 0; round < fermatRounds; round += 1) {
    const rest = a * a - modulus
    // Squares end in 0, 1, 4 or 9 in hexadecimal; most candidates end here.
    if (maybeSquare(rest) && squareRoot(rest) ** 2n === rest) return true
    a += 1n
  }
  return false
}

const squareEndings = new Set([0n, 1n, 4n, 9n])
const maybeSquare = (value: bigint): boolean => squareEndings.has(value & 15n)

/** Newton's method, from above. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2))
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

function primesBelow(limit: number): number[] {
  const primes: number[] = []
  for (let candidate = 2; candidate < limit; candidate += 1)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  return primes
}
