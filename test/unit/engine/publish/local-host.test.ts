import { execFileSync } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { HostFault, reasonIn } from '../../../../src/engine/publish/hosts/host.ts'
import { localHost } from '../../../../src/engine/publish/hosts/local-host.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** Control socket of a server that answers a line by `answer`. */
async function controlSocket(answer: (socket: Socket) => void): Promise<string> {
  const path = join(temporaryFolder(), 'control.sock')
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined).once('data', () => answer(socket))
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return path
}

test('a control socket is asked one line', async () => {
  const path = await controlSocket((socket) => socket.end('Success=1\n'))
  expect(await localHost().ask(path, 'reload')).toBe('Success=1\n')
})

test('an answer of a control socket that is too large ends the connection', async () => {
  const closed = Promise.withResolvers<void>()
  const path = await controlSocket((socket) => {
    socket.once('close', () => closed.resolve()).end(Buffer.alloc(8 * 1024 * 1024))
  })
  const answer = localHost().ask(path, 'reload')
  await expect(answer.then(({ length }) => length)).rejects.toThrow(/the answer is too large/)
  await closed.promise
})

test('an answer of a control socket that never comes to its end is waited for no longer than a minute', async () => {
  const begun = Promise.withResolvers<void>()
  const path = await controlSocket((socket) => {
    const trickle = setInterval(() => void socket.write('.'), 5)
    socket.once('close', () => clearInterval(trickle))
    begun.resolve()
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const advanced = begun.promise.then(() => vi.advanceTimersByTimeAsync(60_000))
  await Promise.all([expect(localHost().ask(path, 'reload')).rejects.toThrow(HostFault), advanced])
})

test('a file that is too large, has a private key in it or is none is refused', async () => {
  const file = (name: string) => join(folder, name)
  const folder = temporaryFolder()
  writeFileSync(file('large'), '')
  truncateSync(file('large'), 1024 ** 3)
  writeFileSync(file('key'), 'ssl on;\n-----BEGIN EC PRIVATE KEY-----\nMHcC')
  await expect(localHost().read(file('large'))).rejects.toThrow(/it is too large/)
  await expect(localHost().read(file('key'))).rejects.toThrow(/has a private key in it/)
  if (process.platform === 'win32') return
  execFileSync('mkfifo', [file('pipe')])
  await expect(localHost().read(file('pipe'))).rejects.toThrow(/no ordinary file/)
  await expect(localHost().read('/dev/zero')).rejects.toThrow(/no ordinary file/)
})

test('the reason of a program that prints a private key has no part of it', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkq'.repeat(60)}\n-----END PRIVATE KEY-----`
  expect(reasonIn(key)).toBe('There is a private key in its output.')
})
