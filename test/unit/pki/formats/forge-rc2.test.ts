import { randomBytes } from 'node:crypto'
import forge from 'node-forge'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadRc2, rc2 } from '../../../../src/pki/formats/forge-rc2.ts'

let decrypt: NonNullable<ReturnType<typeof rc2>>
beforeAll(async () => {
  await loadRc2()
  decrypt = rc2()!
})

/** Encrypts whole blocks with node-forge, without padding. */
function encrypted(key: Buffer, iv: Buffer, bytes: Buffer): Buffer {
  const text = (part: Buffer) => forge.util.createBuffer(part.toString('latin1'))
  const cipher = forge.rc2.createEncryptionCipher(text(key), key.length * 8)
  cipher.start(text(iv))
  cipher.update(text(bytes))
  cipher.finish(() => true)
  return Buffer.from(cipher.output.getBytes(), 'latin1')
}

// Two of RFC 2268, section 5, and one for 128 bits from OpenSSL's legacy provider.
test.each([
  ['ffffffffffffffff', 'ffffffffffffffff', '278b27e42e2f0d49'],
  ['3000000000000000', '1000000000000001', '30649edf9be7d2c2'],
  ['88bca90e90875a7f0f9c384627bafbb2', '0000000000000000', '45f1db68789a9b7e'],
])('RC2 with the key %s gives back what was encrypted', (key, plain, block) => {
  // The IV that makes one block of padding of the plain text, so that it can be seen from outside.
  const iv = Buffer.from(plain, 'hex').map((byte) => byte ^ 8)
  const opened = decrypt(Buffer.from(key, 'hex'), key.length * 4, iv, Buffer.from(block, 'hex'))
  expect(opened).toEqual(Buffer.alloc(0))
})

describe('data under RC2', () => {
  const [key, iv] = [randomBytes(16), randomBytes(8)]
  const open = (plain: Buffer) => decrypt(key, 128, iv, encrypted(key, iv, plain))

  test('is decrypted piece by piece, as it was encrypted', () => {
    const whole = randomBytes(100_001)
    expect(open(Buffer.concat([whole, Buffer.alloc(7, 7)]))?.equals(whole)).toBe(true)
  })

  test('loses the padding that it has, from one byte to a whole block', () => {
    for (let count = 1; count <= 8; count += 1) {
      const text = Buffer.alloc(16 - count, 0xaa)
      expect(open(Buffer.concat([text, Buffer.alloc(count, count)]))).toEqual(text)
    }
  })

  test.each([
    ['ends with 0', '0000000000000000'],
    ['ends with more than a block', '0909090909090909'],
    ['is not the same in all its bytes', 'aaaaaaaaaa030203'],
  ])('is not opened if its padding %s, as with a wrong key', (_what, last) => {
    expect(open(Buffer.concat([Buffer.alloc(8, 9), Buffer.from(last, 'hex')]))).toBeUndefined()
  })

  test('is not opened if it is empty or not whole blocks', () => {
    const block = encrypted(key, iv, Buffer.alloc(8, 8))
    expect(decrypt(key, 128, iv, block)).toEqual(Buffer.alloc(0))
    for (const length of [0, 1, 7]) expect(decrypt(key, 128, iv, block.subarray(0, length))).toBeUndefined()
    expect(decrypt(key, 128, iv, Buffer.concat([block, block.subarray(0, 3)]))).toBeUndefined()
  })
})
