import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filesWith } from '../../../../support/pki/needles.ts'
import { certificateFacts } from '../../../../../src/pki/facts/certificate.ts'
import { publicJwk } from '../../../../../src/engine/acme/jose/jwk.ts'
import { macJws, signJws } from '../../../../../src/engine/acme/jose/jws.ts'
import { openAcmeServer, type OpenedAcme } from '../../../../support/acme/server.ts'
import { csrFor, newKey, RawAcme, type AcmeReply } from '../../../../support/acme/requests.ts'

let at: OpenedAcme
let client: RawAcme
beforeAll(async () => {
  at = await openAcmeServer({ waived: ['waived.test', '*.also-waived.test'] })
  client = new RawAcme(at)
  await client.register({ contact: ['mailto:anna@shop.test'] })
})
afterAll(() => at.close())

const typeOf = (reply: AcmeReply) => String(reply.json()['type']).replace('urn:ietf:params:acme:error:', '')

/** Answers `http-01` challenges with the given text. */
async function answering(
  handle: (path: string) => { status?: number; body?: string; location?: string },
): Promise<Server> {
  const server = createServer((request, response) => {
    const { status = 200, body = '', location } = handle(request.url ?? '')
    response.writeHead(status, location === undefined ? {} : { location }).end(body)
  })
  server.listen(at.httpPort, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Orders `name` and has its challenge of `type` looked at; answers the authorization in the end. */
async function challenged(
  name: string,
  type: string,
): Promise<{ authorization: Record<string, unknown>; order: AcmeReply; challenge: Record<string, unknown> }> {
  const order = await client.order([name])
  const [address = ''] = order.json()['authorizations'] as string[]
  const read = async () => (await client.post(address, null)).json()
  const found = (await read())['challenges'] as Record<string, unknown>[]
  const { url } = found.find((each) => each['type'] === type)!
  await client.post(String(url), {})
  await expect.poll(async () => (await read())['status'], { timeout: 20_000 }).not.toBe('pending')
  const authorization = await read()
  const challenge = (authorization['challenges'] as Record<string, unknown>[]).find(
    (each) => each['type'] === type,
  )!
  return { authorization, order, challenge }
}

const problemIn = (challenge: Record<string, unknown>) =>
  challenge['error'] as { type: string; detail: string }

describe('the directory', () => {
  test('names what there is, and every answer has a nonce', async () => {
    const reply = await client.send('GET', at.directory)
    expect(reply.json()).toMatchObject({
      newOrder: `${client.base}/new-order`,
      renewalInfo: `${client.base}/renewal-info`,
      meta: { externalAccountRequired: false, profiles: { shortlived: '6 days (160 hours)' } },
    })
    expect(reply.headers['replay-nonce']).toMatch(/^[\w-]{22}$/)
    expect((await client.send('GET', `${client.base}/new-nonce`)).status).toBe(204)
  })

  test('is on loopback alone and answers to no other name', async () => {
    const { port } = new URL(client.base)
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost'])
      expect((await client.send('GET', at.directory, { headers: { host } })).status).toBe(421)
    expect((await client.send('GET', at.directory.replace('localhost', '127.0.0.1'))).json()).toMatchObject({
      newOrder: `https://127.0.0.1:${port}/new-order`,
    })
  })
})

test('a port is not set over what another window has made of it since it was read', async () => {
  const { acmeServer } = at.opened.client
  const { httpPort, tlsPort } = (await acmeServer.state()).settings
  const [theirs, mine] = [httpPort + 1, httpPort + 2]
  await acmeServer.set({ httpPort: theirs, read: { httpPort } })
  await expect(acmeServer.set({ httpPort: mine, read: { httpPort } })).rejects.toMatchObject({
    code: 'settings.changed_meanwhile',
    data: { of: 'the ACME server', what: 'port for http-01', by: 'engine' },
  })
  // A different port conflicts with nothing, nor does one that was read since.
  expect((await acmeServer.set({ tlsPort, read: { tlsPort } })).settings.httpPort).toBe(theirs)
  await acmeServer.set({ httpPort, read: { httpPort: theirs } })
})

test('the certificate of the server itself is not among those that somebody asked for, and one is kept', async () => {
  const { client: engine, engine: opened } = at.opened
  const settings = (enabled: boolean) => engine.acmeServer.set({ enabled })
  const own = () => opened.context.parts.vault.issued.list().filter(({ title }) => title === 'localhost')
  expect(await engine.localCertificates.issued()).toEqual({ issued: [], next: null })
  const [first] = own()
  expect(own()).toHaveLength(1)
  await settings(false)
  await settings(true)
  // The key of the one before is gone, and with it the record; the responder still knows the one in use.
  expect(own().map(({ serial }) => serial)).toEqual([expect.not.stringMatching(`^${first?.serial}$`)])
  expect(await engine.localCertificates.issued()).toEqual({ issued: [], next: null })
  await expect(engine.localCertificates.revoke({ reference: 'localhost' })).rejects.toMatchObject({
    code: 'issue.not_local',
  })
})

describe('a certificate', () => {
  test('is ordered, finalized and fetched, where the names are waived; at once for a profile', async () => {
    const { order, pem } = await client.certificate(['waived.test', 'a.b.waived.test'], {
      profile: 'shortlived',
    })
    expect(order).toMatchObject({ status: 'valid', profile: 'shortlived' })
    const facts = certificateFacts(new X509Certificate(pem).raw)
    expect(facts.names.dns).toEqual(['waived.test', 'a.b.waived.test'])
    expect(facts.lifetimeDays).toBeCloseTo(160 / 24, 0)
    expect(pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    const { issued } = await at.opened.client.localCertificates.issued()
    expect(issued[0]).toMatchObject({ source: 'acme', serialHex: facts.serialHex })
    await expect(client.certificate(['*.also-waived.test'])).resolves.toMatchObject({
      order: { status: 'valid' },
    })
  })

  test('needs its challenge to be met on loopback, whatever its name resolves to', async () => {
    const right = await answering((path) => ({ body: `${path.split('/').at(-1)}.${client.thumbprint()}\n` }))
    const { authorization, order } = await challenged('shop.test', 'http-01')
    expect(authorization['status']).toBe('valid')
    right.close()
    const ready = await client.post(String(order.headers['location']), null)
    expect(ready.json()['status']).toBe('ready')
    for (const names of [['other.test'], ['shop.test', 'www.shop.test'], ['shop.test', 'anna@shop.test']]) {
      const refused = await client.post(String(order.json()['finalize']), { csr: csrFor(names) })
      expect(typeOf(refused), names.join()).toBe('badCSR')
    }
    const own = await client.post(String(order.json()['finalize']), {
      csr: csrFor(['shop.test'], client.key),
    })
    expect(typeOf(own)).toBe('badCSR')
    const done = await client.post(String(order.json()['finalize']), { csr: csrFor(['shop.test']) })
    expect(done.json()['status']).toBe('valid')
  })

  test.each<[string, (path: string) => { status?: number; body?: string; location?: string }, string]>([
    ['with another status', () => ({ status: 404 }), 'unauthorized'],
    ['with something else', () => ({ body: 'else' }), 'incorrectResponse'],
    ['with too much', () => ({ body: 'x'.repeat(100_000) }), 'incorrectResponse'],
    ['by leading to another port', () => ({ status: 302, location: 'http://10.0.0.1:8080/' }), 'connection'],
    ['by leading to another protocol', () => ({ status: 302, location: 'file:///etc/passwd' }), 'connection'],
    ['by leading on and on', (path) => ({ status: 302, location: `${path}x` }), 'connection'],
  ])('is refused where the challenge is answered %s', async (_, handle, type) => {
    const server = await answering(handle)
    const { authorization, order, challenge } = await challenged('refused.test', 'http-01')
    server.close()
    expect(authorization['status']).toBe('invalid')
    expect(problemIn(challenge).type).toContain(type)
    expect((await client.post(String(order.headers['location']), null)).json()['status']).toBe('invalid')
    const late = await client.post(String(order.json()['finalize']), { csr: csrFor(['refused.test']) })
    expect(typeOf(late)).toBe('orderNotReady')
  })

  test('follows a redirect to a name elsewhere to loopback alone', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(`${request.headers.host}${request.url}`)
      const first = request.headers.host === 'moved.test'
      const body = `${request.url?.split('/').at(-1)}.${client.thumbprint()}`
      response
        .writeHead(first ? 301 : 200, first ? { location: `http://www.bank.example${request.url}` } : {})
        .end(body)
    })
    server.listen(at.httpPort, '127.0.0.1')
    await once(server, 'listening')
    expect((await challenged('moved.test', 'http-01')).authorization['status']).toBe('valid')
    expect(asked.at(-1)).toContain('www.bank.example/.well-known/acme-challenge/')
    server.close()
  })

  test('is not issued once an authorization of its order was deactivated', async () => {
    const order = await client.order(['left.test'])
    const [address = ''] = order.json()['authorizations'] as string[]
    expect(typeOf(await client.post(address, { status: 'valid' }))).toBe('malformed')
    expect((await client.post(address, { status: 'deactivated' })).json()['status']).toBe('deactivated')
    expect((await client.post(String(order.headers['location']), null)).json()['status']).toBe('invalid')
    const late = await client.post(String(order.json()['finalize']), { csr: csrFor(['left.test']) })
    expect(typeOf(late)).toBe('orderNotReady')
  })

  test('says which port did not answer, for each challenge', async () => {
    const said = async (type: string) => problemIn((await challenged('silent.test', type)).challenge).detail
    expect(await said('http-01')).toContain(`127.0.0.1:${at.httpPort}`)
    expect(await said('tls-alpn-01')).toContain(`127.0.0.1:${at.tlsPort}`)
    expect(await said('dns-01')).toContain('No DNS server')
  })

  test('is not issued for what the authority may not issue for, and each name is told', async () => {
    const reply = await client.order(['www.bank.example', 'waived.test', '93.184.216.34'])
    expect(typeOf(reply)).toBe('rejectedIdentifier')
    expect(
      (reply.json()['subproblems'] as { identifier: unknown }[]).map(({ identifier }) => identifier),
    ).toEqual([
      { type: 'dns', value: 'www.bank.example' },
      { type: 'ip', value: '93.184.216.34' },
    ])
    for (const [payload, type] of [
      [{ identifiers: [] }, 'malformed'],
      [{ identifiers: [{ type: 'dns', value: 'a b' }] }, 'rejectedIdentifier'],
      [{ identifiers: [{ type: 'email', value: 'a@b' }] }, 'unsupportedIdentifier'],
      [{ identifiers: [{ type: 'ip', value: '127.0.0.01' }] }, 'malformed'],
      [{ identifiers: [{ type: 'dns', value: 'waived.test' }], profile: 'constructor' }, 'invalidProfile'],
      [
        { identifiers: [{ type: 'dns', value: 'waived.test' }], notAfter: '2030-01-01T00:00:00Z' },
        'malformed',
      ],
    ] as const)
      expect(typeOf(await client.post('/new-order', payload)), JSON.stringify(payload)).toBe(type)
  })
})

describe('renewal information', () => {
  const identifierOf = (pem: string) => {
    const { extensions, serialHex } = certificateFacts(new X509Certificate(pem).raw)
    const raw = extensions.find(({ name }) => name === 'Authority Key Identifier')!.rawHex
    return `${Buffer.from(raw.slice(8), 'hex').toString('base64url')}.${Buffer.from(serialHex, 'hex').toString('base64url')}`
  }

  test('is a window at two thirds of the life, in the past once revoked, and an order says what it replaces', async () => {
    const { pem } = await client.certificate(['waived.test'])
    const info = async () => client.send('GET', `${client.base}/renewal-info/${identifierOf(pem)}`)
    const first = await info()
    const { start } = first.json()['suggestedWindow'] as { start: string; end: string }
    expect(Math.round((new Date(start).getTime() - Date.now()) / 86_400_000)).toBe(60)
    expect(first.headers['retry-after']).toBe('21600')
    const replaces = identifierOf(pem)
    expect((await client.certificate(['waived.test'], { replaces })).order['status']).toBe('valid')
    expect(typeOf(await client.order(['waived.test'], { replaces }))).toBe('alreadyReplaced')
    const der = new X509Certificate(pem).raw.toString('base64url')
    expect((await client.post('/revoke-cert', { certificate: der, reason: 4 })).status).toBe(200)
    const { end } = (await info()).json()['suggestedWindow'] as { end: string }
    expect(new Date(end).getTime()).toBeLessThan(Date.now())
    for (const id of ['', 'a', 'a.b.c', `${'A'.repeat(200)}.AA`, replaces.replace(/.$/, 'A').slice(1)])
      expect((await client.send('GET', `${client.base}/renewal-info/${id}`)).status).toBeGreaterThanOrEqual(
        400,
      )
  })
})

describe('accounts', () => {
  test('share one key as one account; they change contacts and keys, and are deactivated', async () => {
    const other = new RawAcme(at)
    expect((await other.register()).status).toBe(201)
    const { kid } = other
    other.kid = ''
    expect((await other.register({ onlyReturnExisting: true })).status).toBe(200)
    expect(other.kid).toBe(kid)
    expect((await other.post(kid, { contact: ['mailto:bob@shop.test'] })).json()['contact']).toEqual([
      'mailto:bob@shop.test',
    ])
    for (const [contact, type] of [
      ['tel:1', 'unsupportedContact'],
      ['mailto:a@b?cc=c', 'invalidContact'],
    ])
      expect(typeOf(await other.post(kid, { contact: [contact] }))).toBe(type)
    const next = newKey()
    const url = `${other.base}/key-change`
    const rolled = (key = next, said: object = {}) =>
      signJws({ url, jwk: publicJwk(key) }, { account: kid, oldKey: publicJwk(other.key), ...said }, key)
    expect(typeOf(await other.post('/key-change', rolled(next, { account: client.kid })))).toBe('malformed')
    expect(typeOf(await other.post('/key-change', rolled(next, { oldKey: publicJwk(next) })))).toBe(
      'malformed',
    )
    expect((await other.post('/key-change', rolled(client.key))).status).toBe(409)
    expect((await other.post('/key-change', rolled())).status).toBe(200)
    expect(typeOf(await other.post(kid, null))).toBe('unauthorized')
    other.key = next
    expect((await other.post(`${kid}/orders`, null)).json()).toEqual({ orders: [] })
    expect((await other.post(kid, { status: 'deactivated' })).json()['status']).toBe('deactivated')
    expect(typeOf(await other.order(['waived.test']))).toBe('unauthorized')
  })

  test('see nothing of each other', async () => {
    const other = new RawAcme(at)
    await other.register()
    const order = await client.order(['theirs.test'])
    const [authorization = ''] = order.json()['authorizations'] as string[]
    const { pem, order: done } = await client.certificate(['waived.test'])
    for (const address of [
      String(order.headers['location']),
      authorization,
      String(done['certificate']),
      `${authorization.replace('authz', 'challenge')}/http-01`,
    ])
      expect((await other.post(address, null)).status, address).toBe(404)
    expect((await other.post(client.kid, null)).status).toBe(403)
    const certificate = new X509Certificate(pem).raw.toString('base64url')
    expect(typeOf(await other.post('/revoke-cert', { certificate }))).toBe('unauthorized')
    expect(typeOf(await client.post('/revoke-cert', { certificate, reason: 2 }))).toBe('badRevocationReason')
    expect((await client.post('/revoke-cert', { certificate })).status).toBe(200)
    expect(typeOf(await client.post('/revoke-cert', { certificate }))).toBe('alreadyRevoked')
  })

  test('are bound to an external account where that is asked for', async () => {
    const { acmeServer } = at.opened.client
    await acmeServer.set({ requireBinding: true })
    const { id, macKey } = await acmeServer.addBinding({ label: 'a test' })
    const other = new RawAcme(at)
    const url = `${other.base}/new-account`
    const bound = (key: Buffer, header: object = {}, jwk: object = publicJwk(other.key)) => ({
      externalAccountBinding: macJws({ kid: id, url, ...header }, jwk, key),
    })
    const mac = Buffer.from(macKey, 'base64url')
    expect(typeOf(await other.register())).toBe('externalAccountRequired')
    expect(typeOf(await other.register(bound(Buffer.alloc(32))))).toBe('unauthorized')
    expect(typeOf(await other.register(bound(mac, { kid: 'another' })))).toBe('unauthorized')
    expect(typeOf(await other.register(bound(mac, { url: other.base })))).toBe('malformed')
    expect(typeOf(await other.register(bound(mac, { alg: 'none' })))).toBe('badSignatureAlgorithm')
    expect(typeOf(await other.register(bound(mac, {}, publicJwk(newKey()))))).toBe('malformed')
    expect((await other.register(bound(mac))).status).toBe(201)
    expect((await acmeServer.bindings()).find((each) => each.id === id)?.usedAt).not.toBeNull()
    await acmeServer.removeBinding({ id })
    await acmeServer.set({ requireBinding: false })
  })
})

describe('a hostile client', () => {
  test('is refused a request that is signed for something else, by something else, or twice', async () => {
    const other = new RawAcme(at)
    await other.register()
    const url = `${other.base}/new-order`
    const payload = { identifiers: [{ type: 'dns', value: 'waived.test' }] }
    const once = signJws({ nonce: await other.nonce(), url, kid: other.kid }, payload, other.key)
    expect((await other.postJws(url, once)).status).toBe(201)
    expect(typeOf(await other.postJws(url, once))).toBe('badNonce')
    const cases: [Record<string, unknown>, string][] = [
      [{ nonce: 'never-given' }, 'badNonce'],
      [{ nonce: { toString: 1 } }, 'badNonce'],
      [{ url: `${other.base}/new-account` }, 'unauthorized'],
      [{ url: url.replace('localhost', '127.0.0.1') }, 'unauthorized'],
      [{ kid: client.kid }, 'unauthorized'],
      [{ kid: `${other.base}/account/none` }, 'accountDoesNotExist'],
      [{ kid: `https://evil.example/account/${other.kid.split('/').at(-1)}` }, 'accountDoesNotExist'],
      [{ kid: undefined }, 'malformed'],
      [{ jwk: publicJwk(other.key) }, 'malformed'],
      [{ alg: 'none' }, 'badSignatureAlgorithm'],
      [{ alg: 'HS256' }, 'badSignatureAlgorithm'],
      [{ alg: 'RS256' }, 'badSignatureAlgorithm'],
      [{ crit: ['b64'], b64: false }, 'malformed'],
    ]
    for (const [header, type] of cases) {
      const reply = await other.post('/new-order', payload, header)
      expect(typeOf(reply), JSON.stringify(header)).toBe(type)
      if (type === 'badSignatureAlgorithm') expect(reply.json()['algorithms']).toContain('ES256')
    }
    const stranger = new RawAcme(at)
    for (const [jwk, type] of [
      [{ kty: 'oct', k: 'AAAA' }, 'badPublicKey'],
      [{ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }, 'badPublicKey'],
      [{ ...publicJwk(stranger.key), crv: 'secp256k1' }, 'badPublicKey'],
      [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }, 'badPublicKey'],
      [null, 'malformed'],
    ] as const)
      expect(typeOf(await stranger.post('/new-account', {}, { jwk })), JSON.stringify(jwk)).toBe(type)
  })

  test('gets no further with bodies that are no request', async () => {
    const url = `${client.base}/new-order`
    const jose = { 'content-type': 'application/jose+json' }
    const post = (body: string, headers: Record<string, string> = jose) =>
      client.send('POST', url, { body, headers })
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post('x'.repeat(70_000))).status).toBe(413)
    for (const body of [
      '',
      '[',
      '[]',
      'null',
      '{}',
      '{"protected":"e30","payload":"","signature":""}',
      `${'['.repeat(60_000)}`,
    ])
      expect((await post(body)).status).toBeLessThan(500)
    expect((await client.send('PUT', url)).status).toBe(405)
    for (const path of ['/', '/order', '/../vault', '/cert/', '/__proto__', `/${'a'.repeat(8000)}`])
      expect((await client.send('GET', `${client.base}${path}`)).status).toBeGreaterThanOrEqual(404)
    const port = Number(new URL(client.base).port)
    const socket = connect(port, '127.0.0.1')
    socket.end('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    expect((await client.send('GET', at.directory)).status).toBe(200)
  })

  test('has a bound on open orders', async () => {
    const other = new RawAcme(at)
    await other.register()
    const nonce = async () => other.nonce()
    let last: AcmeReply | undefined
    for (let count = 0; count < 101; count += 1) {
      const url = `${other.base}/new-order`
      const payload = { identifiers: [{ type: 'dns', value: `n${count}.test` }] }
      const header = {
        nonce: last ? String(last.headers['replay-nonce']) : await nonce(),
        url,
        kid: other.kid,
      }
      last = await other.postJws(url, signJws(header, payload, other.key))
    }
    expect(typeOf(last!)).toBe('rateLimited')
    expect(last!.headers['retry-after']).toBe('60')
  })
})

test('the MAC key of a binding and the key of the server are in no file', async () => {
  const { macKey } = await at.opened.client.acmeServer.addBinding({ label: 'kept' })
  const bytes = Buffer.from(macKey, 'base64url')
  const needles = { bytes: [bytes], texts: [macKey, bytes.toString('hex')] }
  expect(filesWith(at.opened.folder, needles)).toEqual([])
  await at.opened.client.vault.rotate({})
  expect(filesWith(at.opened.folder, needles)).toEqual([])
})
