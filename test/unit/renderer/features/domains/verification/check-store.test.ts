import { afterEach, describe, expect, test } from 'vitest'
import type { Client } from '../../../../../../src/client/client.ts'
import type { CheckReport } from '../../../../../../src/contract/domains/domains.ts'
import { EdgekeepError } from '../../../../../../src/contract/errors/registry.ts'
import { useChecks } from '../../../../../../src/renderer/features/domains/verification/check-store.ts'

const report: CheckReport = {
  domain: 'shop.test',
  at: '2026-11-24T10:00:00.000Z',
  ok: true,
  summary: 'The edge serves shop.test over HTTPS.',
  steps: [],
  tls: null,
  timeToFirstByteMs: 4,
}

function clientThat(check: () => Promise<CheckReport>): Pick<Client, 'domains'> {
  return { domains: { check } } as unknown as Pick<Client, 'domains'>
}

const runOf = (domain: string) => useChecks.getState().runs.get(domain)
const verify = (client: Pick<Client, 'domains'>) => useChecks.getState().run(client, 'shop.test')

afterEach(() => useChecks.setState({ runs: new Map() }))

describe('verifications made in the window', () => {
  test('are busy while they run and keep their report', async () => {
    const running = verify(clientThat(async () => report))
    expect(runOf('shop.test')).toMatchObject({ busy: true })
    await running
    expect(runOf('shop.test')).toEqual({ busy: false, report, error: null })
  })

  test('keep why they could not be made instead of an older report', async () => {
    await verify(clientThat(async () => report))
    await verify(clientThat(() => Promise.reject(new EdgekeepError('edge.not_running', {}))))
    expect(runOf('shop.test')).toMatchObject({
      busy: false,
      report: null,
      error: { code: 'edge.not_running' },
    })
  })

  test('run one at a time for a domain', async () => {
    let calls = 0
    const client = clientThat(async () => {
      calls += 1
      return report
    })
    await Promise.all([verify(client), verify(client)])
    expect(calls).toBe(1)
  })
})

test('are those of the domain alone, whatever its name', () => {
  expect(runOf('constructor')).toBeUndefined()
  expect(runOf('__proto__')).toBeUndefined()
})
