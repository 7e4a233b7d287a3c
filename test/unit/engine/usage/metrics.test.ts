import { expect, test } from 'vitest'
import { metricsText } from '../../../../src/engine/usage/metrics.ts'

type Parts = Parameters<typeof metricsText>[0]

test('deaths of workers and faults of the edge are counters', () => {
  const parts = {
    metering: { sinceStart: new Map() },
    vault: { certificates: { list: () => [] }, domains: { list: () => [] } },
    clock: () => new Date(0),
    startedAt: new Date(0),
    supervisor: { status: () => ({ restarts: 2, faults: 3 }) },
  } as unknown as Parts
  const lines = metricsText(parts).split('\n')
  expect(lines).toContain('edgekeep_worker_deaths_total 2')
  expect(lines).toContain('# TYPE edgekeep_faults_total counter')
  expect(lines).toContain('edgekeep_faults_total 3')
})
