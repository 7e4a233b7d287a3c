import { expect, test } from 'vitest'
import type { OriginState } from '../../../src/contract/domains/origins.ts'
import { originHealth } from '../../../src/domain/origin-health.ts'

const states = (...all: OriginState['state'][]): OriginState[] =>
  all.map((state) => ({
    ...{ address: 'http://127.0.0.1:3000', role: 'primary', state, reason: null },
    ...{ since: '2026-11-28T00:00:00.000Z', until: null },
  }))

test.each([
  [[], 'unknown'],
  [['up'], 'up'],
  [['down'], 'down'],
  [['ejected', 'up'], 'partly'],
  [['ejected', 'down'], 'down'],
] as const)('origins that are %j are %s', (all, health) => {
  expect(originHealth(states(...all))).toBe(health)
})
