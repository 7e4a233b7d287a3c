import { expect, test } from 'vitest'
import { killRestores } from '../../../support/vault/restore-crash.ts'
import { temporaryHome } from '../../../support/vault/vault.ts'
import { killAgainAndAgain } from '../../../support/vault/vault-crash.ts'

// The short form of `npm run conformance -- vault-kill`.
test('twenty kills at random moments lose no acknowledged change and leave none half-done', async () => {
  const report = await killAgainAndAgain(temporaryHome(), 20)
  expect(report.kills).toBe(20)
  expect(report.acknowledged).toBeGreaterThan(0)
}, 120_000)

test('a restore that is killed leaves the vault of before or that of after, whole', async () => {
  const { small = 0, large = 0, empty = 0 } = await killRestores(temporaryHome(), 5)
  expect(small + large + empty).toBe(5)
}, 120_000)
