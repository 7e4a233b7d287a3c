import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createServer } from 'vite'
import { WebSocketServer } from 'ws'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { devServerHint } from '../../../src/domain/dev-servers.ts'
import type { Finding } from '../../../src/contract/findings/findings.ts'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { requestOf } from '../../support/edge/edge-request.ts'

let opened: TestEngine
let origin: TestOrigin
let answer: (request: IncomingMessage, response: ServerResponse) => void
let ask: ReturnType<typeof requestOf>

const domain = 'shop.test'
const page = `<!doctype html><img src="http://cdn.test/a.png?token=planted-secret"><script src=http://cdn.test/b.js></script>`

beforeAll(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
  origin = await startOrigin((request, response) => answer(request, response))
  const { client } = opened
  await client.domains.add({ name: domain, origin: originAt(origin.port) })
  await client.https.enable({ domain, source: { type: 'free' } })
  const { edge } = await client.engine.status()
  ask = requestOf(edge.https?.port ?? 0)
}, 30_000)
afterAll(async () => {
  await opened.close()
  await origin.close()
})
beforeEach(async () => {
  const { client } = opened
  await client.domains.setPolicies({
    domains: [domain],
    policies: { findings: { watch: true }, hsts: { days: null } },
  })
  await client.findings.clear({ domain })
})

const html = (body: string | Buffer, headers: Record<string, string | string[]> = {}) => {
  answer = (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers })
    response.end(body)
  }
}
const list = () => opened.client.findings.list({ domain })
const told = (findings: Finding[]) =>
  findings.map(({ kind, path, example }) => `${path} ${kind} ${example}`.trim())

describe('a domain that is watched', () => {
  test('tells what its pages load over HTTP, with the page and without any query', async () => {
    html(page)
    await ask('/cart?id=planted-secret')
    await expect.poll(list).toHaveLength(3)
    expect(told(await list()).toSorted()).toEqual([
      '/cart csp.no-upgrade',
      '/cart mixed.blocked http://cdn.test/b.js',
      '/cart mixed.upgraded http://cdn.test/a.png',
    ])
    expect(JSON.stringify(await list())).not.toContain('planted-secret')
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('reads %s too, and the client gets it unchanged', async (coding, compress) => {
    const compressed = compress(Buffer.from(page))
    html(compressed, { 'Content-Encoding': coding })
    const { body } = await ask(`/${coding}`)
    expect(body.equals(compressed)).toBe(true)
    await expect.poll(list).toHaveLength(3)
  })

  test('reads the policy that a header rule of the edge adds', async () => {
    const { client } = opened
    const rule = {
      on: 'response',
      action: 'add',
      name: 'Content-Security-Policy',
      value: 'upgrade-insecure-requests',
    } as const
    await client.domains.setPolicies({ domains: [domain], policies: { headers: { rules: [rule] } } })
    html(page)
    await ask('/upgraded')
    await expect
      .poll(async () => told(await list()).toSorted())
      .toEqual([
        '/upgraded mixed.upgraded http://cdn.test/a.png',
        '/upgraded mixed.upgraded http://cdn.test/b.js',
      ])
    await client.domains.setPolicies({ domains: [domain], policies: { headers: { rules: [] } } })
  })

  test('reports what it cannot read', async () => {
    html('?', { 'Content-Encoding': 'rot13' })
    await ask('/rot')
    await expect.poll(async () => told(await list())).toEqual(['/rot body.unread rot13'])
  })

  test('reads the refusal of a form, also of the page that was just read', async () => {
    html('<form method="POST"></form>')
    await ask('/contact')
    const refusal =
      '<pre>Origin checking failed - https://shop.test:8443 does not match any trusted origins.</pre>'
    answer = (_request, response) => response.writeHead(403, { 'Content-Type': 'text/html' }).end(refusal)
    await ask('/contact', 'POST')
    await expect
      .poll(async () => told(await list()))
      .toEqual(['/contact form.refused-origin https://shop.test:8443'])
  })

  test('finds a loop that the redirect of the domain closes', async () => {
    answer = (request, response) => {
      response.writeHead(301, { Location: `http://${request.headers.host}${request.url}` }).end()
    }
    await opened.client.domains.setRedirect({ domain, redirect: { mode: 'https', code: 301 } })
    await ask('/')
    await expect.poll(async () => (await list()).map(({ kind }) => kind)).toEqual(['redirect.loop'])
    const report = await opened.client.domains.check({ domain })
    expect(report.ok).toBe(false)
    expect(report.steps.find(({ id }) => id === 'findings')).toMatchObject({ ok: false })
    await opened.client.domains.setRedirect({ domain, redirect: { mode: 'none', code: 301 } })
  })

  test('counts what comes again, in one finding', async () => {
    html('', { 'Set-Cookie': ['a=1', 'b=2; Secure'] })
    for (let time = 0; time < 3; time += 1) await ask('/again')
    const again = async () => (await list()).filter(({ path }) => path === '/again')
    await expect.poll(async () => (await again()).map(({ count }) => count)).toEqual([3])
    const [{ kind, example, firstSeen, lastSeen }] = (await again()) as [Finding]
    expect([kind, example]).toEqual(['cookie.not-secure', 'a'])
    expect(firstSeen <= lastSeen).toBe(true)
  })

  test('keeps a bounded number, the latest', async () => {
    answer = (request, response) =>
      response.writeHead(200, { 'Set-Cookie': `c${request.url?.slice(1)}=1` }).end()
    for (let at = 0; at < 250; at += 1) await ask(`/${at}`)
    await expect.poll(async () => told(await list()).includes('/249 cookie.not-secure c249')).toBe(true)
    expect((await list()).length).toBeLessThanOrEqual(200)
  }, 20_000)

  test('shows them live', async () => {
    const stream = await opened.client.findings.watch({ domain })
    expect((await stream.next()).value).toEqual({ type: 'snapshot', items: [], complete: true })
    html('', { 'Set-Cookie': 'a=1' })
    await ask('/live')
    expect((await stream.next()).value).toMatchObject({ type: 'changed', items: [{ path: '/live' }] })
    await stream.return?.(undefined)
  })
})

test('a domain that is not watched tells nothing, until it is verified', async () => {
  const { client } = opened
  await client.domains.setPolicies({ domains: [domain], policies: { findings: { watch: false } } })
  html(page, { 'Set-Cookie': 'a=1' })
  await ask('/')
  await new Promise((resolve) => setTimeout(resolve, 800))
  expect(await list()).toEqual([])
  const { steps, ok } = await client.domains.check({ domain })
  expect(ok).toBe(true)
  const step = steps.find(({ id }) => id === 'findings')
  expect(step).toMatchObject({ ok: true, caution: true, seen: expect.stringMatching(/^4 findings/) })
  expect(told(await list())).toContain('/ mixed.blocked http://cdn.test/b.js')
})

describe('a Vite development server behind the edge', () => {
  /** Its refusal is no working HTTPS for any test, and setup cures it. */
  async function refusedUntilCured(port: number) {
    const { client } = opened
    const refusedBy = 'dev-server.vite'
    const refused = { ok: false, refusedBy }
    const checked = await client.domains.check({ domain })
    expect(checked.steps.filter((step) => step.refusedBy)).toMatchObject([refused, refused])
    expect(checked).toMatchObject({
      ok: false,
      summary:
        'HTTP: It answers 403. The origin is a Vite development server and refuses the name shop.test.',
    })
    expect(await client.domains.testOrigin({ domain, origin: originAt(port) })).toMatchObject(refused)
    const selection = { action: 'install' as const, parts: ['https' as const], domains: [domain] }
    const events = await client.setup.apply(selection)
    const done = []
    for await (const event of events) if (event.type === 'outcome') done.push(event.outcome)
    expect(done).toMatchObject([{ outcome: 'done', sentence: `http://127.0.0.1:${port} answers 404.` }])
    expect((await client.domains.check({ domain })).steps.filter((step) => step.refusedBy)).toEqual([])
  }

  test('refuses the name until it has the line that the finding gives, and then serves page and updates', async () => {
    const { client } = opened
    const hint = devServerHint('dev-server.vite', domain)
    expect(hint?.lines).toContain("allowedHosts: ['shop.test']")
    const options = (allowedHosts: string[], port: number) => ({
      configFile: false as const,
      root: import.meta.dirname,
      logLevel: 'silent' as const,
      server: { host: '127.0.0.1', port, strictPort: true, allowedHosts },
    })
    for (const { allowed, answered } of [
      { allowed: [], answered: 403 },
      { allowed: [domain], answered: 200 },
    ]) {
      const port = await freePort()
      const vite = await createServer(options(allowed, port))
      await vite.listen()
      await client.domains.setOrigin({ domain, origin: originAt(port) })
      const { status } = await ask('/@vite/client')
      expect(status).toBe(answered)
      // Its refusal identifies it, and then the line is needed.
      if (answered === 403) {
        await expect.poll(async () => told(await list())).toContain('/ dev-server.vite')
        await refusedUntilCured(port)
        // Neither the finding of before the cure nor the path of its client, which is asked for again.
        await ask('/@vite/client')
        await client.domains.check({ domain })
        expect(told(await list())).not.toContain('/ dev-server.vite')
      }
      await vite.close()
    }
    await expect.poll(async () => told(await list())).toContain('/ dev-server.vite')
    await client.domains.setOrigin({ domain, origin: originAt(origin.port) })
  }, 30_000)
})

test('a development server is known by its websocket', async () => {
  const sockets = new WebSocketServer({ server: origin.server })
  answer = (_request, response) => response.end()
  await ask('/_next/webpack-hmr?id=1')
  await expect.poll(async () => told(await list())).toContain('/ dev-server.next')
  sockets.close()
})

test('a Next.js development server that refuses its websocket is no working HTTPS', async () => {
  const { client } = opened
  html('<!doctype html><script src="/_next/static/development/_buildManifest.js"></script>', {
    'X-Powered-By': 'Next.js',
  })
  // Seen with Next.js 16: a connection that is closed without an answer.
  const sockets = new WebSocketServer({ noServer: true })
  let allowed = ['http://localhost']
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const isOpen = request.url === '/_next/hmr' && allowed.includes(request.headers.origin ?? '')
    if (isOpen) sockets.handleUpgrade(request, socket, head, () => undefined)
    else socket.end()
  }
  const { server } = origin
  server.on('upgrade', upgrade)
  const steps = async () => (await client.domains.check({ domain })).steps.filter((step) => step.refusedBy)
  expect(await steps()).toMatchObject([
    {
      title: 'Live updates',
      ok: false,
      refusedBy: 'dev-server.next',
      seen: expect.stringContaining('websocket'),
    },
  ])
  expect(await client.domains.testOrigin({ domain, origin: originAt(origin.port) })).toMatchObject({
    ...{ ok: false, refusedBy: 'dev-server.next', seen: expect.stringContaining('from shop.test') as string },
  })
  const { edge } = await client.engine.status()
  allowed = ['http://localhost', `https://${domain}:${edge.https?.port}`, `https://${domain}`]
  expect(await steps()).toEqual([])
  expect(await client.domains.testOrigin({ domain, origin: originAt(origin.port) })).toMatchObject({
    ok: true,
  })
  server.off('upgrade', upgrade)
  sockets.close()
})
