import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inputLimitFiles } from '../../../../src/contract/shared/input-limit.ts'
import { isPacked, packed, unpacked } from '../../../../src/contract/inspect/packed-files.ts'

const bytesOf = async (file: File) => new Uint8Array(await file.arrayBuffer())
const textual = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>
const wrong = expect.objectContaining({ code: 'input.invalid' })

describe('many files sent as one', () => {
  test('come out as they went in, whatever their names and contents', async () => {
    const any = fc.array(fc.tuple(fc.string(), fc.uint8Array({ maxLength: 64 })), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(any, async (given) => {
        const pack = packed(given.map(([name, bytes]) => new File([Uint8Array.from(bytes)], name)))
        expect(isPacked(pack)).toBe(true)
        const files = unpacked(await bytesOf(pack))
        expect(files.map(({ name, bytes }) => [name, [...bytes]])).toEqual(
          given.map(([name, bytes]) => [name.toWellFormed(), [...bytes]]),
        )
      }),
    )
  })

  test('share their memory with the pack, so zeroing one zeroes both', async () => {
    const pack = await bytesOf(packed([new File(['a secret key'], 'shop.key')]))
    for (const { bytes } of unpacked(pack)) bytes.fill(0)
    expect(new TextDecoder().decode(pack)).not.toContain('secret')
  })

  test.each([
    ['without an index', ''],
    ['with something else for an index', 'certificates\n'],
    ['with an index of another form', '{"a":1}\n'],
    ['with a negative size', '[["a",-1]]\n'],
    ['with less than its index says', '[["a",5]]\n1234'],
    ['with more than its index says', '[["a",3]]\n1234'],
    ['of more files than are taken', `${JSON.stringify(Array(inputLimitFiles + 1).fill(['a', 0]))}\n`],
  ])('are refused %s', (_what, text) => {
    expect(() => unpacked(textual(text))).toThrow(wrong)
  })

  test('are told from a file', () => {
    expect(isPacked(new File([], 'files'))).toBe(false)
  })
})
