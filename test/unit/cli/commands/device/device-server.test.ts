import { once } from 'node:events'
import { get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DeviceServer, startDeviceServer } from '../../../../../src/cli/commands/device/device-server.ts'
import type { VisitEvent } from '../../../../../src/cli/commands/device/device-visits.ts'
import { SecretBytes } from '../../../../../src/domain/secret-bytes.ts'
import { exchangeBytes } from '../../../../support/edge/edge.ts'
import { needs } from '../../../../support/needs.ts'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'

/** Devices are addresses of the loopback, of which only Linux has more by itself. */
needs(process.platform === 'linux' ? null : 'addresses of several devices')

const authority = createTestAuthority()
const leaf = issueTestLeaf(authority, { names: ['127.0.0.1'] })
const phone = '127.0.0.2'
const attacker = '127.0.0.3'

let server: DeviceServer
let events: VisitEvent[]
let page: URL
let probe: URL
const opened: Socket[] = []

beforeEach(async () => {
  events = []
  server = await startDeviceServer({
    address: '127.0.0.1',
    rootPem: authority.certificatePem,
    certificate: { chainPem: leaf.chainPem, keyPem: new SecretBytes(Buffer.from(leaf.keyPem)) },
    changed: (event) => events.push(event),
  })
  page = new URL(server.pageAddress)
  probe = new URL(server.probeAddress)
})
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy()
  server.close()
})

async function statusFor(localAddress: string): Promise<number> {
  const [response] = (await once(get(page, { localAddress, agent: false }), 'response')) as [
    { statusCode: number; resume(): void },
  ]
  response.resume()
  return response.statusCode
}

/** Handshake whose certificate the client refuses. */
async function refuse(localAddress: string): Promise<void> {
  const below = connect({ host: probe.hostname, port: Number(probe.port), localAddress })
  const socket = connectTls({ socket: below, servername: '' })
  await once(socket, 'error')
}

async function send(bytes: string): Promise<string> {
  const socket = connect({ host: page.hostname, port: Number(page.port), localAddress: attacker })
  await once(socket, 'connect')
  return exchangeBytes(socket, bytes)
}

describe('the page for devices', () => {
  test('takes a handshake for a device’s only from one that opened the page', async () => {
    const strangers = Array.from({ length: 70 }, (_, index) => `127.0.1.${index + 1}`)
    await Promise.all(strangers.map(refuse))
    expect(events).toEqual([])
    expect(await statusFor(phone)).toBe(200)
    await refuse(phone)
    await expect.poll(() => events).toMatchObject([{ address: phone, state: 'refused' }])
  })

  test('answers a phone while another device floods it, and ends connections beyond the limit of an address', async () => {
    const { hostname: host, port } = page
    for (let one = 0; one < 200; one += 1) {
      const socket = connect({ host, port: Number(port), localAddress: attacker })
      opened.push(socket.on('error', () => undefined))
    }
    await expect.poll(() => opened.filter((socket) => !socket.destroyed).length).toBe(16)
    expect(await statusFor(phone)).toBe(200)
  })

  test('gives nothing to requests for another host or path, nor to those that are malformed', async () => {
    const { host, pathname: path } = page
    const heads = [
      `GET ${path} HTTP/1.1\r\nHost: evil.test`,
      `GET ${path} HTTP/1.1\r\nHost: ${host}.evil.test`,
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1`,
      `GET ${path} HTTP/1.1`,
      `GET ${path} HTTP/1.0`,
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nHost: evil.test`,
      `GET http://${host}${path} HTTP/1.1\r\nHost: ${host}`,
      `GET ${path}/../../etc/passwd HTTP/1.1\r\nHost: ${host}`,
      `GET ${path}/%2e%2e/key HTTP/1.1\r\nHost: ${host}`,
      `GET ${path.slice(0, -1)} HTTP/1.1\r\nHost: ${host}`,
      `GET /${path} HTTP/1.1\r\nHost: ${host}`,
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100000000`,
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1\r\nTransfer-Encoding: chunked`,
      `CONNECT ${host} HTTP/1.1\r\nHost: ${host}`,
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(100_000)}`,
      'PRI * HTTP/2.0\r\n\r\nSM',
    ]
    for (const head of heads) {
      const answer = await send(`${head}\r\n\r\n`)
      expect(answer, head.slice(0, 80)).not.toMatch(/^HTTP\/1.1 200 /)
      expect(answer).not.toContain('fingerprint')
    }
    expect(events).toEqual([])
  })

  test('is read by no page of another origin', async () => {
    const { host, pathname: path } = page
    const answer = await send(
      `GET ${path}/verdict HTTP/1.1\r\nHost: ${host}\r\nOrigin: https://evil.test\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
    expect(answer.toLowerCase()).not.toContain('access-control-')
  })
})
