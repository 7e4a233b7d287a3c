import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createChallengeCertificate } from '../../../../../src/pki/issue/challenge-certificate.ts'
import { RawAcme, type AcmeReply } from '../../../../support/acme/requests.ts'
import { openAcmeServer, type OpenedAcme } from '../../../../support/acme/server.ts'
import { originAt } from '../../../../support/engine/engine.ts'
import { freePort } from '../../../../support/free-port.ts'
import { unless } from '../../../../support/needs.ts'
import { startOtherUser, whyNoOtherUser, type OtherUser } from '../../../../support/processes/other-user.ts'

let at: OpenedAcme
let client: RawAcme
beforeAll(async () => {
  at = await openAcmeServer({ dnsPort: await freePort() })
  client = new RawAcme(at)
  await client.register()
})
afterAll(() => at.close())

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

const problemOf = (reply: AcmeReply) =>
  reply.json() as { type: string; detail: string; subproblems?: object[] }
const typeOf = (reply: AcmeReply) => problemOf(reply).type.replace('urn:ietf:params:acme:error:', '')

interface Found {
  type: string
  url: string
  token: string
}

/** The challenges of an order for one name, before any is answered. */
async function challengesOf(name: string): Promise<{ address: string; challenges: Found[] }> {
  const order = await client.order([name])
  const [address = ''] = order.json()['authorizations'] as string[]
  return { address, challenges: (await client.post(address, null)).json()['challenges'] as Found[] }
}

/** Has a challenge validated after `prepare` has set up its answer. */
async function outcomeOf(
  name: string,
  type: string,
  prepare: (keyAuthorization: string) => Promise<unknown>,
): Promise<{ status: unknown; error: { type: string; detail: string } | undefined }> {
  const { address, challenges } = await challengesOf(name)
  const { url, token } = challenges.find((each) => each.type === type)!
  await prepare(`${token}.${client.thumbprint()}`)
  await client.post(url, {})
  const read = async () => (await client.post(address, null)).json()
  await expect.poll(async () => (await read())['status'], { timeout: 20_000 }).not.toBe('pending')
  const { error } = (await client.post(url, null)).json() as { error?: { type: string; detail: string } }
  return { status: (await read())['status'], error }
}

/** A web server of this user that answers every challenge of `client`. */
async function answering(port: number): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`)
    response.end(`${request.url?.split('/').at(-1)}.${client.thumbprint()}`)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  endings.push(() => new Promise((resolve) => server.close(resolve)))
  return { port: (server.address() as { port: number }).port, asked }
}

describe('another user of this computer', unless(whyNoOtherUser), () => {
  async function otherUser(): Promise<OtherUser> {
    const other = await startOtherUser(at)
    endings.push(() => other.close())
    return other
  }

  test('gets neither an account nor a nonce', async () => {
    const other = await otherUser()
    const before = (await at.opened.client.acmeServer.accounts({})).accounts.length
    expect(await other.perform({ kind: 'register' })).toMatchObject({
      ...{ directory: 403, nonce: null, status: 403 },
      text: expect.stringContaining('the user who runs Edgekeep') as string,
    })
    expect((await at.opened.client.acmeServer.accounts({})).accounts).toHaveLength(before)
  })

  test.each([
    ['http-01', 'while the connection stays open', {}],
    ['http-01', 'and closes the connection first', { closesFirst: true }],
  ])('proves no name by %s where it answers %s', async (type, _, more) => {
    const other = await otherUser()
    const { status, error } = await outcomeOf('nas.internal', type, (body) =>
      other.perform({ kind: 'http', port: at.httpPort, body, ...more }),
    )
    expect(status).toBe('invalid')
    expect(error?.type).toContain('unauthorized')
    expect(error?.detail).toContain('of the user who runs Edgekeep, or of root')
  })

  test('proves no name by tls-alpn-01', async () => {
    const other = await otherUser()
    const { status, error } = await outcomeOf('router.home.arpa', 'tls-alpn-01', async (keyAuthorization) => {
      const digest = createHash('sha256').update(keyAuthorization).digest()
      const shown = await createChallengeCertificate({ name: 'router.home.arpa', digest, at: new Date() })
      return other.perform({ kind: 'tls', port: at.tlsPort, ...shown })
    })
    expect([status, error?.type]).toEqual(['invalid', expect.stringContaining('unauthorized')])
  })

  test('proves no name by dns-01', async () => {
    const other = await otherUser()
    const dnsPort = (await at.opened.client.acmeServer.state()).settings.dnsPort!
    const { status, error } = await outcomeOf('*.nas.internal', 'dns-01', (keyAuthorization) => {
      const value = createHash('sha256').update(keyAuthorization).digest('base64url')
      return other.perform({ kind: 'dns', port: dnsPort, value })
    })
    expect([status, error?.type]).toEqual(['invalid', expect.stringContaining('unauthorized')])
  })
})

describe('a name that the edge serves', () => {
  const add = async (name: string, origin: number) => {
    await at.opened.client.domains.add({ name, origin: originAt(origin) })
    endings.push(() => at.opened.client.domains.remove({ domain: name }))
  }

  test('is validated at the edge, whatever answers at the port for http-01', async () => {
    const elsewhere = await answering(at.httpPort)
    await add('shop.test', 9)
    const refused = await outcomeOf('shop.test', 'http-01', async () => undefined)
    expect(refused.status).toBe('invalid')
    expect(elsewhere.asked).toEqual([])
    const origin = await answering(0)
    await add('served.test', origin.port)
    expect((await outcomeOf('served.test', 'http-01', async () => undefined)).status).toBe('valid')
    expect(elsewhere.asked).toEqual([])
    expect(origin.asked).toEqual([expect.stringContaining('/.well-known/acme-challenge/')])
  })

  test('is validated through the redirect of its domain to HTTPS, at the edge’s own port', async () => {
    const origin = await answering(0)
    await add('secure.test', origin.port)
    const { client: engine } = at.opened
    await engine.https.enable({ domain: 'secure.test', source: { type: 'free' } })
    await engine.domains.setRedirect({ domain: 'secure.test', redirect: { mode: 'https', code: 301 } })
    expect((await outcomeOf('secure.test', 'http-01', async () => undefined)).status).toBe('valid')
    expect(origin.asked).toHaveLength(1)
  })

  test('is validated by no DNS server, and a wildcard above it by nothing', async () => {
    await add('a.shop.test', 9)
    await add('*.wild.test', 9)
    const typesOf = async (name: string) => (await challengesOf(name)).challenges.map(({ type }) => type)
    for (const name of ['a.shop.test', 'b.wild.test'])
      expect(await typesOf(name), name).toEqual(['http-01', 'tls-alpn-01'])
    expect(await typesOf('b.shop.test')).toContain('dns-01')
    for (const name of ['*.shop.test', '*.wild.test']) {
      const reply = await client.order([name, 'other.test'])
      expect(typeOf(reply)).toBe('rejectedIdentifier')
      expect(problemOf(reply).subproblems).toEqual([
        expect.objectContaining({ identifier: { type: 'dns', value: name } }),
      ])
    }
    expect((await client.order(['*.free.shop.test'])).status).toBe(201)
  })

  test('is validated by no DNS server either where its domain was added after the order', async () => {
    const { status, error } = await outcomeOf('late.test', 'dns-01', () => add('late.test', 9))
    expect([status, error?.detail]).toEqual(['invalid', expect.stringContaining('at the edge alone')])
  })

  test('gets a certificate from the edge’s own ACME client', async () => {
    await add('own.test', 9)
    const { client: engine } = at.opened
    const rootsPem = (await engine.authority.get())!.root.pem
    await engine.acme.addAccount({ name: 'Local', directory: at.directory, rootsPem })
    for (const challenge of ['http-01', 'tls-alpn-01'] as const) {
      let last = ''
      const wanted = { domain: 'own.test', account: 'Local', wish: { challenge } }
      for await (const event of await engine.acme.obtain(wanted)) last = event.type
      expect(last, challenge).toBe('done')
    }
  })
})

test('an address is certified only where this computer has it', async () => {
  for (const value of ['192.168.1.1', '10.0.0.1', '169.254.169.254', 'fd00::1']) {
    const reply = await client.post('/new-order', { identifiers: [{ type: 'ip', value }] })
    expect(typeOf(reply), value).toBe('rejectedIdentifier')
    expect(JSON.stringify(problemOf(reply).subproblems)).toContain('does not have this address')
  }

  for (const value of ['127.0.0.1', '::1'])
    expect((await client.post('/new-order', { identifiers: [{ type: 'ip', value }] })).status, value).toBe(
      201,
    )
})
