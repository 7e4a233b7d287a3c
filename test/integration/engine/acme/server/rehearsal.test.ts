import { X509Certificate } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { controlAddress } from '../../../../../src/contract/engine/control-address.ts'
import { openControlSocket } from '../../../../../src/engine/control-socket.ts'
import { certificateFacts } from '../../../../../src/pki/facts/certificate.ts'
import { openAcmeServer, type OpenedAcme } from '../../../../support/acme/server.ts'
import { RawAcme } from '../../../../support/acme/requests.ts'
import { edgekeepProcess } from '../../../../support/processes/cli.ts'
import { openTestEngine } from '../../../../support/engine/engine.ts'

let at: OpenedAcme
beforeAll(async () => {
  at = await openAcmeServer({ waived: ['test'] })
})
afterAll(() => at.close())

function identifierOf(pem: string): string {
  const { extensions, serialHex } = certificateFacts(new X509Certificate(pem).raw)
  const raw = extensions.find(({ name }) => name === 'Authority Key Identifier')!.rawHex
  return `${Buffer.from(raw.slice(8), 'hex').toString('base64url')}.${Buffer.from(serialHex, 'hex').toString('base64url')}`
}

async function registered(): Promise<RawAcme> {
  const client = new RawAcme(at)
  await client.register()
  return client
}

/** Polls renewal information and follows it until the rehearsal ends. */
async function diligent(client: RawAcme, name: string): Promise<void> {
  let pem: string | null = null
  while (!(await at.opened.client.acmeServer.rehearsal())?.ended) {
    const isFirst: boolean = pem === null
    if (pem === null || (await isDue(client, pem)))
      pem = (await client.certificate([name], isFirst ? {} : { replaces: identifierOf(pem!) })).pem
    await delay(100)
  }
}

async function isDue(client: RawAcme, pem: string): Promise<boolean> {
  const { suggestedWindow } = (
    await client.send('GET', `${client.base}/renewal-info/${identifierOf(pem)}`)
  ).json() as { suggestedWindow: { start: string } }
  return new Date(suggestedWindow.start).getTime() <= Date.now()
}

describe('a rehearsal', () => {
  test('needs the server to run', async () => {
    const without = await openTestEngine()
    await expect(without.client.acmeServer.rehearse({})).rejects.toMatchObject({
      code: 'acme_server.not_running',
    })
    expect(await without.client.acmeServer.rehearsal()).toBeNull()
    await without.close()
  })

  test('tells the client that renews through outages and a recall from those that do not', async () => {
    const { acmeServer } = at.opened.client
    const clients = await Promise.all([registered(), registered()])
    const [good, lazy] = clients as [RawAcme, RawAcme]
    // On a busy machine clients and rehearsal days both take longer.
    const began = performance.now()
    await lazy.certificate(['before.test'])
    const dayMs = Math.max(200, Math.min(600, Math.round(2 * (performance.now() - began))))
    await acmeServer.rehearse({
      dayMs,
      // The certificates last 45: the lazy client lapses, and the good one has its second after the recall.
      days: 70,
      spells: [
        { what: 'unavailable', from: 18, to: 22 },
        // Its first renewal is due then, on any machine.
        { what: 'bad-nonce', from: 22, to: 36 },
        { what: 'recall', from: 55, to: 60 },
      ],
    })
    await lazy.certificate(['lazy.test'])
    await diligent(good, 'good.test')
    const report = (await acmeServer.rehearsal())!
    const about = (name: string) => report.clients.find(({ names }) => names[0] === name)!
    expect(about('good.test')).toMatchObject({ verdict: 'kept', lapsedOnDay: null })
    expect(about('good.test').certificates).toBeGreaterThanOrEqual(2)
    expect(about('good.test').issuedOnDays.some((day) => day > 50)).toBe(true)
    expect(about('good.test').askedRenewalInfo).toBeGreaterThan(3)
    expect(about('lazy.test')).toMatchObject({ verdict: 'lapsed', certificates: 1 })
    expect(about('lazy.test').uncoveredDays).toBeGreaterThan(0)
    expect(about('lazy.test').lapsedOnDay).toBeGreaterThan(30)
    const { order } = await good.certificate(['good.test'])
    expect(order['profile']).toBe('classic')
    const [issued] = (await at.opened.client.localCertificates.issued()).issued
    expect(new Date(issued!.notAfter).getTime() - Date.now()).toBeGreaterThan(80 * 86_400_000)
  })

  test('has outages, storms of nonces, slow certificates and a recall', async () => {
    const { acmeServer } = at.opened.client
    const client = await registered()
    const { pem } = await client.certificate(['spells.test'])
    const during = (what: 'unavailable' | 'bad-nonce' | 'slow' | 'recall') =>
      acmeServer.rehearse({ dayMs: 1000, days: 100, limits: false, spells: [{ what, from: 0, to: 100 }] })
    await during('unavailable')
    const refused = await client.order(['spells.test'])
    expect(refused.status).toBe(503)
    expect(refused.headers['retry-after']).toBe('1')
    await during('bad-nonce')
    const storm = await Promise.all(Array.from({ length: 30 }, () => client.order(['spells.test'])))
    const through = storm.filter(({ status }) => status === 201).length
    expect(through).toBeGreaterThan(0)
    expect(through).toBeLessThan(30)
    await during('slow')
    const order = await client.order(['spells.test'])
    const began = Date.now()
    await client.certificate(['spells.test'])
    expect(Date.now() - began).toBeGreaterThan(1900)
    expect(order.status).toBe(201)
    await acmeServer.rehearse({ dayMs: 1000, days: 100, spells: [{ what: 'recall', from: 0.001, to: 1 }] })
    await expect.poll(() => isDue(client, pem)).toBe(true)
    const ended = (await acmeServer.stopRehearsal())!
    expect(ended.plan.spells[0]?.what).toBe('recall')
    expect(await isDue(client, pem)).toBe(false)
  })

  test('is followed as a stream: before it, while it runs, to its end, and when it is stopped', async () => {
    const { acmeServer } = at.opened.client
    const seen: [number, boolean][] = []
    const ending = new AbortController()
    const stream = await acmeServer.watchRehearsal(undefined, { signal: ending.signal })
    const started = await acmeServer.rehearse({ dayMs: 100, days: 12, spells: [] })
    for await (const { rehearsal } of stream) {
      if (rehearsal?.startedAt !== started.startedAt) continue
      seen.push([rehearsal.day, rehearsal.ended])
      if (rehearsal.ended) break
    }
    const days = seen.map(([day]) => day)
    expect(days).toEqual(days.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toEqual([12, true])
    expect(seen[0]?.[1]).toBe(false)
    await acmeServer.rehearse({ dayMs: 60_000, days: 100 })
    expect(await acmeServer.stopRehearsal()).toMatchObject({ ended: true })
    expect(await acmeServer.rehearsal()).toMatchObject({ ended: true })
    ending.abort()
  })

  test('is run and stopped on the command line, which ends with 1 where a client let a certificate lapse', async () => {
    const { engine, folder, client: ours } = at.opened
    const socket = await openControlSocket(controlAddress(folder)!, engine)
    const plan = ['--days', '1000', '--day-ms', '100', '--spell', 'slow:999-1000', '--no-limits']
    const running = edgekeepProcess(folder, ['acme', 'rehearse', ...plan])
    await expect
      .poll(async () => (await ours.acmeServer.rehearsal())?.plan)
      .toMatchObject({ days: 1000, dayMs: 100, limits: false })
    await (await registered()).certificate(['forgotten.test'])
    await expect.poll(async () => (await ours.acmeServer.rehearsal())?.clients[0]?.verdict).toBe('lapsed')
    const row = /forgotten\.test +1 +LAPSED on day \d+, \d+\.\d days without/
    const stopped = await edgekeepProcess(folder, ['acme', 'rehearse', '--stop'])
    expect(stopped.out).toMatch(row)
    expect(stopped.out).toMatch(/^Day \d+ of 1000\. 0 of 1 kept a valid certificate throughout\.$/m)
    for (const { status, out } of [stopped, await running]) {
      expect(status).toBe(1)
      expect(out).toMatch(row)
    }
    await socket.close()
  })

  test.each([
    [{ what: 'recall', from: 5, to: 5 }],
    [{ what: 'slow', from: -1, to: 5 }],
    [{ what: 'slow', from: 1, to: 5000 }],
    [{ what: 'storm', from: 1, to: 2 }],
  ])('takes no bad time that is none: %j', async (spell) => {
    const spells = [spell] as Parameters<typeof at.opened.client.acmeServer.rehearse>[0]['spells']
    await expect(at.opened.client.acmeServer.rehearse({ spells })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })

  test('keeps the limits of Let’s Encrypt, from which an order that replaces is exempt', async () => {
    const { acmeServer } = at.opened.client
    const client = await registered()
    await acmeServer.rehearse({ dayMs: 60_000, days: 100, spells: [] })
    let last = ''
    for (let count = 0; count < 5; count += 1) last = (await client.certificate(['again.test'])).pem
    const sixth = await client.order(['again.test'])
    expect(sixth.status).toBe(429)
    expect(sixth.json()['detail']).toContain('exactly these names (5)')
    // A week lasts 420 seconds here, so a new order is free every 84.
    expect(Number(sixth.headers['retry-after'])).toBeGreaterThan(10)
    const replacing = await client.certificate(['again.test'], { replaces: identifierOf(last) })
    expect(replacing.order['status']).toBe('valid')
    const report = (await acmeServer.stopRehearsal())!
    expect(report.clients).toMatchObject([{ certificates: 6, refused: 1 }])
  })
})
