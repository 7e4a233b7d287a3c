import { describe, expect, test } from 'vitest'
import { EdgekeepError } from '../../../../../../src/contract/errors/registry.ts'
import type { BulkStep } from '../../../../../../src/domain/bulk-plan.ts'
import {
  createBulkRun,
  effectiveFirst,
} from '../../../../../../src/renderer/features/domains/list/bulk-run.ts'
import { domainFacts } from '../domain-facts.ts'

const steps = (count: number): BulkStep[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ domain: domainFacts({ name: `d${at}.test` }), skip: false, text: 'verify' },
  }))
const outcomes = (run: ReturnType<typeof createBulkRun>) =>
  run.store.getState().results.map((each) => each?.outcome)

describe('an act on many domains', () => {
  test('is planned with the domains first that it changes', () => {
    const [first, second, third] = steps(3)
    const planned = effectiveFirst([{ ...first!, skip: true }, second!, third!])
    expect(planned.map(({ domain }) => domain.name)).toEqual(['d1.test', 'd2.test', 'd0.test'])
  })

  test('goes on after a failure, and has each result with its reason', async () => {
    const run = createBulkRun(steps(3), ({ domain }) =>
      domain.name === 'd1.test'
        ? Promise.reject(new EdgekeepError('domain.https_off', { name: domain.name }))
        : Promise.resolve(null),
    )
    await run.start()
    expect(run.store.getState().phase).toBe('ended')
    expect(outcomes(run)).toEqual(['done', 'failed', 'done'])
    expect(run.store.getState().results[1]?.reason).toContain('d1.test')
  })

  test('counts a verification that does not hold as failed, with its sentence', async () => {
    const run = createBulkRun(steps(1), async () => 'The origin does not answer.')
    await run.start()
    expect(run.store.getState().results).toEqual([
      { outcome: 'failed', reason: 'The origin does not answer.' },
    ])
  })

  test('begins no further step once it is stopped, or the vault is locked', async () => {
    const begun: string[] = []
    const stopped = createBulkRun(steps(20), async ({ domain }) => {
      begun.push(domain.name)
      if (begun.length === 4) stopped.stop()
      return null
    })
    await stopped.start()
    expect(begun).toHaveLength(4)
    expect(stopped.store.getState().phase).toBe('stopped')
    expect(outcomes(stopped).filter((each) => each === 'skipped')).toHaveLength(16)

    const locked = createBulkRun(steps(20), () =>
      Promise.reject(new EdgekeepError('vault.locked', { reason: 'it was locked' })),
    )
    await locked.start()
    expect(locked.store.getState().phase).toBe('stopped')
    expect(outcomes(locked).filter((each) => each === 'failed').length).toBeLessThanOrEqual(4)
  })

  test('does not carry out what would change nothing', async () => {
    const [step] = steps(1) as [BulkStep]
    const run = createBulkRun([{ ...step, skip: true }], () => Promise.reject(new Error('carried out')))
    await run.start()
    expect(outcomes(run)).toEqual(['skipped'])
  })
})
