import { describe, expect, test } from 'vitest'
import type { PlannedRow } from '../../../../../src/client/bulk-run.ts'
import { createBulkRun, effectiveFirst } from '../../../../../src/renderer/ui/bulk/bulk-run.ts'

const rows = (count: number, act: (at: number) => void): PlannedRow[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ name: `d${at}.test`, plan: 'Verify' },
    act: async () => {
      act(at)
      return {}
    },
  }))

describe('an act on many rows in the window', () => {
  test('has the results in the order of its rows', async () => {
    const run = createBulkRun(rows(10, () => {}))
    expect(run.store.getState().phase).toBe('running')
    await run.start()
    const { phase, results, done } = run.store.getState()
    expect([phase, done]).toEqual(['ended', 10])
    expect(results.map((end) => end?.name)).toEqual(run.rows.map(({ name }) => name))
  })

  test('is stopped if a row was not begun', async () => {
    const run = createBulkRun(rows(20, (at) => at === 3 && run.stop()))
    await run.start()
    expect(run.store.getState().phase).toBe('stopped')
    const outcomes = run.store.getState().results.map((end) => end?.outcome)
    expect(outcomes.filter((outcome) => outcome === 'not-begun')).toHaveLength(16)
  })

  test('is planned with the effective rows first, then with what cannot be done', () => {
    const [first, second] = rows(2, () => {}) as [PlannedRow, PlannedRow]
    const idle = { name: 'idle.test', plan: 'HTTPS is on already', outcome: 'skipped' } as const
    const refused = { name: 'refused.test', plan: 'Not covered', outcome: 'refused' } as const
    expect(effectiveFirst([idle, first, refused, second])).toEqual([first, second, refused, idle])
  })
})
