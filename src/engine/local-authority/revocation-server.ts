import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  contained,
  type Failed,
  keepListening,
  localTimeouts,
} from '../../platform/listeners/keep-listening.ts'
import { certificateFacts, chainFromPem } from '../../pki/facts/certificate.ts'
import type { Vault } from '../vault/vault.ts'
import { parseListCached } from '../../pki/x509/revocation-list.ts'
import { answerLifeMs, answerRevocation, signRevocationList } from './revocation.ts'

/*
 * Threat: every program and user of this computer, and every web page, reaches this listener. It serves
 * public data only: revocation lists, OCSP responses, certificates of the authority. A request is short and
 * costs one signature at most.
 */

/** RFC 6960, appendix A. A request about one certificate has some 100 bytes. */
const longestRequest = 4096
const longestInPath = 2048
const mostConnections = 64
const address = '127.0.0.1'

export type RevocationServer = Awaited<ReturnType<typeof startRevocationServer>>

/** Serves the local authority's revocation list, OCSP answers and certificates over HTTP, on loopback alone. */
export async function startRevocationServer(options: {
  vault: Vault
  clock: () => Date
  port: number
  /** Called after each use of the authority's key, to clear its traces from memory. */
  afterSigning: () => void
  failed: Failed
}) {
  const { vault, clock, afterSigning, failed } = options
  const current = new Map<string, { list: Buffer; madeAt: number }>()

  function listOf(name: string): Buffer | 'locked' | undefined {
    const issuer = vault.authority.revokers().find(({ spkiSha256 }) => nameOf(spkiSha256) === name)
    const at = clock().getTime()
    if (!issuer) return lastList(vault, name, at)
    const known = current.get(name)
    if (known && known.madeAt <= at && at < known.madeAt + answerLifeMs / 2) return known.list
    if (vault.protection.locked) return 'locked'
    const list = signRevocationList({ vault, clock }, issuer)
    afterSigning()
    current.set(name, { list, madeAt: at })
    return list
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const [, name, kind] = /^\/([0-9a-f]{16})\.(crl|cer)$/.exec(path) ?? []
    if (name !== undefined && kind !== undefined) return sendFile(name, kind, request, response)
    const asked = await askedIn(request, path)
    if (!asked) return void response.writeHead(404).end()
    if (asked === 'too long') return void response.writeHead(413, { connection: 'close' }).end()
    send(response, 'application/ocsp-response', answerRevocation({ vault, clock }, asked))
    afterSigning()
  }

  function sendFile(name: string, kind: string, request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end()
    const bytes = kind === 'crl' ? listOf(name) : issuerNamed(vault, name)
    if (bytes === 'locked') return void response.writeHead(503, { 'retry-after': '60' }).end()
    if (!bytes) return void response.writeHead(404).end()
    send(response, kind === 'crl' ? 'application/pkix-crl' : 'application/pkix-cert', bytes)
  }

  const server = createServer(localTimeouts, contained(handle, failed))
  await keepListening(server, { host: address, port: options.port }, { mostConnections, failed })
  const { port } = server.address() as AddressInfo
  const base = `http://${address}:${port}`
  return {
    port,
    publishedOf: (spki: string) => ({
      crl: `${base}/${nameOf(spki)}.crl`,
      ocsp: `${base}/ocsp`,
      issuer: `${base}/${nameOf(spki)}.cer`,
    }),
    /** Discards the cached lists after a revocation, so that they are signed anew. */
    changed: () => current.clear(),
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      server.closeAllConnections()
      await promise
    },
  }
}

/** File name of a key's list and certificate: the start of the SHA-256 of its SPKI. */
function nameOf(spkiSha256: string): string {
  return spkiSha256.slice(0, 16)
}

/** Last list of an erased key, not from the future: clients would refuse it, and nothing can sign another. */
function lastList(vault: Vault, name: string, at: number): Buffer | undefined {
  const list = vault.issued.lastListNamed(name)?.list
  const thisUpdate = list && parseListCached(list)?.thisUpdate
  return thisUpdate !== undefined && thisUpdate <= at ? list : undefined
}

/** Issuers of all generations and former intermediates, since chains in use may lead to them. */
function issuerNamed(vault: Vault, name: string): Uint8Array | undefined {
  const former = vault.issued.lastListNamed(name)?.issuerPem
  const pems = vault.authority.list().flatMap(({ intermediatePem }) => intermediatePem ?? [])
  return [...pems, ...(former === undefined ? [] : [former])]
    .flatMap((pem) => chainFromPem(pem))
    .find((der) => nameOf(certificateFacts(der).publicKey.spkiSha256) === name)
}

/** The OCSP request of a POST's body or a GET's path (RFC 6960, appendix A.1). */
async function askedIn(request: IncomingMessage, path: string): Promise<Uint8Array | 'too long' | undefined> {
  if (request.method === 'POST' && path === '/ocsp') return readBody(request)
  const encoded = path.startsWith('/ocsp/') ? path.slice('/ocsp/'.length) : ''
  const isBase64 = encoded.length <= longestInPath && /^[\w+/=%-]+$/.test(encoded)
  if (request.method !== 'GET' || !isBase64) return undefined
  return Buffer.from(encoded.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '='), 'base64')
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | 'too long'> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > longestRequest) return 'too long'
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function send(response: ServerResponse, type: string, bytes: Uint8Array): void {
  response
    .writeHead(200, {
      'content-type': type,
      'content-length': bytes.length,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(bytes)
}
