import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ical from 'ical.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RenewalCalendar } from '../../../src/contract/issuing/renewal-calendar.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { edgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'

let home: string
beforeAll(async () => {
  home = temporaryFolder()
  const shop = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
  const [crt, key] = [join(home, 'site.crt'), join(home, 'site.key')]
  writeFileSync(crt, shop.chainPem)
  writeFileSync(key, shop.keyPem)
  await edgekeep(home, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:9'])
  await edgekeep(home, ['domain', 'add', 'free.test', '--origin', 'http://127.0.0.1:9'])
  await edgekeep(home, ['https', 'on', 'shop.test', '--upload', crt, key, '--name', 'Shop'])
  await edgekeep(home, ['https', 'on', 'free.test', '--free'])
})
afterAll(() => rmSync(home, { recursive: true }))

const run = (...words: string[]) => edgekeep(home, [...words, '--json'])

test('the renew command renews automatic certificates and does not mention uploaded ones', async () => {
  const dry = await run('renew', '--dry-run')
  expect(dry.json()).toMatchObject({ ok: true, results: [{ outcome: 'would-renew' }] })
  expect((await run('renew', '--due')).json()).toMatchObject({ results: [{ outcome: 'not-due' }] })
  expect((await run('renew')).json()).toMatchObject({
    ok: true,
    results: [{ certificate: { name: 'free.test' }, outcome: 'renewed' }],
  })
})

test('an upload is not renewed, and exit status and code say so', async () => {
  const ran = await run('renew', 'Shop')
  expect(ran.status).toBe(1)
  expect(ran.json()).toMatchObject({
    error: { code: 'renewal.not_all' },
    results: [{ outcome: 'not-renewable' }],
  })
})

test('an upload that is to be reminded of is among what needs a person from that day on', async () => {
  expect((await run('cert', 'renewal', 'Shop', '--remind', '365')).json()).toMatchObject({
    certificate: { renewal: { by: 'reminder' } },
  })
  const ran = await run('expiring')
  expect(ran.status).toBe(1)
  expect(ran.json()).toMatchObject({ certificates: [{ name: 'Shop' }] })
  await run('cert', 'renewal', 'Shop', '--default')
  expect((await run('cert', 'renewal', 'Shop')).json()).toMatchObject({ certificate: { renewal: null } })
})

test('renewal of a free certificate is turned off and on again', async () => {
  const off = await edgekeep(home, ['cert', 'renewal', 'free.test', 'off'])
  expect([off.status, off.out]).toEqual([
    0,
    expect.stringMatching(/renewal is off\. It expires on .*--default/),
  ])
  expect((await run('cert', 'renewal', 'free.test')).json()).toMatchObject({ certificate: { renewal: null } })
  expect((await run('renew', 'free.test')).json()).toMatchObject({
    results: [{ outcome: 'not-renewable', message: expect.stringContaining('turned off') }],
  })
  expect((await run('renew', '--dry-run')).json()).toMatchObject({ results: [] })
  expect((await run('cert', 'renewal', 'free.test', 'on')).json()).toMatchObject({
    error: { code: 'usage.wrong' },
  })
  await run('cert', 'renewal', 'free.test', '--default')
  expect((await run('cert', 'renewal', 'free.test')).json()).toMatchObject({
    certificate: { renewal: { by: 'local' } },
  })
})

test('a revoked one needs a person, whatever is left of its life', async () => {
  await run('cert', 'issue', 'bad.test', '--name', 'Bad')
  await run('domain', 'add', 'bad.test', '--origin', 'http://127.0.0.1:9')
  await run('https', 'on', 'bad.test', '--cert', 'Bad')
  expect(await run('expiring')).toMatchObject({ status: 0 })
  expect((await run('cert', 'revoke', 'Nothing')).json()).toMatchObject({
    error: { code: 'issue.not_local' },
  })
  expect((await run('cert', 'revoke', 'Bad')).json()).toMatchObject({
    error: {
      code: 'usage.wrong',
      message: expect.stringMatching(/This revokes "bad\.test", serial [0-9a-f]+, for good/),
    },
  })
  await run('cert', 'revoke', 'Bad', '--yes')
  expect((await run('cert', 'revoke', 'Bad')).json()).toMatchObject({
    error: { code: 'issue.revoked_already' },
  })
  const ran = await run('expiring')
  expect(ran.status).toBe(1)
  expect(ran.json()).toMatchObject({
    error: {
      code: 'verification.failed',
      message: 'This certificate was revoked: "Bad". Replace at once.',
    },
    certificates: [{ name: 'Bad', revoked: true }],
  })
  expect((await edgekeep(home, ['expiring'])).out).toMatch(/Bad +\d{4}-\d\d-\d\d +REVOKED/)
  await run('domain', 'remove', 'bad.test', '--yes')
})

test('the calendar says what renews when, and what the rules mean for each certificate', async () => {
  await run('cert', 'renewal', 'Shop', '--remind', '30')
  const { calendar } = (await run('expiring', '--calendar', '--months', '30')).json() as unknown as {
    calendar: RenewalCalendar
  }
  const renewals = calendar.entries.filter(({ certificate }) => certificate.name === 'free.test')
  expect(renewals.map(({ kind, generation, lifeDays }) => [kind, generation, lifeDays])).toEqual(
    [0, 1, 2].map((generation) => ['renew', generation, 397]).slice(0, renewals.length),
  )
  expect(renewals.length).toBeGreaterThan(1)
  expect(
    calendar.entries.filter(({ certificate }) => certificate.name === 'Shop').map(({ kind }) => kind),
  ).toEqual(expect.arrayContaining(['remind', 'end']))
  const words = (await edgekeep(home, ['expiring', '--calendar', '--months', '30'])).out
  expect(words).toMatch(/\d{4}-\d\d-\d\d {2}Shop +a reminder to replace it/)
  expect(words).toMatch(/free\.test +The local authority issues it, so the rules/)
  await run('cert', 'renewal', 'Shop', '--default')
})

test('the calendar is written to a file that another program reads', async () => {
  const file = join(home, 'renewals.ics')
  expect((await run('expiring', '--ics', file)).json()).toMatchObject({ ok: true, file })
  const events = new ical.Component(ical.parse(readFileSync(file, 'utf8'))).getAllSubcomponents('vevent')
  const summaries = events.map((each) => new ical.Event(each).summary)
  expect(summaries).toContain('free.test: renews automatically')
  expect(readFileSync(file, 'utf8')).not.toContain('PRIVATE')
})

test.each([
  ['--calendar', '--months', '37'],
  ['--calendar', '--months', 'many'],
  ['--calendar', 'site.crt'],
])('the calendar refuses %s %s %s', async (...words) => {
  const ran = await run('expiring', ...words)
  expect(ran.status).toBe(2)
  expect(ran.json()).toMatchObject({ error: { code: 'usage.wrong' } })
})
