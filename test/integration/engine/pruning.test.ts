import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countAt, noCounts } from '../../../src/edge/protocol/counts.ts'
import { createPruning, type Pruning } from '../../../src/engine/pruning.ts'
import { openTestEngine, type TestEngine } from '../../support/engine/engine.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const sixYearsMs = 6 * 366 * dayMs

let opened: TestEngine
let pruning: Pruning
/** Offset of the system's clock from the start of the test. */
let aheadMs: number
let runningMs: number

beforeEach(async () => {
  const start = Date.now()
  aheadMs = 0
  runningMs = 0
  opened = await openTestEngine(undefined, () => new Date(start + aheadMs))
  const { parts } = opened.engine.context
  pruning = createPruning({ ...parts, usage: parts.metering.store }, () => runningMs)
})
afterEach(async () => {
  pruning.close()
  await opened.close()
})

/** Runs hours with a pruning every ten minutes, under a clock offset of `aheadMs`. */
function runForHours(hours: number): void {
  for (let at = 0; at < hours * 6; at += 1) {
    pruning.look()
    runningMs += hourMs / 6
    aheadMs += hourMs / 6
  }
  pruning.look()
}

function countRequest(): void {
  const { metering } = opened.engine.context.parts
  const counts = noCounts()
  counts[countAt.https] = 1
  metering.take({ sequence: 1, domains: [{ domain: 'shop.test', counts, latency: new Map() }] })
  metering.flush()
}

const requestsBy = (step: 'minute' | 'hour' | 'day') =>
  opened.engine.context.parts.metering.store.rows(step, new Date(0), new Date(8.64e15)).length

describe('usage', () => {
  test('is all there after an hour under a clock that was six years ahead', () => {
    countRequest()
    aheadMs = sixYearsMs
    runForHours(1)
    aheadMs = 2 * hourMs
    runForHours(12)
    expect([requestsBy('minute'), requestsBy('hour'), requestsBy('day')]).toEqual([1, 1, 1])
  })

  test('is deleted when it is too old by a clock that goes on as it should', () => {
    countRequest()
    aheadMs = 3 * dayMs
    runForHours(5)
    expect(requestsBy('minute')).toBe(1)
    runForHours(2)
    expect([requestsBy('minute'), requestsBy('hour'), requestsBy('day')]).toEqual([0, 1, 1])
  })
})

describe('under a clock that stays six years ahead for two days of running', () => {
  test('hours and days of usage and issued certificates are all there afterwards', async () => {
    runForHours(12)
    countRequest()
    await opened.client.localCertificates.issue({ names: ['shop.test'] })
    aheadMs += sixYearsMs
    runForHours(48)
    aheadMs -= sixYearsMs
    runForHours(12)
    expect([requestsBy('hour'), requestsBy('day')]).toEqual([1, 1])
    expect(opened.engine.context.parts.vault.issued.list()).toHaveLength(1)
  })
})

describe('certificates that the local authority has issued', () => {
  test('are forgotten long after their end, but a revoked one stays while its signer answers for it', async () => {
    const { client, engine } = opened
    const names = ['revoked.test', 'ended.test']
    const [revoked, ended] = await Promise.all(
      names.map((name) => client.localCertificates.issue({ names: [name] })),
    )
    const { issued } = engine.context.parts.vault
    const serialOf = (certificate = revoked) =>
      issued.findByFingerprint(certificate?.fingerprintSha256 ?? '')?.serial ?? ''
    const serial = serialOf()
    issued.revoke(serial, new Date(), 1)
    expect(serialOf(ended)).not.toBe('')
    aheadMs = sixYearsMs
    runForHours(5)
    expect(issued.list()).toHaveLength(2)
    runForHours(2)
    expect(issued.list().map((row) => row.serial)).toEqual([serial])
    expect(issued.get(serial)?.revokedAt).not.toBeNull()
  })
})
