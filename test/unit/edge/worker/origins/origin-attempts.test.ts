import { describe, expect, test } from 'vitest'
import type { EdgeRequest } from '../../../../../src/edge/worker/http/request.ts'
import { OriginAttempts } from '../../../../../src/edge/worker/origins/origin-attempts.ts'
import type { OriginSlot } from '../../../../../src/edge/worker/origins/upstream-target.ts'
import type { UpstreamCarrier } from '../../../../../src/edge/worker/origins/upstream-carrier.ts'
import {
  failureKinds,
  failureReason,
  type UpstreamFailure,
} from '../../../../../src/edge/worker/origins/upstream-failure.ts'

/** Origin that is up, out or not watched; records its reports. */
function slotThat(state: 'is up' | 'is out' | 'is not watched') {
  const told: string[] = []
  const health = {
    isUp: state === 'is up',
    onFailure: (reason: string) => told.push(reason),
    onSuccess: () => told.push('ok'),
  }
  return { health: state === 'is not watched' ? null : health, told } as unknown as OriginSlot & {
    told: string[]
  }
}

const get = { method: 'GET', bodyLength: 0 } as EdgeRequest
const post = { method: 'POST', bodyLength: 0 } as EdgeRequest
const attempts = (slots: OriginSlot[], request = get) => new OriginAttempts({ slots, strip: '' }, request)
const two = () => [slotThat('is up'), slotThat('is up')] as const

const carrier = (is: { isReused?: boolean; hasAnswered?: boolean } = {}) =>
  ({ isReused: true, hasAnswered: false, ...is }) as UpstreamCarrier
const closed: UpstreamFailure = { kind: 'closed', code: '' }
const unprocessed: UpstreamFailure = { kind: 'closed', code: '', isUnprocessed: true }
const refused: UpstreamFailure = { kind: 'refused', code: '' }

describe('a request', () => {
  test.each(['is up', 'is not watched'] as const)('begins with the first origin that %s', (state) => {
    const [out, first, second] = [slotThat('is out'), slotThat(state), slotThat('is up')]
    expect(attempts([out, first, second]).slot).toBe(first)
  })

  test('begins with the first origin if all are down', () => {
    const [first, second] = [slotThat('is out'), slotThat('is out')]
    expect(attempts([first, second]).slot).toBe(first)
  })
})

describe('a retry at the same origin', () => {
  test('happens once, after it closed a used connection before any answer', () => {
    const asked = attempts([slotThat('is up')])
    expect(asked.repeats(carrier(), closed)).toBe(true)
    expect(asked.repeats(carrier(), closed)).toBe(false)
  })

  test.each([
    ['on a new connection', get, carrier({ isReused: false }), closed],
    ['after an answer', get, carrier({ hasAnswered: true }), closed],
    ['by a method that changes something', post, carrier(), closed],
    ['with a body', { ...get, bodyLength: 5 } as EdgeRequest, carrier(), closed],
    ['with a body of unknown length', { ...get, bodyLength: -1 } as EdgeRequest, carrier(), closed],
    ['where it refused', get, carrier(), refused],
  ])('does not happen %s', (_what, request, by, failure) => {
    expect(attempts([slotThat('is up')], request).repeats(by, failure)).toBe(false)
  })

  test('happens for any method if the origin has not processed the request', () => {
    expect(attempts([slotThat('is up')], post).repeats(carrier({ isReused: false }), unprocessed)).toBe(true)
    const sent = attempts([slotThat('is up')], post)
    sent.hasSentBody = true
    expect(sent.repeats(carrier(), unprocessed)).toBe(false)
  })

  test('happens again at the next origin', () => {
    const asked = attempts([...two()])
    expect(asked.repeats(carrier(), closed)).toBe(true)
    expect(asked.movesOn(carrier(), closed)).toBe(true)
    expect(asked.repeats(carrier(), closed)).toBe(true)
  })
})

describe('a failover to another origin', () => {
  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('follows any failure of %s', (method) => {
    const [first, second] = two()
    const asked = attempts([first, second], { method, bodyLength: 0 } as EdgeRequest)
    expect(asked.movesOn(carrier({ hasAnswered: true }), refused)).toBe(true)
    expect(asked.slot).toBe(second)
  })

  test.each([
    ['POST', 0, closed, false],
    ['PATCH', 0, closed, false],
    ['GET', 5, closed, false],
    ['POST', 5, unprocessed, true],
    ['POST', 0, { ...unprocessed, kind: 'malformed' }, false],
    ['POST', 0, refused, false],
  ] as [string, number, UpstreamFailure, boolean][])(
    'follows %s with %d bytes after %j: %s',
    (method, bodyLength, failure, isAsked) => {
      const [first, second] = two()
      const asked = attempts([first, second], { method, bodyLength } as EdgeRequest)
      expect(asked.movesOn(carrier(), failure)).toBe(isAsked)
      expect(asked.slot).toBe(isAsked ? second : first)
    },
  )

  test('happens for any request of which nothing was sent, and for none whose body was', () => {
    expect(attempts([...two()], post).movesOn(null, refused)).toBe(true)
    const sent = attempts([...two()])
    sent.hasSentBody = true
    expect(sent.movesOn(null, refused)).toBe(false)
  })

  test('asks each origin once, and only those that are up', () => {
    const [first, second, third] = [slotThat('is up'), slotThat('is up'), slotThat('is up')]
    const asked = attempts([first, slotThat('is out'), second, slotThat('is not watched'), third])
    expect([asked.movesOn(null, refused), asked.slot]).toEqual([true, second])
    expect([asked.movesOn(null, refused), asked.slot]).toEqual([true, third])
    expect([asked.movesOn(null, refused), asked.slot]).toEqual([false, third])
  })
})

describe('the health of an origin', () => {
  test.each([
    [200, 'ok'],
    [500, 'ok'],
    [501, 'ok'],
    [502, 'It answers 502'],
    [503, 'It answers 503'],
    [504, 'It answers 504'],
    [505, 'ok'],
  ])('records the status %d as: %s', (status, told) => {
    const slot = slotThat('is up')
    attempts([slot]).answered(status)
    expect(slot.told).toEqual([told])
  })

  test.each(failureKinds)('records only its own faults: %s', (kind) => {
    const slot = slotThat('is up')
    attempts([slot]).failed({ kind, code: 'CODE' })
    const isOurs = kind === 'busy' || kind === 'unsendable' || kind === 'fault'
    expect(slot.told).toEqual(isOurs ? [] : [failureReason({ kind, code: 'CODE' })])
  })

  test('records nothing if it is not watched', () => {
    const asked = attempts([slotThat('is not watched')])
    expect(() => (asked.answered(502), asked.answered(200), asked.failed(refused))).not.toThrow()
  })
})
