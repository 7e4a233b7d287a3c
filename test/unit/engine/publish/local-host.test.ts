import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
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
