import { describe, expect, test } from 'vitest'
import { workOfEveryKind, workOfRequests } from '../../../support/edge/soak/clients.ts'
import { workOfHostileClients } from '../../../support/edge/soak/hostile-clients.ts'
import { soak } from '../../../support/edge/soak/soak.ts'
import { linuxOnly } from '../../../support/needs.ts'

/** Printed with a failure, to repeat the run: `npm run conformance -- soak --seed N`. */
const hostileSeed = Date.now() % 1_000_000

/** Short form of `npm run conformance -- soak`, half a minute in all; it reads Linux's process data. */
describe('the edge in use for a while', linuxOnly, () => {
  test('leaves nothing behind, with swaps, restarting origins and killed workers', async () => {
    const summary = await soak({
      kinds: { ...workOfEveryKind(), ...workOfHostileClients(hostileSeed) },
      hostileSeed,
      clients: 1,
      workers: 2,
      seconds: 24,
      swapEveryMs: 1_000,
      originRestartEveryMs: 2_500,
      workerKillEveryMs: 3_000,
    })
    expect(summary.faults, `hostile clients and origins by seed ${hostileSeed}`).toEqual([])
    expect(summary.hostileAnswers).toBeGreaterThan(0)
    for (const [kind, { done }] of Object.entries(summary.work)) expect(done, kind).toBeGreaterThan(0)
    expect(summary.workerKills).toBeGreaterThan(0)
    expect(summary.originRestarts).toBeGreaterThan(0)
    expect(summary.connectionsLeft).toEqual({ https: 0, http: 0, origin: 0 })
    expect(summary.descriptors.after).toBeLessThanOrEqual(summary.descriptors.before)
    // In so short a time the heap is still finding its size; the long form is stricter.
    expect(summary.mebibytes.last).toBeLessThan(summary.mebibytes.first * 1.5 + 64)
  }, 120_000)

  test('fails none of 3,000 requests with five swaps a second', async () => {
    // It ends with the last request; the seconds are for a machine that does much else.
    const requests = 3_000
    const summary = await soak({
      kinds: workOfRequests(),
      clients: 2,
      workers: 2,
      seconds: 80,
      requests,
      swapEveryMs: 200,
    })
    expect(summary.faults).toEqual([])
    expect(summary.requests).toBeGreaterThanOrEqual(requests)
    expect(summary.swaps).toBeGreaterThanOrEqual(5)
    for (const [kind, { done, excused }] of Object.entries(summary.work)) {
      expect(done, kind).toBeGreaterThan(100)
      expect(excused, kind).toBe(0)
    }
  }, 120_000)
})
