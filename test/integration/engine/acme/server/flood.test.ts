import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { faultsOf, floodAcme } from '../../../../support/acme/flood.ts'
import { temporaryFolder } from '../../../../support/engine/engine.ts'
import { linuxOnly } from '../../../../support/needs.ts'

/** Short form of `npm run conformance -- acme-flood`; it reads Linux's process data. */
describe('a flood of hostile ACME clients', linuxOnly, () => {
  test('leaves another client its certificates, and the engine its answers', async () => {
    const folder = temporaryFolder()
    const report = await floodAcme(folder, { seconds: 5, connections: 20 })
    rmSync(folder, { recursive: true, force: true })
    expect(faultsOf(report), JSON.stringify(report)).toEqual([])
    expect(report.status.calls).toBeGreaterThan(0)
    expect(report.answers['201']).toBeGreaterThan(20)
  }, 240_000)
})
