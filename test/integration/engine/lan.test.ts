import { once } from 'node:events'
import { createServer } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../../support/engine/engine.ts'
import { needs } from '../../support/needs.ts'

/** Stands for the address in a network: only Linux has more loopback addresses by itself. */
const address = '127.0.0.2'
needs(process.platform === 'linux' ? null : `listening on ${address}`)

let opened: TestEngine
beforeEach(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
  for (const name of ['shop.test', 'bank.test']) {
    await opened.client.domains.add({ name, origin: originAt(9) })
    await opened.client.https.enable({ domain: name, source: { type: 'free' } })
  }
})
afterEach(() => opened.close())

const status = async () => (await opened.client.engine.status()).edge
const lan = () => opened.client.lan

/** `served`, or the code of the refusal. */
async function handshake(servername: string): Promise<string> {
  const { https } = await status()
  const socket = connectTls({ host: address, port: https!.port, servername, rejectUnauthorized: false })
  const failed = once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code ?? '')
  const outcome = await Promise.race([failed, once(socket, 'secureConnect').then(() => 'served')])
  socket.destroy()
  return outcome
}
const unknown = 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME'

test('other devices reach the chosen domains alone, until that is turned off, and both are in the audit trail', async () => {
  expect((await status()).published).toEqual([])
  expect(await handshake('shop.test')).toBe('ECONNREFUSED')
  const published = { address, domains: ['shop.test'], failure: null, taken: [] }
  expect(await lan().on({ domains: ['Shop.test'], address })).toEqual(published)
  expect((await status()).published).toEqual([published])
  expect(await handshake('shop.test')).toBe('served')
  expect(await handshake('bank.test')).toBe(unknown)
  await lan().on({ domains: ['bank.test'], address })
  expect(await lan().off({ domains: ['shop.test'] })).toEqual([{ ...published, domains: ['bank.test'] }])
  expect(await handshake('shop.test')).toBe(unknown)
  expect(await lan().off({})).toEqual([])
  expect(await handshake('bank.test')).toBe('ECONNREFUSED')
  const rows = await opened.client.audit.list({ limit: 2 })
  expect(rows).toMatchObject([
    { action: 'lan.off', subject: address, after: { domains: ['bank.test'] } },
    { action: 'lan.off', subject: address, after: { domains: ['shop.test'] } },
  ])
})

test('a domain of the name of a removed one is not reachable, and the last one ends the access', async () => {
  await lan().on({ domains: ['shop.test', 'bank.test'], address })
  await opened.client.domains.remove({ domain: 'shop.test' })
  await opened.client.domains.add({ name: 'shop.test', origin: originAt(9) })
  await opened.client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
  expect(await handshake('shop.test')).toBe(unknown)
  expect(await handshake('bank.test')).toBe('served')
  await opened.client.domains.remove({ domain: 'bank.test' })
  await expect.poll(() => handshake('bank.test'), { timeout: 30_000 }).toBe('ECONNREFUSED')
  expect((await status()).published).toEqual([])
})

test('access outlives a crash and a replacement of the worker, and ends with the engine', async () => {
  await lan().on({ domains: ['shop.test'], address })
  // The key of an erased certificate leaves memory with its process; the new one takes the sockets over.
  await opened.client.domains.remove({ domain: 'bank.test' })
  expect(await handshake('shop.test')).toBe('served')
  const [pid = 0] = (await status()).workerPids
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => handshake('shop.test').catch(() => 'nothing'), { timeout: 30_000 }).toBe('served')
  opened = await opened.reopen()
  expect((await status()).published).toEqual([])
  expect(await handshake('shop.test')).toBe('ECONNREFUSED')
})

test('nothing is changed where the edge cannot listen, and another program’s port is named', async () => {
  const { https } = await status()
  const squatter = createServer().listen(https!.port, address)
  await once(squatter, 'listening')
  await expect(lan().on({ domains: ['shop.test'], address })).rejects.toMatchObject({
    code: 'lan.not_listening',
    message: expect.stringContaining('another program has the port') as string,
  })
  const atOnce = ['shop.test', 'bank.test'].map((name) => lan().on({ domains: [name], address }))
  const outcomes = await Promise.allSettled(atOnce)
  expect(outcomes.map(({ status: outcome }) => outcome)).toEqual(['rejected', 'rejected'])
  expect((await status()).published).toEqual([])
  squatter.close()
})

test('a domain of a network that was left is not published in another one with the same address', async () => {
  const { published } = opened.engine.context.parts
  const network = { device: 'wlan0', cidr: `${address}/24`, router: '02:00:00:00:00:01' }
  published.set(address, { domains: new Set(['bank.test']), network, absence: 'left' })
  const here = { address, domains: ['shop.test'], failure: null, taken: [] }
  expect(await lan().on({ domains: ['shop.test'], address })).toEqual(here)
  expect(await handshake('bank.test')).toBe(unknown)
})

test('names that no other device can open are refused', async () => {
  const refused = [
    ['shop.localhost', 'for itself'],
    ['*.local', 'Apple’s systems refuse'],
  ] as const
  for (const [name, reason] of refused) {
    await opened.client.domains.add({ name, origin: originAt(9) })
    await expect(lan().on({ domains: [name], address })).rejects.toMatchObject({
      code: 'lan.name_unusable',
      message: expect.stringContaining(reason) as string,
    })
  }
  expect((await status()).published).toEqual([])
})

test('every address, a public one, one of IPv6 and a name are no address to be reached at', async () => {
  for (const given of ['0.0.0.0', '203.0.113.9', '::', 'shop.test'])
    await expect(lan().on({ domains: ['shop.test'], address: given })).rejects.toMatchObject({
      code: 'lan.address_unusable',
    })
})
