import { expect, test } from 'vitest'
import { formatDomain } from '../../../../src/cli/output/format.ts'
import { domainFacts } from '../../renderer/features/domains/domain-facts.ts'

test('a verification that failed does not read as verified', () => {
  const summary = 'Validity: It was valid until 1 September 2026 (2 months ago).'
  const at = '2026-11-25T10:00:00.000Z'
  const shown = (ok: boolean) =>
    formatDomain(domainFacts({ lastCheck: { at, ok, summary, portsChanged: false } }))
  expect(shown(false)).toMatch(/Verified +Failed: Validity: It was valid until/)
  expect(shown(true)).toMatch(/Verified +Validity:|Verified +not since/)
})
