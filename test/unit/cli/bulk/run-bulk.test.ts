import { afterEach, describe, expect, test, vi } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import type { PlannedRow, RowResult } from '../../../../src/client/bulk-run.ts'
import { runBulk } from '../../../../src/cli/bulk/run-bulk.ts'
import type { Session } from '../../../../src/cli/frame/command.ts'

const lines: string[] = []
vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
afterEach(() => void lines.splice(0))

const session = { global: { json: true } } as Session
const options = { yes: true }
const row = (name: string, act: () => Promise<RowResult>): PlannedRow => ({ name, plan: 'is done', act })
const run = (rows: PlannedRow[]) => runBulk(session, { rows, options, question: 'Do it?' })
const outcomes = () => lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome)
const many = (count: number, act: (at: number) => Promise<RowResult>) =>
  Array.from({ length: count }, (_, at) => row(`d${at}.test`, () => act(at)))

describe('an act on many', () => {
  test('goes on after a failure, and is no success', async () => {
    const failure = new EdgekeepError('domain.https_off', {
      name: 'd1.test',
      command: 'edgekeep https on d1.test --free',
    })
    const { no, data, text } = await run(
      many(3, (at) => (at === 1 ? Promise.reject(failure) : Promise.resolve({}))),
    )
    expect(outcomes().toSorted()).toEqual(['done', 'done', 'failed'])
    expect(no).toMatchObject({ code: 'bulk.not_all', data: { failed: 1, rows: 3 } })
    expect(data).toMatchObject({ rows: 3, counts: { done: 2, failed: 1 } })
    expect(text.split('\n').at(-2)).toContain(failure.message)
  })

  test('tells apart what cannot be done and where there is nothing to do', async () => {
    const rows: PlannedRow[] = [
      { name: 'a.test', plan: 'is on already', outcome: 'skipped' },
      row('b.test', () => Promise.resolve({ text: 'is on' })),
    ]
    expect((await run(rows)).no).toBeUndefined()
    const refused: PlannedRow = { name: 'c.test', plan: 'There is no domain c.test.', outcome: 'refused' }
    expect((await run([...rows, refused])).no).toMatchObject({ code: 'bulk.not_all' })
  })

  test('calls unknown what was begun when the engine went', async () => {
    const { data, text, no } = await run(many(20, () => Promise.reject(new Error('The socket was closed'))))
    expect(data).toMatchObject({ counts: { unknown: 4, 'not-begun': 16, failed: 0 } })
    expect(text).toContain('--dry-run')
    expect(no?.message).toContain('16 of 20 were not done. Whether 4 of 20 were done is not known.')
  })

  test('ends what has begun at an interrupt, and begins no more', async () => {
    const { data } = await run(
      many(20, async (at) => {
        if (at === 4) process.emit('SIGINT')
        return {}
      }),
    )
    const { counts } = data as { counts: Record<string, number> }
    expect(counts['not-begun']).toBeGreaterThan(10)
    expect(counts['done']! + counts['not-begun']!).toBe(20)
    expect(process.listenerCount('SIGINT')).toBe(0)
  })

  test('changes nothing in a dry run, which fails where a row cannot be done', async () => {
    const act = vi.fn(() => Promise.resolve({}))
    const rows: PlannedRow[] = [row('a.test', act), { name: 'b.test', plan: 'none', outcome: 'refused' }]
    const { no, text } = await runBulk(session, { rows, options: { dryRun: true }, question: 'Do it?' })
    expect(act).not.toHaveBeenCalled()
    expect(outcomes()).toEqual(['planned', 'refused'])
    expect(text).toContain('Nothing was changed.')
    expect(no).toBeDefined()
  })

  test('is asked about without a terminal only where something is lost', async () => {
    const bulk = { rows: [row('a.test', () => Promise.resolve({}))], options: {}, question: 'Do it?' }
    expect((await runBulk(session, bulk)).no).toBeUndefined()
    const loss = 'This erases the certificate "a" and its private key.'
    await expect(runBulk(session, { ...bulk, loss })).rejects.toMatchObject({ code: 'usage.wrong' })
  })
})
