import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { watchHeartbeat } from '../../../src/engine-process/heartbeat.ts'

/** Socket whose peer answers at once while `answers`. */
class FakeSocket extends EventEmitter {
  answers = true
  pings = 0

  ping(): void {
    this.pings += 1
    if (this.answers) this.emit('pong')
  }
}

let socket: FakeSocket
let isAttended: boolean
let silences: boolean[]
let heartbeat: ReturnType<typeof watchHeartbeat>

beforeEach(() => {
  vi.useFakeTimers()
  socket = new FakeSocket()
  isAttended = false
  silences = []
  heartbeat = watchHeartbeat(
    socket as unknown as Parameters<typeof watchHeartbeat>[0],
    (isSilent) => silences.push(isSilent),
    () => isAttended,
  )
})
afterEach(() => {
  socket.emit('close')
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

describe('a heartbeat', () => {
  test('pings each 20 seconds while nobody looks, and each two seconds once somebody does', () => {
    vi.advanceTimersByTime(60_000)
    expect(socket.pings).toBe(3)
    isAttended = true
    heartbeat.attend()
    vi.advanceTimersByTime(10_000)
    expect(socket.pings).toBe(8)
  })

  test('follows up an unanswered ping within seconds, and reports silence once and its end', () => {
    vi.advanceTimersByTime(20_000)
    socket.answers = false
    vi.advanceTimersByTime(20_000)
    expect(silences).toEqual([])
    vi.advanceTimersByTime(4_000)
    expect(silences).toEqual([true])
    vi.advanceTimersByTime(60_000)
    expect(silences).toEqual([true])
    socket.answers = true
    socket.emit('pong')
    expect(silences).toEqual([true, false])
    vi.advanceTimersByTime(20_000)
    expect(socket.pings).toBe(4)
  })
})
