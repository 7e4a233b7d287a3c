import { describe, expect, test } from 'vitest'
import { formatEarlyEnd, streamedResults } from '../../../../src/cli/output/streamed-results.ts'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'

async function* results(end?: Error) {
  yield 'first'
  yield 'second'
  if (end) throw end
}

describe('the results of a call on many', () => {
  test('are whole without an error', async () => {
    expect(await streamedResults(results(), () => null)).toEqual({ items: ['first', 'second'], error: null })
    expect(formatEarlyEnd(null)).toEqual([])
  })

  test('stay where the vault is locked or the engine goes, beside the error', async () => {
    const locked = new EdgekeepError('vault.locked', { reason: 'of the test' })
    expect(await streamedResults(results(locked), () => null)).toEqual({
      items: ['first', 'second'],
      error: locked,
    })
    const { items, error } = await streamedResults(results(new Error('closed')), () => null)
    expect(items).toHaveLength(2)
    expect(error).toMatchObject({ code: 'engine.unreachable' })
    expect(formatEarlyEnd(error)[0]).toContain('edgekeep cert list')
  })
})
