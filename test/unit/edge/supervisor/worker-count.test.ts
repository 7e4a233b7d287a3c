import { describe, expect, test } from 'vitest'
import { mostWorkers, WorkerCount } from '../../../../src/edge/supervisor/worker-count.ts'

function after(seconds: number, count: WorkerCount, busy: number[]): string[] {
  return Array.from({ length: seconds }, () => count.next(busy))
}

describe('the highest number of workers', () => {
  test('is the given number', () => expect(mostWorkers(7, 2)).toBe(7))
  test('is one for each processor by default', () => expect(mostWorkers('auto', 2)).toBe(2))
  test('is four at most by default', () => expect(mostWorkers('auto', 16)).toBe(4))
})

describe('a worker is added', () => {
  test('after three busy seconds in a row', () => {
    expect(after(3, new WorkerCount(4), [0.9])).toEqual(['same', 'same', 'more'])
  })
  test('not for a burst', () => {
    const count = new WorkerCount(4)
    expect([...after(2, count, [1]), ...after(1, count, [0.1]), ...after(2, count, [1])]).not.toContain(
      'more',
    )
  })
  test('not while the other one has room', () => {
    expect(after(10, new WorkerCount(4), [1, 0.1])).not.toContain('more')
  })
  test('not beyond the most', () => expect(after(10, new WorkerCount(1), [1])).not.toContain('more'))
  test('one at a time', () => {
    const count = new WorkerCount(4)
    after(3, count, [1])
    expect(count.next([1, 1])).toBe('same')
  })
})

describe('a worker is ended', () => {
  test('after a minute at rest', () => {
    const seen = after(60, new WorkerCount(4), [0.02, 0.01])
    expect(seen.indexOf('fewer')).toBe(59)
  })
  test('not the last one', () => expect(after(200, new WorkerCount(4), [0])).not.toContain('fewer'))
  test('not while its work would keep the others busy', () => {
    expect(after(200, new WorkerCount(4), [0.3, 0.3])).not.toContain('fewer')
  })
  test('not for a pause in the traffic', () => {
    const count = new WorkerCount(4)
    const seen = [...after(59, count, [0, 0]), count.next([0.5, 0.5]), ...after(59, count, [0, 0])]
    expect(seen).not.toContain('fewer')
  })
})
