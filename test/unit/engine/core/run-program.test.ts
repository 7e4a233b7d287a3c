import { expect, test } from 'vitest'
import { runProgram } from '../../../../src/engine/core/run-program.ts'
import { posixOnly } from '../../../support/needs.ts'

test('a program that ignores SIGTERM is killed at its deadline', posixOnly, async () => {
  const script = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'
  const ran = runProgram([process.execPath, '-e', script], { timeoutMs: 1000 })
  await expect(ran).rejects.toThrow('it did not end within 1 second')
})
