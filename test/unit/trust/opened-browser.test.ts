import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { TrustClient } from '../../../src/contract/trust.ts'
import { verdictOf } from '../../../src/engine/services/trust/page-verdict.ts'
import { connectionIn, peerOf } from '../../../src/engine/trust/proof/peer.ts'
import { unless } from '../../support/needs.ts'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:A1F5 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 7348000 1 0 100 0 0 10 0
   1: 0100007F:A1F5 0100007F:D6C6 01 00000000:00000000 00:00000000 00000000  1000        0 7348414 1 0 20 4 0 10 -1
   2: 0100007F:D6C6 0100007F:A1F5 01 00000000:00000000 00:00000000 00000000  1001        0 7348413 1 0 20 4 0 10 -1
`

const at = (port: number, address = '127.0.0.1') => ({ address, port })

describe('the kernel’s table of connections', () => {
  test('tells the user at the other end, not at this one and not of who listens', () => {
    expect(connectionIn(table, at(0xd6c6), 0xa1f5)).toEqual({ uid: 1001, inode: '7348413' })
    expect(connectionIn(table, at(0xa1f5), 0xd6c6)).toEqual({ uid: 1000, inode: '7348414' })
    expect(connectionIn(table, at(0xd6c6), 0xa1f6)).toBeUndefined()
    expect(connectionIn('', at(1), 2)).toBeUndefined()
    expect(connectionIn('a b\nc', at(1), 2)).toBeUndefined()
  })

  test('does not take somebody else for the user who has the same ports from another address', () => {
    const row = (from: string, uid: number) =>
      `   3: ${from}:D6C6 0100007F:A1F5 01 0:0 00:0 0  ${uid}        0 ${uid}0 1 0 20 4 0 10 -1\n`
    const mixed = table + row('0200007F', 1002) + row('0000000000000000FFFF00000300007F', 1003)
    expect(connectionIn(mixed, at(0xd6c6, '127.0.0.1'), 0xa1f5)?.uid).toBe(1001)
    expect(connectionIn(mixed, at(0xd6c6, '127.0.0.2'), 0xa1f5)?.uid).toBe(1002)
    expect(connectionIn(mixed, at(0xd6c6, '127.0.0.3'), 0xa1f5)?.uid).toBe(1003)
    expect(connectionIn(mixed, at(0xd6c6, '::1'), 0xa1f5)).toBeUndefined()
    expect(connectionIn(mixed, at(0xd6c6, '10.0.0.1'), 0xa1f5)).toBeUndefined()
  })

  const missing = process.platform === 'linux' ? undefined : 'this system tells nothing of connections'
  test.for(['127.0.0.1', '::1'])(
    'tells of this process at %s, and of none that it does not know',
    unless(missing),
    async (host) => {
      const server = createServer().listen(0, host)
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const client = connect({ host, port })
      const [socket] = (await once(server, 'connection')) as [Socket]
      expect(await peerOf(socket)).toMatchObject({
        uid: process.getuid?.(),
        program: { path: expect.stringContaining('node'), home: process.env.HOME ?? '', databases: [] },
      })
      expect(await peerOf({ remoteAddress: '127.0.0.1', remotePort: 1, localPort: port })).toBeNull()
      for (const each of [client, socket]) each.destroy()
      server.close()
    },
  )
})

describe('what is to be done about a browser that refuses', () => {
  const view = { name: 'Chromium', state: 'missing' } as TrustClient
  const refused = {
    type: 'refused',
    reason: 'The client does not trust this authority: alert unknown_ca.',
  } as const
  const todo = (row: Parameters<typeof verdictOf>[2]) => verdictOf(refused, 'Chromium 156', row).todo

  test('is to open it again where the authority is installed, to install it where it is not, else to import it', () => {
    expect(todo({ view: { ...view, state: 'trusted' }, through: 'a store' })).toMatch(
      /^The authority is installed for “Chromium”/,
    )
    expect(todo({ view, through: null })).toMatch(/^Install the authority for “Chromium”/)
    expect(todo(null)).toMatch(/^Import the root/)
  })

  test('is said in other words where the handshake failed for another reason', () => {
    const other = { type: 'refused', reason: 'The client offers no cipher that is accepted here.' } as const
    expect(verdictOf(other, 'Chromium 156', null)).toMatchObject({
      title: 'Chromium 156 did not finish a handshake',
      words: other.reason,
    })
  })
})
