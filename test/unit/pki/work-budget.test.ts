import { describe, expect, test, vi } from 'vitest'
import { costInScript, costOf, type Derivation } from '../../../src/pki/formats/key-derivation.ts'
import { limits } from '../../../src/pki/limits.ts'
import { createAllowance, createWorkBudget, TooCostly } from '../../../src/pki/work-budget.ts'

const bytes = Buffer.alloc(8)
const pbkdf2 = (rounds: number, digest = 'sha256'): Derivation => ({
  ...{ kind: 'pbkdf2', digest, password: bytes, salt: bytes, rounds, length: 32 },
})
const pkcs12 = (rounds: number, length: number): Derivation => ({
  ...{ kind: 'pkcs12', digest: 'sha1', password: bytes, salt: bytes, rounds, length, purpose: 1 },
})

/** Counts the derivations of a million rounds within the allowance. */
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

describe('the budget for deriving keys', () => {
  test('is two and a half million rounds on this thread, and a million at a time', () => {
    expect(letThrough(limits.derivationRounds, limits.derivationWork, pbkdf2(1_000_000))).toBe(2)
    expect(letThrough(limits.derivationRounds, limits.derivationWork, pbkdf2(500_000))).toBe(5)
    expect(letThrough(limits.derivationRounds, limits.derivationWork, pbkdf2(1_000_001))).toBe(0)
  })

  test('is 150 million rounds for a file that a person opens, and ten million at a time', () => {
    expect(letThrough(limits.openingRounds, limits.openingWork, pbkdf2(10_000_000))).toBe(15)
    expect(letThrough(limits.openingRounds, limits.openingWork, pbkdf2(10_000_001))).toBe(0)
  })

  test('allows a single round', () => {
    expect(letThrough(1, 3, pbkdf2(1))).toBe(3)
  })

  test.each([0, -1, 1.5, NaN, Infinity, 2 ** 53])('refuses %d rounds', (rounds) => {
    expect(letThrough(limits.openingRounds, limits.openingWork, pbkdf2(rounds))).toBe(0)
  })

  test('counts by hash, blocks and implementation', () => {
    expect(costOf(pbkdf2(1000)).work).toBe(1000)
    for (const digest of ['sha384', 'sha512']) expect(costOf(pbkdf2(1000, digest)).work).toBe(3000)
    expect(
      costOf({ ...{ kind: 'chain', digest: 'md5', start: bytes, suffix: bytes }, rounds: 1000 }),
    ).toEqual({
      rounds: 1000,
      work: 8000,
    })
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

describe('the budget for hashing in JavaScript', () => {
  const most = Math.floor(limits.derivationWork / costInScript)

  test('covers all calls, and does not count refused ones', () => {
    const budget = createWorkBudget()
    budget.hash(most - 1, 1)
    expect(() => budget.hash(2, 1)).toThrow(TooCostly)
    budget.hash(1, 1)
    expect(() => budget.hash(1, 1)).toThrow(TooCostly)
  })

  test('counts each 512 bytes of a hash', () => {
    const budget = createWorkBudget()
    budget.hash(most - 3, 512)
    budget.hash(1, 513)
    budget.hash(1, 512)
    expect(() => budget.hash(1, 1)).toThrow(TooCostly)
  })
})

describe('scrypt', () => {
  const scrypt = (cost: number, block: number, parallel: number): Derivation => ({
    ...{ kind: 'scrypt', password: bytes, salt: bytes, cost, block, parallel, length: 32 },
  })
  const isLetThrough = (derivation: Derivation) =>
    letThrough(2 ** 40, costOf(derivation).work, derivation) > 0

  test.each([0, 1, 3, 1000, 16_383])(
    'does not run with a cost of %d, which is not a power of two',
    (cost) => {
      expect(isLetThrough(scrypt(cost, 8, 1))).toBe(false)
    },
  )

  test('runs with the smallest cost', () => {
    expect(isLetThrough(scrypt(2, 8, 1))).toBe(true)
  })

  test('has a limit for its memory, 128 bytes times r times (N, p and 2)', () => {
    const block = Math.floor(limits.scryptBytes / (128 * (1024 + 1 + 2)))
    expect(isLetThrough(scrypt(1024, block, 1))).toBe(true)
    expect(isLetThrough(scrypt(1024, limits.scryptBytes / (128 * 2048), 1022))).toBe(true)
    expect(isLetThrough(scrypt(1024, block + 1, 1))).toBe(false)
    expect(isLetThrough(scrypt(1024, block, 1 + Math.ceil(1027 / block)))).toBe(false)
  })
})

test('the RC2 decryption is available once it was loaded, and not before', async () => {
  vi.resetModules()
  const fresh = await import('../../../src/pki/work-budget.ts')
  const { loadRc2 } = await import('../../../src/pki/formats/forge-rc2.ts')
  const budget = fresh.createWorkBudget()
  expect(() => budget.rc2()).toThrow(fresh.TooCostly)
  await loadRc2()
  expect(budget.rc2()).toBeTypeOf('function')
})
