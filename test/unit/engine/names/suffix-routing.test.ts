import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  foreignSuffix,
  lookAtRouting,
  routingScript,
  type Routing,
} from '../../../../src/engine/names/suffix-routing.ts'

/*
 * Systems by the files that they were recorded to have. The scripts run for real, in a folder of their own;
 * systemd-resolved itself is asked in test/trust/suffix.trust.ts, delegates and macOS were not seen by any test.
 */

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'edgekeep-routing-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
  chmodSync(join(root, path), mode)
}

function resolved(version: string): void {
  write('bin/resolvectl', `#!/bin/sh\necho '${version}'\n`, 0o755)
  write('run/systemd/resolve/resolv.conf', 'nameserver 192.168.1.1\n')
  write('etc/resolv.conf', 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n')
  write('etc/nsswitch.conf', 'hosts: files resolve [!UNAVAIL=return] dns\n')
  write('etc/systemd/resolved.conf', '[Resolve]\n#DNS=\n#FallbackDNS=\n')
}

function look(platform: NodeJS.Platform = 'linux'): Promise<Routing> {
  const hostEnvironment = { platform, home: root, env: { PATH: join(root, 'bin') }, folder: root }
  return lookAtRouting(hostEnvironment, { root, changeable: () => null })
}

const debian13 = 'systemd 257 (257.13-1~deb13u1)\n+PAM +AUDIT'

/** Runs a script as an administrator's shell does, without the service that it restarts. */
function carryOut(script: string): void {
  const services =
    'systemctl() { echo "systemctl $*" >> "$LOG"; }; killall() { echo "killall $*" >> "$LOG"; }\n'
  const env = { PATH: process.env.PATH, LOG: join(root, 'restarts') }
  const ran = spawnSync('/bin/sh', ['-c', `umask 022; set -e\n${services}${script}`], {
    env,
    encoding: 'utf8',
  })
  expect(ran.stderr).toBe('')
  expect(ran.status).toBe(0)
}

/** Every file and folder below the root, with permissions and bytes. */
function everything(): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path !== 'restarts')
    .toSorted()
    .map((path) => {
      const facts = statSync(join(root, path))
      return `${path} ${(facts.mode & 0o777).toString(8)} ${facts.isFile() ? readFileSync(join(root, path), 'latin1') : ''}`
    })
}

describe('the suffix routing of a system', () => {
  test.each([
    ['drop-in', debian13, 'etc/systemd/resolved.conf.d/50-edgekeep.conf', '[Resolve]'],
    [
      'delegate',
      'systemd 258 (258.1-1-arch)',
      'etc/systemd/dns-delegate.d/edgekeep.dns-delegate',
      '[Delegate]',
    ],
  ] as const)('uses a %s of systemd-resolved', async (way, version, file, section) => {
    resolved(version)
    const before = everything()
    const routing = await look()
    expect(routing).toMatchObject({ way, installed: null, ownsFolder: true, obstacle: null })
    carryOut(routingScript(routing, ['test'], 15353))
    const text = readFileSync(join(root, file), 'utf8')
    expect(text.split('\n').slice(1)).toEqual([section, 'DNS=127.0.0.1:15353', 'Domains=~test', ''])
    expect(statSync(join(root, file)).mode & 0o777).toBe(0o644)
    expect(readFileSync(join(root, 'restarts'), 'utf8')).toContain('restart systemd-resolved')

    const more = await look()
    expect(more).toMatchObject({ installed: { port: 15353, suffixes: ['test'] }, obstacle: null })
    carryOut(routingScript(more, ['test', 'home.arpa'], 15353))
    const both = await look()
    expect(both.installed?.suffixes).toEqual(['test', 'home.arpa'])
    carryOut(routingScript(both, [], 15353))
    expect(everything()).toEqual(before)
  })

  test('uses one file of macOS for each suffix, beside those of others', async () => {
    write('etc/resolver/corp', 'nameserver 10.0.0.1\n')
    const before = everything()
    const routing = await look('darwin')
    expect(routing).toMatchObject({ way: 'resolver', installed: null, ownsFolder: false, obstacle: null })
    expect(foreignSuffix(routing, ['test', 'corp'])).toContain('was not written by Edgekeep')
    carryOut(routingScript(routing, ['test', 'internal'], 15353))
    expect(readFileSync(join(root, 'etc/resolver/test'), 'utf8')).toMatch(
      /^# Edgekeep: .*\nnameserver 127\.0\.0\.1\nport 15353\n$/,
    )
    const both = await look('darwin')
    expect(both.installed).toEqual({ port: 15353, suffixes: ['internal', 'test'] })
    carryOut(routingScript(both, ['test'], 15353))
    expect(existsSync(join(root, 'etc/resolver/internal'))).toBe(false)
    carryOut(routingScript(await look('darwin'), [], 15353))
    expect(everything()).toEqual(before)
  })

  test('keeps a folder on undo that others have used since', async () => {
    resolved(debian13)
    carryOut(routingScript(await look(), ['test'], 15353))
    write('etc/systemd/resolved.conf.d/theirs.conf', '[Resolve]\nLLMNR=no\n')
    carryOut(routingScript(await look(), [], 15353))
    expect(readdirSync(join(root, 'etc/systemd/resolved.conf.d'))).toEqual(['theirs.conf'])
  })
})

describe('a system without suffix routing has a sentence, and nothing is changed', () => {
  const sentence = async (platform?: NodeJS.Platform) => (await look(platform)).obstacle?.sentence ?? ''

  test('Windows, and a Linux without systemd-resolved', async () => {
    expect(await sentence('win32')).toContain('cannot be told')
    expect(await sentence()).toContain('not resolved by systemd-resolved')
  })

  test('one that runs systemd-resolved and asks another', async () => {
    resolved(debian13)
    write('etc/resolv.conf', 'nameserver 10.0.0.1\n')
    write('etc/nsswitch.conf', 'hosts: files dns\n')
    expect(await sentence()).toContain('not resolved by systemd-resolved')
  })

  test.each([
    ['systemd 245 (245.4-4ubuntu3)', 'systemd-resolved 245 takes no port'],
    ['resolvectl: something else', 'of an unknown version'],
  ])('one of "%s"', async (version, words) => {
    resolved(version)
    expect(await sentence()).toContain(words)
  })

  test('an older one with DNS servers for everything; a newer one has scopes for that', async () => {
    resolved(debian13)
    write('etc/systemd/resolved.conf.d/10-quad9.conf', '[Resolve]\n DNS = 9.9.9.9\n')
    expect(await sentence()).toContain('10-quad9.conf names DNS servers for everything')
    write('bin/resolvectl', '#!/bin/sh\necho systemd 258\n', 0o755)
    expect(await look()).toMatchObject({ way: 'delegate', obstacle: null })
  })

  test('an older one that takes its servers from resolv.conf', async () => {
    resolved(debian13)
    write('etc/resolv.conf', 'nameserver 10.0.0.1\n')
    expect(await sentence()).toContain('takes its DNS servers from')
  })

  test.each([
    ['somebody else’s file', '[Resolve]\nDNS=10.0.0.1\n'],
    [
      'a file of ours that somebody changed',
      '# Edgekeep: "edgekeep names undo" takes this file away.\n[Resolve]\nDNS=127.0.0.1:15353\nDomains=~.\nDNSSEC=no\n',
    ],
    [
      'a file of ours with another server',
      '# Edgekeep: "edgekeep names undo" takes this file away.\n[Resolve]\nDNS=127.0.0.1:15353 10.0.0.1\nDomains=~test\n',
    ],
  ])('%s in our place', async (_, text) => {
    resolved(debian13)
    write('etc/systemd/resolved.conf.d/50-edgekeep.conf', text)
    expect(await look()).toMatchObject({
      installed: null,
      obstacle: { sentence: expect.stringContaining('not as Edgekeep writes it') },
    })
  })

  test('a folder that others than the administrator can write to', async () => {
    resolved(debian13)
    const hostEnvironment = {
      platform: 'linux' as const,
      home: root,
      env: { PATH: join(root, 'bin') },
      folder: root,
    }
    const routing = await lookAtRouting(hostEnvironment, { root, changeable: (path) => path })
    expect(routing.obstacle?.sentence).toContain('somebody besides the administrator')
  })
})
