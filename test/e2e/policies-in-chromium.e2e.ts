import { rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { defaultPolicies, type StoredPolicies } from '../../src/contract/domains/policies.ts'
import { hashPassword } from '../../src/edge/protocol/passwords.ts'
import type { Route } from '../../src/edge/protocol/snapshot.ts'
import { chainFromPem } from '../../src/pki/facts/certificate.ts'
import { ocspRequest } from '../../src/pki/ocsp/request.ts'
import { strictCertificateOf } from '../../src/pki/x509/certificate.ts'
import { openBrowser, type BrowserRun } from '../support/browser/browser.ts'
import { whyNoBrowserTrust } from '../support/browser/browser-trust.ts'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { KeepingObserver, routeTo, startTestEdge, type TestEdge } from '../support/edge/edge.ts'
import { startOrigin, type TestOrigin } from '../support/edge/origin.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { startResponder } from '../support/pki/ocsp-responder.ts'
import { startHttp2Websockets } from '../support/edge/websocket.ts'

/** A browser under each policy; other tests prove the policies with OpenSSL and curl. */
const authority = createTestAuthority({ commonName: 'Chromium test authority' })
const names = 'shop hsts moved plain modern strict h1 staple mtls door closed small sub files h2c'.split(' ')
const hosts = names.map((name) => `${name}.test`)
const leaves = {
  shop: issueTestLeaf(authority, { names: hosts }),
  staple: issueTestLeaf(authority, { names: ['staple.test'] }),
}

const noTrust = whyNoBrowserTrust()
const observer = new KeepingObserver()
let folder: string
let origin: TestOrigin
let newer: Awaited<ReturnType<typeof startHttp2Websockets>>
let edge: TestEdge
let browser: BrowserRun
let page: Page
let seen: IncomingMessage[] = []
let routes: Map<string, Route>

beforeAll(async () => {
  folder = temporaryFolder()
  writeFileSync(join(folder, 'silence.wav'), silence(600))
  origin = await startOrigin((request, response) => {
    seen.push(request)
    if (request.url === '/enter') {
      return response.writeHead(302, { location: '/inside', 'set-cookie': 'who=anna; Path=/' }).end()
    }
    response.setHeader('content-type', 'text/html')
    response.setHeader('x-powered-by', 'somebody')
    request.resume().on('end', () => response.end('<!doctype html><title>Shop</title><h1>Open</h1>'))
  })
  const sockets = new WebSocketServer({ server: origin.server })
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data, { binary: false })))
  newer = await startHttp2Websockets()
  routes = new Map((await allRoutes()).map((route) => [route.domain, route]))
  // A folder is served only where the vault's own can be told from it.
  edge = await startTestEdge([...routes.values()], { leaves, observer, vaultFolder: temporaryFolder() })
  edge.apply({ publicPorts: { https: 443, http: 80 } })
  if (noTrust) return
  browser = await open()
  page = await browser.context.newPage()
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await edge.close()
  await origin.close()
  newer.close()
  rmSync(folder, { recursive: true })
})

function open(...switches: string[]): Promise<BrowserRun> {
  const { https, http } = edge
  return openBrowser({ authorityPem: authority.certificatePem, hosts, ports: { https, http }, switches })
}

function domain(name: string, policies: Partial<StoredPolicies> = {}, more: Partial<Route> = {}): Route {
  const route = routeTo(origin.port, { domain: `${name}.test` })
  return { ...route, ...more, policies: { ...defaultPolicies, ...policies } }
}

async function allRoutes(): Promise<Route[]> {
  const { tls, access, origins } = defaultPolicies
  const users = [{ name: 'anna', passwordHash: await hashPassword('anna knows this') }]
  const rule = { on: 'response', action: 'set', name: 'x-env', value: 'local' } as const
  const rules = [
    rule,
    { ...rule, action: 'drop', name: 'x-powered-by', value: '' } as const,
    { ...rule, on: 'request', name: 'x-from', value: 'edge' } as const,
  ]
  const below = [{ path: '/app', origin: routeTo(origin.port).origin, stripPath: true }]
  const files = { protocol: 'folder', folder, dotFiles: false } as const
  return [
    domain('shop', { headers: { rules } }),
    domain('hsts', { hsts: { ...defaultPolicies.hsts, days: 1 } }),
    domain('moved', { redirect: { except: ['/plain/*'] } }, { redirect: { mode: 'https', code: 302 } }),
    domain('plain', {}, { redirect: { mode: 'http', code: 307 } }),
    domain('modern', { tls: { ...tls, minimumVersion: '1.3' } }),
    domain('strict', { tls: { ...tls, ciphers: 'modern' } }),
    domain('h1', { tls: { ...tls, http2: false } }),
    domain('staple', { tls: { ...tls, ocspStapling: true } }, { certificateId: 'staple' }),
    domain('mtls', {
      tls: { ...tls, clientCertificates: 'required', clientAnchors: [authority.certificatePem] },
    }),
    domain('door', { access: { ...access, users } }),
    domain('closed', { access: { ...access, allow: ['192.0.2.0/24'] } }),
    domain('small', { body: { maxBytes: 1_000 } }),
    domain('sub', { origins: { ...origins, routes: below } }),
    domain('files', {}, { origin: files }),
    domain('h2c', {}, { origin: routeTo(newer.port, { origin: { protocol: 'h2c' } }).origin }),
  ]
}

/** Connection details from Chromium's network panel. */
async function security(of: Page, url: string) {
  const session = await of.context().newCDPSession(of)
  await session.send('Network.enable')
  const received = new Promise<{ protocol: string; cipher: string; keyExchange: string }>((resolve) =>
    session.on('Network.responseReceived', ({ response, type }) => {
      if (type === 'Document' && response.securityDetails) resolve(response.securityDetails)
    }),
  )
  await of.goto(url)
  const details = await received
  await session.detach()
  return details
}

const nextHop = () =>
  page.evaluate(
    () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).nextHopProtocol,
  )
const seenBy = (host: string) => seen.filter(({ headers }) => headers.host === host)
const statusOf = async (url: string) => (await page.goto(url))?.status()

describe('Chromium', () => {
  beforeEach((context) => {
    if (noTrust) context.skip(noTrust)
  })

  describe('under HSTS', () => {
    test('goes over HTTP until it was told, then over HTTPS, until it is told to forget', async () => {
      await page.goto('http://hsts.test/')
      expect(page.url()).toBe('http://hsts.test/')
      await page.goto('https://hsts.test/')
      const upgraded = await page.goto('http://hsts.test/cart')
      expect(page.url()).toBe('https://hsts.test/cart')
      // It did not even ask: the answer is the browser's own.
      const hop = await upgraded?.request().redirectedFrom()?.response()
      expect(hop?.status()).toBe(307)
      expect(hop?.headers()).toMatchObject({ 'non-authoritative-reason': 'HSTS' })
      const forget = domain('hsts', { hsts: { ...defaultPolicies.hsts, days: 0 } })
      edge.apply({
        routes: [...routes.values()].map((route) => (route.domain === 'hsts.test' ? forget : route)),
      })
      await page.goto('https://hsts.test/')
      await page.goto('http://hsts.test/cart')
      expect(page.url()).toBe('http://hsts.test/cart')
    })
  })

  describe('under redirects', () => {
    test('is led to HTTPS with path and query, but for the paths that are left alone', async () => {
      const led = await page.goto('http://moved.test/cart?item=7')
      expect(page.url()).toBe('https://moved.test/cart?item=7')
      expect((await led?.request().redirectedFrom()?.response())?.status()).toBe(302)
      await page.goto('http://moved.test/plain/page')
      expect(page.url()).toBe('http://moved.test/plain/page')
    })

    test('is led to HTTP where that is wanted', async () => {
      const led = await page.goto('https://plain.test/cart')
      expect(page.url()).toBe('http://plain.test/cart')
      expect((await led?.request().redirectedFrom()?.response())?.status()).toBe(307)
    })
  })

  describe('under TLS settings', () => {
    test('agrees on TLS 1.3 where that is the minimum, or its ciphers are the only ones', async () => {
      for (const name of ['modern', 'strict'])
        expect(await security(page, `https://${name}.test/`)).toMatchObject({ protocol: 'TLS 1.3' })
    })

    test('is refused where it speaks TLS 1.2 at most, and let in elsewhere with forward secrecy', async () => {
      const older = await open('--ssl-version-max=tls1.2')
      try {
        const visit = await older.context.newPage()
        for (const name of ['modern', 'strict'])
          await expect(visit.goto(`https://${name}.test/`)).rejects.toThrow(
            /ERR_SSL_(VERSION_OR_CIPHER_MISMATCH|PROTOCOL_ERROR)/,
          )
        expect(await security(visit, 'https://shop.test/')).toMatchObject({
          protocol: 'TLS 1.2',
          cipher: expect.stringMatching(/GCM|CHACHA20/),
          keyExchange: expect.stringContaining('ECDHE'),
        })
      } finally {
        await older.close()
      }
    })

    test('speaks HTTP/2, and HTTP/1.1 where HTTP/2 is off', async () => {
      await page.goto('https://shop.test/')
      expect(await nextHop()).toBe('h2')
      await page.goto('https://h1.test/')
      expect(await nextHop()).toBe('http/1.1')
    })

    test('takes the answer that is stapled, and believes it', async () => {
      const responder = await startResponder(authority)
      const { leafPem, fingerprintSha256 } = leaves.staple
      const [leaf, issuer] = chainFromPem(leafPem + authority.certificatePem).map(strictCertificateOf)
      const stapleSaying = async (status: 'good' | 'revoked') => {
        responder.says(leafPem, status)
        const body = Buffer.from(ocspRequest(leaf!, issuer!))
        const answer = await fetch(responder.address, { method: 'POST', body })
        const response = new Uint8Array(await answer.arrayBuffer())
        edge.apply({
          staples: { [fingerprintSha256]: { response, goodFrom: 0, goodUntil: Date.now() + 60_000 } },
        })
      }
      await stapleSaying('good')
      expect(await statusOf('https://staple.test/')).toBe(200)
      await stapleSaying('revoked')
      const other = await open()
      await expect((await other.context.newPage()).goto('https://staple.test/')).rejects.toThrow(
        'ERR_CERT_REVOKED',
      )
      await other.close()
      responder.close()
    })

    test('is told why it is not let in without a client certificate', async () => {
      expect(await statusOf('https://mtls.test/')).toBe(403)
      expect(await page.textContent('body')).toContain('asks for a client certificate')
    })
  })

  describe('under access rules', () => {
    test('is let in with a password alone', async () => {
      // In a page of its own, because the browser's page about it comes later than the failure.
      const without = await browser.context.newPage()
      await expect(without.goto('https://door.test/')).rejects.toThrow('ERR_INVALID_AUTH_CREDENTIALS')
      await without.close()
      expect(await statusOf('https://anna:anna%20knows%20this@door.test/')).toBe(200)
      expect(await statusOf('https://door.test/again')).toBe(200)
      const told = new Set(seenBy('door.test').map(({ headers }) => headers.authorization))
      expect([...told]).toEqual([undefined])
    })

    test('is kept out where its address is not on the list', async () => {
      expect(await statusOf('https://closed.test/')).toBe(403)
      expect(seenBy('closed.test')).toEqual([])
    })

    test('may not send more than the limit', async () => {
      await page.goto('https://small.test/')
      const post = (size: number) =>
        page.evaluate(
          async (bytes) => (await fetch('/', { method: 'POST', body: 'x'.repeat(bytes) })).status,
          size,
        )
      expect(await post(1_000)).toBe(200)
      expect(await post(1_001)).toBe(413)
    })
  })

  test('sees the header fields that the rules leave, as the origin does', async () => {
    const headers = (await page.goto('https://shop.test/'))?.headers()
    expect(headers).toMatchObject({ 'x-env': 'local' })
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(seenBy('shop.test').at(-1)?.headers).toMatchObject({ 'x-from': 'edge' })
  })

  test.each(['shop', 'h2c'])(
    'opens a websocket of %s.test as a stream of HTTP/2, and closes it',
    async (name) => {
      await page.goto(`https://${name}.test/`)
      const said = await page.evaluate(
        (host) =>
          new Promise((resolve, reject) => {
            const socket = new WebSocket(`wss://${host}/socket`)
            socket.addEventListener('open', () => socket.send('hello'))
            socket.addEventListener('message', ({ data }) => {
              socket.addEventListener('close', ({ code, wasClean }) => resolve({ data, code, wasClean }))
              socket.close(1000)
            })
            socket.addEventListener('error', () => reject(new Error('no websocket')))
          }),
        `${name}.test`,
      )
      expect(said).toEqual({ data: 'hello', code: 1000, wasClean: true })
      const told = () => observer.exchanges.find((one) => one.websocket && one.domain === `${name}.test`)
      await expect.poll(told).toBeDefined()
      expect(told()?.connection.protocol).toBe('h2')
    },
  )

  test('stays below the path of an origin that does not know of it, with its cookies', async () => {
    seen = []
    await page.goto('https://sub.test/app/enter')
    expect(page.url()).toBe('https://sub.test/app/inside')
    await page.goto('https://sub.test/elsewhere')
    const cookies = Object.fromEntries(seen.map(({ url, headers }) => [url, headers.cookie]))
    expect(cookies).toMatchObject({ '/inside': 'who=anna', '/elsewhere': undefined })
    expect(await browser.context.cookies('https://sub.test/app/')).toMatchObject([{ path: '/app' }])
  })

  test('plays a file of a folder from its middle, by ranges', async () => {
    await page.goto('https://files.test/silence.wav')
    const at = await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const audio = new Audio('/silence.wav')
          audio.addEventListener('loadedmetadata', () => (audio.currentTime = 590))
          audio.addEventListener('seeked', () => resolve(audio.currentTime))
          audio.addEventListener('error', () => reject(new Error(audio.error?.message)))
        }),
    )
    expect(at).toBe(590)
    const asked = () =>
      observer.exchanges
        .filter(({ domain: of, status }) => of === 'files.test' && status === 206)
        .flatMap(({ requestHeaders }) => rangeOf(requestHeaders.list()))
    await expect.poll(asked).toContainEqual(expect.stringMatching(/^bytes=[1-9]\d{6,}-$/))
  })
})

function rangeOf(headers: readonly string[]): string[] {
  return headers.filter((_, at) => at % 2 === 1 && headers[at - 1]!.toLowerCase() === 'range')
}

/** A WAV file of 16-bit mono silence, 88,200 bytes a second. */
function silence(seconds: number): Buffer {
  const [rate, size] = [44_100, seconds * 88_200]
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + size, 4)
  head.write('WAVEfmt ', 8)
  for (const [value, at] of [
    [16, 16],
    [rate, 24],
    [rate * 2, 28],
  ] as const)
    head.writeUInt32LE(value, at)
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [2, 32],
    [16, 34],
  ] as const)
    head.writeUInt16LE(value, at)
  head.write('data', 36)
  head.writeUInt32LE(size, 40)
  return Buffer.concat([head, Buffer.alloc(size)])
}
