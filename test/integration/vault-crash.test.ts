import { expect, it } from 'vitest'
import { temporaryHome } from '../support/vault.ts'
import { killAgainAndAgain } from '../support/vault-crash.ts'

it('twenty kills at random moments lose no acknowledged change and leave none half-done', async () => {
  const report = await killAgainAndAgain(temporaryHome(), 20)
  expect(report.kills).toBe(20)
  expect(report.acknowledged).toBeGreaterThan(0)
}, 120_000)
