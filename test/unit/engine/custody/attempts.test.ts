import { describe, expect, test } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import { createAttempts, type WrongSecretsStore } from '../../../../src/engine/custody/attempts.ts'

const wrong = () => Promise.reject(new EdgekeepError('vault.wrong_passphrase', {}))
const right = () => Promise.resolve('right')

function store(): WrongSecretsStore {
  let wrong = { count: 0, atUptimeMs: 0 }
  return { read: () => wrong, write: (next) => void (wrong = next) }
}

describe('attempts at a secret', () => {
  test('are free five times, then wait twice as long after each, a minute at most', async () => {
    let now = 0
    const attempts = createAttempts(store(), () => now)
    for (let at = 0; at < 5; at += 1)
      await expect(attempts.run(wrong)).rejects.toMatchObject({ code: 'vault.wrong_passphrase' })
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      await expect(attempts.run(right)).rejects.toMatchObject({
        code: 'vault.too_many_attempts',
        data: { seconds },
      })
      now += seconds * 1000
      await expect(attempts.run(wrong)).rejects.toMatchObject({ code: 'vault.wrong_passphrase' })
    }
    now += 60_000
    expect(await attempts.run(right)).toBe('right')
    await expect(attempts.run(wrong)).rejects.toMatchObject({ code: 'vault.wrong_passphrase' })
    expect(await attempts.run(right)).toBe('right')
  })

  test('made all at once are no more than those that are free', async () => {
    const attempts = createAttempts(store(), () => 0)
    let tried = 0
    const count = () => {
      tried += 1
      return wrong()
    }
    const all = await Promise.allSettled(Array.from({ length: 40 }, () => attempts.run(count)))
    expect(tried).toBe(5)
    expect(all.every(({ status }) => status === 'rejected')).toBe(true)
  })

  test('are free five times again after the right one', async () => {
    const attempts = createAttempts(store(), () => 0)
    for (let round = 0; round < 2; round += 1) {
      for (let at = 0; at < 4; at += 1)
        await expect(attempts.run(wrong)).rejects.toMatchObject({ code: 'vault.wrong_passphrase' })
      expect(await attempts.run(right)).toBe('right')
    }
    for (let at = 0; at < 5; at += 1)
      await expect(attempts.run(wrong)).rejects.toMatchObject({ code: 'vault.wrong_passphrase' })
    await expect(attempts.run(right)).rejects.toMatchObject({ code: 'vault.too_many_attempts' })
  })

  test('may wait for their turn, sixteen at once', async () => {
    const attempts = createAttempts(store(), () => 0)
    for (let round = 0; round < 2; round += 1) {
      const { promise, resolve } = Promise.withResolvers<string>()
      const waiting = Array.from({ length: 16 }, () => attempts.run(() => promise))
      await expect(attempts.run(right)).rejects.toMatchObject({
        code: 'vault.too_many_attempts',
        data: { seconds: 1 },
      })
      resolve('done')
      expect(await Promise.all(waiting)).toEqual(Array(16).fill('done'))
    }
  })

  test('do not count if they fail for another reason', async () => {
    const attempts = createAttempts(store(), () => 0)
    for (let at = 0; at < 20; at += 1)
      await expect(attempts.run(() => Promise.reject(new Error('the disk')))).rejects.toThrow('the disk')
    const locked = new EdgekeepError('vault.passphrase_needed', {})
    for (let at = 0; at < 20; at += 1)
      await expect(attempts.run(() => Promise.reject(locked))).rejects.toBe(locked)
    expect(await attempts.run(right)).toBe('right')
  })

  test('go on in the next process where the last one stopped', async () => {
    const kept = store()
    let now = 100_000
    for (let at = 0; at < 5; at += 1)
      await expect(createAttempts(kept, () => now).run(wrong)).rejects.toMatchObject({
        code: 'vault.wrong_passphrase',
      })
    const next = () => createAttempts(kept, () => now)
    await expect(next().run(right)).rejects.toMatchObject({ code: 'vault.too_many_attempts' })
    // The computer has restarted: its uptime is below the wait, then above it.
    now = 400
    await expect(next().run(right)).rejects.toMatchObject({ data: { seconds: 1 } })
    now = 1_000
    expect(await next().run(right)).toBe('right')
  })

  test('count even if the process is killed before their result is known', () => {
    const kept = store()
    void createAttempts(kept, () => 0).run(() => new Promise(() => undefined))
    return expect.poll(() => kept.read().count).toBe(1)
  })
})
