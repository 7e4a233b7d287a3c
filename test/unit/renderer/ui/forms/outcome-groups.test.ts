import { expect, test } from 'vitest'
import type { TrustOutcome } from '../../../../../src/contract/trust/trust.ts'
import { orderedOutcomes } from '../../../../../src/renderer/ui/forms/outcome-groups.ts'

const outcome = (title: string, patch: Partial<TrustOutcome>): TrustOutcome => ({
  ...{ store: title, title, outcome: 'done', sentence: 'It is there.', dependsOn: null, ...patch },
})

test('puts failures first, each reason once, and their consequences apart', () => {
  const refused = { outcome: 'failed' as const, sentence: 'The rights were not given.' }
  const { missed, consequences, done } = orderedOutcomes([
    outcome('HTTPS', {}),
    outcome('the system’s certificates', refused),
    outcome('the hosts file', refused),
    outcome('ports below 1024', refused),
    outcome('the edge’s ports', {
      outcome: 'skipped',
      sentence: 'It follows.',
      dependsOn: 'ports below 1024',
    }),
  ])
  expect(missed).toEqual([
    { ...refused, titles: ['the system’s certificates', 'the hosts file', 'ports below 1024'] },
  ])
  expect(consequences.map(({ title }) => title)).toEqual(['the edge’s ports'])
  expect(done.map(({ titles }) => titles)).toEqual([['HTTPS']])
})
