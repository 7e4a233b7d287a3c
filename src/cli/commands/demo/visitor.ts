import type { X509Certificate } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import tls from 'node:tls'

/** A client of the local edge that trusts only `authorityPem`. */
export interface Visitor {
  /** A full handshake; rejects unless the certificate verifies for `host`. */
  handshake(host: string): Promise<{ protocol: string; cipher: string; chain: Uint8Array[] }>
  get(host: string, agent?: https.Agent): Promise<Visit>
  getPlain(host: string, path: string): Promise<Visit>
  agent(host: string): https.Agent
}

export interface Visit {
  status: number
  location?: string
  body: string
  /** SHA-256 fingerprint of the server's certificate, empty over HTTP. */
  fingerprint: string
}

const timeoutMs = 5000

export function createVisitor(ports: { https: number; http: number }, authorityPem: string): Visitor {
  const address = { host: '127.0.0.1', port: ports.https, ca: authorityPem }
  return {
    async handshake(host) {
      const socket = await connected(tls.connect({ ...address, servername: host, timeout: timeoutMs }))
      const leaf = socket.getPeerX509Certificate()
      const seen = {
        protocol: socket.getProtocol() ?? 'unknown',
        cipher: socket.getCipher().standardName,
        chain: leaf ? chainOf(leaf) : [],
      }
      socket.destroy()
      return seen
    },
    get: (host, agent) =>
      read(
        https.request({ ...address, servername: host, path: '/', headers: { host }, agent: agent ?? false }),
      ),
    getPlain: (host, path) =>
      read(http.request({ host: '127.0.0.1', port: ports.http, path, headers: { host }, agent: false })),
    agent: (host) => new https.Agent({ keepAlive: true, maxSockets: 4, servername: host }),
  }
}

function chainOf(leaf: X509Certificate): Uint8Array[] {
  const chain: Uint8Array[] = []
  for (let at: X509Certificate | undefined = leaf; at; at = at.issuerCertificate) chain.push(at.raw)
  return chain
}

function connected(socket: tls.TLSSocket): Promise<tls.TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<tls.TLSSocket>()
  socket.once('secureConnect', () => resolve(socket))
  socket.once('timeout', () => socket.destroy(new Error('There was no handshake in time.')))
  socket.once('error', reject)
  return promise
}

function read(request: http.ClientRequest): Promise<Visit> {
  const { promise, resolve, reject } = Promise.withResolvers<Visit>()
  request.setTimeout(timeoutMs, () => request.destroy(new Error('There was no answer in time.')))
  request.once('error', reject)
  request.once('response', (response) => {
    const fingerprint = response.socket instanceof tls.TLSSocket ? fingerprintOf(response.socket) : ''
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.once('error', reject)
    response.once('end', () => {
      const body = Buffer.concat(chunks).toString()
      resolve({ status: response.statusCode ?? 0, location: response.headers.location, body, fingerprint })
    })
  })
  request.end()
  return promise
}

const fingerprints = new WeakMap<tls.TLSSocket, string>()

/** Read once per connection: Node returns the peer's certificate only the first time. */
function fingerprintOf(socket: tls.TLSSocket): string {
  const known = fingerprints.get(socket)
  if (known !== undefined) return known
  const fingerprint = (socket.getPeerX509Certificate()?.fingerprint256 ?? '')
    .replaceAll(':', '')
    .toLowerCase()
  fingerprints.set(socket, fingerprint)
  return fingerprint
}
