import { followPublication } from '../../../../src/client/follow-publication.ts'
import { writeFileSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Target } from '../../../../src/contract/targets/targets.ts'
import { targetNotices } from '../../../../src/domain/notices.ts'
import { createTargetRenewals, type TargetRenewals } from '../../../../src/engine/publish/renewals.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import { commandLineOf, openTestEngine, originAt, type TestEngine } from '../../../support/engine/engine.ts'
import { dayMs, jumpingClock } from '../../../support/engine/jumping-clock.ts'
import { absent, unless } from '../../../support/needs.ts'
import { type RealServer, realServer } from '../../../support/publish/real-servers.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { waits } from '../../../support/waits.ts'

const clock = jumpingClock()
let opened: TestEngine
let origin: TestOrigin
let server: RealServer
let renewals: TargetRenewals
beforeEach(async () => {
  clock.jumpTo(0)
  opened = await openTestEngine(undefined, clock.now)
  origin = await startOrigin((_request, response) => response.end('answer of the origin'))
  server = await realServer('nginx', temporaryFolder())
  renewals = createTargetRenewals(opened.engine.context.parts)
})
afterEach(async () => {
  renewals.close()
  await server.stop()
  await origin.close()
  await opened.close()
})

async function web(): Promise<Target> {
  const [target] = await opened.client.targets.list()
  if (!target) throw new Error('There is no target.')
  return target
}

const endOf = ({ servers }: Target) => servers[0]?.certificates[0]?.notAfter ?? ''
const days = (count: number) => clock.jumpTo(count * dayMs)

describe('a target that renews by itself', unless(absent('nginx', 'openssl')), () => {
  test('gets a new certificate in time, with nothing else changed, and what fails is shown', async () => {
    const { client } = opened
    const domain = 'shop.test'
    await client.domains.add({ name: domain, origin: originAt(origin.port) })
    await client.https.enable({ domain, source: { type: 'free' } })
    await commandLineOf(opened).targets.add({ name: 'web', ...server.settings })
    await server.start()
    await followPublication(await client.targets.publish({ target: 'web', domains: [domain] }))
    const first = endOf(await web())
    days(300)
    await renewals.look()
    expect(endOf(await web())).toBe(first)

    await client.targets.setRenewal({ target: 'web', on: true })
    await renewals.look()
    const second = endOf(await web())
    expect(Date.parse(second)).toBeGreaterThan(Date.parse(first))
    expect((await web()).renewal).toEqual({ attempts: 0, notBefore: null, lastAttempt: null })
    expect((await client.audit.list({ limit: 1 }))[0]).toMatchObject({
      action: 'target.publish',
      actor: 'engine',
    })

    // A change that a person has not published is not published by a renewal.
    await client.domains.setPolicies({ domains: [domain], policies: { hsts: { days: 1 } } })
    days(580)
    await renewals.look()
    expect(await web()).toMatchObject({ renewal: { attempts: 1, lastAttempt: { code: 'publish.changed' } } })
    expect(endOf(await web())).toBe(second)
    expect(targetNotices([await web()])).toMatchObject([{ title: expect.stringContaining('web') as string }])
    expect((await client.audit.list({ limit: 1 }))[0]?.action).toBe('target.renew_failed')
    await followPublication(await client.targets.publish({ target: 'web', domains: [] }))
    expect((await web()).renewal?.lastAttempt).toBeNull()

    // A server that refuses is tried again later, and no earlier.
    const config = server.settings.config ?? ''
    const text = readFileSync(config, 'utf8')
    writeFileSync(config, 'nonsense;\n')
    days(860)
    await renewals.look()
    await renewals.look()
    expect(await web()).toMatchObject({ renewal: { attempts: 1, lastAttempt: { code: 'publish.failed' } } })
    writeFileSync(config, text)
    days(861)
    await renewals.look()
    expect((await web()).renewal?.attempts).toBe(0)
    // Old workers of nginx answer for a moment after the proof.
    await vi.waitFor(
      async () => expect((await client.targets.check({ target: 'web' }))[0]?.drift).toEqual([]),
      waits,
    )

    await client.targets.setRenewal({ target: 'web', on: false })
    const third = endOf(await web())
    days(1200)
    await renewals.look()
    expect([(await web()).renewal, endOf(await web())]).toEqual([null, third])
  })
})
