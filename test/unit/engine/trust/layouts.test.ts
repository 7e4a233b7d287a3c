import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import tls from 'node:tls'
import { expect, test } from 'vitest'
import { formerRootsIn } from '../../../../src/engine/trust/stores/former-roots.ts'
import { profilesIn } from '../../../../src/engine/trust/stores/find-stores.ts'
import type { TrustedRoot } from '../../../../src/engine/trust/stores/roots.ts'
import { layouts, linuxSystemStore } from '../../../../src/engine/trust/stores/linux-system.ts'
import { createRoot } from '../../../../src/pki/issue/authority-certificates.ts'
import { undoableRoots, wantedRoots } from '../../../../src/engine/trust/atlas.ts'
import { bundleVariables } from '../../../../src/engine/trust/env.ts'
import {
  linuxFamily,
  programOf,
  type HostEnvironment,
} from '../../../../src/platform/commands/host-environment.ts'
import { clientErrorMessage } from '../../../../src/engine/trust/client-errors.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { environmentText } from '../../../../src/cli/commands/trust/environment.ts'

/*
 * Systems that are not here, by what they were recorded to be: os-release files and the folders and
 * commands of their manuals. None of them was seen by this test.
 */
const recorded: [id: string, osRelease: string, family: string][] = [
  ['Debian', 'ID=debian', 'debian'],
  ['Ubuntu', 'ID=ubuntu\nID_LIKE=debian', 'debian'],
  ['Linux Mint', 'ID=linuxmint\nID_LIKE="ubuntu debian"', 'debian'],
  ['Fedora', 'ID=fedora', 'fedora'],
  ['Rocky Linux', 'ID="rocky"\nID_LIKE="rhel centos fedora"', 'fedora'],
  ['Arch', 'ID=arch', 'arch'],
  ['Manjaro', 'ID=manjaro\nID_LIKE=arch', 'arch'],
  ['openSUSE Tumbleweed', 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', 'suse'],
  ['Alpine', 'ID=alpine', 'alpine'],
  ['NixOS', 'ID=nixos', 'nixos'],
  ['Void', 'ID=void', 'other'],
]
test.each(recorded)('%s is known by its os-release', (_, osRelease, family) => {
  expect(linuxFamily(osRelease)).toBe(family)
})

const hostEnvironment: HostEnvironment = {
  platform: 'linux',
  home: '/home/a',
  env: { PATH: '/usr/bin' },
  folder: '/home/a/e',
}
const root = (fingerprint: string): TrustedRoot => ({
  pem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  fingerprint: fingerprint.padEnd(64, '0'),
  title: 'Edgekeep local authority',
})
const current = root('aa')
const earlier = root('bb')
const wanted = { current, retired: [], ours: [current, earlier] }

test.each(Object.entries(layouts))(
  '%s has the root written, an earlier one removed, and its own command run',
  (family, layout) => {
    const commands = linuxSystemStore(hostEnvironment, family as keyof typeof layouts).commands(
      'install',
      wanted,
    )
    const lines = commands.split('\n')
    expect(lines[0]).toBe(`rm -f ${layout.anchors}/edgekeep-bb00000000000000${layout.ending}`)
    expect(commands).toContain(`cat > ${layout.anchors}/edgekeep-aa00000000000000${layout.ending}`)
    expect(lines).toContain(layout.command)
    const undo = linuxSystemStore(hostEnvironment, family as keyof typeof layouts).commands('undo', wanted)
    expect(
      undo
        .split('\n')
        .slice(0, 2)
        .every((line) => line.startsWith('rm -f ')),
    ).toBe(true)
    expect(undo.split('\n')).toContain(layout.command)
  },
)

test('NixOS has a sentence that no program should change it', async () => {
  const store = linuxSystemStore(hostEnvironment, 'nixos')
  expect(await store.read(wanted)).toMatchObject({
    state: 'unmanaged',
    sentence: expect.stringContaining('security.pki'),
  })
  expect(await store.obstacle()).toMatchObject({ sentence: expect.stringContaining('security.pki') })
})

test('profiles of Firefox are read from its own list, also those elsewhere', () => {
  const ini =
    '[General]\nStartWithLastProfile=1\n\n[Profile0]\nName=default\nIsRelative=1\nPath=a.default\n\n[Profile1]\nName=work\nIsRelative=0\nPath=/data/work\nDefault=1\n'
  expect(profilesIn(ini)).toEqual([
    { path: 'a.default', relative: true, name: 'default' },
    { path: '/data/work', relative: false, name: 'work' },
  ])
})

test.each([
  ['net::ERR_CERT_AUTHORITY_INVALID', 'It does not trust the local authority.'],
  [
    'verify error:num=19:self-signed certificate in certificate chain',
    'It does not trust the local authority.',
  ],
  [
    'curl: (60) SSL certificate problem: unable to get local issuer certificate',
    'It does not trust the local authority.',
  ],
  [
    'javax.net.ssl.SSLHandshakeException: PKIX path building failed',
    'It does not trust the local authority.',
  ],
  ['curl: (6) Could not resolve host: shop.test', 'It does not find the name on this computer.'],
  ['dial tcp: lookup shop.test: no such host', 'It does not find the name on this computer.'],
  ['insecure certificate', 'It does not accept the certificate.'],
  ['net::ERR_CERT_COMMON_NAME_INVALID', 'The certificate is not for this name.'],
  ['spawn chromium ENOENT', 'It could not be started.'],
  ['nonsense', 'It did not finish a handshake with the edge.'],
])('"%s" means: %s', (words, meaning) => {
  expect(clientErrorMessage(words, 'the local authority')).toBe(meaning)
})

test('variables are quoted for each shell', () => {
  const variables = [{ name: 'SSL_CERT_FILE', value: "/home/o'neil 50%/trust/bundle.pem", reads: 'OpenSSL' }]
  expect(environmentText(variables, 'shell')).toBe(
    `export SSL_CERT_FILE='/home/o'\\''neil 50%/trust/bundle.pem' # OpenSSL`,
  )
  expect(environmentText(variables, 'systemd')).toBe(
    `Environment="SSL_CERT_FILE=/home/o'neil 50%%/trust/bundle.pem"`,
  )
  expect(environmentText(variables, 'docker')).toContain('--env SSL_CERT_FILE=/edgekeep-trust/bundle.pem')
})

test('a container gets the certificates alone: not the folder, which has copies of databases, nor settings with passwords', () => {
  const variables = bundleVariables({ folder: '/home/a/trust' })
  const words = environmentText(variables, 'docker').split(' ')
  const mounts = words.filter((_, at) => words[at - 1] === '--volume')
  expect(mounts).toEqual([
    '/home/a/trust/bundle.pem:/edgekeep-trust/bundle.pem:ro',
    '/home/a/trust/roots.pem:/edgekeep-trust/roots.pem:ro',
  ])
  expect(words).toContain('NODE_EXTRA_CA_CERTS=/edgekeep-trust/roots.pem')
  expect(words.join(' ')).not.toMatch(/wget/i)
})

test('nothing but the certificate itself gets from the vault’s file into what an administrator runs', async () => {
  const made = await createRoot({ at: new Date(), host: 'here', generation: 1, suffixes: ['test'] })
  const after = `${made.certificatePem}END_OF_CERTIFICATE\ntouch /owned\n`
  const generation = {
    id: 1,
    certificatePem: `touch /owned\n${after}`,
    intermediatePem: null,
    retiredAt: null,
  }
  const authority = { list: () => [generation], get: () => generation }
  const parts = { vault: { authority }, folder: '/nowhere' } as unknown as Parameters<typeof wantedRoots>[0]
  const wanted = wantedRoots(parts)!
  for (const family of ['debian', 'fedora'] as const) {
    const script = linuxSystemStore(hostEnvironment, family).commands('install', wanted)
    expect(script).toContain(made.certificatePem.trimEnd())
    expect(script).not.toContain('owned')
  }
})

test('only roots named as ours in the file of former roots are removed from stores', async () => {
  const folder = temporaryFolder()
  const made = await createRoot({ at: new Date(), host: 'before', generation: 1, suffixes: ['test'] })
  const damaged = made.certificatePem.replace(/M\w{8}/, 'AAAAAAAAA')
  formerRootsIn({ folder: join(folder, 'trust') }).note([
    ...[made.certificatePem, damaged, `${tls.rootCertificates[0]}\n`],
  ])
  const vault = { authority: { list: () => [], get: () => undefined } }
  const roots = undoableRoots({ vault, folder } as unknown as Parameters<typeof undoableRoots>[0])!
  expect(roots.ours.map(({ title }) => title)).toEqual(['Edgekeep local authority (before)'])
})

test.for(['linux', 'win32'] as const)(
  'a relative folder on the PATH of %s leads to no program',
  (platform) => {
    const env = { PATH: ['', '.', 'node_modules/.bin', dirname(process.execPath)].join(':') }
    const folder = temporaryFolder()
    const own = { platform, env, home: folder, folder }
    const before = process.cwd()
    writeFileSync(join(folder, 'evil'), '', { mode: 0o755 })
    writeFileSync(join(folder, 'evil.exe'), '', { mode: 0o755 })
    process.chdir(folder)
    try {
      expect(programOf(own, 'evil')).toBeUndefined()
    } finally {
      process.chdir(before)
    }
  },
)
