import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type NetworkNamespace, networkNamespace } from '../../test/support/publish/network-namespace.ts'
import { end, runSshd, type Sshd } from '../../test/support/publish/real-sshd.ts'

/** A real nginx and a real sshd in a network namespace, with a file system of 64 MiB of their own. */
export interface BenchServer {
  namespace: NetworkNamespace
  /** Address for `target add --ssh`. */
  address: string
  start(): Promise<void>
  kill(): void
  /** Fills its file system, and frees it again. */
  fill(): void
  free(): void
  stop(): Promise<void>
}

/** The same path at each server, which mounts its own folder there. */
export const configIn = (folder: string): string => join(folder, 'etc', 'nginx.conf')

const configuration = (etc: string) => `
pid ${etc}/pid; error_log ${etc}/error.log; worker_processes 1; events { worker_connections 2048; }
http {
  access_log off; client_body_temp_path ${etc}/b; proxy_temp_path ${etc}/p;
  fastcgi_temp_path ${etc}/f; uwsgi_temp_path ${etc}/u; scgi_temp_path ${etc}/s;
  server_names_hash_max_size 8192;
  server { listen 127.0.0.1:3000; return 200 "answer of the origin"; }
  include ${etc}/edgekeep/current/*.conf;
}`

export async function benchServer(number: number, folder: string, authorized: string): Promise<BenchServer> {
  const namespace = networkNamespace(number)
  const own = join(folder, String(number))
  const etc = join(folder, 'etc')
  for (const path of [own, etc, join(folder, `sshd-${number}`)]) mkdirSync(path, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=755', 'tmpfs', own])
  writeFileSync(join(own, 'nginx.conf'), configuration(etc))
  // The mount is seen by what it starts alone.
  const script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
  const within: NetworkNamespace['within'] = (command) =>
    namespace.within(['sh', '-c', script, 'sh', own, etc, ...command])
  let nginx: ChildProcess
  let sshd: Sshd
  const full = join(own, 'full')
  const server: BenchServer = {
    namespace,
    address: '',
    async start() {
      const [program, ...args] = within([
        ...['nginx', '-e', `${etc}/error.log`, '-c', join(etc, 'nginx.conf'), '-g', 'daemon off;'],
      ])
      nginx = spawn(program, args, { stdio: 'ignore' })
      sshd = await runSshd({
        folder: join(folder, `sshd-${number}`),
        authorized,
        address: namespace.inside,
        port: 22,
        within,
      })
      server.address = sshd.address
    },
    kill() {
      for (const pid of namespace.pids()) process.kill(pid, 'SIGKILL')
    },
    fill() {
      try {
        execFileSync('dd', ['if=/dev/zero', `of=${full}`, 'bs=64k'], { stdio: 'ignore' })
      } catch {
        // It ends once the disk is full.
      }
    },
    free: () => execFileSync('rm', ['-f', full]),
    async stop() {
      for (const child of [nginx, sshd.child]) await end(child)
      execFileSync('umount', ['-l', own])
      namespace.remove()
    },
  }
  return server
}
