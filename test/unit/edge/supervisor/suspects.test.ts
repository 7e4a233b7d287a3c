import { describe, expect, test } from 'vitest'
import { Suspects } from '../../../../src/edge/supervisor/suspects.ts'

describe('domains that were unserved when a worker died', () => {
  let now = 0
  const create = () => {
    now = 0
    return new Suspects(
      () => now,
      () => 0.5,
    )
  }
  const heldBy = (suspects: Suspects) => Object.fromEntries(suspects.heldMs() ?? [['none', 0]])

  test('are not asked for before a death', () => {
    expect(create().heldMs()).toBeUndefined()
  })

  test('are asked for after one that names none', () => {
    const suspects = create()
    suspects.died([])
    expect(heldBy(suspects)).toEqual({})
  })

  test('are held for twice the time at each death, a minute at most', () => {
    const suspects = create()
    const holds = Array.from({ length: 9 }, () => {
      suspects.died(['killer.test'])
      return heldBy(suspects)['killer.test']
    })
    expect(holds).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  })

  test('are let in at different times, so that one of them is served before the other', () => {
    let draw = 0
    const suspects = new Suspects(
      () => 0,
      () => (draw += 0.25),
    )
    suspects.died(['killer.test', 'shop.test'])
    expect(heldBy(suspects)).toEqual({ 'killer.test': 375, 'shop.test': 500 })
  })

  test('are held no more once another was there more often', () => {
    const suspects = create()
    suspects.died(['killer.test', 'shop.test'])
    suspects.died(['killer.test'])
    suspects.died(['killer.test', 'shop.test'])
    expect(heldBy(suspects)).toEqual({ 'killer.test': 2000 })
  })

  test('are forgotten a minute after their hold', () => {
    const suspects = create()
    suspects.died(['killer.test'])
    now = 60_600
    suspects.died([])
    expect(heldBy(suspects)).toEqual({})
    now += 121_000
    expect(suspects.heldMs()).toBeUndefined()
  })

  test('may have the names of properties', () => {
    const suspects = create()
    suspects.died(['__proto__', 'constructor'])
    expect([...(suspects.heldMs() ?? [])]).toEqual([
      ['__proto__', 500],
      ['constructor', 500],
    ])
  })
})
