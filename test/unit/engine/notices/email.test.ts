import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createSecureContext, getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { sendEmail } from '../../../../src/engine/notices/email.ts'
import { testMessage } from '../../../../src/engine/notices/notice-text.ts'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../../../support/pki/certificates.ts'

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

describe.each(['tls', 'starttls'] as const)('an e-mail by %s', (security) => {
  const authority = createTestAuthority()
  const before = getCACertificates('default')
  afterAll(() => setDefaultCACertificates(before))

  /** Mail server with TLS; `inClear` are the lines that it got before. */
  async function mailServer({ chainPem, keyPem }: TestLeaf) {
    const secureContext = createSecureContext({ cert: chainPem, key: keyPem })
    const [inClear, lines]: [string[], string[]] = [[], []]
    const encrypt = (socket: Socket) => {
      const secure = new TLSSocket(socket, { isServer: true, secureContext })
      secure.on('error', () => undefined)
      if (security === 'tls') secure.write('220 mail.test\r\n')
      answer(secure, lines, () => undefined)
    }
    const settings = await startServer((socket) => {
      if (security === 'tls') return encrypt(socket)
      socket.write('220 mail.test\r\n')
      answer(socket, inClear, () => encrypt(socket))
    })
    return { inClear, lines, settings: { ...settings, security, user: 'me' } }
  }

  test('gives login and message to a server whose certificate is trusted, and nothing in clear', async () => {
    setDefaultCACertificates([...before, authority.certificatePem])
    const mail = await mailServer(issueTestLeaf(authority, { names: ['127.0.0.1'] }))
    await sendEmail(mail.settings, 'secret', { message: testMessage, signal: AbortSignal.timeout(30_000) })
    expect(mail.lines).toContain(`AUTH PLAIN ${Buffer.from('\0me\0secret').toString('base64')}`)
    expect(mail.lines).toContain('RCPT TO:<me@shop.test>')
    expect(mail.inClear).toEqual(security === 'tls' ? [] : ['EHLO localhost', 'STARTTLS'])
  })

  test('gives neither to a server whose certificate is not trusted', async () => {
    setDefaultCACertificates(before)
    const mail = await mailServer(issueTestLeaf(authority, { names: ['127.0.0.1'] }))
    const sent = sendEmail(mail.settings, 'secret', {
      message: testMessage,
      signal: AbortSignal.timeout(30_000),
    })
    await expect(sent).rejects.toThrow(/unable to verify|self-signed|local issuer/)
    expect(mail.lines).toEqual([])
  })
})

/** Speaks SMTP as a server until STARTTLS. */
function answer(socket: Socket, lines: string[], encrypt: () => void): void {
  let isData = false
  const take = (chunk: Buffer) => {
    for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
      lines.push(line)
      if (isData && line !== '.') continue
      isData = line === 'DATA'
      if (line === 'STARTTLS') {
        socket.off('data', take)
        socket.write('220 go on\r\n')
        return encrypt()
      }
      socket.write(repliesTo(line))
    }
  }
  socket.on('data', take)
}

function repliesTo(line: string): string {
  if (line.startsWith('EHLO')) return '250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n'
  if (line.startsWith('AUTH')) return '235 welcome\r\n'
  return line === 'DATA' ? '354 go on\r\n' : '250 ok\r\n'
}
