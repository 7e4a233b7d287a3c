import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { takeIncoming } from '../../../../src/edge/worker/http/incoming.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'

/** Connected sockets of a client and a server. */
async function pair(kind: 'tcp' | 'tls'): Promise<{ client: Socket; served: Socket }> {
  const leaf = issueTestLeaf(createTestAuthority(), { names: ['a.test'] })
  const server = kind === 'tcp' ? createServer() : createTlsServer({ cert: leaf.chainPem, key: leaf.keyPem })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, kind === 'tcp' ? 'connection' : 'secureConnection') as Promise<[Socket]>
  const { port } = server.address() as AddressInfo
  const where = { port, host: '127.0.0.1' }
  const client = kind === 'tcp' ? connect(where) : connectTls({ ...where, rejectUnauthorized: false })
  const [served] = await accepted
  server.close()
  return { client, served }
}

const numbered = (pieces: number, bytes: number): Buffer[] =>
  Array.from({ length: pieces }, (_, at) => Buffer.alloc(bytes, String.fromCharCode(97 + (at % 26))))

describe.each(['tcp', 'tls'] as const)('what comes on a %s socket', (kind) => {
  test('is handed on whole and in order, however often it is paused in between', async () => {
    const { client, served } = await pair(kind)
    const taken: Buffer[] = []
    takeIncoming(served, (bytes) => {
      taken.push(Buffer.from(bytes))
      if (taken.length % 3 !== 0) return
      served.pause()
      // Resumes at once or only after more input.
      if (taken.length % 2 === 0) served.resume()
      else setTimeout(() => served.resume(), 2)
    })
    const pieces = numbered(200, 9_973)
    for (const piece of pieces) client.write(piece)
    client.end()
    await once(served, 'end')
    expect(Buffer.concat(taken).equals(Buffer.concat(pieces))).toBe(true)
    served.destroy()
  })

  test('is held back in the network while the socket is paused', async () => {
    const { client, served } = await pair(kind)
    let bytes = 0
    let isHeldBack = true
    takeIncoming(served, (piece) => {
      bytes += piece.length
      if (isHeldBack) served.pause()
    })
    const sent = 64 * 1024 * 1024
    client.write(Buffer.alloc(sent))
    await expect.poll(() => bytes).toBeGreaterThan(0)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(bytes + served.readableLength).toBeLessThan(1024 * 1024)
    expect(client.writableLength).toBeGreaterThan(0)
    isHeldBack = false
    served.resume()
    await expect.poll(() => bytes).toBe(sent)
    client.destroy()
    served.destroy()
  })
})
