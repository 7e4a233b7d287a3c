import { onTestFinished, vi } from 'vitest'
import { freePort } from '../free-port.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import type { NetworkNamespace } from './network-namespace.ts'
import { end, newSshKey, runSshAgent, runSshd } from './real-sshd.ts'

/**
 * A real sshd of its own, on loopback or in a network namespace, and an agent with a key that it accepts, until the
 * end of the test. Returns the address of this user there.
 */
export async function startSshd(namespace?: NetworkNamespace): Promise<string> {
  return (await freezableSshd(namespace)).address
}

/** The same, whose sshd can be stopped and continued: connections to it are neither served nor refused. */
export async function freezableSshd(
  namespace?: NetworkNamespace,
): Promise<{ address: string; freeze: (signal: 'SIGSTOP' | 'SIGCONT') => void }> {
  const folder = temporaryFolder()
  const key = newSshKey(folder, 'user')
  const agent = await runSshAgent(key)
  onTestFinished(() => end(agent.child))
  const { address, child } = await runSshd({
    folder,
    authorized: `${key}.pub`,
    address: namespace?.inside ?? '127.0.0.1',
    port: await freePort(),
    ...(namespace && { within: namespace.within }),
  })
  onTestFinished(() => {
    child.kill('SIGCONT')
    return end(child)
  })
  vi.stubEnv('SSH_AUTH_SOCK', agent.socket)
  onTestFinished(() => void vi.unstubAllEnvs())
  return { address, freeze: (signal) => void child.kill(signal) }
}
