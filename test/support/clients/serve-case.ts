import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { toPem } from '../../../src/pki/formats/convert.ts'
import type { ServedChain } from './client-case.ts'

export interface CaseServer {
  port: number
  close(): void
}

/**
 * Serves a chain on a loopback port with one small page. OpenSSL's security level is 0, so that the client
 * alone decides about weak keys and signatures.
 * @throws where OpenSSL cannot serve the certificate at all
 */
export async function serveCase({ chain, leafKeys }: ServedChain): Promise<CaseServer> {
  const server = createServer(
    {
      cert: chain.map((der) => toPem(der)).join(''),
      key: leafKeys.privateKey.export({ format: 'pem', type: 'pkcs8' }),
      ciphers: 'ALL:@SECLEVEL=0',
    },
    (_request, response) => response.writeHead(200, { connection: 'close' }).end('<title>ok</title>'),
  )
  // A client that refuses the certificate ends the handshake.
  server.on('tlsClientError', () => undefined)
  await listening(server)
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function listening(server: Server): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', resolve)
  return promise
}
