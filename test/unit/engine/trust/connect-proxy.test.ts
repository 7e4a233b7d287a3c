import { connect, createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { connectProxy } from '../../../../src/engine/trust/probes/connect-proxy.ts'
import { openProofOrigin } from '../../../../src/engine/trust/probes/proof-origin.ts'

/** Sends bytes and returns the answer until the other side closes. */
function exchange(port: number, text: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  let said = ''
  socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')))
  socket.on('error', () => undefined)
  socket.write(text)
  return new Promise((resolve) => socket.once('close', () => resolve(said)))
}

test('the proxy of a proof leads to the one name and port, and refuses all else', async () => {
  const edge = createServer((socket) => socket.end('the edge')).listen(0, '127.0.0.1')
  await new Promise((resolve) => edge.once('listening', resolve))
  const { port: edgePort } = edge.address() as AddressInfo
  const proxy = await connectProxy({ name: 'proof.localhost', port: edgePort })
  try {
    const ask = (line: string) => exchange(proxy.port, `${line}\r\nHost: a\r\n\r\n`)
    expect(await ask(`CONNECT proof.localhost:${edgePort} HTTP/1.1`)).toBe('HTTP/1.1 200 OK\r\n\r\nthe edge')
    for (const line of [
      'CONNECT example.com:443 HTTP/1.1',
      `CONNECT 127.0.0.1:${edgePort} HTTP/1.1`,
      `CONNECT proof.localhost:22 HTTP/1.1`,
      'GET http://example.com/ HTTP/1.1',
      '',
    ])
      expect(await ask(line)).toMatch(/^HTTP\/1\.1 403 /)
    expect(await exchange(proxy.port, 'x'.repeat(20_000))).toBe('')
  } finally {
    proxy.close()
    edge.close()
  }
})

test('the proof origin counts only requests over TLS for the given path', async () => {
  const origin = await openProofOrigin()
  try {
    const path = origin.newPath()
    const ask = (line: string, field: string) =>
      exchange(origin.port, `${line} HTTP/1.1\r\nHost: a\r\n${field}\r\n\r\n`)
    await ask(`GET ${path}`, 'X-Forwarded-Proto: http')
    await ask(`GET ${path}`, 'X-Other: https')
    await ask(`GET ${path}x`, 'X-Forwarded-Proto: https')
    expect(origin.wasAsked(path)).toBe(false)
    expect(await ask(`GET ${path}`, 'X-Forwarded-Proto: https')).toContain('This client trusts')
    expect(origin.wasAsked(path)).toBe(true)
    expect(origin.newPath()).not.toBe(path)
  } finally {
    origin.close()
  }
})
