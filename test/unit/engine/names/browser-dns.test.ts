import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chromiumsDns, firefoxDns, vpnInterfaces } from '../../../../src/engine/names/browser-dns.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'edgekeep-dns-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

describe('a profile of Firefox', () => {
  const pref = (name: string, value: string) => `user_pref("${name}", ${value});\n`
  const aside = pref('network.trr.exclude-etc-hosts', 'false')
  test.each([
    ['as it comes', '', 'off', true],
    ['with DNS over HTTPS first', pref('network.trr.mode', '2'), 'falls back', true],
    ['with DNS over HTTPS alone', pref('network.trr.mode', '3'), 'only', true],
    ['that leaves the hosts file aside', pref('network.trr.mode', '3') + aside, 'only', false],
    ['that would, and asks the system', pref('network.trr.mode', '5') + aside, 'off', true],
  ])('%s', (_, prefs, overHttps, readsHosts) => {
    writeFileSync(join(home, 'prefs.js'), prefs)
    expect(firefoxDns(home, 'Firefox')).toMatchObject({ overHttps, readsHosts })
  })
})

test('a Chromium that has been run is listed with its DNS setting, also as a snap or a flatpak', () => {
  const write = (folder: string, state: string) => {
    mkdirSync(join(home, folder), { recursive: true })
    writeFileSync(join(home, folder, 'Local State'), state)
  }
  write('.config/chromium', '{"dns_over_https":{"mode":"secure"}}')
  write('.config/google-chrome', '{"dns_over_https":{"mode":"automatic"}}')
  write('snap/chromium/common/chromium', '{"dns_over_https":"constructor"}')
  write('.var/app/org.chromium.Chromium/config/chromium', 'no JSON')
  expect(chromiumsDns(home).map(({ name, overHttps, readsHosts }) => [name, overHttps, readsHosts])).toEqual([
    ['Chromium', 'only', true],
    ['Google Chrome', 'falls back', true],
    ['Chromium (snap)', 'off', true],
    ['Chromium (flatpak)', 'off', true],
  ])
})

test('a VPN is known by its interface', () => {
  expect(vpnInterfaces({ lo: [], eth0: [], tun0: [], wg1: [], tailscale0: [], turnip: [] })).toEqual([
    'tun0',
    'wg1',
    'tailscale0',
  ])
})
