import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { AcmeAt } from '../acme/programs.ts'

const nobodyUid = 65_534

/** Reason why no process of another user can be started here; null if it can. */
export const whyNoOtherUser =
  process.getuid?.() === 0 ? null : 'only root can start a process of another user (uid 65534)'

export type OtherUserTask =
  | { kind: 'http'; port: number; body: string; closesFirst?: boolean }
  | { kind: 'tls'; port: number; certificatePem: string; keyPem: string }
  | { kind: 'dns'; port: number; value: string }
  | { kind: 'register' }

/** A process of uid 65534 beside the tests. */
export interface OtherUser {
  perform(task: OtherUserTask): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export async function startOtherUser({
  directory,
  root,
}: Pick<AcmeAt, 'directory' | 'root'>): Promise<OtherUser> {
  const file = join(import.meta.dirname, 'other-user-process.ts')
  const child = fork(file, [JSON.stringify({ directory, root, uid: nobodyUid })], { execArgv: [] })
  const answer = async () => {
    const [result] = (await once(child, 'message')) as [Record<string, unknown>]
    if ('error' in result) throw new Error(String(result['error']))
    return result
  }
  const { uid } = await answer()
  if (uid !== nobodyUid) throw new Error(`The other user is ${String(uid)}`)
  return {
    perform(task) {
      const result = answer()
      child.send(task)
      return result
    },
    async close() {
      const exit = once(child, 'exit')
      child.kill()
      await exit
    },
  }
}
