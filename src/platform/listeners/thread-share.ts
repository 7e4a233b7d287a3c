import { performance } from 'node:perf_hooks'
import { setImmediate as afterOthers, setTimeout as delay } from 'node:timers/promises'
import type { WorkBudget } from './work-budget.ts'

/*
 * Threat: a program of this computer asks for work of the engine's thread, over as many connections as a listener
 * takes, until the thread has time for nothing else. So the work of a listener is done one piece after the other, in a
 * part of the thread's time, and the connections take turns: each has one piece done before another has its second.
 */

export interface ThreadShare {
  /** Runs `work` in the turn of `client`; rejects as `work` does. */
  run<T>(client: object, work: () => T | Promise<T>): Promise<T>
  /** Number of pieces of work of `client` that are running or waiting. */
  pending(client: object): number
}

/** @param busyMs Time for which the thread has been busy, in milliseconds; waiting is none of it. */
export function createThreadShare(
  budget: WorkBudget,
  busyMs = () => performance.eventLoopUtilization().active,
): ThreadShare {
  /** In the sequence of their turns. */
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
    pending: (client) => (waiting.get(client)?.length ?? 0) + (running === client ? 1 : 0),
  }
}
