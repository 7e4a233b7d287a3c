import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newRecoveryKey, recoveryKeyPair } from '../../../src/domain/recovery-key-pair.ts'
import {
  formatRecoveryKey,
  isGroup,
  parseRecoveryKey,
  recoveryKeyBytes,
} from '../../../src/domain/recovery-key.ts'

const secrets = fc.uint8Array({ minLength: recoveryKeyBytes, maxLength: recoveryKeyBytes })

function refusalOf(text: string): unknown {
  try {
    parseRecoveryKey(text)
  } catch (error) {
    return error
  }
  return undefined
}

describe('a recovery key as it is written down', () => {
  test('has eight groups of five, and reads back in any case and grouping', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const text = formatRecoveryKey(secret)
        expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}$/)
        for (const typed of [text, text.toLowerCase(), text.replaceAll('-', ' '), text.replaceAll('-', '')])
          expect([...parseRecoveryKey(typed)]).toEqual([...secret])
      }),
    )
  })

  test('names the group in which one character is another', () => {
    fc.assert(
      fc.property(secrets, fc.nat(39), fc.integer({ min: 1, max: 31 }), (secret, at, by) => {
        const letters = [...formatRecoveryKey(secret).replaceAll('-', '')]
        const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
        letters[at] = alphabet[(alphabet.indexOf(letters[at] ?? '') + by) % 32] ?? ''
        expect(refusalOf(letters.join(''))).toMatchObject({
          code: 'recovery.malformed',
          data: { reason: `group ${Math.floor(at / 5) + 1} is mistyped` },
        })
      }),
    )
  })

  test('is refused with two neighbours or two groups exchanged, and cut short', () => {
    const groups = formatRecoveryKey(Uint8Array.from({ length: 20 }, (_, at) => at * 73 + 91)).split('-')
    const [first = '', second = ''] = groups
    const neighbours = [`${first[1]}${first[0]}${first.slice(2)}`, ...groups.slice(1)]
    for (const wrong of [neighbours, [second, first, ...groups.slice(2)], groups.slice(1), ['']])
      expect(refusalOf(wrong.join('-'))).toMatchObject({ code: 'recovery.malformed' })
  })

  test('reads what looks alike, and knows its groups', () => {
    const text = formatRecoveryKey(new Uint8Array(20))
    expect([...parseRecoveryKey(text.replaceAll('0', 'O').replaceAll('1', 'l'))]).toEqual([
      ...new Uint8Array(20),
    ])
    const groups = text.split('-')
    expect(isGroup(text, 2, ` ${groups[2]?.toLowerCase()} `)).toBe(true)
    expect(isGroup(text, 2, 'AAAAA')).toBe(false)
  })
})

test('two recovery keys have two key pairs, and one always the same', async () => {
  const [one, two] = [await newRecoveryKey(), await newRecoveryKey()]
  expect(one.recoveryKey).not.toBe(two.recoveryKey)
  const again = await recoveryKeyPair(parseRecoveryKey(one.recoveryKey))
  expect(Buffer.from(again.publicKey).toString('base64url')).toBe(one.publicKey)
  expect(again.privateKey).toHaveLength(32)
})
