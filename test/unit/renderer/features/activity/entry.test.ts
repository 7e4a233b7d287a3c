import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AuditRow } from '../../../../../src/contract/audit/audit.ts'
import { changesOf } from '../../../../../src/renderer/ui/lists/changes.tsx'
import { byDay, formatDay } from '../../../../../src/renderer/features/activity/days.ts'
import { entryOf, namesInTrail } from '../../../../../src/renderer/features/activity/entry.ts'

function row(
  action: string,
  subject: string,
  before: AuditRow['before'],
  after: AuditRow['after'],
): AuditRow {
  return { sequence: 1, at: '2026-11-24T10:00:00.000Z', actor: 'window', action, subject, before, after }
}
const one = { name: 'shop 2026', fingerprintSha256: 'aa' }
const two = { name: 'shop 2027', fingerprintSha256: 'bb' }
const nobody = new Map<string, string>()

describe('the sentence of a row', () => {
  test.each([
    [{ state: 'off', certificate: null }, { state: 'on', certificate: one }, 'httpsOn'],
    [{ state: 'paused', certificate: one }, { state: 'on', certificate: one }, 'httpsResumed'],
    [{ state: 'on', certificate: one }, { state: 'on', certificate: two }, 'certificateSwapped'],
  ])('distinguishes turning on, resuming and swapping', (before, after, said) => {
    expect(entryOf(row('https.enable', 'shop.test', before, after), nobody).sentence).toBe(said)
  })

  test('leaves erased certificates to their own rows when HTTPS is turned off', () => {
    const off = row('https.disable', 'shop.test', { state: 'on' }, { state: 'off', erased: [one, two] })
    expect(entryOf(off, nobody).sentence).toBe('httpsOff')
    expect(changesOf(off)).toContainEqual({
      about: '',
      field: 'erased',
      before: null,
      after: 'shop 2026, shop 2027',
    })
  })

  test.each([
    ['vault.recovery-key', null, { id: '3f2a91bc' }, 'recoveryKeySet', '3f2a91bc'],
    ['vault.refuse', null, { what: 'protect' }, 'secretRefused', 'protect'],
    ['vault.refuse', null, { what: 'unlock', attempts: 3 }, 'unlocksRefused', '3'],
    ['backup.make', null, { file: 'edgekeep.backup' }, 'backupMade', 'edgekeep.backup'],
    ['backup.schedule', null, { folder: '/media', everyHours: 24, keep: 7 }, 'scheduleSet', '/media'],
    ['backup.schedule', { folder: '/media' }, null, 'scheduleEnded', ''],
    ['backup.run', null, { ok: true, summary: 'a.backup' }, 'copyMade', 'a.backup'],
    ['backup.run', null, { ok: false, summary: 'It is full.' }, 'copyFailed', 'It is full.'],
  ] as const)('exists for %s', (action, before, after, said, other) => {
    expect(entryOf(row(action, 'backup', before, after), nobody)).toMatchObject({ sentence: said, other })
  })

  test('exists for every act that the engine records', () => {
    const sources = globSync('src/engine/**/*.ts').map((file) => readFileSync(file, 'utf8'))
    const recorded = sources.flatMap((source) =>
      [
        ...source.matchAll(/\baction: (?:[^\n,']*\? )?'([a-z-]+\.[a-z_-]+)'(?: : '([a-z-]+\.[a-z_-]+)')?/g),
      ].flatMap(([, first, second]) => [first, second].filter((one) => one !== undefined)),
    )
    expect(recorded.length).toBeGreaterThan(50)
    const untold = new Set(
      recorded.filter(
        (action) => entryOf(row(action, 'one', null, null), nobody).sentence === 'somethingElse',
      ),
    )
    expect([...untold]).toEqual([])
  })

  test('distinguishes a new key from a new protector', () => {
    const rotate = (to: string) =>
      entryOf(row('vault.rotate', 'data key', { protector: 'key-file' }, { protector: to }), nobody).sentence
    expect([rotate('key-file'), rotate('passphrase')]).toEqual(['keyReplaced', 'protectorChanged'])
  })

  test('calls a certificate by its name, also when it is gone', () => {
    const rows = [row('certificate.keep', 'id-1', true, false), row('certificate.remove', 'id-1', one, null)]
    expect(entryOf(rows[0] as AuditRow, namesInTrail(rows)).subject).toBe('shop 2026')
  })

  test('writes a domain as people do', () => {
    const added = row('domain.add', 'xn--bcher-kva.test', null, {})
    expect(entryOf(added, new Map([['xn--bcher-kva.test', 'bücher.test']]))).toMatchObject({
      subject: 'bücher.test',
      href: '/domains/xn--bcher-kva.test',
    })
  })

  test('describes an unknown act with the words of its row', () => {
    expect(entryOf(row('moon.land', 'crater', null, null), nobody)).toEqual({
      sentence: 'somethingElse',
      subject: 'crater',
      other: 'moon.land',
      href: null,
    })
  })
})

describe('the changes of a row', () => {
  test('are listed field by field, without unchanged ones', () => {
    const changed = row(
      'domain.origin',
      'shop.test',
      { host: '127.0.0.1', httpPort: 3000, sni: null },
      { host: '127.0.0.1', httpPort: 4000, sni: 'a.test' },
    )
    expect(changesOf(changed)).toEqual([
      { about: '', field: 'httpPort', before: '3000', after: '4000' },
      { about: '', field: 'sni', before: null, after: 'a.test' },
    ])
  })

  test('are a single value if there is only one', () => {
    expect(changesOf(row('certificate.keep', 'id-1', true, false))).toEqual([
      { about: '', field: '', before: 'true', after: 'false' },
    ])
  })

  test('are the differences of a configuration file', () => {
    const difference = {
      domain: 'shop.test',
      kind: 'change',
      field: 'redirect.code',
      before: 301,
      after: 308,
    }
    expect(changesOf(row('configuration.import', 'configuration', null, [difference]))).toEqual([
      { about: 'shop.test', field: 'redirect.code', before: '301', after: '308' },
    ])
  })
})

describe('the days of the trail', () => {
  const now = new Date(2026, 10, 24, 12)
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString()

  test('are those of the person’s own zone, newest first', () => {
    const rows = [at(24, 9), at(24, 0), at(23, 23)].map((when) => ({
      ...row('domain.add', 'a', null, null),
      at: when,
    }))
    expect(byDay(rows).map((day) => day.rows.length)).toEqual([2, 1])
  })

  test('are called today, yesterday, and else by their date', () => {
    const words = [at(24, 1), at(23, 23), at(20, 5)].map((when) => formatDay(when, now, 'en'))
    expect(words).toEqual(['Today', 'Yesterday', 'Friday, 20 November 2026'])
  })
})
