import { expect, test } from 'vitest'
import { failureProblem } from '../../../../../src/edge/worker/origins/upstream-failure.ts'

test.each([
  ['unresolved', 502],
  ['refused', 502],
  ['unreachable', 502],
  ['certificate', 502],
  ['tls', 502],
  ['closed', 502],
  ['malformed', 502],
  ['fault', 502],
  ['folder', 502],
  ['unsendable', 400],
  ['busy', 503],
  ['connect-timeout', 504],
  ['response-timeout', 504],
] as const)('where an origin failed as "%s" the client gets %d', (kind, status) => {
  const { sentence, ...rest } = failureProblem({ kind, code: 'THE_CODE' }, 'shop.test')
  expect(rest).toEqual({ status })
  // Certificate errors name no address; other codes may.
  expect(sentence.includes('THE_CODE')).toBe(kind === 'certificate')
})
