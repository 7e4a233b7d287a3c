import { format, inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { SecretBytes, wipedTogether } from '../../../src/domain/secret-bytes.ts'

const newSecret = () => Buffer.from('secret')
const zeroes = Buffer.alloc(6)

describe('the scope of a secret', () => {
  test('ends with zeroes', () => {
    const bytes = newSecret()
    {
      using secret = new SecretBytes(bytes)
      expect(secret.bytes.toString()).toBe('secret')
    }
    expect(bytes).toEqual(zeroes)
  })

  test('ends with zeroes after an early return', () => {
    const bytes = newSecret()
    const lengthOf = (isEarly: boolean): number => {
      using secret = new SecretBytes(bytes)
      if (isEarly) return secret.bytes.length
      return 0
    }
    expect(lengthOf(true)).toBe(6)
    expect(bytes).toEqual(zeroes)
  })

  test('ends with zeroes after an error, which passes through', () => {
    const bytes = newSecret()
    const fail = (): never => {
      using secret = new SecretBytes(bytes)
      throw new Error(`refused after ${secret.bytes.length} bytes`)
    }
    expect(fail).toThrow('refused after 6 bytes')
    expect(bytes).toEqual(zeroes)
  })

  test('lasts until an async function has settled', async () => {
    const bytes = newSecret()
    const step = Promise.withResolvers<void>()
    const text = (async () => {
      using secret = new SecretBytes(bytes)
      await step.promise
      return secret.bytes.toString()
    })()
    expect(bytes.toString()).toBe('secret')
    step.resolve()
    expect(await text).toBe('secret')
    expect(bytes).toEqual(zeroes)
  })

  test('ends with zeroes after a rejection', async () => {
    const bytes = newSecret()
    const failing = (async () => {
      using _secret = new SecretBytes(bytes)
      await Promise.reject(new Error('refused'))
    })()
    await expect(failing).rejects.toThrow('refused')
    expect(bytes).toEqual(zeroes)
  })
})

describe('the owner of a secret', () => {
  test('refuses its use once it is wiped', () => {
    const secret = new SecretBytes(newSecret())
    secret[Symbol.dispose]()
    secret[Symbol.dispose]()
    expect(() => secret.bytes).toThrow('A secret was used after it was wiped or moved.')
    expect(() => secret.move()).toThrow('A secret was used after it was wiped or moved.')
  })

  test('passes the bytes on, and neither wipes nor shows them any more', () => {
    const bytes = newSecret()
    const make = () => {
      using secret = new SecretBytes(bytes)
      const moved = secret.move()
      expect(() => secret.bytes).toThrow('A secret was used after it was wiped or moved.')
      return moved
    }
    const moved = make()
    expect(moved.bytes).toBe(bytes)
    expect(bytes.toString()).toBe('secret')
    moved[Symbol.dispose]()
    expect(bytes).toEqual(zeroes)
  })
})

test('shows nothing of a secret as text, in JSON, in an inspection or in a log', () => {
  const secret = new SecretBytes(Buffer.from('hunter2'))
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret, { showHidden: true, depth: null }),
    inspect({ secret }, { customInspect: false, showHidden: true }),
    format('%o %O %j %s', secret, secret, secret, secret),
    Object.entries(secret).join(),
    JSON.stringify(structuredClone({ secret })),
  ]
  for (const text of shown) {
    expect(text).not.toContain('hunter2')
    expect(text).not.toMatch(/68 75 6e|104, ?117|687?56e/)
  }
  expect(String(secret)).toBe('[secret]')
  expect(inspect({ secret })).toBe('{ secret: [secret] }')
})

test('wipes all bytes of a list at the end of the scope, also those added later', () => {
  const list = [newSecret()]
  {
    using _all = wipedTogether(list)
    list.push(newSecret())
    expect(list.join()).toBe('secret,secret')
  }
  expect(list).toEqual([zeroes, zeroes])
})
