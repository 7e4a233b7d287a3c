import { describe, expect, test } from 'vitest'
import type { ImportEvent, ImportResult } from '../../../../../../src/contract/certificates/records.ts'
import {
  createImportRun,
  type ImportCalls,
} from '../../../../../../src/renderer/features/certificates/import-many/import-run.ts'

const result = (title: string): ImportResult => ({
  outcome: 'imported',
  title,
  names: [title],
  notAfter: null,
  place: { file: title },
  certificate: { id: title, name: title },
  problem: null,
})
const progress = (done: number): ImportEvent => ({ type: 'progress', stage: 'storing', done, total: 2 })
const summary = { imported: 2, there: 0, failed: 0, skipped: 0, effect: null }

/** Calls that answer with these events; `between` runs before each. */
function callsWith(events: ImportEvent[], between: (index: number) => void = () => {}): ImportCalls {
  async function* stream(signal?: AbortSignal) {
    for (const [index, event] of events.entries()) {
      between(index)
      if (signal?.aborted) return
      yield event
      await Promise.resolve()
    }
  }
  return {
    importMany: ((_input: unknown, options?: { signal?: AbortSignal }) =>
      Promise.resolve(stream(options?.signal))) as unknown as ImportCalls['importMany'],
  }
}

const files = [new File(['x'], 'a')]

describe('an import of many files', () => {
  test('keeps every result and ends with the summary', async () => {
    const run = createImportRun(
      callsWith([
        { type: 'result', result: result('a') },
        progress(1),
        { type: 'result', result: result('b') },
        { type: 'done', summary },
      ]),
    )
    await run.start({ files, allOrNothing: false })
    const { phase, results, summary: said } = run.store.getState()
    expect({ phase, titles: results.map(({ title }) => title), said }).toEqual({
      phase: 'done',
      titles: ['a', 'b'],
      said: summary,
    })
  })

  test('keeps the results received before it is stopped', async () => {
    const run = createImportRun(
      callsWith([{ type: 'result', result: result('a') }, progress(1), progress(2)], (index) => {
        if (index === 2) run.stop()
      }),
    )
    await run.start({ files, allOrNothing: false })
    expect(run.store.getState()).toMatchObject({ phase: 'stopped', results: [{ title: 'a' }] })
  })

  test('fails if its stream ends early', async () => {
    const run = createImportRun(callsWith([progress(1)]))
    await run.start({ files, allOrNothing: false })
    expect(run.store.getState().problem?.code).toBe('engine.unreachable')
  })
})
