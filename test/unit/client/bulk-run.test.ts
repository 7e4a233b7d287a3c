import { describe, expect, test } from 'vitest'
import { carryOutRows, type EndedRow, type PlannedRow, type RowResult } from '../../../src/client/bulk-run.ts'
import { EdgekeepError } from '../../../src/contract/errors/registry.ts'

async function run(rows: readonly PlannedRow[], stop = new AbortController()): Promise<EndedRow[]> {
  const ends: EndedRow[] = []
  await carryOutRows(rows, { stop, ended: (end, at) => void (ends[at] = end) })
  return ends
}

const many = (count: number, act: (at: number) => Promise<RowResult>): PlannedRow[] =>
  Array.from({ length: count }, (_, at) => ({ name: `d${at}.test`, plan: 'is done', act: () => act(at) }))
const count = (ends: readonly EndedRow[], outcome: EndedRow['outcome']) =>
  ends.filter((end) => end.outcome === outcome).length

describe('a run of many rows', () => {
  test('goes on after a failure, and has each result with its reason', async () => {
    const failure = new EdgekeepError('domain.https_off', {
      name: 'd1.test',
      command: 'edgekeep https on d1.test --free',
    })
    const ends = await run(many(3, (at) => (at === 1 ? Promise.reject(failure) : Promise.resolve({}))))
    expect(ends.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'done'])
    expect(ends[1]?.text).toBe(failure.message)
  })

  test('counts a row that was tried to its end without success as failed, with its sentence', async () => {
    const [end] = await run(many(1, async () => ({ text: 'No answer.', failed: 'check.failed' })))
    expect(end).toEqual({ name: 'd0.test', outcome: 'failed', text: 'No answer.', code: 'check.failed' })
  })

  test('carries out nothing that would change nothing, or cannot be done', async () => {
    const ends = await run([
      { name: 'a.test', plan: 'is on', outcome: 'skipped' },
      { name: 'b.test', plan: 'is not covered', outcome: 'refused' },
    ])
    expect(ends.map(({ outcome }) => outcome)).toEqual(['skipped', 'refused'])
  })

  test('begins no further row once it is stopped, or the vault is locked', async () => {
    const stop = new AbortController()
    const stopped = await run(
      many(20, async (at) => {
        if (at === 3) stop.abort()
        return {}
      }),
      stop,
    )
    expect(count(stopped, 'done')).toBe(4)
    expect(count(stopped, 'not-begun')).toBe(16)
    const locked = await run(
      many(20, () => Promise.reject(new EdgekeepError('vault.locked', { reason: 'it was locked' }))),
    )
    expect(count(locked, 'failed')).toBeLessThanOrEqual(4)
    expect(count(locked, 'failed') + count(locked, 'not-begun')).toBe(20)
  })

  test('calls unknown what the engine had begun when it went', async () => {
    const ends = await run(many(20, () => Promise.reject(new Error('The socket was closed'))))
    expect(count(ends, 'unknown')).toBe(4)
    expect(count(ends, 'not-begun')).toBe(16)
  })

  test('calls unknown every row of a shared call that had begun', async () => {
    let call: Promise<RowResult> | undefined
    const rows: PlannedRow[] = many(20, () => (call ??= Promise.reject(new Error('closed'))))
    const shared = rows.map((row) => ({ ...row, hasBegun: () => call !== undefined }))
    expect(count(await run(shared), 'unknown')).toBe(20)
  })
})
