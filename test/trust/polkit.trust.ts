import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unless } from '../support/needs.ts'
import { whyNoOwnNetwork } from '../support/processes/own-network.ts'

/*
 * The window's way to the administrator, with the real polkitd, its pkexec, a real agent's dialog (lxpolkit) and PAM, on
 * a copy of this system that is gone afterwards: an overlay in namespaces of its own, with the packages installed in
 * it. There is no logind in it; what it would say of the session of the person stands in the files that it writes,
 * and in place of the control group of each process that is to be in that session.
 */

const repository = join(import.meta.dirname, '../..')
const missing = whyNoOwnNetwork(['unshare', 'setpriv', 'apt-get', 'dbus-daemon', 'Xvfb', 'chroot', 'ip'])

const overlay = `
mount -t tmpfs -o size=3g tmpfs ROOT/system && mkdir ROOT/system/upper ROOT/system/work ROOT/system/all &&
mount -t overlay overlay -o lowerdir=/,upperdir=ROOT/system/upper,workdir=ROOT/system/work ROOT/system/all || { echo 'SKIP no overlay can be mounted here'; exit 0; }
cd ROOT/system/all; mount -t proc proc proc; mount --rbind /dev dev; mount --rbind /sys sys; mount -t tmpfs tmpfs run; mount -t tmpfs tmpfs tmp; chmod 1777 tmp
mkdir -p pkout; mount --bind ROOT pkout
printf '#!/bin/sh\\nexit 101\\n' > usr/sbin/policy-rc.d; chmod +x usr/sbin/policy-rc.d
chroot . sh -c 'DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends polkitd pkexec lxpolkit xdotool imagemagick' > ROOT/apt.log 2>&1 || { echo 'SKIP the packages of polkit cannot be installed'; exit 0; }
exec unshare -n chroot . sh -c 'ip link set lo up; exec sh /pkout/steps.sh'
`

const steps = `
set -u
useradd -m -s /bin/sh person && echo 'person:PASSWORD' | chpasswd && usermod -aG sudo person
P=$(id -u person); mkdir -p /run/dbus /run/systemd/sessions /run/systemd/users /run/user/$P; chown person /run/user/$P
printf "UID=$P\\nUSER=person\\nACTIVE=1\\nSTATE=active\\nREMOTE=0\\nTYPE=x11\\nCLASS=user\\nSEAT=seat0\\n" > /run/systemd/sessions/c1
printf 'NAME=person\\nSTATE=active\\nSESSIONS=c1\\nACTIVE_SESSIONS=c1\\nDISPLAY=c1\\n' > "/run/systemd/users/$P"
printf "1:name=systemd:/user.slice/user-$P.slice/session-c1.scope\\n0::/user.slice/user-$P.slice/session-c1.scope\\n" > /run/session
in_session() { sh -c 'mount --bind /run/session /proc/$$/cgroup; exec setpriv --reuid=person --regid=person --init-groups env -i DISPLAY=:77 HOME=/home/person EDGEKEEP_HOME=/home/person/edgekeep XDG_RUNTIME_DIR=/run/user/'$P' XDG_SESSION_ID=c1 LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin "$@"' sh "$@"; }
dbus-daemon --system --fork
/usr/lib/polkit-1/polkitd --no-debug > /pkout/polkitd.log 2>&1 &
Xvfb :77 -screen 0 1280x800x24 -ac > /dev/null 2>&1 &
export DISPLAY=:77
for _ in $(seq 100); do xdotool getdisplaygeometry > /dev/null 2>&1 && break; sleep 0.1; done
in_session lxpolkit > /pkout/agent.log 2>&1 &
cd /home/person
in_session NODE ${repository}/bin/edgekeep.mjs up --no-ui > /pkout/up.log 2>&1 &
for _ in $(seq 300); do grep -q 'is running' /pkout/up.log && break; sleep 0.2; done
# The engine is a child of what was started.
for each in $(pgrep -u person); do [ "$(cat /proc/$each/cgroup)" = "$(cat /run/session)" ] || mount --bind /run/session /proc/$each/cgroup; done
dialog() { for _ in $(seq 200); do xdotool search --onlyvisible --name '^Authentication$' > /dev/null 2>&1 && return 0; sleep 0.1; done; return 1; }
gone() { for _ in $(seq 200); do xdotool search --onlyvisible --name '^Authentication$' > /dev/null 2>&1 || return 0; sleep 0.1; done; return 1; }
act() { in_session NODE /pkout/act.mjs "$1" > /pkout/outcomes.log 2>&1 & ACT=$!; }
printed() { sed 's/^/'"$1"': /' /pkout/outcomes.log; }
trusts() { grep -c 'Edgekeep' /pkout/listed; }
act install; dialog && echo 'asked'; import -window root /pkout/polkit.png
WINDOW=$(xdotool search --onlyvisible --name '^Authentication$' | head -1); xdotool getwindowgeometry --shell "$WINDOW" | grep -E 'WIDTH|HEIGHT'
xdotool key Escape; gone; wait $ACT; printed declined
act install; dialog; xdotool type --delay 60 'wrong'; xdotool key Return; sleep 3; xdotool key Escape; gone || xdotool key Escape; wait $ACT; printed 'wrong password'
act install; dialog; xdotool type --delay 60 'PASSWORD'; xdotool key Return; wait $ACT; printed allowed
ls /usr/local/share/ca-certificates | grep -c edgekeep
act undo; dialog; xdotool type --delay 60 'PASSWORD'; xdotool key Return; wait $ACT; printed undone
ls /usr/local/share/ca-certificates | grep -c edgekeep
`

/** Has the engine change the system's store, and the administrator asked by the system's dialog, as the window does. */
const act = `
import { connectEngine } from '${repository}/src/engine-process/connect.ts'
import { openHome } from '${repository}/src/engine-process/home.ts'
const { client, close } = await connectEngine(openHome(process.env.EDGEKEEP_HOME))
const [, , action] = process.argv
const plan = await client.trust.plan({ action, clients: ['curl'] })
for await (const event of await client.trust.apply({ action, clients: ['curl'], plan: plan.id, elevation: 'ask' }))
  if (event.type === 'outcome' && event.outcome.store === 'system') console.log(event.outcome.outcome + ', ' + event.outcome.sentence)
await close()
process.exit(0)
`

test(
  'polkit’s dialog asks for what the plan showed; a no, a wrong password and the right one are told apart by what became of it',
  { ...unless(missing), timeout: 400_000 },
  async ({ skip }) => {
    const root = mkdtempSync('/tmp/edgekeep-polkit-')
    // The person looks into it.
    chmodSync(root, 0o755)
    const filled = (text: string) =>
      text.replaceAll('ROOT', root).replaceAll('NODE', process.execPath).replaceAll('PASSWORD', 'only-4-this')
    try {
      mkdirSync(join(root, 'system'))
      writeFileSync(join(root, 'overlay.sh'), filled(overlay))
      writeFileSync(join(root, 'steps.sh'), filled(steps))
      writeFileSync(join(root, 'act.mjs'), act)
      const said = await output(root)
      if (said.startsWith('SKIP')) skip(said.slice('SKIP '.length).trim())
      const logs = ['up.log', 'agent.log', 'polkitd.log', 'outcomes.log']
        .map((name) =>
          existsSync(join(root, name))
            ? `${name}: ${readFileSync(join(root, name), 'utf8').slice(-1500)}`
            : '',
        )
        .join('\n')
      const picture = join(root, 'polkit.png')
      if (process.env.EDGEKEEP_PICTURES && existsSync(picture))
        writeFileSync(join(process.env.EDGEKEEP_PICTURES, 'polkit.png'), readFileSync(picture))
      const lines = said.trim().split('\n')
      expect(lines[0], said + logs).toBe('asked')
      const size = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(said)?.[1])
      // The whole dialog, with its buttons, is on the screen.
      expect(size('WIDTH'), said).toBeLessThanOrEqual(1280)
      expect(size('HEIGHT'), said).toBeLessThanOrEqual(800)
      expect(lines.slice(3), logs).toEqual([
        'declined: failed, The rights of the administrator were not given.',
        'wrong password: failed, The rights of the administrator were not given.',
        'allowed: done, It has the local authority.',
        '1',
        expect.stringMatching(/^undone: (exact|done), /),
        '0',
      ])
    } finally {
      rmSync(root, { recursive: true, force: true, maxRetries: 5 })
    }
  },
)

function output(root: string): Promise<string> {
  const words = ['-m', '-p', '-f', '--kill-child', 'sh', join(root, 'overlay.sh')]
  const child = spawn('unshare', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')))
  return new Promise((resolve) => child.once('close', () => resolve(said)))
}
