import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { untilListening } from './until-listening.ts'

export interface Sshd {
  /** Address of this user there. */
  address: string
  child: ChildProcess
}

export interface SshdPlace {
  /** Folder of its own, for its keys. */
  folder: string
  /** Public keys that it accepts. */
  authorized: string
  address: string
  port: number
  /** Command line that runs it elsewhere. */
  within?: (command: readonly string[]) => [program: string, ...args: string[]]
}

/** Makes a key pair `name` and `name.pub`. */
export function newSshKey(
  folder: string,
  name: string,
  more: string[] = ['-t', 'ed25519', '-N', ''],
): string {
  execFileSync('ssh-keygen', ['-q', ...more, '-f', join(folder, name)])
  return join(folder, name)
}

/** Runs a real sshd, and waits until it listens. */
export async function runSshd(place: SshdPlace): Promise<Sshd> {
  const { folder, address, port, within = ([program = '', ...args]) => [program, ...args] } = place
  const at = (name: string) => join(folder, name)
  if (!existsSync(at('host'))) newSshKey(folder, 'host')
  copyFileSync(place.authorized, at('authorized'))
  // sshd separates privileges in it; a booted system has it.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
  const lines = [
    `ListenAddress ${address}:${port}`,
    `HostKey ${at('host')}`,
    `AuthorizedKeysFile ${at('authorized')}`,
    `PidFile ${at('pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'Subsystem sftp internal-sftp',
  ]
  writeFileSync(at('config'), `${lines.join('\n')}\n`)
  // sshd starts itself again by its path.
  const [program, ...args] = within(['/usr/sbin/sshd', '-D', '-f', at('config')])
  const child = spawn(program, args, { stdio: 'ignore' })
  await untilListening({ host: address, port })
  return { address: `${userInfo().username}@${address}:${port}`, child }
}

/** Runs an agent that holds a key; returns its socket. */
export async function runSshAgent(key: string): Promise<{ socket: string; child: ChildProcess }> {
  const socket = `${key}.agent`
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  await untilListening({ path: socket })
  execFileSync('ssh-add', ['-q', key], { stdio: 'ignore', env: { ...process.env, SSH_AUTH_SOCK: socket } })
  return { socket, child }
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}
