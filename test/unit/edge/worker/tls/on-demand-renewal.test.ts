import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ServingCertificate } from '../../../../../src/edge/protocol/snapshot.ts'
import { OnDemandRenewal } from '../../../../../src/edge/worker/tls/on-demand-renewal.ts'

const start = new Date('2026-11-24T12:00:00Z')
let asked: string[]
let renewal: OnDemandRenewal

beforeEach(() => {
  vi.useFakeTimers({ now: start })
  asked = []
  renewal = new OnDemandRenewal({ ask: (domain) => asked.push(domain) })
})
afterEach(() => vi.useRealTimers())

const certificate = (fresh?: { from: number; until: number }) => ({ fresh }) as ServingCertificate
const at = start.getTime()
const stale = certificate({ from: 0, until: at })
const awaited = (id = 'a', met = stale) => renewal.awaited(id, met, `${id}.test`)

async function goesOn(waiting: Promise<void> | null): Promise<boolean> {
  let isDone = false
  void waiting?.then(() => (isDone = true))
  await vi.advanceTimersByTimeAsync(0)
  return isDone
}

describe('a handshake that meets a certificate', () => {
  test('goes on where it is fresh, or cannot be renewed at once', () => {
    const fresh = certificate({ from: at, until: at + 1 })
    expect([awaited('a', certificate()), awaited('a', fresh)]).toEqual([null, null])
    expect(asked).toEqual([])
  })

  test('waits for a fresh one where it is stale, four seconds at most', async () => {
    const waiting = awaited()
    expect(asked).toEqual(['a.test'])
    await vi.advanceTimersByTimeAsync(3_999)
    expect(await goesOn(waiting)).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await goesOn(waiting)).toBe(true)
  })

  test('waits for a fresh one where it is not valid yet', () => {
    expect(awaited('a', certificate({ from: at + 1, until: at + 2 }))).not.toBeNull()
    expect(asked).toEqual(['a.test'])
  })

  test('waits together with others that meet it, and the engine is asked once', () => {
    expect(awaited()).toBe(awaited())
    expect(awaited('b')).not.toBe(awaited())
    expect(asked).toEqual(['a.test', 'b.test'])
  })

  test('goes on when another is served in its place, and not because of others', async () => {
    const [one, other] = [awaited(), awaited('b')]
    renewal.applied((id) => id === 'b')
    expect([await goesOn(one), await goesOn(other)]).toEqual([true, false])
  })

  test('goes on with it for half a minute after nothing came of it, and waits again then', async () => {
    await vi.advanceTimersByTimeAsync(1)
    void awaited()
    await vi.advanceTimersByTimeAsync(4_000)
    renewal.applied(() => true)
    expect(awaited()).toBeNull()
    await vi.advanceTimersByTimeAsync(25_999)
    expect(awaited()).toBeNull()
    await vi.advanceTimersByTimeAsync(1)
    expect(awaited()).not.toBeNull()
    expect(asked).toEqual(['a.test', 'a.test'])
  })

  test('waits at once where it was served before under the same name', async () => {
    void awaited()
    renewal.applied(() => false)
    await vi.advanceTimersByTimeAsync(0)
    expect(awaited()).not.toBeNull()
    expect(asked).toHaveLength(2)
  })

  test('is not waited for by the clock of one that was answered', async () => {
    void awaited()
    await vi.advanceTimersByTimeAsync(3_000)
    renewal.applied(() => false)
    const again = awaited()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await goesOn(again)).toBe(false)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await goesOn(again)).toBe(true)
  })
})
