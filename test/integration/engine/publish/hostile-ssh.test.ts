import { once } from 'node:events'
import { connect, createServer, Socket } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import ssh2, { type Session, type SFTPWrapper } from 'ssh2'
import { HostFault } from '../../../../src/engine/publish/hosts/host.ts'
import { sshHost } from '../../../../src/engine/publish/hosts/ssh-host.ts'
import { waits } from '../../../support/waits.ts'

interface Behaviour {
  session?: (session: Session) => void
  sftp?: (sftp: SFTPWrapper) => void
}

/** Host at a server that lets everybody in, and answers nothing but what a test wants. */
async function hostAt({ session, sftp }: Behaviour, { isHeldOpen = false } = {}) {
  const keys = [ssh2.utils.generateKeyPairSync('ed25519').private]
  const server = new ssh2.Server({ hostKeys: keys, ident: 'OpenSSH_9.6' }, (client) => {
    client.on('error', () => undefined).on('authentication', (context) => context.accept())
    client.on('session', (accept) => {
      const opened = accept()
      opened.on('sftp', (begin) => sftp?.(begin()))
      session?.(opened)
    })
    // Neither accepted nor refused.
    client.on('openssh.streamlocal', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  vi.stubEnv('SSH_AUTH_SOCK', '/no/agent')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { port } = server.address() as { port: number }
  const place = isHeldOpen ? await holdingOpen(port) : port
  const { host } = await sshHost(`deploy@127.0.0.1:${place}`, null)
  onTestFinished(() => host.close())
  return host
}

/** Port of a relay that never closes a connection by itself. */
async function holdingOpen(port: number): Promise<number> {
  const relay = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const)
      from.on('error', () => undefined).on('data', (piece: Buffer) => void to.write(piece))
    onTestFinished(() => [client, server].forEach((socket) => void socket.destroy()))
  })
  onTestFinished(() => void relay.close())
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  return (relay.address() as { port: number }).port
}

describe('a hostile server by SSH', () => {
  test.each([
    ['run', (host) => host.run(['true'])],
    ['ask', (host) => host.ask('/run/control.sock', 'reload')],
    ['read', (host) => host.read('/etc/nginx.conf')],
    ['list', (host) => host.list('/etc')],
    ['write', (host) => host.write('/etc/file', 'text')],
  ] satisfies [string, (host: Awaited<ReturnType<typeof hostAt>>) => Promise<unknown>][])(
    'that never answers ends %s, and what comes after it at once',
    async (_, act) => {
      const host = await hostAt({
        sftp: (sftp) => sftp.on('OPEN', () => undefined).on('OPENDIR', () => undefined),
        session: (session) => session.on('exec', () => undefined),
      })
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      onTestFinished(() => void vi.useRealTimers())
      await Promise.all([expect(act(host)).rejects.toThrow(HostFault), vi.advanceTimersByTimeAsync(90_000)])
      await expect(act(host)).rejects.toThrow(/was closed/)
    },
  )

  test('cannot fill the memory by a file or a folder without an end', async () => {
    const handle = Buffer.from('handle')
    let batches = 0
    onTestFinished(() => void vi.restoreAllMocks())
    const host = await hostAt({
      sftp: (sftp) =>
        sftp
          .on('OPEN', (id) => sftp.handle(id, handle))
          .on('OPENDIR', (id) => sftp.handle(id, handle))
          .on('FSTAT', (id) => sftp.attrs(id, { mode: 0, uid: 0, gid: 0, size: 2 ** 40, atime: 0, mtime: 0 }))
          .on('CLOSE', (id) => sftp.status(id, 0))
          .on('READ', (id, _handle, _at, length) => sftp.data(id, Buffer.alloc(length)))
          .on('READDIR', (id) => {
            const entry = { filename: 'n'.repeat(200_000), longname: '', attrs: {} as never }
            sftp.name(id, [entry])
            batches += 1
            // The real amount takes seconds to encrypt.
            if (batches === 3) vi.spyOn(Socket.prototype, 'bytesRead', 'get').mockReturnValue(2 ** 30)
          }),
    })
    await expect(host.read('/dev/zero')).rejects.toThrow(/it is too large/)
    await expect(host.list('/endless')).rejects.toThrow(/was closed/)
  })

  test('ends an attempt to connect by a greeting without an end', async () => {
    const server = createServer((socket) => {
      const trickle = setInterval(() => void socket.write('.'), 5)
      socket.on('error', () => undefined).once('close', () => clearInterval(trickle))
    })
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const connected = once(server, 'connection')
    vi.stubEnv('SSH_AUTH_SOCK', '/no/agent')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers().unstubAllEnvs())
    const { port } = server.address() as { port: number }
    const advanced = connected.then(() => vi.advanceTimersByTimeAsync(20_000))
    const address = `deploy@127.0.0.1:${port}`
    await Promise.all([expect(sshHost(address, null)).rejects.toThrow(HostFault), advanced])
  })

  test('cannot hold a connection open that was closed here', async () => {
    const open = () => process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length
    const host = await hostAt({ sftp: () => undefined }, { isHeldOpen: true })
    const before = open()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    host.close()
    await vi.advanceTimersByTimeAsync(5_000)
    vi.useRealTimers()
    await vi.waitFor(() => expect(open()).toBe(before - 1), waits)
  })

  test('ends its own connection alone by garbage', async () => {
    const host = await hostAt({
      sftp: (sftp) =>
        sftp.on('OPEN', () => {
          const { _protocol, outgoing } = sftp as unknown as {
            _protocol: { channelData(id: number, data: Buffer): void }
            outgoing: { id: number }
          }
          _protocol.channelData(outgoing.id, Buffer.from([0, 0, 0, 1, 77]))
        }),
    })
    await expect(host.read('/etc/nginx.conf')).rejects.toThrow(HostFault)
  })
})
