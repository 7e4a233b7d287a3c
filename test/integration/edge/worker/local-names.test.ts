import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { decode, encode, type DecodedPacket } from 'dns-packet'
import createMdns, { type MulticastDNS, type ResponsePacket } from 'multicast-dns'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Published } from '../../../../src/contract/lan/published.ts'
import { routeTo, startTestEdge, type TestEdge } from '../../../support/edge/edge.ts'
import { freePort } from '../../../support/free-port.ts'
import { needs } from '../../../support/needs.ts'

/** Stands for the address in a network: only Linux has more loopback addresses by itself. */
const address = '127.0.0.2'
needs(process.platform === 'linux' ? null : `listening on ${address}`)

let edge: TestEdge
let device: MulticastDNS
let reported: Published[]
let mdnsPort: number
const answers: { name: string; type: string; data?: unknown; ttl?: number | undefined }[] = []

beforeEach(async () => {
  answers.length = 0
  mdnsPort = await freePort()
  const routes = ['shop.local', 'bank.local', 'shop.test'].map((domain) => routeTo(9, { domain }))
  edge = await startTestEdge(routes, { mdnsPort, onPublished: (addresses) => (reported = addresses) })
  device = createMdns({ interface: '127.0.0.1', bind: '224.0.0.251', port: mdnsPort })
  device.on('response', (packet: ResponsePacket) => answers.push(...packet.answers))
  await once(device, 'ready')
})
afterEach(async () => {
  await edge.close()
  device.destroy()
})

async function publish(...domains: string[]): Promise<void> {
  edge.apply({ published: domains.length > 0 ? [{ address, domains }] : [] })
  await edge.edge.publish()
}
const named = (name: string) => answers.filter((each) => each.name === name)
const patiently = { timeout: 20_000, interval: 100 }

test('devices find the published names below .local, and no other', async () => {
  await publish('shop.local', 'shop.test')
  await expect
    .poll(() => {
      device.query(
        ['shop.local', 'SHOP.local', 'bank.local', 'shop.test'].map((name) => ({ name, type: 'A' })),
      )
      return named('shop.local').length
    }, patiently)
    .toBeGreaterThan(2)
  expect(new Set(named('shop.local').map(({ data }) => data))).toEqual(new Set([address]))
  expect(new Set(answers.map(({ name }) => name))).toEqual(new Set(['shop.local']))
  await publish()
  // A record without a lifetime: devices forget the name.
  await expect.poll(() => named('shop.local').at(-1)?.ttl, patiently).toBe(0)
})

test('a simple resolver, which does not hear the group, is answered at its own port', async () => {
  await publish('shop.local')
  const resolver = createSocket('udp4')
  onTestFinished(() => void resolver.close())
  resolver.bind(0, '127.0.0.1')
  await once(resolver, 'listening')
  resolver.setMulticastInterface('127.0.0.1')
  const heard: DecodedPacket[] = []
  resolver.on('message', (bytes: Buffer) => heard.push(decode(bytes)))
  const ask = (id: number, name: string, type: 'A' | 'AAAA') =>
    resolver.send(encode({ type: 'query', id, questions: [{ name, type }] }), mdnsPort, '224.0.0.251')
  await expect
    .poll(() => {
      for (const name of ['bank.local', 'shop.test']) ask(9, name, 'A')
      ask(8, 'Shop.local', 'AAAA')
      ask(7, 'Shop.local', 'A')
      return heard.some(({ id }) => id === 7)
    }, patiently)
    .toBe(true)
  const [first] = heard.filter(({ id }) => id === 7)
  expect(first).toMatchObject({
    flag_aa: true,
    questions: [{ name: 'Shop.local', type: 'A' }],
    answers: [{ name: 'Shop.local', type: 'A', data: address, ttl: 10, flush: false }],
  })
  expect(new Set(heard.map(({ id }) => id))).toEqual(new Set([7, 8]))
  expect(heard.find(({ id }) => id === 8)?.answers).toEqual([])
})

test('a name that another device answers for is left to it, and reported', async () => {
  const record = { type: 'A', data: '192.0.2.9', ttl: 120, flush: true } as const
  device.on('query', () => device.respond({ answers: [{ ...record, name: 'Shop.local' }] }))
  await publish('shop.local', 'bank.local')
  await expect.poll(() => reported[0]?.taken, patiently).toEqual(['shop.local'])
  await expect.poll(() => named('bank.local').length, patiently).toBeGreaterThan(0)
  expect(named('shop.local')).toEqual([])
})

test('malformed packets are dropped', async () => {
  await publish('shop.local')
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  socket.setMulticastInterface('127.0.0.1')
  for (const packet of [
    [],
    [0],
    Array.from({ length: 12 }, () => 255),
    [...Array.from({ length: 12 }, () => 0), 0xc0, 0x0c],
    [0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 1, 65, 0],
  ])
    socket.send(Buffer.from(packet as number[]), mdnsPort, '224.0.0.251')
  await expect.poll(() => named('shop.local').length, patiently).toBeGreaterThan(0)
  socket.close()
  expect(edge.faults).toEqual([])
})
