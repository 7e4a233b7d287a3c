import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { TestAuthority } from './certificates.ts'
import { openssl, writeTo } from './openssl.ts'

export interface TestResponder {
  address: string
  /** Number of requests. */
  asked: number
  /** Sets the status of a certificate; others are "unknown". */
  says(leafPem: string, status: 'good' | 'revoked'): void
  /** Signer of the responses; initially the authority itself. */
  signer: { leafPem: string; keyPem: string }
  /** Fault in place of OpenSSL's response. */
  fault: 'none' | 'gone' | 'status' | 'garbage' | 'endless' | Uint8Array
  /** Last response. */
  last: Buffer
  close(): void
}

/** Starts an OCSP responder on loopback that answers with `openssl ocsp`. */
export async function startResponder(authority: TestAuthority): Promise<TestResponder> {
  const folder = mkdtempSync(join(tmpdir(), 'ocsp-responder-'))
  const lines = new Map<string, string>()
  const keyPem = authority.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const server = createServer((request, response) => {
    responder.asked += 1
    const { fault } = responder
    if (fault === 'gone') return void request.socket.destroy()
    if (fault === 'status') return void response.writeHead(503).end()
    if (fault === 'garbage') return void response.end('no answer')
    if (fault === 'endless') return void response.end(Buffer.alloc(1024 * 1024, 0x30))
    if (fault !== 'none') return void response.end(fault)
    answer(request)
      .then((bytes) => response.end(bytes))
      .catch((error: unknown) => response.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const responder: TestResponder = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked: 0,
    says(leafPem, status) {
      const serial = new X509Certificate(leafPem).serialNumber
      const [letter, revoked] = status === 'revoked' ? ['R', '261101000000Z'] : ['V', '']
      lines.set(serial, `${letter}\t300101000000Z\t${revoked}\t${serial}\tunknown\t/CN=${serial}\n`)
    },
    signer: { leafPem: authority.certificatePem, keyPem },
    fault: 'none',
    last: Buffer.alloc(0),
    close() {
      server.close()
      server.closeAllConnections()
      rmSync(folder, { recursive: true, force: true })
    },
  }

  async function answer(request: IncomingMessage): Promise<Buffer> {
    const asked = await buffer(request)
    const { leafPem, keyPem: signerKey } = responder.signer
    const text = { index: [...lines.values()].join(''), ca: authority.certificatePem, signer: leafPem }
    const paths = writeTo(folder, { ...text, key: signerKey, request: asked })
    const from = ['-index', paths['index']!, '-CA', paths['ca']!, '-reqin', paths['request']!]
    const by = ['-rsigner', paths['signer']!, '-rkey', paths['key']!, '-nmin', '60']
    const to = join(folder, 'response')
    await openssl(['ocsp', ...from, ...by, '-respout', to])
    return (responder.last = readFileSync(to))
  }
  return responder
}
