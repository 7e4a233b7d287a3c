import { generateKeyPairSync } from 'node:crypto'
import { PerformanceObserver, constants } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { scheduleGc } from '../../../../src/engine/core/schedule-gc.ts'
import { collectGarbage } from '../../../support/processes/collect-garbage.ts'

interface Collection {
  kind: number
  flags: number
}

const {
  NODE_PERFORMANCE_GC_MAJOR: whole,
  NODE_PERFORMANCE_GC_INCREMENTAL: steps,
  NODE_PERFORMANCE_GC_FLAGS_FORCED: forced,
} = constants

/** Registry in a variable of its own: a collected registry reports nothing. */
let collected: FinalizationRegistry<null>

/** Major garbage collections of V8 until `done`, and those reported right after. */
async function collectionsUntil(done: Promise<void>): Promise<Collection[]> {
  const seen: Collection[] = []
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.push((entry as unknown as { detail: Collection }).detail)
  })
  observer.observe({ entryTypes: ['gc'] })
  await done
  // V8 reports a collection in a later turn.
  await new Promise((resolve) => setTimeout(resolve, 50))
  observer.disconnect()
  return seen.filter(({ kind }) => kind === whole || kind === steps)
}

test('dropped objects are collected within seconds, in steps and not at once', async () => {
  const held = Array.from({ length: 400_000 }, (_, at) => ({ at, text: `kept ${at}`, list: [at] }))
  collectGarbage()
  await new Promise((resolve) => setTimeout(resolve, 200))
  const gone = Promise.withResolvers<void>()
  collected = new FinalizationRegistry(() => gone.resolve())
  collected.register(generateKeyPairSync('ed25519').privateKey, null)
  scheduleGc()
  const seen = await collectionsUntil(gone.promise)
  expect(seen.map(({ kind }) => kind)).toContain(whole)
  // Each collection began with incremental marking, which a full one does not.
  expect(seen[0]?.kind).toBe(steps)
  expect(seen.filter(({ flags }) => (flags & forced) !== 0)).toEqual([])
  expect(held).toHaveLength(400_000)
}, 20_000)
