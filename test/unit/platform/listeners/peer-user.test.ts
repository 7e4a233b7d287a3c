import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { isOwnPeer, ownerOfPeer, peerIn } from '../../../../src/platform/listeners/peer-user.ts'
import { linuxOnly } from '../../../support/needs.ts'

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const row = (local: string, remote: string, { state = '01', uid = 1001, inode = 7348 } = {}) =>
  `   1: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0 20 4 0 10 -1\n`

/** 127.0.0.1:41461, connected from 127.0.0.1:54982. */
const ends = (remoteAddress = '127.0.0.1', localAddress = '127.0.0.1') => ({
  ...{ remoteAddress, remotePort: 0xd6c6, localAddress, localPort: 0xa1f5, destroyed: false },
})
const [server, client] = ['0100007F:A1F5', '0100007F:D6C6']

describe('the owner of the other end, in the kernel’s table of connections', () => {
  test('is neither the owner of this end nor the listener', () => {
    const table =
      heading +
      row(server, '00000000:0000', { state: '0A', uid: 1000 }) +
      row(server, client, { uid: 1000 }) +
      row(client, server)
    expect(peerIn(table, ends())).toEqual({ uid: 1001, inode: '7348' })
    expect(peerIn(table, { ...ends(), localPort: 0xa1f6 })).toBeUndefined()
    for (const malformed of ['', 'a b\nc', `${heading}   1: ${client}`])
      expect(peerIn(malformed, ends())).toBeUndefined()
  })

  test('is not another user with the same two ports between other addresses', () => {
    const others =
      row('0200007F:D6C6', server, { uid: 1002 }) +
      row(client, '0200007F:A1F5', { uid: 1003 }) +
      row('0000000000000000FFFF00000300007F:D6C6', '0000000000000000FFFF00000100007F:A1F5', { uid: 1004 })
    const table = heading + others + row(client, server)
    expect(peerIn(table, ends())?.uid).toBe(1001)
    expect(peerIn(table, ends('127.0.0.2'))?.uid).toBe(1002)
    expect(peerIn(table, ends('127.0.0.1', '127.0.0.2'))?.uid).toBe(1003)
    expect(peerIn(table, ends('::ffff:127.0.0.3', '::ffff:127.0.0.1'))?.uid).toBe(1004)
    expect(peerIn(table, ends('::1', '::1'))).toBeUndefined()
    expect(peerIn(table, ends('10.0.0.1'))).toBeUndefined()
  })

  test.each([
    ['closed by its process (FIN_WAIT2)', '05'],
    ['in TIME_WAIT', '06'],
    ['not accepted yet (ESTABLISHED)', '01'],
  ])('is nobody for a socket that is %s, although its user is 0', (_, state) => {
    expect(peerIn(heading + row(client, server, { state, uid: 0, inode: 0 }), ends())).toBeUndefined()
  })

  test('is the owner of the listener for a connection that is accepted once there is data', () => {
    const table = heading + row(client, server, { state: '03', uid: 1005, inode: 0 })
    expect(peerIn(table, ends())?.uid).toBe(1005)
  })
})

describe('a real connection', linuxOnly, () => {
  async function connected(host = '127.0.0.1'): Promise<[Socket, Socket, () => void]> {
    const listening = createServer().listen(0, host)
    await once(listening, 'listening')
    const near = connect({ host, port: (listening.address() as AddressInfo).port })
    const [far] = (await once(listening, 'connection')) as [Socket]
    for (const each of [near, far]) each.on('error', () => undefined)
    return [
      near,
      far,
      () => {
        for (const each of [near, far]) each.destroy()
        listening.close()
      },
    ]
  }

  test.each(['127.0.0.1', '::1'])('has this user at both ends, at %s', async (host) => {
    const [near, far, close] = await connected(host)
    for (const socket of [near, far]) {
      expect((await ownerOfPeer(socket))?.uid).toBe(process.getuid?.())
      expect(await isOwnPeer(socket, new AbortController().signal)).toBe(true)
    }
    close()
  })

  test('identifies nobody once the other end is closed, also for root', async () => {
    const [near, far, close] = await connected()
    // Without this, the near end would answer the FIN with its own.
    far.allowHalfOpen = true
    const ended = once(far, 'end')
    far.resume()
    near.end()
    near.destroy()
    await ended
    expect(await ownerOfPeer(far)).toBeNull()
    expect(await isOwnPeer(far, AbortSignal.abort())).toBe(false)
    close()
  })
})
