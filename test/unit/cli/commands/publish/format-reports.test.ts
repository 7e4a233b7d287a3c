import { expect, test } from 'vitest'
import { formatReports } from '../../../../../src/cli/commands/publish/format-reports.ts'

const report = { server: 'this computer', steps: [], diff: '+line 1\n+line 2', renewed: [] }

test('only a plan has its diff, so that the outcome of a publication stays in sight', () => {
  expect(formatReports([{ ...report, state: 'planned' }])).toBe(
    'this computer: would be published\n\n  +line 1\n  +line 2',
  )
  expect(formatReports([{ ...report, state: 'refused' }])).toBe(
    'this computer: not published, nothing was changed',
  )
})
