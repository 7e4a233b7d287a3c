import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { environmentForChildren } from '../../../bin/private-process.mjs'
import { launcher, type Answer } from '../../support/processes/cli.ts'
import { needs } from '../../support/needs.ts'
import { whyNoOwnNetwork } from '../../support/processes/own-network.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/*
 * Changes of the system are written to the audit trail. The commands run as they are, as an administrator, in
 * namespaces whose /etc is a copy and whose network has a number for low ports of its own. systemd-resolved is
 * recorded: its files are there, and its programs answer as version 258 does.
 */

needs(whyNoOwnNetwork(['unshare', 'ip', 'setpriv']))

const steps = `
set -eu
for place in /etc/hosts /etc/resolv.conf; do umount "$place" 2>/dev/null || :; done
mount --bind ROOT/etc /etc
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/resolve
echo 'nameserver 127.0.0.53' > /etc/resolv.conf
cp /etc/resolv.conf /run/systemd/resolve/resolv.conf
ip link set lo up
edgekeep() { setpriv --bounding-set=-net_bind_service "$NODE" LAUNCHER --home ROOT/home "$@"; }
state() { sha256sum /etc/hosts; ls /etc/sysctl.d /etc/systemd; cat /proc/sys/net/ipv4/ip_unprivileged_port_start; }
edgekeep domain add shop.test --origin http://127.0.0.1:9
state > ROOT/before
edgekeep names install shop.test --yes
grep -q '127.0.0.1 shop.test' /etc/hosts
edgekeep names undo shop.test --yes
edgekeep names install --suffix test --yes
grep -q 'Domains=~test' /etc/systemd/dns-delegate.d/edgekeep.dns-delegate
edgekeep names undo --yes
edgekeep ports install --yes
test "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" = 80
edgekeep ports undo --yes > ROOT/undone
state > ROOT/after
edgekeep audit --json > ROOT/audit.json
edgekeep audit --verify --json > ROOT/verified.json
`

async function asAdministrator(root: string): Promise<string> {
  mkdirSync(join(root, 'home'), { mode: 0o700 })
  cpSync('/etc', join(root, 'etc'), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  const program = (name: string, line: string) =>
    writeFileSync(join(root, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
  program('resolvectl', `echo 'systemd 258 (258-1)'`)
  program('systemctl', `test "$*" = 'restart systemd-resolved.service'`)
  const env = { ...environmentForChildren(), PATH: `${root}:${process.env.PATH}`, NODE: process.execPath }
  const script = steps.replaceAll('ROOT', root).replaceAll('LAUNCHER', launcher)
  const child = spawn('unshare', ['-m', '-n', 'sh', '-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const status = await new Promise((resolve) => child.once('close', resolve))
  expect(status, said).toBe(0)
  return said
}

const delegate = '/etc/systemd/dns-delegate.d/edgekeep.dns-delegate'

test(
  'the hosts file, the resolver, the DNS responder and low ports have a row in the audit trail for each change and each undo, and are as they were',
  { timeout: 240_000 },
  async () => {
    const root = temporaryFolder()
    const said = await asAdministrator(root)
    const textOf = (name: string) => readFileSync(join(root, name), 'utf8')
    const answer = (name: string) => JSON.parse(textOf(name)) as Answer
    const rows = (answer('audit.json')['rows'] as Record<string, unknown>[]).toReversed()
    const ofSystem = rows
      .filter(({ action }) => /^names\.|^ports\.system/.test(String(action)))
      .map(({ action, subject, before, after }) => ({ action, subject, before, after }))
    const port = expect.any(Number) as number
    expect(ofSystem).toEqual([
      {
        action: 'names.install',
        subject: '/etc/hosts',
        before: { names: [] },
        after: { names: ['shop.test'] },
      },
      { action: 'names.undo', subject: '/etc/hosts', before: { names: ['shop.test'] }, after: { names: [] } },
      { action: 'names.dns', subject: 'dns', before: { port: null }, after: { port } },
      { action: 'names.install', subject: delegate, before: { suffixes: [] }, after: { suffixes: ['test'] } },
      { action: 'names.undo', subject: delegate, before: { suffixes: ['test'] }, after: { suffixes: [] } },
      { action: 'names.dns', subject: 'dns', before: { port }, after: { port: null } },
      { action: 'ports.system', subject: 'ports below 1024', before: { from: 1024 }, after: { from: 80 } },
      { action: 'ports.system', subject: 'ports below 1024', before: { from: 80 }, after: { from: 1024 } },
    ])
    expect(new Set(rows.map(({ actor }) => actor))).toHaveLength(1)
    expect(answer('verified.json')['audit']).toMatchObject({ ok: true, rows: rows.length })
    expect(textOf('undone')).toMatch(
      /The edge is not running; it will listen on port 8443 for HTTPS and 8080 for HTTP\./,
    )
    expect(textOf('after'), said).toBe(textOf('before'))
  },
)
