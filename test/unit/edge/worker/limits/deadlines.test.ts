import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Deadlines } from '../../../../../src/edge/worker/limits/deadlines.ts'

const tickMs = 50

function deadlinesOf(): Deadlines {
  return new Deadlines(tickMs, (where, error) => {
    throw new Error(where, { cause: error })
  })
}

test('entries past their deadline expire once, and no others do', async () => {
  const deadlines = deadlinesOf()
  const ended: string[] = []
  const entry = (name: string, deadlineAt: number) => {
    const expire = () => {
      ended.push(name)
      deadlines.remove(made)
    }
    const made = { deadlineAt, expire }
    deadlines.add(made)
  }
  entry('late', deadlines.now)
  entry('not awaited', Infinity)
  entry('not yet', deadlines.now + 60_000)
  await expect.poll(() => ended).toEqual(['late'])
  await delay(3 * tickMs)
  expect(ended).toEqual(['late'])
  deadlines.close()
})

test('the clock of an edge without connections is not old, and its timer does not run', async () => {
  vi.useFakeTimers()
  const deadlines = deadlinesOf()
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(3_600_000)
  const started = deadlines.now
  expect(started).toBe(performance.now())
  const entry = { deadlineAt: Infinity, expire: () => undefined }
  deadlines.add(entry)
  expect(vi.getTimerCount()).toBe(1)
  deadlines.remove(entry)
  vi.advanceTimersByTime(tickMs)
  await vi.runAllTimersAsync()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

test('a deadline after some time leaves all of that time, however old the clock is', async () => {
  const deadlines = deadlinesOf()
  const started = performance.now()
  const passed = await new Promise<number>((resolve) => {
    // Repeats until just before a tick, when the clock is most out of date.
    while (performance.now() - started < tickMs - 5);
    const setAt = performance.now()
    deadlines.add({ deadlineAt: deadlines.after(tickMs), expire: () => resolve(performance.now() - setAt) })
  })
  expect(passed).toBeGreaterThanOrEqual(tickMs)
  deadlines.close()
})

describe('after the process did not run for a while', () => {
  let deadlines: Deadlines
  let client: Socket
  let socket: Socket
  let close: () => void
  beforeEach(async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    ;[[socket]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
      [Socket],
      unknown,
    ]
    deadlines = deadlinesOf()
    close = () => {
      deadlines.close()
      client.destroy()
      socket.destroy()
      server.close()
    }
  })
  afterEach(() => close())

  /**
   * Tells if a deadline is late that input, arrived during four ticks of standstill, had moved to `nextMs`.
   */
  async function isLateAfterStandstill(nextMs: number): Promise<boolean> {
    let isLate = false
    const waiting = { deadlineAt: deadlines.after(tickMs), expire: () => void (isLate = true) }
    deadlines.add(waiting)
    socket.on('data', () => (waiting.deadlineAt = deadlines.now + nextMs))
    const heard = once(socket, 'data')
    client.write('just in time')
    const until = performance.now() + 4 * tickMs
    while (performance.now() < until);
    await heard
    // Two turns of the event loop, for the findings of the late tick.
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    return isLate
  }

  test('input that arrived meanwhile is read before any deadline expires', async () => {
    expect(await isLateAfterStandstill(Infinity)).toBe(false)
  })

  test('a deadline that is set while that is read counts from then', async () => {
    expect(await isLateAfterStandstill(2 * tickMs)).toBe(false)
  })
})
