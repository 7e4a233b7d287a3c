import { describe, expect, test } from 'vitest'
import { trafficRing } from '../../../../../src/contract/traffic/traffic.ts'
import { stretchesOf } from '../../../../../src/renderer/features/traffic/timeline.ts'
import { afterEvent } from '../../../../../src/renderer/features/traffic/traffic.ts'
import { exchangeDetail, exchangeRow } from './rows.ts'

const none = { rows: [], notShown: 0 }

describe('the traffic in the page', () => {
  test('is as long as the engine’s memory', () => {
    const rows = Array.from({ length: trafficRing }, (_, at) => exchangeRow({ id: at + 1 }))
    const full = afterEvent(none, { type: 'snapshot', rows })
    const next = afterEvent(full, {
      type: 'rows',
      rows: [exchangeRow({ id: trafficRing + 1 })],
      notShown: 3,
    })
    expect(next.rows).toHaveLength(trafficRing)
    expect(next.rows.at(0)?.id).toBe(2)
    expect(next.rows.at(-1)?.id).toBe(trafficRing + 1)
    expect(next.notShown).toBe(3)
  })

  test('counts dropped rows, and forgets all when it is cleared', () => {
    const counted = afterEvent({ rows: [], notShown: 2 }, { type: 'rows', rows: [], notShown: 5 })
    expect(counted.notShown).toBe(7)
    expect(afterEvent(counted, { type: 'cleared' })).toEqual(none)
  })
})

describe('the timeline of an exchange', () => {
  test('puts each stretch after the one before', () => {
    const timings = { queueMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 3, receiveMs: 1, totalMs: 10 }
    expect(stretchesOf(exchangeDetail({ timings }))).toEqual([
      { phase: 'queue', ms: 1, from: 0, length: 0.1 },
      { phase: 'connect', ms: 2, from: 0.1, length: 0.2 },
      { phase: 'tls', ms: 3, from: 0.3, length: 0.3 },
      { phase: 'firstByte', ms: 3, from: 0.6, length: 0.3 },
      { phase: 'receive', ms: 1, from: 0.9, length: 0.1 },
    ])
  })

  test('leaves out what did not happen, and never passes its end', () => {
    const timings = {
      queueMs: null,
      connectMs: null,
      tlsMs: null,
      firstByteMs: null,
      receiveMs: 0,
      totalMs: 0,
    }
    expect(stretchesOf(exchangeDetail({ timings }))).toEqual([
      { phase: 'receive', ms: 0, from: 0, length: 0 },
    ])
  })
})
