import { expect, test } from 'vitest'
import { createKeyedMutex } from '../../../src/domain/mutex.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('a keyed mutex runs what shares no key at once, and waits for each of its keys', async () => {
  const mutex = createKeyedMutex()
  const begun: string[] = []
  const held = Promise.withResolvers<void>()
  const slow = mutex(['a', 'b'], async () => {
    begun.push('a b')
    await held.promise
  })
  const other = mutex(['c'], async () => void begun.push('c'))
  const both = mutex(['b', 'c'], async () => void begun.push('b c'))
  const after = mutex(['c'], async () => void begun.push('c again'))
  await turn()
  expect(begun).toEqual(['a b', 'c'])
  held.resolve()
  await Promise.all([slow, other, both, after])
  expect(begun).toEqual(['a b', 'c', 'b c', 'c again'])
})

test('one that fails ends its turn, and says so to its caller alone', async () => {
  const mutex = createKeyedMutex()
  await expect(mutex(['a'], () => Promise.reject(new Error('fault')))).rejects.toThrow('fault')
  expect(await mutex(['a'], async () => 'next')).toBe('next')
})
