import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { devicePage } from '../../../../../src/cli/commands/device/device-page.ts'
import { systemOf } from '../../../../../src/cli/commands/device/device-systems.ts'
import { createVisits, type VisitEvent } from '../../../../../src/cli/commands/device/device-visits.ts'
import { rootProfile } from '../../../../../src/cli/commands/device/root-profile.ts'
import { absent, unless } from '../../../../support/needs.ts'
import { createTestAuthority } from '../../../../support/pki/certificates.ts'

test('a profile for Apple’s systems holds the root, and the same identifiers each time', () => {
  const { certificatePem } = createTestAuthority()
  const profile = rootProfile(certificatePem).toString()
  const data = /<data>([^<]+)<\/data>/.exec(profile)?.[1] ?? ''
  expect(new X509Certificate(Buffer.from(data, 'base64')).raw).toEqual(
    new X509Certificate(certificatePem).raw,
  )
  expect(profile).toContain('<string>com.apple.security.root</string>')
  expect(rootProfile(certificatePem).toString()).toBe(profile)
  const [one, other] = [...profile.matchAll(/PayloadUUID<\/key><string>([0-9A-F-]{36})</g)].map(
    ([, id]) => id,
  )
  expect(one).not.toBe(other)
})

test('Python reads the profile as a property list with one root', unless(absent('python3')), () => {
  const { certificatePem, certificateDer } = createTestAuthority()
  const program =
    'import base64, json, plistlib, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read()), default=lambda data: base64.b64encode(data).decode()))'
  const input = rootProfile(certificatePem)
  const profile = JSON.parse(execFileSync('python3', ['-c', program], { input, encoding: 'utf8' })) as unknown
  expect(profile).toMatchObject({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadRemovalDisallowed: false,
    PayloadContent: [
      {
        PayloadType: 'com.apple.security.root',
        PayloadVersion: 1,
        PayloadCertificateFileName: 'edgekeep-root.cer',
        PayloadContent: Buffer.from(certificateDer).toString('base64'),
      },
    ],
  })
})

test('the steps of the device’s system stand first', () => {
  const firefox = 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0'
  expect(systemOf('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1')).toBe('iOS')
  expect(systemOf(firefox)).toBe('Firefox on Android')
  expect(systemOf(undefined)).toBe('another system')
  const facts = { fingerprint: 'AA:BB', probe: 'https://127.0.0.1:1/t', path: '/t' }
  const { html, policy } = devicePage(facts, 'iOS')
  expect(html.indexOf('Certificate Trust Settings')).toBeLessThan(html.indexOf('Install Certificate'))
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'nonce-[^']+'; script-src 'nonce-[^']+'; connect-src/,
  )
})

test('a refusal after the download names the missing switch, and devices are bounded', () => {
  let now = 0
  const events: VisitEvent[] = []
  const visits = createVisits(
    (event) => events.push(event),
    () => now,
  )
  const phone = visits.admit('192.168.1.9')!
  phone.system = 'iOS'
  visits.refuse(phone)
  visits.move(phone, 'downloaded')
  visits.refuse(phone)
  visits.move(phone, 'trusted')
  // A connection that the browser opened in advance.
  visits.refuse(phone)
  expect(events.map(({ state }) => state)).toEqual(['refused', 'downloaded', 'refused', 'trusted'])
  expect(events[0]?.sentence).toContain('Install the certificate first')
  expect(events[2]?.sentence).toContain('Certificate Trust Settings')
  now += 11_000
  visits.refuse(phone)
  expect(events.at(-1)?.state).toBe('refused')
  expect(visits.trusted()).toBe(1)

  for (let request = 0; request < 60; request += 1) visits.admit('192.168.1.10')
  expect(visits.admit('192.168.1.10')).toBeUndefined()
  for (let device = 0; device < 100; device += 1) visits.admit(`10.0.0.${device}`)
  expect(visits.admit('10.0.1.1')).toBeUndefined()
  now += 61_000
  expect(visits.admit('192.168.1.10')).toBeDefined()
})
