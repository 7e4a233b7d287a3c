import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import type { TlsPolicy } from '../../../../../src/contract/domains/tls-policy.ts'
import type { HandshakeFacts } from '../../../../../src/edge/worker/observe/observe.ts'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'
import { connectPlain, exchangeBytes, routeTo, startTestEdge } from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { openssl, shakeHands, writeTo } from '../../../../support/pki/openssl.ts'
import { waits } from '../../../../support/waits.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'
import type { Route } from '../../../../../src/edge/protocol/snapshot.ts'

const authority = createTestAuthority()
const leaves = {
  ec: issueTestLeaf(authority, { names: ['*.test'] }),
  rsa: issueTestLeaf(authority, { names: ['*.test'], key: 'rsa' }),
  p521: issueTestLeaf(authority, { names: ['*.test'], key: 'p521' }),
}
const run = promisify(execFile)

let folder: string
const handshakes: HandshakeFacts[] = []

const edge = edgeWithOrigin(() => startOrigin((_request, response) => response.end('the page')), {
  routes,
  leaves,
  observer: { exchangeEnded: () => undefined, handshake: (facts) => handshakes.push(facts) },
})
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tls-policies-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => handshakes.splice(0))

function domain(name: string, tls: Partial<TlsPolicy> = {}, certificateId: keyof typeof leaves = 'rsa') {
  return routeTo(edge.origin.port, {
    domain: name,
    certificateId,
    policies: { ...defaultPolicies, tls: { ...defaultPolicies.tls, ...tls } },
  })
}

function routes(): Route[] {
  return [
    domain('plain.test'),
    domain('p521.test', {}, 'p521'),
    domain('new.test', { minimumVersion: '1.3' }),
    domain('modern.test', { ciphers: 'modern' }),
    domain('elder.test', { ciphers: 'compatible' }),
    domain('h1.test', { http2: false }),
    domain('fresh.test', { sessionTickets: false }),
  ]
}

const handshake = (name: string, ...more: string[]) => shakeHands(edge.https, name, ...more)
const refused = () => expect.objectContaining({ result: 'refused' }) as HandshakeFacts

describe('the minimum version of a domain', () => {
  test.each(['new.test', 'modern.test'])(
    'refuses TLS 1.2 under a minimum of 1.3, in the handshake with %s',
    async (name) => {
      expect(await handshake(name, '-tls1_2')).toMatch(/alert protocol version/)
      expect(handshakes).toEqual([refused()])
      expect(handshakes[0]).toMatchObject({ reason: 'protocol-version', serverName: name })
      expect(await handshake(name)).toMatch(/New, TLSv1\.3,[^]*the page/)
    },
  )

  test('accepts TLS 1.2 and 1.3 under a minimum of 1.2, and answers older versions with the alert', async () => {
    expect(await handshake('plain.test', '-tls1_2')).toMatch(/New, TLSv1\.2,[^]*the page/)
    const elder = await handshake('plain.test', '-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0')
    expect(elder).toMatch(/alert protocol version/)
    expect(handshakes.at(-1)).toMatchObject({ result: 'refused', reason: 'protocol-version' })
  })
})

describe('the ciphers of a domain', () => {
  const cipherOf = async (name: string, cipher: string) =>
    /Cipher is (\S+)/.exec(await handshake(name, '-tls1_2', '-cipher', cipher))?.[1]

  test('are those with forward secrecy where nothing is set', async () => {
    expect(await cipherOf('plain.test', 'ECDHE-RSA-AES128-GCM-SHA256')).toBe('ECDHE-RSA-AES128-GCM-SHA256')
    expect(await cipherOf('plain.test', 'AES128-SHA:ECDHE-RSA-AES128-SHA')).toBe('(NONE)')
    expect(handshakes.at(-1)).toMatchObject({ reason: 'no-shared-cipher', serverName: 'plain.test' })
  })

  test('are those of old clients too where they are to be compatible, in the order of the edge', async () => {
    expect(await cipherOf('elder.test', 'AES128-SHA')).toBe('AES128-SHA')
    expect(await cipherOf('elder.test', 'AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256')).toBe(
      'ECDHE-RSA-AES128-GCM-SHA256',
    )
  })

  test('are in the order of the client where all are good', async () => {
    const told = await handshake(
      'plain.test',
      '-ciphersuites',
      'TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
    )
    expect(told).toContain('Cipher is TLS_CHACHA20_POLY1305_SHA256')
  })

  test.each(['-tls1_2', '-tls1_3'])('serve a key on P-521 in %s', async (version) => {
    expect(await handshake('p521.test', version)).toContain('the page')
  })
})

describe('HTTP/2', () => {
  const curl = async (name: string) => {
    const where = ['--resolve', `${name}:${edge.https}:127.0.0.1`, `https://${name}:${edge.https}/`]
    const { stdout } = await run('curl', ['-sk', '-o', '/dev/null', '-w', '%{http_version}', ...where])
    return stdout
  }

  test('is spoken where the domain has it, and not where it is off', async () => {
    expect(await curl('plain.test')).toBe('2')
    expect(await curl('h1.test')).toBe('1.1')
  })

  test('alone is refused with no_application_protocol where it is off', async () => {
    expect(await handshake('h1.test', '-alpn', 'h2')).toMatch(/alert no application protocol/)
    expect(handshakes.at(-1)).toMatchObject({ reason: 'no-shared-protocol' })
  })
})

describe('session tickets', () => {
  const reuses = async (name: string, version: string, session: string) =>
    /^Reused, /m.test(await handshake(name, version, '-sess_in', session))

  test.each(['-tls1_2', '-tls1_3'])('are taken up where the domain gives them, in %s', async (version) => {
    const session = join(folder, `plain${version}`)
    await handshake('plain.test', version, '-sess_out', session)
    expect(await reuses('plain.test', version, session)).toBe(true)
    // The name is known though the session was resumed.
    expect(handshakes.at(-1)).toMatchObject({ result: 'resumed', serverName: 'plain.test' })
  })

  test.each(['-tls1_2', '-tls1_3'])(
    'are neither given nor taken where they are off, in %s',
    async (version) => {
      const session = join(folder, `fresh${version}`)
      const first = await handshake('fresh.test', version, '-sess_out', session)
      expect(first).toContain('the page')
      expect(await reuses('fresh.test', version, session).catch(() => false)).toBe(false)
    },
  )

  test('are not accepted under another policy, though the certificate is the same', async () => {
    const session = join(folder, 'crossing')
    await handshake('plain.test', '-sess_out', session)
    for (const name of ['elder.test', 'h1.test', 'new.test'])
      expect(await reuses(name, '-tls1_3', session)).toBe(false)
    expect(await reuses('plain.test', '-tls1_3', session)).toBe(true)
  })

  test('end with the policy that they were made under', async () => {
    const session = join(folder, 'changing')
    await handshake('plain.test', '-sess_out', session)
    edge.apply({ routes: [domain('plain.test', { http2: false }), ...routes().slice(1)] })
    expect(await reuses('plain.test', '-tls1_3', session)).toBe(false)
    edge.apply({ routes: routes() })
  })
})

describe('a connection without a handshake for a domain', () => {
  const answered = async (bytes: string | Buffer) => exchangeBytes(await connectPlain(edge.https), bytes)

  test('is reported with its alert and its reason: no name', async () => {
    const noName = ['s_client', '-connect', `127.0.0.1:${edge.https}`, '-noservername']
    expect(await openssl(noName)).toMatch(/alert missing extension/)
    expect(await openssl([...noName, '-tls1_2'])).toMatch(/alert handshake failure/)
    expect(handshakes.map(({ reason, serverName }) => [reason, serverName])).toEqual([
      ['no-name', null],
      ['no-name', null],
    ])
    expect(handshakes[0]?.hello?.cipherSuites).toContain(0x1301)
  })

  test('is reported with its alert and its reason: a name that is not served', async () => {
    expect(await handshake('other.example')).toMatch(/unrecognized name/)
    expect(handshakes).toEqual([refused()])
    expect(handshakes[0]).toMatchObject({ reason: 'unknown-name', serverName: 'other.example' })
    edge.apply({
      routes: [...routes(), routeTo(edge.origin.port, { domain: 'off.test', certificateId: null })],
    })
    expect(await handshake('off.test')).toMatch(/unrecognized name/)
    expect(handshakes[1]).toMatchObject({ reason: 'https-off', serverName: 'off.test' })
    edge.apply({ routes: routes() })
  })

  test('gets a page with instructions for a request of plain HTTP', async () => {
    const answer = await answered('GET / HTTP/1.1\r\nHost: plain.test\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer).toContain('Write https:// in front of the address.')
    expect(handshakes).toMatchObject([{ reason: 'http', hello: null }])
  })

  test('is closed without a word for anything else, and with decode_error for TLS that is none', async () => {
    expect(await answered('SSH-2.0-client\r\n')).toBe('')
    const bad = Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 3])
    expect(Buffer.from(await answered(bad), 'latin1')).toEqual(Buffer.from([21, 3, 3, 0, 2, 2, 50]))
    expect(handshakes.map(({ reason }) => reason)).toEqual(['not-tls', 'malformed'])
  })

  test('ends when it takes too long, also one byte at a time', async () => {
    const slow = await startTestEdge(routes(), {
      leaves,
      limits: { handshakeMs: 200 },
      observer: { exchangeEnded: () => undefined, handshake: (facts) => handshakes.push(facts) },
    })
    const socket = await connectPlain(slow.https)
    const timer = setInterval(() => socket.write(Buffer.from([22])), 20)
    socket.write(Buffer.from([22, 3, 1, 2, 0]))
    await new Promise((resolve) => socket.once('close', resolve))
    clearInterval(timer)
    expect(handshakes).toMatchObject([{ result: 'refused', reason: 'timeout' }])
    await slow.close()
  })

  test('is not reported if it sent nothing', async () => {
    const socket = await connectPlain(edge.https)
    socket.end()
    await new Promise((resolve) => socket.once('close', resolve))
    expect(handshakes).toEqual([])
  })

  test('is reported with the client’s reason against the certificate, as from curl here', async () => {
    const where = ['--resolve', `plain.test:${edge.https}:127.0.0.1`, `https://plain.test:${edge.https}/`]
    for (const newest of ['1.2', '1.3'])
      await run('curl', ['-s', '--tls-max', newest, ...where]).catch(() => undefined)
    await vi.waitFor(() => expect(handshakes).toHaveLength(2), waits)
    for (const facts of handshakes)
      expect(facts).toMatchObject({ reason: 'client-alert', detail: 'unknown_ca', serverName: 'plain.test' })
  })

  test('is reported if the client found the certificate expired', async () => {
    const dayMs = 24 * 60 * 60 * 1000
    const [notBefore, notAfter] = [new Date(Date.now() - 9 * dayMs), new Date(Date.now() - dayMs)]
    const expired = issueTestLeaf(authority, { names: ['old.test'], notBefore, notAfter })
    edge.apply({
      routes: [routeTo(edge.origin.port, { domain: 'old.test', certificateId: 'expired' })],
      leaves: { expired },
    })
    const { anchor } = writeTo(folder, { anchor: authority.certificatePem })
    await handshake('old.test', '-CAfile', anchor!, '-verify_return_error')
    await vi.waitFor(() => expect(handshakes).toHaveLength(1), waits)
    expect(handshakes[0]).toMatchObject({ reason: 'client-alert', detail: 'certificate_expired' })
    edge.apply({ routes: routes(), leaves })
  })
})
