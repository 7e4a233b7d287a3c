import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, vi } from 'vitest'
import { absent } from '../needs.ts'
import { waits } from '../waits.ts'

/** Reason why containers cannot be run here; null if they can. */
export function withoutPodman(): string | null {
  if (process.getuid?.() !== 0) return 'containers with addresses that this computer reaches need root'
  return absent('podman', 'runc', 'busybox', 'pgrep')
}

export interface Podman {
  /** Value of DOCKER_HOST. */
  host: string
  run(...words: string[]): string
  close(): Promise<void>
}

/** Podman with storage of its own below `folder`, with the image `shop`, and its service on a socket there. */
export async function startPodman(folder: string): Promise<Podman> {
  const socket = join(folder, 'podman.sock')
  const own = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')]
  const options = [...own, '--storage-driver', 'vfs', '--runtime', 'runc', '--cgroup-manager', 'cgroupfs']
  const configuration = join(folder, 'containers.conf')
  // Else what has run a command in a container stays for five minutes.
  writeFileSync(configuration, '[engine]\nexit_command_delay = 1\n')
  const env = {
    ...{ ...process.env, CONTAINERS_CONF_OVERRIDE: configuration },
    PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
  }
  const run = (...words: string[]) =>
    execFileSync('podman', [...options, ...words], { encoding: 'utf8', env })
  const service = spawn('podman', [...options, 'system', 'service', '--time', '0', `unix://${socket}`], {
    ...{ env, stdio: 'ignore' },
  })
  const ended = once(service, 'exit')
  importImage(folder, run)
  while (!existsSync(socket) && service.exitCode === null) await new Promise((wait) => setTimeout(wait, 20))
  return {
    host: `unix://${socket}`,
    run,
    async close() {
      run('rm', '--all', '--force', '--time', '0')
      service.kill('SIGTERM')
      await ended
      await vi.waitFor(() => expect(isInUse(folder)).toBe(false), waits)
    },
  }
}

/** Whether a process has the folder in its command line. */
function isInUse(folder: string): boolean {
  return spawnSync('pgrep', ['--full', folder]).status === 0
}

const applets = ['sh', 'cat', 'grep', 'mkdir', 'printf', 'rm']

/** Image of busybox: a page at port 3000, and a tool for certificates in the place of Debian's. */
function importImage(folder: string, run: Podman['run']): void {
  const root = join(folder, 'root')
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, { mode: 0o755 })
  }
  write('srv/index.html', 'from the container')
  write('etc/ssl/bundle.pem', '')
  write(
    'usr/sbin/update-ca-certificates',
    '#!/bin/sh\nprintf "%s" "$(cat /usr/local/share/ca-certificates/*.crt)" > /etc/ssl/bundle.pem\n',
  )
  mkdirSync(join(root, 'bin'))
  copyFileSync('/usr/bin/busybox', join(root, 'bin/busybox'))
  for (const applet of applets) symlinkSync('busybox', join(root, 'bin', applet))
  const archive = join(folder, 'root.tar')
  execFileSync('tar', ['-C', root, '-cf', archive, '.'])
  run('import', '--quiet', archive, 'shop')
}
