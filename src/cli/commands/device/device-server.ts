import { randomBytes, X509Certificate } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { socketBelow } from '../../../platform/listeners/connection-limit.ts'
import { contained, keepListening, localTimeouts } from '../../../platform/listeners/keep-listening.ts'
import { devicePage } from './device-page.ts'
import { systemOf } from './device-systems.ts'
import { createVisits, type Visit, type VisitEvent, visitSentence } from './device-visits.ts'
import { certificateType, profileType, rootProfile } from './root-profile.ts'
import type { ProbeCertificate } from './probe-certificate.ts'

/*
 * Threat: everybody in the network can connect. This listener is in the process of one command, which holds no vault
 * and ends after some minutes. Its path has 128 random bits; behind it are the page, the root's certificate in two
 * forms and the verdict, which are public, and nothing else. Connections, requests and devices are bounded. A verdict
 * is what the handshake showed; a device can spoil only its own.
 */

const mostConnections = 64
/** Connections of one address at once; a browser opens six. */
const mostOfAddress = 16

export type DeviceServer = Awaited<ReturnType<typeof startDeviceServer>>

export async function startDeviceServer(options: {
  address: string
  rootPem: string
  certificate: ProbeCertificate
  changed: (event: VisitEvent) => void
}) {
  const { address, rootPem, certificate } = options
  const path = `/${randomBytes(16).toString('base64url')}`
  const visits = createVisits(options.changed, () => performance.now())
  const root = new X509Certificate(rootPem)
  const files = new Map([
    [`${path}/edgekeep.mobileconfig`, { type: profileType, bytes: rootProfile(rootPem) }],
    [`${path}/edgekeep-root.cer`, { type: certificateType, bytes: root.raw }],
  ])

  const refused = (socket: Socket) => {
    const visit = visits.known(clientOf(socket))
    if (visit) visits.refuse(visit)
  }
  const asking = new WeakSet<Socket>()
  using key = certificate.keyPem
  const probe = createSecureServer(
    { ...localTimeouts, handshakeTimeout: 10_000, cert: certificate.chainPem, key: key.bytes },
    contained((request, response) => {
      asking.add(request.socket)
      const visit = request.url === path ? visits.admit(clientOf(request.socket)) : undefined
      if (visit) visits.move(visit, 'trusted')
      send(response, visit ? 204 : 404)
    }, ignored),
  )
  probe.on('tlsClientError', (_error, socket) => refused(socket))
  // TLS 1.3 lets a client judge the certificate after the handshake; some then leave without an alert.
  probe.on('secureConnection', (socket) => {
    socket.once('close', () => asking.has(socket) || refused(socket))
  })

  const page = createServer(
    localTimeouts,
    contained((request, response) => {
      const isOurs = request.url === path || request.url?.startsWith(`${path}/`)
      // Two of them join to one text that is not it.
      if (!isOurs || request.headersDistinct.host?.join() !== host) return send(response, 404)
      if (request.method !== 'GET') return send(response, 405)
      const visit = visits.admit(clientOf(request.socket))
      return visit ? answer(request, response, visit) : send(response, 429)
    }, ignored),
  )

  function answer({ url = '', headers }: IncomingMessage, response: ServerResponse, visit: Visit): void {
    visit.system = systemOf(headers['user-agent'])
    const file = files.get(url)
    if (file) {
      visits.move(visit, 'downloaded')
      return send(response, 200, file)
    }
    if (url === `${path}/verdict`)
      return send(response, 200, {
        type: 'application/json',
        bytes: Buffer.from(JSON.stringify({ state: visit.state, sentence: visitSentence(visit) })),
      })
    if (url !== path) return send(response, 404)
    const { html, policy } = devicePage({ fingerprint, probe: probeAddress, path }, visit.system)
    send(response, 200, { type: 'text/html; charset=utf-8', bytes: Buffer.from(html), policy })
  }

  await listen(probe, address)
  await listen(page, address).catch((error: unknown) => {
    probe.close()
    throw error
  })
  const host = `${address}:${portOf(page)}`
  const fingerprint = root.fingerprint256
  const probeAddress = `https://${address}:${portOf(probe)}${path}`
  return {
    pageAddress: `http://${host}${path}`,
    probeAddress,
    fingerprint,
    trusted: visits.trusted,
    close() {
      for (const server of [probe, page]) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

/** A fault ends one request or connection; there is no log in the process of a command. */
const ignored = () => undefined

async function listen(server: Server, host: string): Promise<void> {
  server.on('connection', admitConnection(new Map()))
  await keepListening(server, { host, port: 0, exclusive: true }, { mostConnections, failed: ignored })
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

const addresses = new WeakMap<Socket, string>()

/**
 * Notes the address when a client connects, which a socket that has ended has no longer, and ends those beyond the
 * limit of an address: they would take the turn of other devices.
 */
function admitConnection(counts: Map<string, number>): (socket: Socket) => void {
  return (socket) => {
    const address = socket.remoteAddress ?? ''
    addresses.set(socket, address)
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1
      if (left > 0) counts.set(address, left)
      else counts.delete(address)
    })
    if (count > mostOfAddress) socket.destroy()
  }
}

function clientOf(socket: Socket): string {
  return addresses.get(socketBelow(socket)) ?? ''
}

interface Content {
  type: string
  bytes: Buffer
  policy?: string
}

function send(response: ServerResponse, status: number, content?: Content): void {
  const { type = 'text/plain', bytes = Buffer.alloc(0), policy = "default-src 'none'" } = content ?? {}
  response
    .writeHead(status, {
      'content-type': type,
      'content-length': bytes.length,
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    })
    .end(bytes)
}
