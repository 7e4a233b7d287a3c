import { describe, expect, test } from 'vitest'
import type { UsageReport } from '../../../../../src/contract/usage/usage.ts'
import { createUsage, type UsageCalls } from '../../../../../src/renderer/features/usage/usage-state.ts'

function slowCalls() {
  const asked: { period: Parameters<UsageCalls['query']>[0]; answer: (report: UsageReport) => void }[] = []
  const query = (period: Parameters<UsageCalls['query']>[0]) =>
    new Promise<UsageReport>((answer) => asked.push({ period, answer }))
  return { asked, calls: { query, csv: async () => ({ text: 'from,domain\n' }) } as unknown as UsageCalls }
}

const reportOf = (step: UsageReport['step']) => ({ step }) as UsageReport

describe('usage in the window', () => {
  test('asks for the domain and the time that are chosen', async () => {
    const { asked, calls } = slowCalls()
    const usage = createUsage(calls)
    void usage.choose({ range: 'month', domain: 'shop.test' })
    expect(asked[0]?.period).toMatchObject({ step: 'day', domain: 'shop.test' })
    void usage.choose({ domain: null })
    expect(asked[1]?.period).toMatchObject({ step: 'day' })
    expect(asked[1]?.period).not.toHaveProperty('domain')
  })

  test('shows the last requested period, whichever answer comes last', async () => {
    const { asked, calls } = slowCalls()
    const usage = createUsage(calls)
    const first = usage.choose({ range: 'year' })
    const second = usage.choose({ range: 'hour' })
    asked[1]?.answer(reportOf('minute'))
    await second
    asked[0]?.answer(reportOf('day'))
    await first
    expect(usage.store.getState()).toMatchObject({ report: { step: 'minute' }, busy: false, range: 'hour' })
  })

  test('keeps its report during a failure, and shows the error', async () => {
    const failing = { query: async () => Promise.reject(new Error('gone')), csv: async () => ({ text: '' }) }
    const usage = createUsage(failing as unknown as UsageCalls)
    await usage.refresh()
    expect(usage.store.getState()).toMatchObject({ report: null, problem: { code: expect.any(String) } })
  })
})
