import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { whyNoOwnNetwork } from '../support/processes/own-network.ts'
import { unless } from '../support/needs.ts'

/*
 * The whole act as an ordinary user with sudo, by the command line and at a terminal, in namespaces of its own: its
 * /etc, its roots of /usr/local, and its network with its number for low ports are copies, and the computer that runs
 * this keeps its own.
 */

const repository = join(import.meta.dirname, '../..')
const jdks = jdksHere()
const missing =
  whyNoOwnNetwork([
    'unshare',
    'setpriv',
    'sudo',
    'script',
    'ip',
    'python3',
    'curl',
    'chromium',
    'certutil',
  ]) ?? (existsSync('/usr/sbin/update-ca-certificates') ? undefined : 'this is no Debian')

const hasFirefox = spawnSync('which', ['firefox-esr']).status === 0
if (!hasFirefox) console.log('Skipped: Firefox in a whole setup, because firefox-esr is not installed here.')
if (jdks.length === 0) console.log('Skipped: Java in a whole setup, because no JDK with a compiler is here.')

/** JDKs of the system, if one of them has a compiler for the test program. */
function jdksHere(): string[] {
  const folder = '/usr/lib/jvm'
  if (!existsSync(folder) || spawnSync('which', ['javac']).status !== 0) return []
  const homes = readdirSync(folder).map((name) => realpathSync(join(folder, name)))
  return [...new Set(homes)].filter((home) => existsSync(join(home, 'bin/java'))).toSorted()
}

/** Lists each file that a setup may change, with owner, permissions, link target and bytes. */
const snapshot = `find /etc/ssl /etc/hosts /etc/sysctl.d /usr/local/share/ca-certificates "$HOME/.pki" "$HOME/.mozilla" \\( -type f -o -type l \\) -printf '%p %m %u %l ' -exec sh -c '[ -f "$1" ] && sha256sum < "$1" || echo' sh {} \\; 2>/dev/null | sort; cat /proc/sys/net/ipv4/ip_unprivileged_port_start`

/** Fetches the page by name, on port 443, with no certificate flags; prints the clients that got it. */
const clients = `
curl -sS https://shop.test/ | grep -q 'The shop' && echo curl
wget -qO- https://shop.test/ | grep -q 'The shop' && echo wget
git ls-remote https://shop.test/repository.git 2>&1 | grep -q 'not found' && echo git
"$NODE" -e 'require("https").get("https://shop.test/", (r) => r.on("data", (d) => console.log(String(d))))' 2>/dev/null | grep -q 'The shop' || echo 'node without variables refuses'
eval "$($E trust env 2>/dev/null)"
"$NODE" -e 'require("https").get("https://shop.test/", (r) => r.on("data", (d) => console.log(String(d))))' 2>/dev/null | grep -q 'The shop' && echo node
unset SSL_CERT_FILE CURL_CA_BUNDLE GIT_SSL_CAINFO REQUESTS_CA_BUNDLE CARGO_HTTP_CAINFO NODE_EXTRA_CA_CERTS DENO_CERT WGETRC
/usr/bin/python3 -c 'import urllib.request as u; print(u.urlopen("https://shop.test/").read())' 2>/dev/null | grep -q 'The shop' && echo python
echo | openssl s_client -connect shop.test:443 -servername shop.test -verify_hostname shop.test -verify_return_error 2>&1 | grep -q 'Verify return code: 0' && echo openssl
chromium --headless --disable-gpu --no-first-run --user-data-dir=$(mktemp -d) --dump-dom https://shop.test/ 2>/dev/null | grep -q 'The shop' && echo chromium
${hasFirefox ? 'firefox https://shop.test/' : ''}
for home in $JDKS; do $home/bin/java -cp "$HOME" ByName https://shop.test/ 2>&1 | grep -q 'The shop' && echo "\${home##*/}"; done
`

/**
 * Starts a Firefox with a writable copy of the person's profile. A request at the origin shows that the page
 * came over HTTPS; a refusal shows as no request within the time that one took before.
 */
const firefoxByName = `
firefox() {
  own=$(mktemp -d); cp -a "$HOME/.mozilla/firefox/a.default/." "$own"; seen=$(wc -l < origin.log); waited=0
  HOME=$own firefox-esr --headless --no-remote --profile "$own" "$1by-firefox" >/dev/null 2>&1 &
  program=$!
  while [ $waited -lt "\${patience:-600}" ]; do
    tail -n +$((seen + 1)) origin.log | grep -q by-firefox && echo firefox && break
    sleep 0.1; waited=$((waited + 1))
  done
  kill $program; wait $program 2>/dev/null
  # Twice what it took, with which it is waited for when it is to refuse.
  patience=$((2 * waited + 50))
}
`

/** Loads a page by its address with the JDK's default trust. */
const byName = `import java.net.URI;
public final class ByName {
  public static void main(String[] arguments) throws Exception {
    try (var in = URI.create(arguments[0]).toURL().openStream()) { System.out.write(in.readAllBytes()); System.out.flush(); }
  }
}
`

const person = `${firefoxByName}
E="$NODE ${repository}/bin/edgekeep.mjs"
printf '<!doctype html><title>The shop</title>The shop' > site/index.html
printf 'By Firefox' > site/by-firefox
(cd site && exec /usr/bin/python3 -u -m http.server 3000 --bind 127.0.0.1) > origin.log 2>&1 &
ORIGIN=$!
$E domain add shop.test --origin http://127.0.0.1:3000 >/dev/null
$E up --no-ui > up.log 2>&1 &
ENGINE=$!
for _ in $(seq 60); do $E status >/dev/null 2>&1 && break; sleep 1; done
mkfifo answers; sleep 900 > answers & KEEP=$!
# A terminal, at which the script of the administrator is shown and agreed to.
atTerminal() { (while ! grep -q 'Run this as the administrator' "$2" 2>/dev/null; do sleep 0.2; done; echo y > answers) & script -qefc "$1; echo status=\\$?" "$2" < answers > /dev/null; }
{ ${snapshot}; } > before
atTerminal "$E setup shop.test --yes --no-browser" setup.log
echo "== setup $(grep -o 'status=[0-9][0-9]*' setup.log)"
grep -c 'Passed its test' setup.log
echo "== clients"
${clients}
echo "== undo"
atTerminal "$E setup --undo --yes" undo.log
grep -o 'status=[0-9][0-9]*' undo.log
{ ${snapshot}; } > after
test $(wc -l < before) -gt 100 && cmp before after && echo same
echo "== refuse"
${clients}
kill -INT $ENGINE; kill $ORIGIN $KEEP; wait $ENGINE
`

test(
  'a setup makes every client load the domain by its name on port 443, and its undo leaves every store as it was',
  { ...unless(missing), timeout: 900_000 },
  async () => {
    // The owner of the checkout builds it; an ordinary user may not write into it.
    spawnSync(process.execPath, [join(repository, 'bin/edgekeep.mjs'), '--version'])
    const root = mkdtempSync('/tmp/edgekeep-setup-person-')
    const home = join(root, 'home')
    try {
      for (const folder of ['home/site', 'home/.mozilla/firefox/a.default', 'anchors'])
        mkdirSync(join(root, folder), { recursive: true })
      const profiles = '[Profile0]\nName=a\nIsRelative=1\nPath=a.default\n'
      writeFileSync(join(home, '.mozilla/firefox/profiles.ini'), profiles)
      spawnSync('certutil', [
        '-N',
        '--empty-password',
        '-d',
        `sql:${join(home, '.mozilla/firefox/a.default')}`,
      ])
      mkdirSync(join(home, '.pki/nssdb'), { recursive: true })
      spawnSync('certutil', ['-N', '--empty-password', '-d', `sql:${join(home, '.pki/nssdb')}`])
      spawnSync('sh', [
        '-c',
        `cp -a /etc ${root}/etc && cp -a /usr/local/share/ca-certificates/. ${root}/anchors`,
      ])
      writeFileSync(join(root, 'etc/sudoers.d/edgekeep-test'), 'nobody ALL=(ALL) NOPASSWD: ALL\n', {
        mode: 0o440,
      })
      writeFileSync(join(home, 'person.sh'), person)
      writeFileSync(join(home, 'ByName.java'), byName)
      if (jdks.length > 0) spawnSync('javac', ['--release', '17', '-d', home, join(home, 'ByName.java')])
      spawnSync('chown', ['-R', 'nobody:nogroup', home])
      spawnSync('chmod', ['755', root])
      const mounts = [
        `mount --bind ${root}/etc /etc`,
        `mount --bind ${root}/anchors /usr/local/share/ca-certificates`,
        'ip link set lo up',
        // The copied anchors include this computer's own CA certificates.
        'update-ca-certificates >/dev/null 2>&1',
      ].join(' && ')
      const env = `env -i HOME=${home} EDGEKEEP_HOME=${home}/edgekeep NODE=${process.execPath} JDKS='${jdks.join(' ')}' PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8`
      const drop = `setpriv --reuid=nobody --regid=nogroup --init-groups ${env} sh -c 'cd "$HOME" && exec sh person.sh'`
      const said = await output('unshare', ['-m', '-n', 'sh', '-c', `${mounts}; exec ${drop}`])
      const logs = ['setup.log', 'undo.log', 'up.log']
        .map((name) => textAt(join(home, name)).slice(-3000))
        .join('\n')
      const part = (name: string) => said.split(`== ${name}`)[1]?.split('==')[0]?.trim().split('\n') ?? []
      expect(part('setup'), logs).toEqual(['status=0', expect.stringMatching(/^([89]|1\d)$/)])
      expect(part('clients'), logs).toEqual([
        'curl',
        'wget',
        'git',
        'node without variables refuses',
        'node',
        'python',
        'openssl',
        'chromium',
        ...(hasFirefox ? ['firefox'] : []),
        ...jdks.map((jdk) => basename(jdk)),
      ])
      expect(part('undo'), logs).toEqual(['status=0', 'same'])
      expect(part('refuse'), logs).toEqual(['node without variables refuses'])
    } finally {
      rmSync(root, { recursive: true, force: true, maxRetries: 5 })
    }
  },
)

function output(program: string, words: string[]): Promise<string> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')))
  return new Promise((resolve) => child.once('close', () => resolve(said)))
}

function textAt(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
