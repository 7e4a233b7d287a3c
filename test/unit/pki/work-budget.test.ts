import { describe, expect, test } from 'vitest'
import { costOf, type Derivation } from '../../../src/engine/pki/formats/key-derivation.ts'
import { limits } from '../../../src/engine/pki/limits.ts'
import { createAllowance, TooCostly } from '../../../src/engine/pki/work-budget.ts'

const bytes = Buffer.alloc(8)
const pbkdf2 = (rounds: number, digest = 'sha256'): Derivation => ({
  ...{ kind: 'pbkdf2', digest, password: bytes, salt: bytes, rounds, length: 32 },
})
const pkcs12 = (rounds: number, length: number): Derivation => ({
  ...{ kind: 'pkcs12', digest: 'sha1', password: bytes, salt: bytes, rounds, length, purpose: 1 },
})

/** How many derivations of a million rounds are let through before it is too much. */
function letThrough(mostRounds: number, most: number, each: Derivation): number {
  const spend = createAllowance(mostRounds, most)
  for (let count = 0; ; count++) {
    try {
      spend(each)
    } catch (error) {
      expect(error).toBeInstanceOf(TooCostly)
      return count
    }
  }
}

describe('what deriving keys may cost', () => {
  test('on this thread is two and a half million rounds in all, and a million at a time', () => {
    expect(letThrough(limits.derivationRounds, limits.derivationWork, pbkdf2(1_000_000))).toBe(2)
    expect(letThrough(limits.derivationRounds, limits.derivationWork, pbkdf2(500_000))).toBe(5)
    expect(letThrough(limits.derivationRounds, limits.derivationWork, pbkdf2(1_000_001))).toBe(0)
  })

  test('for a file that somebody opens is 150 million, and ten million at a time', () => {
    expect(letThrough(limits.openingRounds, limits.openingWork, pbkdf2(10_000_000))).toBe(15)
    expect(letThrough(limits.openingRounds, limits.openingWork, pbkdf2(10_000_001))).toBe(0)
  })

  test.each([0, -1, 1.5, NaN, Infinity, 2 ** 53])('is not %d rounds', (rounds) => {
    expect(letThrough(limits.openingRounds, limits.openingWork, pbkdf2(rounds))).toBe(0)
  })

  test('is counted by the hash, the blocks and the way it is done', () => {
    expect(costOf(pbkdf2(1000)).work).toBe(1000)
    expect(costOf(pbkdf2(1000, 'sha512')).work).toBe(3000)
    expect(costOf(pkcs12(1000, 20)).work).toBe(8000)
    expect(costOf(pkcs12(1000, 24)).work).toBe(16_000)
    const scrypt: Derivation = {
      kind: 'scrypt',
      password: bytes,
      salt: bytes,
      cost: 16_384,
      block: 8,
      parallel: 2,
      length: 32,
    }
    expect(costOf(scrypt).work).toBe(262_144)
  })
})
