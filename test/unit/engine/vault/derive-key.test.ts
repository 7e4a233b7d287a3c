import { describe, expect, test } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import {
  deriveArchiveKey,
  derivationBytes,
  derivationOf,
  newDerivation,
} from '../../../../src/engine/vault/backup/archive-derivation.ts'
import { deriveKey, isBearable, newCost } from '../../../../src/engine/vault/derive-key.ts'

test('a key is derived by scrypt (RFC 7914, section 12)', async () => {
  const key = await deriveKey(Buffer.from('password'), Buffer.from('NaCl'), { log2N: 10, r: 8, p: 16 })
  expect(key.bytes.toString('hex')).toBe('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162')
})

test('a guess costs 128 MiB and half a second', () => {
  expect(newCost).toEqual({ log2N: 17, r: 8, atLeastMs: 500 })
})

describe('a cost that a file names', () => {
  test.each([
    [{}, true],
    [{ log2N: 14 }, true],
    [{ log2N: 18 }, true],
    [{ p: 4 }, true],
    [{ log2N: 13 }, false],
    [{ log2N: 19 }, false],
    [{ log2N: NaN }, false],
    [{ r: 9 }, false],
    [{ r: 7 }, false],
    [{ p: 0 }, false],
    [{ p: 5 }, false],
  ])('with %j can be borne: %s', (change, isBorne) => {
    expect(isBearable({ log2N: 17, r: newCost.r, p: 1, ...change }, 4)).toBe(isBorne)
  })
})

describe('the derivation of a backup', () => {
  test('is one pass at the cost of a new key, with a salt of its own', () => {
    const [one, other] = [newDerivation(), newDerivation()]
    expect([...one.subarray(0, 3)]).toEqual([newCost.log2N, newCost.r, 1])
    expect(one).toHaveLength(derivationBytes)
    expect(derivationBytes).toBe(3 + 16)
    expect(one.subarray(3)).not.toEqual(other.subarray(3))
  })

  test('is read from where the format has it in the header', () => {
    const derivation = newDerivation()
    const header = Buffer.concat([Buffer.alloc(17), derivation, Buffer.alloc(40, 1)])
    expect(derivationOf(header)).toEqual(derivation)
  })

  test('is done with its own salt and cost', async () => {
    const salt = Buffer.alloc(16, 7)
    const passphrase = Buffer.from('correct horse battery staple')
    const expected = await deriveKey(passphrase, salt, { log2N: 14, r: newCost.r, p: 2 })
    const derivation = Buffer.concat([Buffer.of(14, newCost.r, 2), salt])
    expect((await deriveArchiveKey(derivation, passphrase)).bytes).toEqual(expected.bytes)
  })

  test.each([
    [13, 8, 1],
    [19, 8, 1],
    [14, 1, 1],
    [14, 8, 0],
    [14, 8, 5],
  ])('is refused with log2 N %d, r %d and p %d', async (...cost) => {
    const refused = deriveArchiveKey(
      Buffer.concat([Buffer.from(cost), Buffer.alloc(16)]),
      Buffer.from('word'),
    )
    await expect(refused).rejects.toThrow(EdgekeepError)
    await expect(refused).rejects.toMatchObject({ code: 'backup.malformed' })
  })

  test('is refused where it is cut short', async () => {
    await expect(deriveArchiveKey(Buffer.alloc(0), Buffer.from('word'))).rejects.toMatchObject({
      code: 'backup.malformed',
    })
  })
})
