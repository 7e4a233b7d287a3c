import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { sendEmail } from '../../../../src/engine/notices/email.ts'
import { testMessage } from '../../../../src/engine/notices/notice-text.ts'

async function startServer(take: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    take(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return {
    kind: 'email' as const,
    ...{ host: '127.0.0.1', port, security: 'none' as const, user: null },
    ...{ from: 'edgekeep@shop.test', to: ['me@shop.test'] },
  }
}

test('an e-mail to a server that sends an octet now and then ends at its deadline', async () => {
  const closed = Promise.withResolvers<void>()
  const settings = await startServer((socket) => {
    socket.write('220')
    const drip = setInterval(() => socket.write('-'), 20)
    socket.on('close', () => {
      clearInterval(drip)
      closed.resolve()
    })
  })
  const sent = sendEmail(settings, '', { message: testMessage, signal: AbortSignal.timeout(300) })
  await expect(sent).rejects.toMatchObject({ name: 'TimeoutError' })
  await closed.promise
})

test('an e-mail does not name this computer to the server', async () => {
  const lines: string[] = []
  const settings = await startServer((socket) => {
    socket.write('220 mail.test\r\n')
    socket.on('data', (chunk: Buffer) => {
      lines.push(chunk.toString())
      socket.end('421 no\r\n')
    })
  })
  const sent = sendEmail(settings, '', { message: testMessage, signal: AbortSignal.timeout(10_000) })
  await expect(sent).rejects.toMatchObject({ responseCode: 421 })
  expect(lines[0]).toBe('EHLO localhost\r\n')
})
