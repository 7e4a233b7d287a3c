import { randomBytes, scryptSync } from 'node:crypto'
import { connect as connectTls } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import type { StoredAccessPolicy } from '../../../../../src/contract/domains/access-policy.ts'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import { PasswordChecks } from '../../../../../src/edge/worker/policies/password-gate.ts'
import { hashPassword } from '../../../../../src/edge/protocol/passwords.ts'
import { connectPlain, exchangeBytes, routeTo } from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

const password = 'pässword: with a colon'
let authorization: string | undefined

/** A hash of the same form that is checked in a millisecond, for tests of the turns and not of the cost. */
function cheapHash(word: string): string {
  const salt = randomBytes(16)
  const hash = scryptSync(word.normalize('NFC'), salt, 32, { N: 2 ** 10, r: 8, p: 1 })
  return ['scrypt', 10, 8, 1, salt.toString('base64'), hash.toString('base64')].join(':')
}

let users: StoredAccessPolicy['users']
function serve(access: Partial<StoredAccessPolicy>, more: Parameters<typeof routeTo>[1] = {}): void {
  const policies = { ...defaultPolicies, access: { ...defaultPolicies.access, ...access } }
  edge.apply({ routes: [routeTo(edge.origin.port, { policies, ...more })] })
}

const edge = edgeWithOrigin(() =>
  startOrigin((request, response) => {
    authorization = request.headers.authorization
    response.end('in')
  }),
)
beforeAll(async () => {
  users = [{ name: 'anna', passwordHash: await hashPassword(password) }]
})

describe.each(['--http1.1', '--http2'])('a domain with a password, %s', (version) => {
  const ask = (...args: string[]) => edge.curl('https://shop.test/', version, ...args)
  const as = (user: string, word: string) =>
    ask('-H', `Authorization: Basic ${Buffer.from(`${user}:${word}`).toString('base64')}`)

  test('asks for it, and says in which realm', async () => {
    serve({ users, realm: 'The shop' })
    const { status, headers } = await ask()
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toBe('Basic realm="The shop", charset="UTF-8"')
  })

  test('lets in who knows it, again and again, and keeps it from the origin', async () => {
    serve({ users })
    for (let time = 0; time < 3; time += 1)
      expect(await as('anna', password)).toMatchObject({ status: 200, body: 'in' })
    expect(authorization).toBeUndefined()
  })

  test.each([
    ['a wrong password', 'anna', 'wrong'],
    ['a user who is not there', 'otto', password],
    ['an empty password', 'anna', ''],
  ])('refuses %s, also the second time', async (_what, user, word) => {
    serve({ users })
    for (let time = 0; time < 2; time += 1) expect((await as(user, word)).status).toBe(401)
  })

  test.each(['Bearer abc', 'Basic', 'Basic !!!', 'Basic YW5uYQ==', `Basic ${'A'.repeat(5000)}`])(
    'refuses what is no user and password: %.20s',
    async (value) => {
      serve({ users })
      expect((await ask('-H', `Authorization: ${value}`)).status).toBe(401)
    },
  )

  test('hands the field on where that is asked for', async () => {
    serve({ users, forwardAuthorization: true })
    await as('anna', password)
    expect(authorization).toMatch(/^Basic /)
  })

  test('refuses everybody if there is no user', async () => {
    serve({ users: [] })
    expect((await as('anna', password)).status).toBe(401)
  })

  test('asks only where the redirect leads', async () => {
    serve({ users }, { redirect: { mode: 'https', code: 302 } })
    expect((await edge.curl('http://shop.test/')).status).toBe(302)
  })
})

test('two Authorization fields are none', async () => {
  serve({ users })
  const field = `Authorization: Basic ${Buffer.from(`anna:${password}`).toString('base64')}`
  expect((await edge.curl('https://shop.test/', '-H', field, '-H', field)).status).toBe(401)
})

test('a body that is sent along waits for the check and arrives whole', async () => {
  const late = await hashPassword('another password')
  serve({ users: [{ name: 'otto', passwordHash: late }] })
  const bytes = 'x'.repeat(100_000)
  const answer = await edge.curl('https://shop.test/', '-u', 'otto:another password', '--data-binary', bytes)
  expect(answer.status).toBe(200)
})

test('a websocket is opened only with the password', async () => {
  serve({ users })
  const open = (headers: Record<string, string>) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`wss://shop.test:${edge.https}/`, {
        createConnection: () =>
          connectTls({
            host: '127.0.0.1',
            port: edge.https,
            servername: 'shop.test',
            ca: edge.authority.certificatePem,
          }),
        headers: { host: 'shop.test', ...headers },
      })
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.on('error', () => undefined)
    })
  expect(await open({})).toBe(401)
  // The origin has no websockets, so the refusal is its own.
  const basic = `Basic ${Buffer.from(`anna:${password}`).toString('base64')}`
  expect(await open({ authorization: basic })).toBe(200)
})

test('a user with a verified password does not wait for clients that guess', async () => {
  serve({ users })
  const ask = (word: string) => edge.curl('https://shop.test/', '-u', `anna:${word}`)
  await ask(password)
  const done: string[] = []
  await Promise.all([
    ...['guess one', 'guess two'].map((word) => ask(word).then(() => done.push('refused'))),
    ask(password).then(() => done.push('in')),
  ])
  expect(done).toEqual(['in', 'refused', 'refused'])
})

describe('while others guess', () => {
  const basic = (user: string, word: string) =>
    `Authorization: Basic ${Buffer.from(`${user}:${word}`).toString('base64')}\r\n`
  const visit = async (host: string, word: string, untilMs: number) =>
    exchangeBytes(
      await connectPlain(edge.http),
      `GET / HTTP/1.1\r\nHost: ${host}\r\n${basic('anna', word)}Connection: close\r\n\r\n`,
      untilMs,
    )

  function serveBoth(): void {
    // A password that was verified before needs no second check.
    users = [{ name: 'anna', passwordHash: cheapHash(password) }]
    const policies = { ...defaultPolicies, access: { ...defaultPolicies.access, users } }
    const routes = ['guessed.test', 'other.test'].map((domain) =>
      routeTo(edge.origin.port, { domain, certificateId: null, policies }),
    )
    edge.apply({ routes })
  }

  /** Opens forty connections that guess one password after the other. */
  async function guess(): Promise<() => void> {
    const sockets = await Promise.all(Array.from({ length: 40 }, () => connectPlain(edge.http)))
    for (const [at, socket] of sockets.entries()) {
      let guesses = 0
      const next = (): void => {
        guesses += 1
        const fields = basic('anna', `guess ${at} ${guesses}`)
        socket.write(`GET / HTTP/1.1\r\nHost: guessed.test\r\n${fields}\r\n`)
      }
      socket.on('data', (bytes: Buffer) => bytes.includes('</html>') && next())
      next()
    }
    return () => sockets.forEach((socket) => socket.destroy())
  }

  test('a first visit to another domain is answered', { timeout: 60_000 }, async () => {
    serveBoth()
    const stop = await guess()
    expect(await visit('other.test', password, 50_000)).toMatch(/^HTTP\/1\.1 200 /)
    stop()
  })

  test(
    'a first visit to that domain waits for its turn, and is not refused',
    { timeout: 240_000 },
    async () => {
      serveBoth()
      const stop = await guess()
      serveBoth()
      expect(await visit('guessed.test', password, 200_000)).toMatch(/^HTTP\/1\.1 200 /)
      stop()
    },
  )
})

test('guesses beyond the bound are put off, and nothing is forgotten of what was found', async () => {
  const checks = new PasswordChecks(8)
  const passwordHash = cheapHash(password)
  const from = (remoteAddress: string, domain = 'shop.test') => ({
    domain,
    claimant: { remoteAddress },
    isGone: false,
  })
  const guesser = from('192.0.2.1')
  const check = (word: string, asker = guesser, hash: string | null = passwordHash) =>
    checks.check(word, 'anna', hash, asker)
  // The first is being checked, the second has all that its address may have of the queue.
  const answers = [check(password), check('guess one'), check('guess two')]
  expect(answers[2]).toBe('busy')
  const others = [
    check('guess three', from('192.0.2.1', 'other.test')),
    check('guess', { ...guesser, isGone: true }),
  ]
  expect(others[1]).toBe('busy')
  expect(await Promise.all([...answers, others[0]])).toEqual(['in', 'out', 'busy', 'out'])
  expect([check(password), check('guess one')]).toEqual(['in', 'out'])
  expect(await check(password, guesser, null)).toBe('out')
  expect(await check(password, guesser, 'not a hash')).toBe('out')
})

test.each([
  [['127.0.0.1'], 200],
  [['127.0.0.0/8'], 200],
  [['::ffff:127.0.0.1'], 200],
  [['192.168.1.0/24', 'fd00::/8'], 403],
  [['126.255.255.255/8'], 403],
  [[], 403],
])('of the addresses %j, 127.0.0.1 is answered with %d', async (allow, status) => {
  serve({ allow })
  expect((await edge.curl('https://shop.test/')).status).toBe(status)
})

test('an address that is not let in learns nothing of redirect and password', async () => {
  serve({ allow: ['10.0.0.0/8'], users }, { redirect: { mode: 'https', code: 301 } })
  const { status, headers } = await edge.curl('http://shop.test/')
  expect(status).toBe(403)
  expect(headers.location ?? headers['www-authenticate']).toBeUndefined()
})
