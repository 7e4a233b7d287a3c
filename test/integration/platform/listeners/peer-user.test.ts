import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { unless } from '../../../support/needs.ts'
import { whyNoOtherUser } from '../../../support/processes/other-user.ts'

const program = join(import.meta.dirname, '../../../support/processes/peer-user-process.ts')
/** Maps this user, in the namespace, to the id of all users outside of it. */
const asOverflowUser = ['--user', '--map-user=65534', '--map-group=65534']
const isThere = () => spawnSync('unshare', [...asOverflowUser, 'true']).status === 0
const missing = whyNoOtherUser ?? (isThere() ? null : 'unshare (util-linux) makes no user namespace here')

test(
  'a program outside of the user namespace is not this user’s, although it has the same number',
  unless(missing),
  async () => {
    const inside = spawn('unshare', [...asOverflowUser, process.execPath, program])
    onTestFinished(() => void inside.kill())
    const lines = createInterface(inside.stdout)[Symbol.asyncIterator]()
    const next = async () => JSON.parse((await lines.next()).value ?? '{}') as Record<string, unknown>
    const { port } = await next()
    const connect = `process.setgid(65534); process.setuid(65534); require('node:net').connect(${String(port)}, '127.0.0.1')`
    const outside = spawn(process.execPath, ['-e', connect])
    expect(await next()).toEqual({ uid: 65_534, isOwn: false })
    await once(outside, 'exit')
  },
)
