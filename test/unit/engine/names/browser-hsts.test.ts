import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chromiumHstsEntries, firefoxHstsEntries } from '../../../../src/engine/names/browser-hsts.ts'

/* Files as browsers write them; a real Firefox's is read in test/integration/engine/names.test.ts. */

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-hsts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const later = Date.now() + 86_400_000
const earlier = Date.now() - 86_400_000

function slot(key: string, value: string): Buffer {
  const bytes = Buffer.alloc(286)
  bytes.write('c_s_d_', 0)
  bytes.write(key, 6, 256, 'latin1')
  bytes.write(value, 262, 24, 'latin1')
  return bytes
}

describe('the HSTS list of a Firefox profile', () => {
  const own = '^partitionKey=%28https%2Cshop.test%29'
  const names = (host: string) => firefoxHstsEntries(folder, host).map(({ name }) => name)
  test.each([
    ['a name', 'shop.test', `${later},1,0`, ['shop.test'], []],
    ['a name and all below', 'shop.test', `${later},1,1`, ['shop.test'], ['shop.test']],
    ['a visit from the address bar', `shop.test${own}`, `${later},1,1`, ['shop.test'], ['shop.test']],
    ['a page of another site', 'shop.test^partitionKey=%28https%2Cother.test%29', `${later},1,1`, [], []],
    ['a time that is over', 'shop.test', `${earlier},1,1`, [], []],
    ['a name that took it back', 'shop.test', `${later},0,1`, [], []],
    ['an empty slot', '', '', [], []],
  ])('is read for %s', (_, key, value, itself, below) => {
    writeFileSync(
      join(folder, 'SiteSecurityServiceState.bin'),
      Buffer.concat([slot('a.b', '1,1,0'), slot(key, value)]),
    )
    expect([names('shop.test'), names('www.shop.test')]).toEqual([itself, below])
    expect(names('myshop.test')).toEqual([])
  })

  test('is read from the lines of earlier versions', () => {
    writeFileSync(
      join(folder, 'SiteSecurityServiceState.txt'),
      `shop.test:HSTS\t3\t20000\t${later},1,1,2\nshop.test:HPKP\t0\t20000\t${later},1,1\nbroken\n`,
    )
    expect(names('www.shop.test')).toEqual(['shop.test'])
  })

  test('is empty if its files are damaged', () => {
    writeFileSync(join(folder, 'SiteSecurityServiceState.bin'), Buffer.alloc(1000, 255))
    writeFileSync(join(folder, 'SiteSecurityServiceState.txt'), '\0\t\t\t\n\n')
    expect(names('shop.test')).toEqual([])
  })
})

describe('the HSTS list of a Chromium', () => {
  const hashed = (wire: string) => createHash('sha256').update(wire, 'latin1').digest('base64')
  const shop = hashed('\u0004shop\u0004test\0')
  function profile(name: string, entries: object): void {
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, 'TransportSecurity'), JSON.stringify(entries))
  }
  const entry = { host: shop, expiry: later / 1000, mode: 'force-https', sts_include_subdomains: true }

  test('is reported by profile, as the browser shows it', () => {
    writeFileSync(
      join(folder, 'Local State'),
      JSON.stringify({
        profile: { info_cache: { Default: { name: 'Person 1' }, 'Profile 1': { name: 'Work' } } },
      }),
    )
    profile('Default', { sts: [] })
    profile('Profile 1', { sts: [{ ...entry, host: 'other' }, entry] })
    expect(chromiumHstsEntries(folder, 'www.shop.test')).toEqual([
      { profile: 'Work (Profile 1)', name: 'shop.test', until: new Date(later) },
    ])
    expect(chromiumHstsEntries(folder, 'test')).toEqual([])
  })

  test('is reported by the folder of a profile whose name is unknown, and for profiles alone', () => {
    writeFileSync(join(folder, 'First Run'), '')
    mkdirSync(join(folder, 'Crashpad'))
    for (const name of ['Default', 'Profile 1']) profile(name, { sts: [entry] })
    const info = { Default: { name: 7 }, 'Profile 1': null }
    writeFileSync(join(folder, 'Local State'), JSON.stringify({ profile: { info_cache: info } }))
    const held = chromiumHstsEntries(folder, 'shop.test').map((one) => one.profile)
    expect(held).toHaveLength(2)
    expect(held).toEqual(expect.arrayContaining(['Default', 'Profile 1']))
  })

  test('is reported without a profile if there is one, and not if it is expired, off or for the name alone', () => {
    mkdirSync(join(folder, 'Crashpad'))
    profile('Default', { sts: [entry] })
    expect(chromiumHstsEntries(folder, 'shop.test')).toMatchObject([{ profile: null }])
    profile('Default', { sts: [{ ...entry, sts_include_subdomains: false }] })
    expect(chromiumHstsEntries(folder, 'www.shop.test')).toEqual([])
    profile('Default', {
      sts: [
        { ...entry, expiry: earlier / 1000 },
        { ...entry, mode: 'default' },
      ],
    })
    expect(chromiumHstsEntries(folder, 'shop.test')).toEqual([])
  })

  test('is empty if its files are damaged', () => {
    profile('Default', { sts: [null, 1, { host: shop }] })
    expect(chromiumHstsEntries(folder, 'shop.test')).toEqual([])
    writeFileSync(join(folder, 'Default/TransportSecurity'), '{"sts": [')
    expect(chromiumHstsEntries(folder, 'shop.test')).toEqual([])
  })
})
