import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerUnknownName } from '../../../src/engine/develop/unknown-names.ts'
import { requestOf } from '../../support/edge/edge-request.ts'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../../support/engine/engine.ts'
import { needs } from '../../support/needs.ts'
import { waits } from '../../support/waits.ts'

/** Stands for the address in a network: only Linux has more loopback addresses by itself. */
const lanAddress = '127.0.0.2'
needs(process.platform === 'linux' ? null : `listening on ${lanAddress}`)

let opened: TestEngine
beforeEach(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
})
afterEach(() => opened.close())

const unknown = 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME'
const parts = () => opened.engine.context.parts
const edgePort = async () => (await opened.client.engine.status()).edge.https?.port ?? 0

/** The first domain with a free certificate makes the local authority. */
async function addFree(name = 'shop.test') {
  await opened.client.domains.add({ name, origin: originAt(9) })
  await opened.client.https.enable({ domain: name, source: { type: 'free' } })
}

/** `served`, or the code of the refusal. */
async function handshake(servername: string, host = '127.0.0.1'): Promise<string> {
  const socket = connectTls({ host, port: await edgePort(), servername, rejectUnauthorized: false })
  const failed = once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code ?? '')
  const outcome = await Promise.race([failed, once(socket, 'secureConnect').then(() => 'served')])
  socket.destroy()
  return outcome
}

/** Page of a client that trusts the local authority alone. */
async function pageOf(name: string) {
  const root = Buffer.from(parts().vault.authority.get()?.certificatePem ?? '')
  const { status, headers, body } = await requestOf(await edgePort(), name, root)('/cart')
  return { status, headers, text: body.toString() }
}

test('a name below localhost that nothing serves answers a page, of which nothing is stored', async () => {
  await addFree()
  const audited = await opened.client.audit.list({ limit: 50 })
  const issued = parts().vault.issued.list().length
  const names = ['nothing.localhost', 'a.deep.localhost']
  for (const name of names) {
    const { status, headers, text } = await pageOf(name)
    expect(status).toBe(404)
    expect(text).toContain(`Nothing is served at ${name}.`)
    expect(text).toContain(`edgekeep domain add ${name} --origin`)
    expect(text).not.toContain('http-equiv')
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    })
    expect(headers).not.toHaveProperty('retry-after')
  }
  const { client } = opened
  expect((await client.domains.list()).map(({ name }) => name)).toEqual(['shop.test'])
  expect(await client.certificates.list()).toHaveLength(1)
  expect(await client.audit.list({ limit: 50 })).toEqual(audited)
  expect(parts().vault.issued.list()).toHaveLength(issued)
  // Counted as requests to no domain.
  const counted = async () =>
    (await client.usage.query({ step: 'minute' })).domains.map(({ domain }) => domain)
  await expect.poll(counted, waits).toEqual([null])
})

test('the page links to what runs, and gives way to a run, a domain and a wildcard', async () => {
  await addFree()
  const taken = ['run.localhost', 'domain.localhost', 'x.wide.localhost']
  for (const name of taken) expect((await pageOf(name)).status).toBe(404)
  const ending = new AbortController()
  const input = { project: '/shop', service: 'web', names: ['run.localhost'], origin: originAt(9) }
  const run = await opened.client.runs.serve(input, { signal: ending.signal })
  const address = `https://run.localhost:${await edgePort()}`
  await run.next()
  const ended = run.next().catch(() => undefined)
  expect((await pageOf('run.localhost')).status).toBe(502)
  expect((await pageOf('domain.localhost')).text).toContain(`<a href="${address}">${address}</a>`)
  ending.abort()
  await ended
  await expect.poll(async () => (await pageOf('run.localhost')).text, waits).toContain('web was stopped')
  await addFree('domain.localhost')
  await addFree('*.wide.localhost')
  for (const name of taken.slice(1)) expect((await pageOf(name)).status).toBe(502)
  // One that nobody asked for before.
  expect((await pageOf('y.wide.localhost')).status).toBe(502)
  await opened.client.domains.remove({ domain: '*.wide.localhost' })
  expect((await pageOf('x.wide.localhost')).status).toBe(404)
})

test('five hundred names get a few pages a minute, and the other handshakes their alert', async () => {
  await addFree()
  const names = Array.from({ length: 500 }, (_, at) => `n${at}.localhost`)
  const outcomes: string[] = []
  for (let at = 0; at < names.length; at += 50)
    outcomes.push(...(await Promise.all(names.slice(at, at + 50).map((name) => handshake(name)))))
  expect(outcomes.filter((outcome) => outcome === 'served')).toHaveLength(6)
  expect(outcomes.filter((outcome) => outcome === unknown)).toHaveLength(494)
  expect(parts().temporaryNames.rows()).toHaveLength(6)
  expect(await handshake('shop.test')).toBe('served')
})

test('the oldest pages of unknown names go, and none of a run', async () => {
  await addFree()
  const input = { project: '/shop', service: 'web', names: ['run.localhost'], origin: originAt(9) }
  const ending = new AbortController()
  const run = await opened.client.runs.serve(input, { signal: ending.signal })
  await run.next()
  ending.abort()
  await run.next().catch(() => undefined)
  await expect.poll(() => parts().temporaryNames.get('run.localhost'), waits).toBeDefined()
  for (let at = 0; at < 30; at += 1) {
    await answerUnknownName(parts(), `n${at}.localhost`)
    // More than a minute ago.
    for (const name of parts().unknownNames.keys()) parts().unknownNames.set(name, -60_001)
  }
  const kept = parts()
    .temporaryNames.rows()
    .map(({ name }) => name)
  expect(kept).toEqual(['run.localhost', ...Array.from({ length: 24 }, (_, at) => `n${at + 6}.localhost`)])
  expect(await handshake('n29.localhost')).toBe('served')
})

test('a name outside of localhost, of the authority or of what a host may be called keeps its alert', async () => {
  await addFree()
  for (const name of ['other.test', 'localhost', 'bank.example', 'x.localhost.example', 'notlocalhost'])
    expect(await handshake(name), name).toBe(unknown)
  for (const name of ['*.localhost', 'my_app.localhost', '-a.localhost', 'A.localhost', 'other.test'])
    await answerUnknownName(parts(), name)
  expect(parts().temporaryNames.rows()).toEqual([])
})

test('nothing is made without an authority, which no handshake creates', async () => {
  expect(await handshake('nothing.localhost')).toBe(unknown)
  await answerUnknownName(parts(), 'nothing.localhost')
  expect([parts().vault.authority.get(), parts().temporaryNames.rows()]).toEqual([undefined, []])
})

test('a locked vault keeps the alert while its domains are served', async () => {
  await addFree()
  parts().vault.lock('window', 'it was asked for')
  expect(await handshake('nothing.localhost')).toBe(unknown)
  expect(await handshake('shop.test')).toBe('served')
  await parts().vault.unlock('window')
  expect(parts().temporaryNames.rows()).toEqual([])
  expect(await handshake('other.localhost')).toBe('served')
})

test('other devices get the alert for an unknown name, also for one that has a page here', async () => {
  await addFree()
  await opened.client.lan.on({ domains: ['shop.test'], address: lanAddress })
  expect(await handshake('shop.test', lanAddress)).toBe('served')
  expect(await handshake('nothing.localhost', lanAddress)).toBe(unknown)
  expect(parts().temporaryNames.rows()).toEqual([])
  expect(await handshake('nothing.localhost')).toBe('served')
  expect(await handshake('nothing.localhost', lanAddress)).toBe(unknown)
})
