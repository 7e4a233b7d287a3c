import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { forgetSoon } from '../../../../src/engine/services/core/forget-soon.ts'
import { collectGarbage } from '../../../support/collect-garbage.ts'

/** It tells nothing once it is collected itself. */
let collected: FinalizationRegistry<null>

/** Processor time of this thread, in milliseconds, that a turn of the loop has taken at most until `done`. */
async function longestTurn(done: Promise<void>): Promise<number> {
  let longest = 0
  let before = process.threadCpuUsage()
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before)
    longest = Math.max(longest, (user + system) / 1000)
    before = process.threadCpuUsage()
  }, 1)
  await done
  // The turn that ended it counts too.
  await new Promise((resolve) => setTimeout(resolve, 50))
  clearInterval(timer)
  return longest
}

function forcedMs(): number {
  const before = process.threadCpuUsage()
  collectGarbage()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

test('what was dropped is collected within seconds, and the loop is not held for a whole collection', async () => {
  const held = Array.from({ length: 400_000 }, (_, at) => ({ at, text: `kept ${at}`, list: [at] }))
  collectGarbage()
  await new Promise((resolve) => setTimeout(resolve, 200))
  const forced = Math.min(forcedMs(), forcedMs())
  const gone = Promise.withResolvers<void>()
  collected = new FinalizationRegistry(() => gone.resolve())
  collected.register(generateKeyPairSync('ed25519').privateKey, null)
  forgetSoon()
  expect(await longestTurn(gone.promise)).toBeLessThan(forced / 2)
  expect(held).toHaveLength(400_000)
}, 20_000)
