import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Frames } from '../../../../src/client/client.ts'
import {
  createReconnectingFrames,
  HostEnded,
  retryDelayMs,
  type ReconnectingFrames,
} from '../../../../src/renderer/connection/reconnecting-frames.ts'

class OpenFrames extends EventTarget {
  readyState = 1
  readonly sent: unknown[] = []
  send(data: unknown): void {
    this.sent.push(data)
  }
  lose(): void {
    this.dispatchEvent(new Event('close'))
  }
}

let opened: OpenFrames[]
let reachable: boolean
let hostEnded: boolean
let link: ReconnectingFrames

beforeEach(async () => {
  vi.useFakeTimers()
  opened = []
  reachable = true
  hostEnded = false
  link = createReconnectingFrames(async () => {
    if (hostEnded) throw new HostEnded()
    if (!reachable) throw new Error('nobody listens')
    const frames = new OpenFrames()
    opened.push(frames)
    return frames as unknown as Frames
  })
  await vi.advanceTimersByTimeAsync(0)
})
afterEach(() => {
  link.close()
  vi.useRealTimers()
})

describe('frames that reconnect', () => {
  test('carry messages both ways over the connection of the moment', async () => {
    const heard: unknown[] = []
    link.frames.addEventListener('message', (event) => heard.push(event.data))
    link.frames.send('question')
    opened[0]?.dispatchEvent(new MessageEvent('message', { data: 'answer' }))
    expect(opened[0]?.sent).toEqual(['question'])
    expect(heard).toEqual(['answer'])
  })

  test('report the loss, close open calls, and open again', async () => {
    const closed = vi.fn()
    link.frames.addEventListener('close', closed)
    opened[0]?.lose()
    expect(link.connection.getState()).toBe('lost')
    expect(link.frames.readyState).toBe(3)
    expect(closed).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(retryDelayMs(0))
    expect(link.connection.getState()).toBe('connected')
    expect(link.frames.readyState).toBe(1)
    link.frames.send('again')
    expect(opened[1]?.sent).toEqual(['again'])
  })

  test('back off while nothing listens, and reconnect at once on request', async () => {
    reachable = false
    opened[0]?.lose()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(link.connection.getState()).toBe('lost')
    reachable = true
    link.retryNow()
    await vi.advanceTimersByTimeAsync(0)
    expect(link.connection.getState()).toBe('connected')
  })

  test('say that the host has ended where it has, and still open again should it be back', async () => {
    hostEnded = true
    opened[0]?.lose()
    expect(link.connection.getState()).toBe('lost')
    await vi.advanceTimersByTimeAsync(20_000)
    expect(link.connection.getState()).toBe('ended')
    hostEnded = false
    link.retryNow()
    await vi.advanceTimersByTimeAsync(0)
    expect(link.connection.getState()).toBe('connected')
  })

  test('end for good when they are closed', async () => {
    link.close()
    opened[0]?.lose()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(opened).toHaveLength(1)
  })

  test('wait from a quarter of a second to five seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 20].map(retryDelayMs)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
  })
})
