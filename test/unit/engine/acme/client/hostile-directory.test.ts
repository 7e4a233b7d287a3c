import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { registerAccount } from '../../../../../src/engine/acme/client/account.ts'
import type { ChallengeTask } from '../../../../../src/engine/acme/client/challenges.ts'
import { runOrder, type OrderRequest } from '../../../../../src/engine/acme/client/order.ts'
import { recordAhead } from '../../../../../src/engine/acme/client/persistent-challenge.ts'
import { chooseChain } from '../../../../../src/engine/acme/client/received-chain.ts'
import { fetchRenewalInfo } from '../../../../../src/engine/acme/client/renewal-info.ts'
import { openSession, type AcmeSession } from '../../../../../src/engine/acme/client/session.ts'
import { publicJwk } from '../../../../../src/engine/acme/jose/jwk.ts'
import { signJws } from '../../../../../src/engine/acme/jose/jws.ts'
import { readLeafNames } from '../../../../../src/pki/issue/leaf-names.ts'
import { makeRequest } from '../../../../../src/pki/issue/request.ts'
import { startHostileDirectory, type HostileDirectory } from '../../../../support/acme/hostile-directory.ts'

const { privateKey: accountKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const leafKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const signer = {
  jwk: publicJwk(accountKey),
  sign: (header: object, payload: object | null) => signJws(header, payload, accountKey),
}

let server: HostileDirectory
const sessions: AcmeSession[] = []
beforeEach(async () => {
  server = await startHostileDirectory()
})
afterEach(async () => {
  for (const session of sessions.splice(0)) session[Symbol.dispose]()
  await server.close()
})

async function open({
  mayBePrivate = true,
  url = server.url,
  signal,
}: { mayBePrivate?: boolean; url?: string; signal?: AbortSignal } = {}) {
  const place = { url, rootsPem: server.rootPem, mayBePrivate }
  const accountUrl = `${server.origin}/account/1`
  const session = await openSession({
    place,
    signer,
    accountUrl,
    clock: () => new Date(),
    timeoutMs: 3_000,
    signal,
  })
  sessions.push(session)
  return session
}

async function order(more: Partial<OrderRequest> = {}, signal?: AbortSignal) {
  return runOrder(await open({ signal }), signer, {
    names: ['shop.test'],
    challenge: 'http-01',
    accountUrl: `${server.origin}/account/1`,
    formerThumbprints: [],
    profile: null,
    replaces: null,
    csr: () => makeRequest({ names: readLeafNames(['shop.test']), privateKey: leafKeys.privateKey }),
    answerer: { present: () => Promise.resolve(), withdraw: () => Promise.resolve() },
    onState: () => undefined,
    timeoutMs: 500,
    pollMs: 50,
    ...more,
  })
}

const wanted = (names = ['shop.test']) => ({
  host: 'acme.test',
  publicKey: leafKeys.publicKey,
  names,
  at: new Date(),
  preferredIssuer: null,
})

describe('An ACME directory', () => {
  test('gives a certificate if it behaves', async () => {
    const { chain } = chooseChain(await order(), wanted())
    expect(chain[0]?.title).toBe('shop.test')
  })

  test.each([
    'http://127.0.0.1/dir',
    'file:///etc/passwd',
    'https://name:word@acme.test/',
    'no url',
    `https://a.test/${'a'.repeat(2100)}`,
  ])('is not fetched from %.40s', async (url) => {
    await expect(open({ url })).rejects.toMatchObject({ code: 'acme.url_refused' })
  })

  test.each([
    'https://127.0.0.1',
    'https://[::1]',
    'https://localhost',
    'https://10.0.0.1',
    'https://[::ffff:127.0.0.1]',
    'https://169.254.169.254',
  ])('is not fetched from %s unless a person typed that', async (host) => {
    const url = `${host}:${new URL(server.url).port}/dir`
    await expect(open({ mayBePrivate: false, url })).rejects.toMatchObject({ code: 'acme.url_refused' })
    expect(server.asked).toEqual([])
  })

  test.each(['https://127.0.0.1:1/x', 'https://localhost/x', 'file:///etc/passwd', 'http://shop.test/x'])(
    'leads nowhere by a link to %s',
    async (link) => {
      server.instead.set('/dir', () => ({ body: { newNonce: link, newAccount: link, newOrder: link } }))
      await expect(order()).rejects.toMatchObject({ code: 'acme.url_refused' })
      expect(server.asked).toEqual(['/dir'])
    },
  )

  test.each([301, 302, 307, 308])('is not followed by a redirect (%i)', async (status) => {
    server.instead.set('/dir', () => ({ status, headers: { location: `${server.origin}/elsewhere` } }))
    await expect(open()).rejects.toMatchObject({ code: 'acme.answer_unusable' })
    expect(server.asked).toEqual(['/dir'])
  })

  test('is abandoned if its body has no end', async () => {
    server.instead.set('/dir', () => ({ endless: true }))
    await expect(open()).rejects.toMatchObject({
      code: 'acme.answer_unusable',
      message: expect.stringContaining('longer than 512 KB') as string,
    })
  })

  test('is unreachable if it is silent or absent', async () => {
    server.instead.set('/dir', () => ({ silent: true }))
    await expect(open()).rejects.toMatchObject({ code: 'acme.unreachable' })
    const { url } = server
    await server.close()
    await expect(open({ url })).rejects.toMatchObject({
      code: 'acme.unreachable',
      data: { reason: 'ECONNREFUSED' },
    })
    server = await startHostileDirectory()
  })

  test('is refused if its certificate is not trusted, with the way to trust it', async () => {
    const other = await startHostileDirectory()
    try {
      await expect(open({ url: other.url })).rejects.toMatchObject({
        code: 'acme.untrusted',
        message: expect.stringContaining('--roots FILE') as string,
      })
    } finally {
      await other.close()
    }
  })

  test.each([
    ['[]'],
    ['{}'],
    ['not JSON'],
    [{ newNonce: 7 }],
    [{ newNonce: 'x'.repeat(5000), newAccount: '', newOrder: '' }],
  ])('that is none is said to be none: %j', async (body) => {
    server.instead.set('/dir', () => ({ body }))
    await expect(open()).rejects.toMatchObject({ code: 'acme.answer_unusable' })
  })
})

describe('A server of an authority', () => {
  test.each(['', 'not base64url!', 'x'.repeat(600)])(
    'is abandoned if its nonces are invalid (%j)',
    async (nonce) => {
      server.instead.set('/nonce', () => ({ headers: { 'replay-nonce': nonce } }))
      await expect(order()).rejects.toMatchObject({ code: 'acme.answer_unusable' })
    },
  )

  test('is asked six times at most if it rejects every nonce', async () => {
    server.instead.set('/order', () => ({
      status: 400,
      body: { type: 'urn:ietf:params:acme:error:badNonce' },
    }))
    await expect(order()).rejects.toMatchObject({
      code: 'acme.problem',
      data: { problem: { type: 'badNonce' } },
    })
    expect(server.asked.filter((path) => path === '/order')).toHaveLength(6)
  })

  test('is quoted with its own problem and subproblems, which steer no terminal', async () => {
    server.instead.set('/order', () => ({
      status: 403,
      body: {
        type: 'urn:ietf:params:acme:error:rejectedIdentifier',
        detail: 'Some names are refused \u001b[2J',
        subproblems: [
          {
            type: 'urn:ietf:params:acme:error:caa',
            detail: 'CAA says no',
            identifier: { type: 'dns', value: 'shop.test' },
          },
        ],
      },
    }))
    const refused = order()
    await expect(refused).rejects.toMatchObject({
      code: 'acme.problem',
      data: { problem: { type: 'rejectedIdentifier' } },
    })
    await expect(refused).rejects.toThrow('shop.test: CAA says no')
    await expect(refused).rejects.toThrow(String.raw`\u001b[2J`)
  })

  test.each([
    ['a number of seconds', '120', 120_000],
    ['a date', new Date(Date.now() + 600_000).toUTCString(), 600_000],
    ['nothing', undefined, 3_600_000],
    ['nonsense', 'soon', 3_600_000],
    ['a year', String(365 * 86_400), 31 * 86_400_000],
  ])('that limits us is left alone as long as it says: %s', async (_what, field, ms) => {
    const headers: Record<string, string> = field === undefined ? {} : { 'retry-after': field }
    server.instead.set('/order', () => ({
      status: 429,
      headers,
      body: { type: 'urn:ietf:params:acme:error:rateLimited', detail: 'Too many' },
    }))
    const error: unknown = await order().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'acme.rate_limited' })
    const { retryAt } = (error as { data: { retryAt: string } }).data
    expect(Math.abs(Date.parse(retryAt) - Date.now() - ms)).toBeLessThan(10_000)
  })

  test('is abandoned if it processes for ever', async () => {
    server.instead.set('/order/1', () => ({
      headers: { 'retry-after': '0' },
      body: {
        status: 'processing',
        identifiers: [{ type: 'dns', value: 'shop.test' }],
        authorizations: [],
        finalize: `${server.origin}/finalize`,
      },
    }))
    await expect(order()).rejects.toMatchObject({ code: 'acme.too_slow' })
  })

  test('is not waited for any longer once the order is cancelled', async () => {
    const cancel = new AbortController()
    server.instead.set('/order/1', () => {
      cancel.abort(new Error('cancelled'))
      return { silent: true }
    })
    await expect(order({}, cancel.signal)).rejects.toThrow('cancelled')
  })

  test.each([
    ['other names', { identifiers: [{ type: 'dns', value: 'bank.test' }] }],
    ['a token that is part of a path', null],
  ])('cannot have us validate %s', async (_what, over) => {
    if (over)
      server.instead.set('/order', () => ({
        status: 201,
        headers: { location: `${server.origin}/order/1` },
        body: {
          status: 'pending',
          authorizations: [`${server.origin}/authorization`],
          finalize: `${server.origin}/finalize`,
          ...over,
        },
      }))
    else
      server.instead.set('/authorization', () => ({
        body: {
          status: 'pending',
          identifier: { type: 'dns', value: 'shop.test' },
          challenges: [
            {
              type: 'http-01',
              url: `${server.origin}/challenge`,
              status: 'pending',
              token: '../../../etc/passwd/aaaaaaaaa',
            },
          ],
        },
      }))
    await expect(order()).rejects.toMatchObject({ code: 'acme.answer_unusable' })
  })

  test('cannot have us validate a name beside those of the order', async () => {
    server.instead.set('/authorization', () => ({
      body: {
        status: 'pending',
        identifier: { type: 'dns', value: 'bank.test' },
        challenges: [
          { type: 'http-01', url: `${server.origin}/challenge`, status: 'pending', token: 'a'.repeat(43) },
        ],
      },
    }))
    await expect(order()).rejects.toMatchObject({ code: 'acme.answer_unusable' })
  })

  test('is distinguished from a failing one if it lacks the wanted challenge or profile', async () => {
    await expect(order({ challenge: 'tls-alpn-01' })).rejects.toMatchObject({
      code: 'acme.challenge_unavailable',
      data: { offered: ['http-01', 'dns-01'] },
    })
    await expect(order({ profile: 'shortlived' })).rejects.toMatchObject({
      code: 'acme.profile_unknown',
      data: { offered: [] },
    })
  })

  test('is quoted with why a name could not be validated', async () => {
    const error = { type: 'urn:ietf:params:acme:error:connection', detail: 'Connection refused on port 80' }
    let looks = 0
    server.instead.set('/authorization', () => ({
      body: {
        status: (looks += 1) > 1 ? 'invalid' : 'pending',
        identifier: { type: 'dns', value: 'shop.test' },
        challenges: [
          {
            type: 'http-01',
            url: `${server.origin}/challenge`,
            status: 'pending',
            token: 'a'.repeat(43),
            error,
          },
        ],
      },
    }))
    const failed = order()
    await expect(failed).rejects.toMatchObject({
      code: 'acme.validation_failed',
      data: { name: 'shop.test', challenge: 'http-01', problem: { type: 'connection' } },
    })
    await expect(failed).rejects.toThrow('Connection refused on port 80')
  })

  test('withdraws what was shown also where the validation fails', async () => {
    const shown: string[] = []
    server.instead.set('/challenge', () => ({ status: 500, body: {} }))
    const answerer = {
      present: () => Promise.resolve(void shown.push('present')),
      withdraw: () => Promise.resolve(void shown.push('withdraw')),
    }
    await expect(order({ answerer })).rejects.toMatchObject({ code: 'acme.problem' })
    expect(shown).toEqual(['present', 'withdraw'])
  })

  test('orders without "replaces" where the server does not know the certificate', async () => {
    const payloads: unknown[] = []
    server.instead.set('/order', ({ payload }) => {
      payloads.push(payload)
      if ((payload as { replaces?: string }).replaces !== undefined)
        return { status: 409, body: { type: 'urn:ietf:params:acme:error:alreadyReplaced' } }
      server.instead.delete('/order')
      return {
        status: 201,
        headers: { location: `${server.origin}/order/1` },
        body: {
          status: 'ready',
          identifiers: [{ type: 'dns', value: 'shop.test' }],
          authorizations: [],
          finalize: `${server.origin}/finalize`,
        },
      }
    })
    expect(await order({ replaces: 'aaaa.bbbb' })).toHaveLength(1)
    expect(payloads).toMatchObject([{ replaces: 'aaaa.bbbb' }, { identifiers: [{ value: 'shop.test' }] }])
  })

  test('wants its terms agreed to', async () => {
    server.instead.set('/dir', () => ({
      body: {
        newNonce: `${server.origin}/nonce`,
        newAccount: `${server.origin}/account`,
        newOrder: `${server.origin}/order`,
        meta: { termsOfService: 'https://acme.test/terms' },
      },
    }))
    const asked = registerAccount(await open(), signer, { contact: [], agreed: false, binding: null })
    await expect(asked).rejects.toMatchObject({ code: 'acme.terms_not_agreed' })
  })

  test.each([
    [{ start: '2027-01-02T00:00:00Z', end: '2027-01-01T00:00:00Z' }],
    [{ start: 'never', end: 'ever' }],
    ['soon'],
  ])('gives no window to renew in that is none: %j', async (suggestedWindow) => {
    server.instead.set('/renewal/aaaa.bbbb', () => ({ body: { suggestedWindow } }))
    await expect(fetchRenewalInfo(await open(), 'aaaa.bbbb')).rejects.toMatchObject({
      code: 'acme.answer_unusable',
    })
  })
})

describe('A challenge of dns-persist-01', () => {
  const answer = (challenge: object, identifier: object = { type: 'dns', value: 'shop.test' }) =>
    server.instead.set('/authorization', () => ({
      body: {
        status: 'pending',
        identifier,
        challenges: [
          { type: 'dns-persist-01', url: `${server.origin}/challenge`, status: 'pending', ...challenge },
        ],
      },
    }))
  const directory = (meta: object) =>
    server.instead.set('/dir', () => ({
      body: {
        newNonce: `${server.origin}/nonce`,
        newAccount: `${server.origin}/account`,
        newOrder: `${server.origin}/order`,
        meta,
      },
    }))
  /** Record that the client was about to look up; no challenge may have been requested. */
  const presented = async (more: Partial<OrderRequest> = {}) => {
    const tasks: ChallengeTask[] = []
    const answerer = {
      present: (task: ChallengeTask) => {
        tasks.push(task)
        return Promise.reject(new Error('enough'))
      },
      withdraw: () => Promise.resolve(),
    }
    const error: unknown = await order({ challenge: 'dns-persist-01', answerer, ...more }).catch(
      (e: unknown) => e,
    )
    expect(server.asked).not.toContain('/challenge')
    return { record: tasks[0]?.record, error }
  }
  const names = (count: number) => Array.from({ length: count }, (_, index) => `ca${index}.test`)

  test.each([
    ['no issuers', {}],
    ['an empty list', { issuerDomainNames: [] }],
    ['eleven issuers', { issuerDomainNames: names(11) }],
    ['an issuer in capitals', { issuerDomainNames: ['CA.test'] }],
    ['an issuer with a dot at its end', { issuerDomainNames: ['ca.test.'] }],
    ['an issuer that ends the value and begins another', { issuerDomainNames: ['ca.test; policy=wildcard'] }],
    ['an issuer with a quote', { issuerDomainNames: ['ca.test" "x'] }],
    ['an issuer with a line end', { issuerDomainNames: ['ca.test\nca2.test'] }],
    ['an issuer that is too long', { issuerDomainNames: [`${'a.'.repeat(130)}test`] }],
    ['an issuer that is no text', { issuerDomainNames: [7] }],
    ['issuers that are an object', { issuerDomainNames: { 0: 'ca.test' } }],
  ])('with %s is malformed', async (_what, challenge) => {
    answer(challenge)
    expect((await presented()).error).toMatchObject({ code: 'acme.answer_unusable' })
  })

  test('is malformed without an issuer that the directory names, or with one that CAA records cannot', async () => {
    directory({ issuerDomainNames: ['ca.test', 'other.test'], accountHashPrefix: 'https://ca.test/h/' })
    answer({ issuerDomainNames: ['ca.test'] })
    expect((await presented()).error).toMatchObject({
      message: expect.stringContaining('leaves out') as string,
    })
    directory({ caaIdentities: ['ca.test'] })
    answer({ issuerDomainNames: ['ca.test', 'else.test'] })
    expect((await presented()).error).toMatchObject({ message: expect.stringContaining('CAA') as string })
    answer({ issuerDomainNames: ['ca.test'] })
    expect((await presented()).record).toMatchObject({ issuer: 'ca.test' })
  })

  test('is for a name of the order alone', async () => {
    answer({ issuerDomainNames: ['ca.test'] }, { type: 'dns', value: 'bank.test' })
    expect((await presented()).error).toMatchObject({ code: 'acme.answer_unusable' })
  })

  test('takes any issuer that is offered, and any key that the account had', async () => {
    directory({ issuerDomainNames: ['b.test'], accountHashPrefix: 'https://ca.test/h/' })
    answer({ issuerDomainNames: ['a.test', 'b.test'] })
    const { record } = await presented({ formerThumbprints: ['former'] })
    // The one that the directory names is that which a record has that was set before the order.
    expect(record).toMatchObject({ issuer: 'b.test', issuers: ['b.test', 'a.test'] })
    expect(record?.accountUris).toHaveLength(4)
    expect(record?.record.value).toBe(`b.test; accounturi=${record?.accountUris[0]}`)
  })

  test.each([
    ['is an address elsewhere', 'https://ca.test/h/'],
    ['tries to add a parameter', 'https://ca.test/h/; policy=wildcard; x='],
    ['holds a quote', 'https://ca.test/"h/'],
    ['steers a terminal', 'https://ca.test/\u001b[2J'],
    ['is not an address', 'no address'],
  ])('whose prefix of accounts %s says only what an address can', async (_what, accountHashPrefix) => {
    directory({ issuerDomainNames: ['ca.test'], accountHashPrefix })
    answer({ issuerDomainNames: ['ca.test'] })
    const { record, error } = await presented()
    if (record === undefined) expect(error).toMatchObject({ code: 'acme.answer_unusable' })
    else expect(record?.record.value).toMatch(/^ca\.test; accounturi=https:\/\/[\w.:/-]+$/)
  })

  test('needs a directory that names issuers, where the record is to be known before an order', async () => {
    directory({ issuerDomainNames: names(11) })
    const account = { accountUrl: `${server.origin}/account/1`, thumbprints: ['x'] }
    const wantedRecord = { domain: 'shop.test', wildcard: false }
    expect(recordAhead(await open(), wantedRecord, account)).toBeNull()
    directory({ issuerDomainNames: ['ca.test'] })
    expect(recordAhead(await open(), wantedRecord, account)).toMatchObject({
      record: { value: `ca.test; accounturi=${account.accountUrl}` },
    })
  })
})

describe('A certificate that came', () => {
  const refused = (pem: string, names?: string[]) => {
    try {
      chooseChain([pem], wanted(names))
      return 'taken'
    } catch (error) {
      return (error as { code?: string; message: string }).message
    }
  }

  test('is not stored for another key, with other names, or with fewer', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
    expect(refused(server.issue(other, ['shop.test']))).toContain('for another key')
    expect(refused(server.issue(leafKeys.publicKey, ['shop.test', 'bank.test']))).toContain(
      'names that were not asked for: bank.test',
    )
    expect(
      refused(server.issue(leafKeys.publicKey, ['shop.test']), ['shop.test', 'www.shop.test']),
    ).toContain('it lacks www.shop.test')
  })

  test('is not stored where it is none, is over, or its chain does not fit together', () => {
    const good = server.issue(leafKeys.publicKey, ['shop.test'])
    expect(refused('')).toContain('there is no certificate in it')
    expect(refused('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')).toContain(
      'cannot be read',
    )
    expect(refused(good + good)).toContain('does not fit together')
    expect(refused(good.repeat(20))).toContain('too long')
    const late = { ...wanted(), at: new Date(Date.now() + 100 * 86_400_000) }
    expect(() => chooseChain([good], late)).toThrow('it is not valid after')
  })
})
