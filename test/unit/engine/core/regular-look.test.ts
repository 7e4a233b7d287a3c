import { expect, test } from 'vitest'
import type { Log } from '../../../../src/engine/core/log.ts'
import { regularLook } from '../../../../src/engine/core/regular-look.ts'

test('a slow subject of a regular look holds up no other, and is looked at once at a time', async () => {
  const looks: string[] = []
  const slow = Promise.withResolvers<void>()
  const failures: string[] = []
  const log = { error: (_: object, text: string) => failures.push(text) } as unknown as Log
  const regular = regularLook(
    { log, failure: 'Look failed' },
    async (_signal, subject) => {
      looks.push(subject)
      if (subject === 'slow') await slow.promise
      if (subject === 'faulty') throw new Error('fault')
    },
    () => ['slow', 'fast', 'faulty'],
  )
  const first = regular.look()
  await Promise.resolve().then(() => undefined)
  await new Promise(setImmediate)
  const second = regular.look()
  await new Promise(setImmediate)
  expect(looks).toEqual(['slow', 'fast', 'faulty', 'fast', 'faulty'])
  expect(failures).toEqual(['Look failed', 'Look failed'])
  slow.resolve()
  await Promise.all([first, second])
  regular.close()
})
