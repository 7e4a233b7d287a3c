import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { edgekeep, edgekeepProcess } from '../../support/processes/cli.ts'
import { countAt, noCounts } from '../../../src/edge/protocol/counts.ts'
import { startEngineUnder } from '../../support/engine/faketime.ts'
import { openTestEngine, temporaryFolder } from '../../support/engine/engine.ts'

let home: string
beforeAll(async () => {
  home = temporaryFolder()
  const { engine } = await openTestEngine(home)
  for (const [domain, https] of [
    ['shop.test', 30_000],
    ['blog.test', 20],
    ['', 1],
    // Edgekeep's own trust probe, which is not counted.
    ['proof-0123456789ab.localhost', 9],
  ] as const) {
    const counts = noCounts()
    counts[countAt.https] = https
    counts[countAt.charged] = domain === '' ? 0 : https
    counts[countAt.bytesOut] = https * 1000
    engine.context.parts.metering.take({
      sequence: 1,
      domains: [{ domain, counts, latency: new Map([[200, https]]) }],
    })
  }
  await engine.close()
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(home, { recursive: true, force: true }))

const usage = (...args: string[]) => edgekeep(home, ['usage', ...args])

test('usage says what each domain served, most first, and what that costs', async () => {
  expect((await usage()).out).toMatch(/No price is set/)
  expect((await usage('price', '0.05', 'EUR')).out).toMatch(/10,000 charged requests cost 0\.05 EUR/)
  const { status, out } = await usage()
  expect(status).toBe(0)
  expect(out).toMatch(/shop\.test +0 +30000 +30000[^]*blog\.test +0 +20 +20[^]*\(no domain here\) +0 +1 +0/)
  expect(out).not.toContain('proof-')
  expect(out).toMatch(/All +0 +30021 +30020/)
  expect(out).toMatch(/30020 charged requests at 0\.05 EUR for 10,000: 0\.15 EUR/)
})

test('usage answers a program, for one domain and a time', async () => {
  const { out } = await usage('--domain', 'Blog.test', '--step', 'minute', '--json')
  expect(JSON.parse(out)).toMatchObject({ ok: true, usage: { step: 'minute', total: { https: 20 } } })
  const before = JSON.parse((await usage('--to', '2020-01-31', '--json')).out)
  expect(before.usage.total.https).toBe(0)
})

test.each([
  ['Europe/Berlin', '2026-10-24', '2026-10-26', 73],
  ['Europe/Berlin', '2027-03-27', '2027-03-29', 71],
  ['America/New_York', '2026-10-31', '2026-11-02', 73],
  ['America/New_York', '2027-03-13', '2027-03-15', 71],
  ['Australia/Lord_Howe', '2026-04-04', '2026-04-06', 73],
  ['Australia/Lord_Howe', '2026-10-03', '2026-10-05', 72],
  ['Asia/Kathmandu', '2026-10-24', '2026-10-26', 72],
])('usage by hours in %s from %s to %s has %d steps', async (zone, from, to, count) => {
  vi.stubEnv('TZ', zone)
  // Runs in a process of its own, whose environment sets the time zone.
  const ran = await edgekeepProcess(home, [
    'usage',
    'show',
    '--step',
    'hour',
    '--from',
    from,
    '--to',
    to,
    '--json',
  ])
  expect(ran.json()).toMatchObject({ ok: true })
  const { steps } = ran.json()['usage'] as { steps: { at: string }[] }
  expect(steps).toHaveLength(count)
  expect(new Set(steps.map(({ at }) => at)).size).toBe(count)
})

test('usage shows days by the calendar of the engine, and names its time zone', async () => {
  const engine = await startEngineUnder({ environment: { TZ: 'America/New_York' } }, home)
  vi.stubEnv('TZ', 'Europe/Berlin')
  const day = ['usage', 'show', '--from', '2026-11-20', '--to', '2026-11-20']
  const { out } = await edgekeepProcess(home, day)
  const asked = (await edgekeepProcess(home, [...day, '--json'])).json()
  await engine.stop()
  expect(out).toContain('from 2026-11-20 00:00:00 America/New_York to 2026-11-21 00:00:00 America/New_York')
  expect(asked).toMatchObject({
    usage: { zone: 'America/New_York', steps: [{ at: '2026-11-20T05:00:00.000Z' }] },
  })
})

test('usage gives lines for a spreadsheet', async () => {
  const { out } = await usage('--csv', '--domain', 'shop.test')
  const [head, line, ...rest] = out.trimEnd().split('\n')
  expect(head).toMatch(/^from,domain,http_requests,https_requests,charged_requests,/)
  expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z,shop\.test,0,30000,30000,0,0,30000000,/)
  expect(rest).toEqual([])
})

test.each([
  [['--step', 'week'], /--step week is not a step/],
  [['--from', 'yesterday'], /--from yesterday is not a time/],
  [['price', 'cheap'], /A price is an amount and a currency/],
])('usage %j is refused with what would do', async (args, sentence) => {
  const { status, err } = await usage(...args)
  expect(status).toBe(2)
  expect(err).toMatch(sentence)
})

test('a price can be taken away', async () => {
  await usage('price', '0.05', 'EUR')
  expect((await usage('price', 'none')).out).toMatch(/No price is set/)
})
