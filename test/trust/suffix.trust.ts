import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { whyNoOwnNetwork } from '../support/processes/own-network.ts'
import { unless } from '../support/needs.ts'

/*
 * A suffix led here by the real systemd-resolved, in namespaces with a /etc, a /run and a network of their own. Its
 * package is unpacked and not installed, which would change how this computer resolves names. There is no service
 * manager in them: `systemctl` restarts the one process.
 */

const repository = join(import.meta.dirname, '../..')
const missing = whyNoOwnNetwork([
  'unshare',
  'ip',
  'dig',
  'getent',
  'python3',
  'apt-get',
  'dpkg',
  'dbus-daemon',
  'chromium',
])

/** Answers every question for an address with 192.0.2.53, as the DNS server of a network does. */
const network = `
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("10.9.9.1", 53))
while True:
  m, a = s.recvfrom(4096); e = m.index(b"\\0", 12) + 5; q = m[12:e]; is_a = q[-4:-2] == b"\\0\\1"
  s.sendto(m[:2] + b"\\x81\\x80\\0\\1" + (b"\\0\\1" if is_a else b"\\0\\0") + b"\\0\\0\\0\\0" + q + (b"\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\5\\0\\4\\xc0\\0\\2\\x35" if is_a else b""), a)
`

const systemctl = `#!/bin/sh
[ "$*" = "restart systemd-resolved.service" ] || exit 1
[ -f /run/resolved.pid ] && kill "$(cat /run/resolved.pid)" && while kill -0 "$(cat /run/resolved.pid)" 2>/dev/null; do sleep 0.05; done
ROOT/package/usr/lib/systemd/systemd-resolved >> ROOT/resolved.log 2>&1 &
echo $! > /run/resolved.pid
for _ in $(seq 100); do [ -S /run/systemd/resolve/io.systemd.Resolve ] && break; sleep 0.1; done
sleep 0.5
ip link show d0 >/dev/null 2>&1 && resolvectl dns d0 10.9.9.1
`

const steps = `
set -u
mount --bind ROOT/etc /etc; mount -t tmpfs tmpfs /run; mount --bind ROOT/systemctl /usr/bin/systemctl
grep -q '^systemd-resolve:' /etc/passwd || echo 'systemd-resolve:x:991:991::/:/usr/sbin/nologin' >> /etc/passwd
grep -q '^systemd-resolve:' /etc/group || echo 'systemd-resolve:x:991:' >> /etc/group
mkdir -p /run/systemd/resolve /run/dbus /etc/dbus-1/system.d; chown systemd-resolve:systemd-resolve /run/systemd/resolve
cp ROOT/package/usr/share/dbus-1/system.d/*.conf /etc/dbus-1/system.d/
rm -f /etc/resolv.conf; ln -s /run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf
ip link set lo up; ip link add d0 type veth peer name d1; ip address add 10.9.9.1/24 dev d0; ip link set d0 up; ip link set d1 up
dbus-daemon --system --fork --print-pid > /run/bus.pid
python3 ROOT/network.py & NETWORK=$!
systemctl restart systemd-resolved.service
E="$NODE ${repository}/bin/edgekeep.mjs"
address() { getent ahostsv4 "$1" | cut -d' ' -f1 | sort -u | tr '\\n' ' '; echo "$1"; }
state() { find /etc -printf '%p %m %u %l ' -type f -exec sha256sum {} \\; -o -printf '%p %m %u %l\\n' | sort; }
begin() { rm -f ROOT/up.log; $E up \${1-} > ROOT/up.log 2>&1 & ENGINE=$!; for _ in $(seq 300); do grep -q 'is running' ROOT/up.log && break; sleep 0.2; done; }
$E domain add shop.test --origin http://127.0.0.1:9 >/dev/null
$E domain add '*.wild.test' --origin http://127.0.0.1:9 >/dev/null
begin
state > ROOT/before
echo "== window"; "$NODE" ROOT/window.mjs "$(sed -n 's/^ *Window *//p' ROOT/up.log)"
state > ROOT/after; cmp ROOT/before ROOT/after && echo same
kill -INT $ENGINE; wait $ENGINE
begin --no-ui
echo "== before"; for name in shop.test a.wild.test example.com; do address $name; done
state > ROOT/before
$E names install --suffix test --yes > ROOT/install.log 2>&1; echo "== installed $?"
for name in shop.test a.wild.test SHOP.test example.com nothing.test b.a.wild.test; do address $name; done
getent ahostsv6 shop.test | cut -d' ' -f1 | sort -u
dig +short @127.0.0.53 shop.test; dig @127.0.0.53 nothing.test | grep -o 'status: [A-Z]*'
$E names status shop.test --json > ROOT/status.json; echo "status $?"
$E names install shop.test --yes | head -1
kill -INT $ENGINE; wait $ENGINE
echo "== down"; for name in shop.test example.com; do address $name; done
begin
echo "== again"; address shop.test
$E names undo --yes > ROOT/undo.log 2>&1; echo "== undone $?"
for name in shop.test example.com; do address $name; done
state > ROOT/after; cmp ROOT/before ROOT/after && echo same
kill -INT $ENGINE; wait $ENGINE
kill $NETWORK "$(cat /run/resolved.pid)" "$(cat /run/bus.pid)"
`

/** The same act in the window: the dialog, the plan with the administrator's script, and the row of a suffix. */
const inWindow = `
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
const { chromium } = createRequire('${repository}/package.json')('playwright-core')
const address = (name) => execFileSync('getent', ['ahostsv4', name], { encoding: 'utf8' }).split(' ')[0]
const browser = await chromium.launchPersistentContext('ROOT/chromium', { executablePath: '/usr/bin/chromium', chromiumSandbox: false, args: ['--disable-gpu'] })
browser.setDefaultTimeout(150_000)
const window = await browser.newPage()
const look = async (name) => {
  for (const colorScheme of ['dark', 'light']) {
    await window.emulateMedia({ colorScheme })
    for (const width of process.env.EDGEKEEP_LOOK ? [760, 1280, 1920] : [1280]) {
      await window.setViewportSize({ width, height: 900 })
      await window.screenshot({ path: process.env.PICTURES + '/' + name + '-' + width + '-' + colorScheme + '.png', animations: 'disabled' })
    }
  }
}
try {
  await window.goto(process.argv[2])
  await window.getByRole('link', { name: 'Trust' }).click()
  await window.getByRole('link', { name: /^Names/ }).click()
  const names = window.getByRole('region', { name: 'Names' })
  const dialog = window.getByRole('dialog')
  const row = names.getByRole('listitem').filter({ hasText: 'Every name below .test' })
  const shop = names.getByRole('listitem').filter({ hasText: /^shop.test/ })
  await names.getByRole('button', { name: 'Point a suffix here…', disabled: false }).click()
  await dialog.getByLabel('Suffix').fill('test')
  await look('suffix-dialog')
  await dialog.getByRole('button', { name: 'Show what changes' }).click()
  await dialog.getByText('Domains=~test').waitFor()
  await look('suffix-plan-script')
  await dialog.getByRole('button', { name: 'Point it here', disabled: false }).click()
  await dialog.getByText('Done: the system’s resolver').waitFor()
  await look('suffix-done')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await row.getByText('The system asks Edgekeep’s DNS responder').waitFor()
  await shop.getByText('Points here').or(shop.getByText('Here, to another program')).waitFor()
  await row.scrollIntoViewIfNeeded()
  await look('suffix-row')
  console.log('installed in the window: ' + address('shop.test'))
  await names.getByRole('button', { name: 'Undo for .test', disabled: false }).click()
  await dialog.getByText('No longer asks Edgekeep').waitFor()
  await dialog.getByRole('button', { name: 'Undo', exact: true, disabled: false }).click()
  await dialog.getByText('As it was: the system’s resolver').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await row.waitFor({ state: 'detached' })
  console.log('undone in the window: ' + address('shop.test'))
} catch (error) {
  console.log(String(error), (await window.locator('body').innerText()).slice(0, 2000))
} finally {
  await browser.close()
}
`

test(
  'systemd-resolved finds every name that is served below a suffix and no other there, goes on with all others, and is as it was after the undo',
  { ...unless(missing), timeout: 600_000 },
  async () => {
    spawnSync(process.execPath, [join(repository, 'bin/edgekeep.mjs'), '--version'])
    const root = mkdtempSync('/tmp/edgekeep-suffix-')
    const inRoot = (text: string) => text.replaceAll('ROOT', root)
    try {
      spawnSync('sh', [
        '-c',
        inRoot(
          'cd ROOT && apt-get download systemd-resolved >/dev/null 2>&1; dpkg -x systemd-resolved_*.deb package; cp -a /etc etc',
        ),
      ])
      const resolved = join(root, 'package/usr/lib/systemd/systemd-resolved')
      if (!existsSync(resolved)) {
        console.log('Skipped: a suffix in systemd-resolved, because its package cannot be downloaded.')
        return
      }
      mkdirSync(join(root, 'home'))
      writeFileSync(join(root, 'systemctl'), inRoot(systemctl), { mode: 0o755 })
      writeFileSync(join(root, 'network.py'), network)
      writeFileSync(join(root, 'window.mjs'), inRoot(inWindow))
      const pictures = process.env.EDGEKEEP_PICTURES ?? join(repository, 'test-results/pictures')
      mkdirSync(pictures, { recursive: true })
      const env = {
        HOME: join(root, 'home'),
        EDGEKEEP_HOME: join(root, 'home/edgekeep'),
        NODE: process.execPath,
        PICTURES: pictures,
        ...(process.env.EDGEKEEP_LOOK ? { EDGEKEEP_LOOK: '1' } : {}),
        PATH: `${root}/package/usr/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
        LANG: 'C.UTF-8',
      }
      const said = await output(['-m', '-n', 'sh', '-c', inRoot(steps)], env)
      const logs = ['install.log', 'undo.log', 'resolved.log', 'up.log']
        .map((name) =>
          existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8').slice(-1500) : '',
        )
        .join('\n')
      const part = (name: string) => said.split(`== ${name}`)[1]?.split('==')[0]?.trim().split('\n') ?? []
      expect(part('window'), logs).toEqual([
        'installed in the window: 127.0.0.1',
        'undone in the window: 192.0.2.53',
        'same',
      ])
      expect(part('before'), logs).toEqual([
        '192.0.2.53 shop.test',
        '192.0.2.53 a.wild.test',
        '192.0.2.53 example.com',
      ])
      expect(part('installed'), logs).toEqual([
        '0',
        '127.0.0.1 shop.test',
        '127.0.0.1 a.wild.test',
        '127.0.0.1 SHOP.test',
        '192.0.2.53 example.com',
        'nothing.test',
        'b.a.wild.test',
        '::1',
        '127.0.0.1',
        expect.stringMatching(/status: (SERVFAIL|REFUSED)/),
        expect.stringContaining('status'),
        'They point here already.',
      ])
      const status = JSON.parse(readFileSync(join(root, 'status.json'), 'utf8')) as {
        suffixes: unknown
        names: unknown[]
      }
      expect(status.suffixes).toMatchObject({ names: ['test'], isAnswered: true, obstacle: null })
      expect(status.names).toMatchObject([
        { host: 'shop.test', addresses: expect.arrayContaining(['127.0.0.1']) },
      ])
      expect(part('down'), logs).toEqual(['shop.test', '192.0.2.53 example.com'])
      expect(part('again'), logs).toEqual(['127.0.0.1 shop.test'])
      expect(part('undone'), logs).toEqual(['0', '192.0.2.53 shop.test', '192.0.2.53 example.com', 'same'])
    } finally {
      rmSync(root, { recursive: true, force: true, maxRetries: 5 })
    }
  },
)

function output(words: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('unshare', words, { stdio: ['ignore', 'pipe', 'inherit'], env })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')))
  return new Promise((resolve) => child.once('close', () => resolve(said)))
}
