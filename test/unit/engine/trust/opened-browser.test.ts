import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { TrustClient } from '../../../../src/contract/trust/trust.ts'
import { verdictOf } from '../../../../src/engine/trust/page-verdict.ts'
import { peerOf } from '../../../../src/engine/trust/probes/peer.ts'
import { unless } from '../../../support/needs.ts'

describe('the program at the other end of a connection', () => {
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
      const unknown = {
        remoteAddress: '127.0.0.1',
        remotePort: 1,
        localAddress: '127.0.0.1',
        localPort: port,
      }
      expect(await peerOf({ ...unknown, destroyed: false })).toBeNull()
      for (const each of [client, socket]) each.destroy()
      server.close()
    },
  )
})

describe('the remedy for a browser that refuses', () => {
  const view = { name: 'Chromium', state: 'missing' } as TrustClient
  const refused = {
    type: 'refused',
    reason: 'The client does not trust this authority: alert unknown_ca.',
  } as const
  const todo = (row: Parameters<typeof verdictOf>[2]) => verdictOf(refused, 'Chromium 156', row).todo

  test('is to open it again if the authority is installed, to install it if not, else to import it', () => {
    expect(todo({ view: { ...view, state: 'trusted' }, through: 'a store' })).toMatch(
      /^The authority is installed for “Chromium”/,
    )
    expect(todo({ view, through: null })).toMatch(/^Install the authority for “Chromium”/)
    expect(todo(null)).toMatch(/^Import the root/)
  })

  test('has another sentence if the handshake failed for another reason', () => {
    const other = { type: 'refused', reason: 'The client offers no cipher that is accepted here.' } as const
    expect(verdictOf(other, 'Chromium 156', null)).toMatchObject({
      title: 'Chromium 156 did not finish a handshake',
      words: other.reason,
    })
  })
})
