import { describe, expect, test } from 'vitest'
import {
  type ClockEvidence,
  requireCredibleClock,
} from '../../../../src/engine/local-authority/clock-check.ts'

const now = new Date('2026-11-28T12:00:00Z')
const day = (count: number) => new Date(now.getTime() + count * 86_400_000)
const none: ClockEvidence = { lastEntry: null, earlierEntry: null, build: null, vaultFile: null }
const judged = (evidence: Partial<ClockEvidence>) => () => requireCredibleClock(now, { ...none, ...evidence })

describe('a clock', () => {
  test.each<[string, Partial<ClockEvidence>]>([
    ['in a new vault', {}],
    [
      'after all evidence',
      { lastEntry: day(-1), earlierEntry: day(-1), build: day(-90), vaultFile: day(-1) },
    ],
    ['half a day behind the build', { build: day(0.5) }],
    ['364 days after the entry before', { earlierEntry: day(-364) }],
  ])('%s is credible', (_when, evidence) => {
    expect(judged(evidence)).not.toThrow()
  })

  test.each<[string, Partial<ClockEvidence>, string]>([
    ['behind the newest entry', { lastEntry: day(2) }, 'the newest entry in the vault is of 2026-11-30'],
    ['behind the build', { build: day(2) }, 'this version of Edgekeep was built on 2026-11-30'],
    ["behind the vault's file", { vaultFile: day(2) }, "the vault's file was written on 2026-11-30"],
    [
      'two years after the entries before, though one agrees with it',
      { lastEntry: now, earlierEntry: day(-730) },
      'the newest entry in the vault before the last hour is of 2024-11-28',
    ],
  ])('%s is refused with the evidence and what to do', (_when, evidence, reason) => {
    expect(judged(evidence)).toThrow(
      expect.objectContaining({
        code: 'authority.clock_doubtful',
        message: expect.stringMatching(/--clock-is-right/) as string,
        data: { clock: '2026-11-28', reason },
      }),
    )
  })
})
