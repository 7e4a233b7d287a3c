import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createThreadShare } from '../../../../src/platform/listeners/thread-share.ts'
import { createWorkBudget } from '../../../../src/platform/listeners/work-budget.ts'

describe('the budget of a window', () => {
  test('is there again in the next one, and debts are paid from those after it', () => {
    let now = 0
    const budget = createWorkBudget({ perWindow: 25, windowMs: 100 }, () => now)
    expect(budget.hasLeft()).toBe(true)
    budget.spend(68)
    expect(budget.hasLeft()).toBe(false)
    now = 130
    expect([budget.hasLeft(), budget.untilNextMs()]).toEqual([false, 70])
    now = 200
    expect(budget.hasLeft()).toBe(true)
    budget.spend(7)
    expect(budget.hasLeft()).toBe(false)
    now = 10_000
    budget.spend(24)
    expect(budget.hasLeft()).toBe(true)
  })
})

describe('a share of the thread', () => {
  const unlimited = { hasLeft: () => true, spend: () => undefined, untilNextMs: () => 1 }

  test('is taken in turns, however many pieces of work a client has waiting', async () => {
    const share = createThreadShare(unlimited)
    const done: string[] = []
    const work = (name: string) => () => void done.push(name)
    const [greedy, modest] = [{}, {}]
    const all = [1, 2, 3, 4].map((count) => share.run(greedy, work(`greedy ${count}`)))
    expect(share.pending(greedy)).toBe(4)
    await Promise.all([...all, share.run(modest, work('modest 1')), share.run(modest, work('modest 2'))])
    expect(done).toEqual(['greedy 1', 'greedy 2', 'modest 1', 'greedy 3', 'modest 2', 'greedy 4'])
    expect(share.pending(greedy)).toBe(0)
  })

  test('runs one piece of work after the other, and one that fails ends itself alone', async () => {
    const share = createThreadShare(unlimited)
    let running = 0
    const work = async () => {
      running += 1
      expect(running).toBe(1)
      await delay(1)
      running -= 1
    }
    const failed = share.run({}, async () => {
      await work()
      throw new Error('a fault of ours')
    })
    await expect(Promise.all([failed, share.run({}, work)])).rejects.toThrow('a fault of ours')
    await share.run({}, work)
  })

  test('pauses while its budget is used up, by the time that the thread was busy', async () => {
    let busy = 0
    let windows = 0
    const spent: number[] = []
    const budget = {
      hasLeft: () => spent.length === 0 || windows > 2,
      spend: (amount: number) => void spent.push(amount),
      untilNextMs: () => {
        windows += 1
        return 1
      },
    }
    const share = createThreadShare(budget, () => busy)
    const seen: number[] = []
    const work = () => {
      seen.push(windows)
      busy += 68
    }
    await Promise.all([share.run({}, work), share.run({}, work)])
    expect(seen).toEqual([0, 3])
    expect(spent).toEqual([68, 68])
  })
})
