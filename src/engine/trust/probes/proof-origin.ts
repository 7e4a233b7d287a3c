import { createServer, type AddressInfo } from 'node:net'
import { randomBytes } from 'node:crypto'
import { limitConnections } from '../../../platform/listeners/connection-limit.ts'
import { readHead } from './connect-proxy.ts'

const mostConnections = 64
const proofPage = '<!doctype html><title>Edgekeep</title><p>This client trusts the local authority.</p>\n'

/** Origin for probes behind the edge, reachable only through a completed handshake. */
export type ProofOrigin = Awaited<ReturnType<typeof openProofOrigin>>

export async function openProofOrigin() {
  const asked = new Set<string>()
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.setTimeout(30_000, () => socket.destroy())
    readHead(socket, (head) => {
      const path = pathOverTls(head)
      if (path) asked.add(path)
      socket.end(
        `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${proofPage.length}\r\nConnection: close\r\n\r\n${proofPage}`,
      )
    })
  })
  const limit = limitConnections(server, { most: mostConnections })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    /** Path that only the probed client knows. */
    newPath: () => `/${randomBytes(16).toString('hex')}`,
    /** Whether the edge forwarded a request for that path over TLS. */
    wasAsked: (path: string) => [...asked].some((each) => each === path || each.startsWith(`${path}/`)),
    close() {
      server.close()
      limit.close()
    },
  }
}

/** The edge sets these fields itself and discards a client's own. */
function pathOverTls(head: string): string | undefined {
  const [line = '', ...fields] = head.split('\r\n')
  const isTls = fields.some((field) => field.toLowerCase().replace(' ', '') === 'x-forwarded-proto:https')
  return isTls ? line.split(' ')[1] : undefined
}
