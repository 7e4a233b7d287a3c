import { describe, expect, test } from 'vitest'
import { PasswordQueue, type Asker } from '../../../../../src/edge/worker/policies/password-queue.ts'

const asker = (domain: string, remoteAddress = '192.0.2.1'): Asker => ({
  ...{ domain, claimant: { remoteAddress }, isGone: false },
})

/** Queue whose first check runs until the test ends it; later ones wait. */
function busyQueue(places: number) {
  const queue = new PasswordQueue(places)
  const order: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  queue.add(asker('first.test'), () => promise)
  const done: Promise<void>[] = []
  const add = (name: string, by: Asker) => {
    const ended = Promise.withResolvers<void>()
    const isQueued = queue.add(by, async () => {
      order.push(name)
      ended.resolve()
    })
    if (isQueued) done.push(ended.promise)
    return isQueued
  }
  const end = async () => {
    resolve()
    await Promise.all(done)
    return order
  }
  return { add, end }
}

describe('password checks', () => {
  test('run one at a time, and again after all have ended', async () => {
    const queue = new PasswordQueue(8)
    let running = 0
    for (let round = 0; round < 2; round += 1) {
      const ended = Promise.withResolvers<void>()
      for (const domain of ['a.test', 'b.test', 'c.test'])
        queue.add(asker(domain), async () => {
          running += 1
          await new Promise(setImmediate)
          expect(running).toBe(1)
          running -= 1
          if (domain === 'c.test') ended.resolve()
        })
      await ended.promise
      await new Promise(setImmediate)
    }
  })

  test('alternate between domains, and between clients within a domain', async () => {
    const { add, end } = busyQueue(1000)
    for (const at of [1, 2, 3]) add(`a${at}`, asker('a.test'))
    add('other', asker('a.test', '192.0.2.2'))
    for (const at of [1, 2]) add(`b${at}`, asker('b.test'))
    expect(await end()).toEqual(['a1', 'b1', 'other', 'b2', 'a2', 'a3'])
  })

  test('get an eighth of the free slots for one domain, and half of that for one client', async () => {
    const { add, end } = busyQueue(64)
    const of = (address: string) => {
      let count = 0
      while (count < 64 && add(address, asker('shop.test', address))) count += 1
      return count
    }
    expect(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5', '192.0.2.6'].map(of)).toEqual([
      3, 2, 1, 1, 1, 0,
    ])
    // The domain's share is used up, and others have their own.
    expect(add('x', asker('other.test'))).toBe(true)
    expect(await end()).toHaveLength(9)
  })

  test('get their places back when they have run', async () => {
    const { add, end } = busyQueue(8)
    expect([add('a', asker('shop.test')), add('b', asker('shop.test'))]).toEqual([true, false])
    await end()
    await new Promise(setImmediate)
    expect([add('c', asker('shop.test')), add('d', asker('shop.test'))]).toEqual([true, true])
    expect(await end()).toEqual(['a', 'c', 'd'])
  })

  test('count by connection on the loopback, where all share one address', () => {
    const { add } = busyQueue(16)
    const [one, other] = [asker('shop.test', '127.0.0.1'), asker('shop.test', '127.0.0.1')]
    expect([add('a', one), add('b', one), add('c', other)]).toEqual([true, false, true])
  })
})
