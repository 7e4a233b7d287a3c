import { describe, expect, test, vi } from 'vitest'
import type { AuditRow } from '../../../../../src/contract/audit/audit.ts'
import { EdgekeepError } from '../../../../../src/contract/errors/registry.ts'
import {
  createTrail,
  pageSize,
  type AuditCalls,
} from '../../../../../src/renderer/features/activity/trail.ts'

function row(sequence: number, at = '2026-11-24T10:00:00.000Z'): AuditRow {
  return {
    sequence,
    at,
    actor: 'window',
    action: 'domain.add',
    subject: 'shop.test',
    before: null,
    after: null,
  }
}

/** Engine whose trail is `rows`, oldest first; it can grow and be replaced. */
function engineWith(count: number) {
  const rows = Array.from({ length: count }, (_, index) => row(index + 1))
  const list = vi.fn(async ({ limit, before }: { limit: number; before?: number | undefined }) =>
    rows
      .filter(({ sequence }) => before === undefined || sequence < before)
      .slice(-limit)
      .toReversed(),
  )
  const verify = vi.fn(async () => ({ ok: true, rows: rows.length, brokenAt: null, reason: null }))
  return { rows, list, verify, calls: { list, verify } as unknown as AuditCalls }
}
const sequences = (rows: readonly AuditRow[]) => rows.map(({ sequence }) => sequence)

describe('the trail', () => {
  test('shows the newest page first and says that there is more', async () => {
    const trail = createTrail(engineWith(pageSize + 20).calls)
    await trail.refresh()
    const { rows, complete, waiting } = trail.store.getState()
    expect([rows[0]?.sequence, rows.length, complete, waiting]).toEqual([
      pageSize + 20,
      pageSize,
      false,
      false,
    ])
  })

  test('goes on to the first row, without gaps and without twice the same', async () => {
    const trail = createTrail(engineWith(pageSize + 20).calls)
    await trail.refresh()
    await Promise.all([trail.loadOlder(), trail.loadOlder()])
    const { rows, complete } = trail.store.getState()
    expect(sequences(rows)).toEqual(
      Array.from({ length: pageSize + 20 }, (_, index) => pageSize + 20 - index),
    )
    expect(complete).toBe(true)
  })

  test('prepends new rows, also when they are more than a page', async () => {
    const engine = engineWith(3)
    const trail = createTrail(engine.calls)
    await trail.refresh()
    for (let sequence = 4; sequence <= pageSize * 3; sequence += 1) engine.rows.push(row(sequence))
    await trail.refresh()
    expect(sequences(trail.store.getState().rows)).toEqual(sequences(engine.rows).toReversed())
  })

  test('starts anew when the trail is another one, as after a restore', async () => {
    const engine = engineWith(9)
    const trail = createTrail(engine.calls)
    await trail.refresh()
    engine.rows.splice(0, 9, row(1, '2026-11-01T00:00:00.000Z'), row(2, '2026-11-01T00:00:01.000Z'))
    await trail.refresh()
    expect(sequences(trail.store.getState().rows)).toEqual([2, 1])
  })

  test('keeps its rows when the engine refuses, and shows the reason', async () => {
    const engine = engineWith(3)
    const trail = createTrail(engine.calls)
    await trail.refresh()
    engine.list.mockRejectedValueOnce(new EdgekeepError('engine.failed', {}))
    await trail.refresh()
    expect(trail.store.getState()).toMatchObject({ problem: { code: 'engine.failed' } })
    expect(trail.store.getState().rows).toHaveLength(3)
    await trail.refresh()
    expect(trail.store.getState().problem).toBeNull()
  })

  test('tells what a check found, and why there was none', async () => {
    const engine = engineWith(3)
    const trail = createTrail(engine.calls)
    await trail.check()
    expect(trail.store.getState().verdict).toMatchObject({ ok: true, rows: 3 })
    engine.verify.mockRejectedValueOnce(new EdgekeepError('vault.locked', { reason: 'it was locked' }))
    await trail.check()
    expect(trail.store.getState()).toMatchObject({
      verdict: null,
      verdictProblem: { code: 'vault.locked' },
      checking: false,
    })
  })
})
