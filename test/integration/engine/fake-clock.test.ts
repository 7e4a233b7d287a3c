import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EngineStatus } from '../../../src/contract/engine/engine-status.ts'
import { edgekeepUnder, fakeClock, startEngineUnder, withoutFaketime } from '../../support/engine/faketime.ts'
import { unless } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const yearSeconds = 365 * 86_400

describe('a clock of libfaketime', unless(withoutFaketime), () => {
  test('jumps in the engine, its workers and commands while they run', async () => {
    const clock = fakeClock()
    clock.jumpTo(-yearSeconds)
    const home = join(temporaryFolder(), 'home')
    const { ready } = await startEngineUnder(clock, home)
    const { status } = (await edgekeepUnder(clock, home, ['status', '--json'])).json() as unknown as {
      status: EngineStatus
    }
    expect(yearsAhead(status.startedAt)).toBe(-1)
    // `Date` of the worker's answer for an unknown domain.
    const dateOfWorker = async () =>
      (await fetch(`http://127.0.0.1:${ready.httpPort}/`)).headers.get('date') ?? ''
    expect(yearsAhead(await dateOfWorker())).toBe(-1)
    clock.jumpTo(2 * yearSeconds)
    // Node writes `Date` anew once a second.
    await expect.poll(async () => yearsAhead(await dateOfWorker())).toBe(2)
  })
})

function yearsAhead(at: string): number {
  return Math.round((Date.parse(at) - Date.now()) / (yearSeconds * 1000))
}
