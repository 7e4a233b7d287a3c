import http from 'node:http'
import https from 'node:https'
import tls from 'node:tls'
import { sentChain } from '../../../platform/tls/peer-certificates.ts'

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
      const seen = {
        protocol: socket.getProtocol() ?? 'unknown',
        cipher: socket.getCipher().standardName,
        chain: sentChain(socket).map(({ raw }) => raw),
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

function fingerprintOf(socket: tls.TLSSocket): string {
  return (sentChain(socket)[0]?.fingerprint256 ?? '').replaceAll(':', '').toLowerCase()
}
