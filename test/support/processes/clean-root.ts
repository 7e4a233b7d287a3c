import { execFileSync, spawn, spawnSync, type ChildProcess, type SpawnSyncReturns } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'

/** Fresh Debian in a folder, a system of its own for the programs that run in it. */
export interface CleanRoot {
  /** Its `/`. */
  folder: string
  /** Runs as its root, with the network. */
  asRoot(...command: string[]): SpawnSyncReturns<string>
  /** Runs as `visitor`, with a loopback of its own and no other network. */
  asVisitor(...command: string[]): SpawnSyncReturns<string>
  start(...command: string[]): ChildProcess
  end(): void
}

export const visitor = { name: 'visitor', id: 1000, home: '/home/visitor' }

const mirror = 'http://deb.debian.org/debian'
/** Retries a mirror that does not answer. */
const apt = ['--quiet=2', '--option=Acquire::Retries=5', '--option=APT::Update::Error-Mode=any']
const runtime = `/run/user/${visitor.id}`

/** Environment of all commands in it. */
const everyone = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive']

/** Reason why no clean root can be made here; null if it can. */
export function whyNoCleanRoot(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'only root of a Linux can make a clean root'
  const missing = ['debootstrap', 'Xvfb', 'xdotool', 'xprop', 'import'].find((name) => !isCommand(name))
  return missing ? `${missing} is missing (Debian: debootstrap xvfb xdotool x11-utils imagemagick)` : null
}

function isCommand(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

/**
 * Makes it in `folder` with `packages` besides the minimal system, and shares the X display `display`. Takes
 * minutes; the minimal system is cached in `kept`.
 */
export async function makeCleanRoot(
  folder: string,
  { packages, display, kept }: { packages: string[]; display: string; kept: string },
): Promise<CleanRoot> {
  bootstrap(folder, kept)
  const holder = spawn('unshare', ['--mount', '--pid', '--net', '--fork', 'sh', '-ec', mounts(folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  await once(holder.stdout, 'data')
  const inside = execFileSync('pgrep', ['--parent', String(holder.pid)], { encoding: 'utf8' }).trim()
  const enter = ['--target', inside, '--mount', '--pid']
  const session = [
    ...everyone,
    `HOME=${visitor.home}`,
    `USER=${visitor.name}`,
    `DISPLAY=${display}`,
    `XDG_RUNTIME_DIR=${runtime}`,
    `DBUS_SESSION_BUS_ADDRESS=unix:path=${runtime}/bus`,
  ]
  const become = ['setpriv', `--reuid=${visitor.id}`, `--regid=${visitor.id}`, '--init-groups']
  const rootWords = (command: string[]) => [...enter, 'chroot', folder, 'env', '-i', ...everyone, ...command]
  const visitorWords = (command: string[]) => [
    ...enter,
    '--net',
    'chroot',
    folder,
    ...become,
    'env',
    '-i',
    '--chdir=/',
    ...session,
    ...command,
  ]
  const root: CleanRoot = {
    folder,
    asRoot: (...command) => spawnSync('nsenter', rootWords(command), { encoding: 'utf8' }),
    asVisitor: (...command) => spawnSync('nsenter', visitorWords(command), { encoding: 'utf8' }),
    start: (...command) => spawn('nsenter', visitorWords(command), { stdio: 'ignore' }),
    // The end of a PID namespace's first process kills all others.
    end: () => void spawnSync('kill', ['-KILL', inside]),
  }
  must(root.asRoot('apt-get', ...apt, 'update'))
  must(root.asRoot('apt-get', ...apt, 'install', '--yes', '--no-install-recommends', ...packages))
  must(root.asRoot('useradd', '--create-home', '--uid', String(visitor.id), visitor.name))
  return root
}

/** Output of a command; throws if that failed. */
export function must({ status, stdout, stderr }: SpawnSyncReturns<string>): string {
  if (status !== 0) throw new Error(`status ${status}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`)
  return stdout
}

/** Copies the minimal Debian from `kept` into `folder`; builds it there the first time. */
export function bootstrap(folder: string, kept: string): void {
  if (!existsSync(path.join(kept, 'etc', 'debian_version'))) {
    const system = readFileSync('/etc/os-release', 'utf8')
    const [, codename] = /^VERSION_CODENAME=(\w+)$/m.exec(system) ?? []
    const suite = /^ID=debian$/m.test(system) && codename ? codename : 'stable'
    rmSync(kept, { recursive: true, force: true })
    mkdirSync(path.dirname(kept), { recursive: true })
    const made = spawnSync('debootstrap', ['--variant=minbase', suite, `${kept}.new`, mirror], {
      encoding: 'utf8',
    })
    must(made)
    execFileSync('mv', [`${kept}.new`, kept])
  }
  execFileSync('cp', ['--archive', kept, folder])
  cpSync('/etc/resolv.conf', path.join(folder, 'etc', 'resolv.conf'))
}

/** Mounts of a booting system. The display's socket is the only thing shared with this computer. */
function mounts(folder: string): string {
  return `
    mount --make-rprivate /
    cd '${folder}'
    mount -t proc proc proc
    mount --rbind /dev dev
    mount -t tmpfs -o mode=1777 tmpfs dev/shm
    mount -t sysfs sys sys
    mount -t tmpfs tmpfs run
    install -d -m 700 -o ${visitor.id} -g ${visitor.id} run/user run/user/${visitor.id}
    chmod 755 run/user
    mkdir -p tmp/.X11-unix
    mount --bind /tmp/.X11-unix tmp/.X11-unix
    ip link set lo up
    echo ready
    exec sleep infinity`
}
