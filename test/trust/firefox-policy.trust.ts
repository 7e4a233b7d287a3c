import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unless } from '../support/needs.ts'
import { whyNoOwnNetwork } from '../support/processes/own-network.ts'

/*
 * The real Firefox by its policies, in namespaces with an /etc and a network of their own. Each time it has a profile
 * that nothing was imported into, so that what it trusts is by policy or not at all.
 */

const repository = join(import.meta.dirname, '../..')
const missing = whyNoOwnNetwork(['unshare', 'ip', 'python3', 'firefox-esr'])

const steps = `
set -u
mount --bind ROOT/etc /etc; ip link set lo up
E="$NODE ${repository}/bin/edgekeep.mjs"
echo 'By Firefox' > ROOT/site/by-firefox
(cd ROOT/site && exec python3 -u -m http.server 3000 --bind 127.0.0.1) > ROOT/origin.log 2>&1 & ORIGIN=$!
$E domain add shop.localhost --origin http://127.0.0.1:3000 >/dev/null
$E https on shop.localhost --free > ROOT/https.log 2>&1
$E up --no-ui > ROOT/up.log 2>&1 & ENGINE=$!
for _ in $(seq 300); do grep -q 'is running' ROOT/up.log && break; sleep 0.2; done
# Waited for as long as it took to come, twice, where it is not to come.
patience=600
firefox() {
  own=$(mktemp -d); seen=$(wc -l < ROOT/origin.log); waited=0
  HOME=$own firefox-esr --headless --no-remote --profile "$own" https://shop.localhost:8443/by-firefox > ROOT/firefox.log 2>&1 & program=$!
  while [ $waited -lt "$patience" ]; do
    tail -n +$((seen + 1)) ROOT/origin.log | grep -q by-firefox && break
    sleep 0.1; waited=$((waited + 1))
  done
  kill $program; wait $program 2>/dev/null
  if [ $waited -lt "$patience" ]; then echo loads; patience=$((2 * waited + 50)); else echo refuses; fi
  rm -rf "$own"
}
state() { find /etc/firefox -printf '%p %m %u %l ' -type f -exec sha256sum {} \\; -o -printf '%p %m %u %l\\n' 2>/dev/null | sort; }
round() {
  state > ROOT/before
  $E trust install --client 'every firefox' --yes > ROOT/install.log 2>&1; echo "installed $?"
  firefox
  $E trust --client 'every firefox' --json > ROOT/status.json 2>/dev/null; echo "status $?"
  $E trust undo --client 'every firefox' --yes > ROOT/undo.log 2>&1; echo "undone $?"
  state > ROOT/after; cmp ROOT/before ROOT/after && echo same
  firefox
}
rm -rf /etc/firefox; echo "== without"; round
mkdir -p /etc/firefox/policies; printf '{ "policies":\\t{"DisableTelemetry": true} }' > /etc/firefox/policies/policies.json; chmod 604 /etc/firefox/policies/policies.json
echo "== with others"; round
kill -INT $ENGINE; wait $ENGINE; kill $ORIGIN
`

test(
  'every Firefox trusts the authority by policy and refuses it again after the undo, and policies of somebody else come back byte for byte',
  { ...unless(missing), timeout: 400_000 },
  async () => {
    const root = mkdtempSync('/tmp/edgekeep-policy-')
    try {
      for (const name of ['site', 'home']) mkdirSync(join(root, name))
      const env = {
        HOME: join(root, 'home'),
        EDGEKEEP_HOME: join(root, 'home/edgekeep'),
        NODE: process.execPath,
        PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        LANG: 'C.UTF-8',
      }
      const script =
        `cp -a /etc ROOT/etc\nexec unshare -m -n sh -c '${steps.replaceAll("'", `'\\''`)}'`.replaceAll(
          'ROOT',
          root,
        )
      const said = await output(script, env)
      const logs = ['install.log', 'undo.log', 'up.log', 'firefox.log', 'https.log']
        .map((name) =>
          existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8').slice(-1500) : '',
        )
        .join('\n')
      const part = (name: string) => said.split(`== ${name}\n`)[1]?.split('==')[0]?.trim().split('\n')
      const expected = ['installed 0', 'loads', 'status 0', 'undone 0', 'same', 'refuses']
      expect(part('without'), logs).toEqual(expected)
      expect(part('with others'), logs).toEqual(expected)
    } finally {
      rmSync(root, { recursive: true, force: true, maxRetries: 5 })
    }
  },
)

function output(script: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'], env })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')))
  return new Promise((resolve) => child.once('close', () => resolve(said)))
}
