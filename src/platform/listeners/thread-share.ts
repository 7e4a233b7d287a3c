import { performance } from 'node:perf_hooks'
import { setImmediate as afterOthers, setTimeout as delay } from 'node:timers/promises'
import type { WorkBudget } from './work-budget.ts'

/*
 * Threat: a program of this computer keeps the engine's thread busy, over as many connections as a listener
 * accepts. So the work of a listener runs one piece after the other, in a part of the thread's time, and
 * connections take turns: each has one piece done before another has its second.
 */

export type ThreadShare = ReturnType<typeof createThreadShare>

/** @param busyMs Busy time of the thread in milliseconds, without waiting. */
export function createThreadShare(
  budget: WorkBudget,
  busyMs = () => performance.eventLoopUtilization().active,
) {
  /** Queues in the order of turns. */
  const waiting = new Map<object, (() => Promise<void>)[]>()
  let running: object | null = null
  let isActive = false

  async function runAll(): Promise<void> {
    isActive = true
    for (let next = takeNext(); next; next = takeNext()) {
      running = next.client
      while (!budget.hasLeft()) await delay(budget.untilNextMs())
      const before = busyMs()
      await next.work()
      running = null
      budget.spend(busyMs() - before)
      await afterOthers()
    }
    isActive = false
  }

  function takeNext(): { client: object; work: () => Promise<void> } | undefined {
    for (const [client, [work, ...others]] of waiting) {
      waiting.delete(client)
      if (others.length > 0) waiting.set(client, others)
      if (work) return { client, work }
    }
    return undefined
  }

  return {
    run<T>(client: object, work: () => T | Promise<T>): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const own = async () => {
        try {
          resolve(await work())
        } catch (error) {
          reject(error as Error)
        }
      }
      waiting.set(client, [...(waiting.get(client) ?? []), own])
      if (!isActive) void runAll()
      return promise
    },
    /** Runs `work` in the turn of `client`; rejects as `work` does. */
    /** Number of running or waiting pieces of work of `client`. */
    pending: (client: object) => (waiting.get(client)?.length ?? 0) + (running === client ? 1 : 0),
  }
}
