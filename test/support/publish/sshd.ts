import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { freePort } from '../free-port.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { waits } from '../waits.ts'

/**
 * A real sshd of its own on loopback, and an agent with a key that it accepts, until the end of the test. Returns
 * the address of this user there.
 */
export async function startSshd(): Promise<string> {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)])
  execFileSync('cp', [at('user.pub'), at('authorized')])
  // sshd separates privileges in it; a booted system has it.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
  const port = await freePort()
  const lines = [
    `ListenAddress 127.0.0.1:${port}`,
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
  await run('/usr/sbin/sshd', ['-D', '-f', at('config')])
  await run('ssh-agent', ['-D', '-a', at('agent')])
  vi.stubEnv('SSH_AUTH_SOCK', at('agent'))
  onTestFinished(() => void vi.unstubAllEnvs())
  await vi.waitFor(() => listening({ path: at('agent') }), waits)
  await vi.waitFor(() => listening({ host: '127.0.0.1', port }), waits)
  execFileSync('ssh-add', ['-q', at('user')], { stdio: 'ignore' })
  return `${userInfo().username}@127.0.0.1:${port}`
}

async function run(program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, { stdio: 'ignore' })
  onTestFinished(async () => {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
  })
}

async function listening(place: { path: string } | { host: string; port: number }): Promise<void> {
  const socket = connect(place as { path: string })
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}
