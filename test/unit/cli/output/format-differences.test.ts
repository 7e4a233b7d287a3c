import { expect, test } from 'vitest'
import { formatDifference } from '../../../../src/cli/output/format-differences.ts'

test('a list is shown as JSON, and not that JSON as text', () => {
  const after = { 'origin.host': '127.0.0.1', 'policies.origins.routes': '[{"path":"/api"}]' }
  expect(formatDifference({ domain: 'a.test', kind: 'add', field: '', before: null, after })).toBe(
    '+ a.test\n    origin.host: "127.0.0.1"\n    policies.origins.routes: [{"path":"/api"}]',
  )
})
