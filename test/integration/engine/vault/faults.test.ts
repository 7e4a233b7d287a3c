import { describe, expect, test } from 'vitest'
import { unless } from '../../../support/needs.ts'
import { faultsMissing, injectFaults } from '../../../support/vault/vault-faults.ts'
import { temporaryHome } from '../../../support/vault/vault.ts'

const fiveMinutes = 300_000

// The short form of `npm run conformance -- vault-faults`: some operations, and each call fails without having done anything.
describe('a vault of which one system call fails', unless(faultsMissing), () => {
  test.each([
    ['restore over a vault', 40],
    ['rotate', 60],
  ])(
    'is wholly as before or wholly as after, and opens: %s',
    async (name, atLeast) => {
      const [report, ...others] = await injectFaults(temporaryHome(), 'f', [name])
      expect(others).toEqual([])
      expect(report).toMatchObject({ name, violations: [] })
      expect(report?.faults).toBeGreaterThan(atLeast)
      expect(report?.done).toBeGreaterThan(0)
    },
    fiveMinutes,
  )

  test(
    'is so with each call of the keychain failing too, before and after it is done',
    async () => {
      const reports = await injectFaults(temporaryHome(), 'k')
      expect(reports.filter(({ keychain }) => keychain)).toHaveLength(4)
      expect(reports.flatMap(({ violations }) => violations)).toEqual([])
    },
    fiveMinutes,
  )
})
