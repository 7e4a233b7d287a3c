import { afterEach, expect, test, vi } from 'vitest'
import { day, moment, momentIn, withMoments } from '../../../../src/cli/output/times.ts'
import { report, reportFailure } from '../../../../src/cli/output/output.ts'
import { table } from '../../../../src/cli/output/format.ts'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'

const at = '2026-11-26T22:30:11.123Z'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

test.each([
  ['UTC', '2026-11-26 22:30:11 UTC', '2026-11-26'],
  ['Europe/Berlin', '2026-11-26 23:30:11 +01:00', '2026-11-26'],
  ['Asia/Kolkata', '2026-11-27 04:00:11 +05:30', '2026-11-27'],
  ['America/St_Johns', '2026-11-26 19:00:11 -03:30', '2026-11-26'],
])('a time is told in the zone of the computer, here %s, to the second', (zone, told, date) => {
  vi.stubEnv('TZ', zone)
  expect(moment(at)).toBe(told)
  expect(day(at)).toBe(date)
  expect(Date.parse(told)).toBe(Date.parse('2026-11-26T22:30:11Z'))
})

test('a time in another zone names that zone', () => {
  vi.stubEnv('TZ', 'Europe/Berlin')
  expect(momentIn('Europe/Berlin', at)).toBe('2026-11-26 23:30:11 +01:00')
  expect(momentIn('Asia/Kolkata', at)).toBe('2026-11-27 04:00:11 Asia/Kolkata')
})

test('times in a sentence are told so too, those within an address are left', () => {
  vi.stubEnv('TZ', 'UTC')
  expect(withMoments(`FAILED at ${at}: no answer. Next attempt: 2026-11-27T01:00:00Z.`)).toBe(
    'FAILED at 2026-11-26 22:30:11 UTC: no answer. Next attempt: 2026-11-27 01:00:00 UTC.',
  )
  expect(withMoments(`{"until":"${at}"} (${at})`)).toBe(
    '{"until":"2026-11-26 22:30:11 UTC"} (2026-11-26 22:30:11 UTC)',
  )
  for (const name of ['2026-13-45T99:99Z', '0000-00-00T00:00Z', '2026-02-31T10:00:00Z'])
    expect(withMoments(name)).toBe(name)
  const address = `http://shop.test/events?since=${at}`
  expect(withMoments(address)).toBe(address)
})

test('a result is printed to a person with such times, in JSON and in a document with those of the data', () => {
  vi.stubEnv('TZ', 'UTC')
  let printed = ''
  const write = (text: string | Uint8Array) => {
    printed += String(text)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(write)
  vi.spyOn(process.stderr, 'write').mockImplementation(write)
  const printedBy = (act: () => unknown) => {
    printed = ''
    act()
    return printed
  }
  const result = { data: { at }, text: `Made ${at}.` }
  expect(printedBy(() => report(result, false))).toBe('Made 2026-11-26 22:30:11 UTC.\n')
  expect(printedBy(() => report(result, true))).toBe(`{"ok":true,"at":"${at}"}\n`)
  expect(printedBy(() => report({ data: {}, text: `${at},shop.test`, isDocument: true }, false))).toBe(
    `${at},shop.test\n`,
  )
  const failure = new EdgekeepError('usage.wrong', { reason: `Wait until ${at}.` })
  expect(printedBy(() => reportFailure(failure, false))).toContain('Wait until 2026-11-26 22:30:11 UTC.')
  expect(table(['WHEN', 'WHO'], [[at, 'cli']])).toBe(
    'WHEN                     WHO\n2026-11-26 22:30:11 UTC  cli',
  )
})
