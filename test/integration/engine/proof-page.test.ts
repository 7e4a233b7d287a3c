import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import { provePage, type PageLimits } from '../../../src/engine/trust/prove-page.ts'
import { openTestEngine, testEdge, type TestEngine } from '../../support/engine/engine.ts'
import { unless } from '../../support/needs.ts'
import { ordinaryUser } from '../../support/processes/ordinary-user.ts'
import {
  ask,
  openPage,
  type OpenPage,
  pageOf,
  sendTo,
  statusOf,
  targetsIn,
  verdictOf,
} from '../../support/browser/proof-page.ts'

/* Clients that are no browser ask for the page, by hand; real browsers are in test/e2e and test/trust. */

let opened: TestEngine
let client: Client
let rootPem: string
beforeAll(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
  client = opened.client
  await client.authority.rotate({ allow: ['example.com'] })
  rootPem = (await client.authority.get())!.root.pem
})
afterAll(() => opened.close())

const limits: PageLimits = { openMs: 30_000, answerMs: 30_000, refusalMs: 2000 }
/** Shortest wait for a client's refusal, where none is expected. */
const nothingRefused = { refusalMs: 1 }

async function opensPage(some: Partial<PageLimits> = {}): Promise<OpenPage> {
  const controller = new AbortController()
  const { parts } = opened.engine.context
  return pageOf(provePage(parts, controller.signal, { ...limits, ...some }), controller)
}

/** Expects that the page and its served name are gone. */
async function expectGone({ address }: OpenPage): Promise<void> {
  await expect.poll(() => statusOf(address)).toBeNull()
  expect(opened.engine.context.parts.temporaryNames.rows()).toEqual([])
}

describe('a proof', () => {
  test('is a request that the edge forwarded, and the page, the stream and the rows say so', async () => {
    const page = await opensPage()
    const { body } = (await sendTo(page.address))!
    expect(await page.next()).toEqual({ type: 'opened', browser: 'Firefox 153' })
    const [control, proof] = targetsIn(body)
    expect(await ask(control, { ca: rootPem })).toBe(false)
    expect(await ask(proof, { ca: rootPem })).toBe(true)
    const [said, event] = await Promise.all([verdictOf(page), page.next()])
    expect(event).toMatchObject({ type: 'outcome', outcome: 'trusted', browser: 'Firefox 153', todo: null })
    expect(JSON.parse(said!.body)).toMatchObject({
      outcome: 'trusted',
      title: 'Firefox 153 trusts the local authority',
    })
    await expectGone(page)
    const own = (await client.trust.status()).clients.filter(({ id }) => id === 'page:Firefox 153')
    expect(own).toMatchObject([{ name: 'Firefox 153', state: 'trusted', proof: { ok: true } }])
    await client.authority.rotate({})
    rootPem = (await client.authority.get())!.root.pem
    expect((await client.trust.status()).clients.filter(({ id }) => id.startsWith('page:'))).toEqual([])
  })

  test('is not what the page says: who only claims to have asked did not reach the edge', async () => {
    const page = await opensPage(nothingRefused)
    await sendTo(page.address)
    await page.next()
    const [said, event] = await Promise.all([verdictOf(page), page.next()])
    expect(event).toMatchObject({ outcome: 'unreached', client: null })
    expect(JSON.parse(said!.body)).toMatchObject({
      outcome: 'other',
      title: 'Firefox 153 did not reach the edge',
    })
  })

  test('is not a client that accepts anything', async () => {
    const page = await opensPage()
    const [control, proof] = targetsIn((await sendTo(page.address))!.body)
    await page.next()
    for (const address of [control, proof])
      expect(await ask(address, { rejectUnauthorized: false })).toBe(true)
    const [, event] = await Promise.all([verdictOf(page), page.next()])
    expect(event).toMatchObject({ outcome: 'careless', client: null })
  })

  test('is not a refusal, which is reported with what the edge saw', async () => {
    const page = await opensPage()
    const [control, proof] = targetsIn((await sendTo(page.address))!.body)
    await page.next()
    for (const address of [control, proof]) expect(await ask(address, {})).toBe(false)
    const [, event] = await Promise.all([verdictOf(page), page.next()])
    expect(event, JSON.stringify(event)).toMatchObject({
      outcome: 'refused',
      // Node closes without an alert; test/trust has what browsers do.
      words: expect.stringContaining('left in the middle'),
      todo: expect.stringContaining('Import the root'),
    })
  })

  test('is not a request for the name without the path that was made for the page', async () => {
    const page = await opensPage(nothingRefused)
    const [, proof] = targetsIn((await sendTo(page.address))!.body)
    await page.next()
    for (const path of ['/', '/00000000000000000000000000000000'])
      expect(await ask(new URL(path, proof).href, { ca: rootPem })).toBe(true)
    const [, event] = await Promise.all([verdictOf(page), page.next()])
    expect(event).toMatchObject({ outcome: 'unreached' })
  })
})

describe('the page', () => {
  test('answers by its own name alone, on both addresses of the loopback', async () => {
    const page = await opensPage()
    const { port, host } = new URL(page.address)
    for (const other of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `[::1]:${port}`,
      'evil.test',
      `a${host}`,
      host.toUpperCase(),
    ])
      expect(await statusOf(page.address, { headers: { host: other } }), other).toBe(403)
    expect(await twoHosts(page.address, host)).not.toContain(' 200 ')
    expect(await statusOf(page.address, { to: '::1', headers: { host: 'evil.test' } })).toBe(403)
    page.abort()
    await expectGone(page)
  })

  test('is given to a tab alone: not to a frame, a script, an image or a browser that only loads ahead', async () => {
    const page = await opensPage()
    const refused: Record<string, string>[] = [
      { 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' },
      { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' },
      { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', 'sec-purpose': 'prefetch;prerender' },
    ]
    for (const headers of refused)
      expect(await statusOf(page.address, { headers })).toBeGreaterThanOrEqual(403)
    for (const method of ['HEAD', 'POST', 'OPTIONS', 'PUT'])
      expect(await statusOf(page.address, { method })).toBe(404)
    for (const path of ['/other', '//', '/?', '/verdict'])
      expect(await statusOf(page.address, { path })).toBe(404)
    const answer = (await sendTo(page.address))!
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    page.abort()
    await expectGone(page)
  })

  test('works once', async () => {
    const page = await opensPage()
    expect(await statusOf(page.address)).toBe(200)
    const again = (await sendTo(page.address))!
    expect(again.status).toBe(410)
    expect(again.body).toContain('used already')
    expect(again.body).not.toContain('proof-')
    page.abort()
    await expectGone(page)
  })

  test('takes one word, once it was opened, from its own origin', async () => {
    const page = await opensPage(nothingRefused)
    const { origin } = new URL(page.address)
    const word = { method: 'POST', path: '/verdict' }
    expect(await statusOf(page.address, { ...word, headers: { origin } })).toBe(409)
    await sendTo(page.address)
    await page.next()
    expect(await statusOf(page.address, word)).toBe(404)
    for (const other of ['https://evil.test', 'null', origin.replace('http:', 'https:')])
      expect(await statusOf(page.address, { ...word, headers: { origin: other } })).toBe(404)
    const [first, , second] = await Promise.all([
      verdictOf(page),
      page.next(),
      verdictOf(page).then((each) => each?.status ?? null),
    ])
    const [taken, other] = first?.status === 200 ? [first.status, second] : [second, first?.status ?? null]
    expect(taken).toBe(200)
    // It came second, or after the page had ended.
    expect([409, null]).toContain(other)
  })

  test('shows nothing that a browser says of itself but a name and a number', async () => {
    for (const [headers, browser] of [
      [{ 'user-agent': '<img src=x onerror=alert(1)> Firefox/99999999' }, 'Firefox 9999'],
      [{ 'user-agent': 'x'.repeat(8000) }, 'A browser'],
      [{ 'sec-ch-ua': '"Not;A=Brand";v="8", "Chromium";v="156", "Brave";v="156"' }, 'Brave 156'],
      [{ 'user-agent': 'Mozilla/5.0 Chrome/150.0.0.0 Safari/537.36 Edg/150.0' }, 'Microsoft Edge 150'],
      [{ 'user-agent': 'Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/26.1 Safari/605' }, 'Safari 26'],
    ] as const) {
      const page = await opensPage()
      await sendTo(page.address, { headers })
      expect(await page.next()).toEqual({ type: 'opened', browser })
      page.abort()
      await expectGone(page)
    }
  })

  const missing =
    process.platform !== 'linux' || process.getuid?.() !== 0
      ? 'only root of a Linux can be another user'
      : undefined
  test(
    'is not given to another user of this computer who has learnt its address',
    unless(missing),
    async () => {
      const page = await opensPage()
      const { host, port } = new URL(page.address)
      const source = `require('node:http').get({ host: '127.0.0.1', port: ${port}, headers: { host: '${host}' } }, (response) => { response.pipe(process.stdout); console.error(response.statusCode) })`
      const { as } = ordinaryUser()
      const child = spawn(process.execPath, ['-e', source], { ...as, stdio: ['ignore', 'pipe', 'pipe'] })
      let [said, code] = ['', '']
      child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')))
      child.stderr.on('data', (bytes: Buffer) => (code += bytes.toString('utf8')))
      await once(child, 'close')
      expect(code.trim()).toBe('403')
      expect(said).toContain('another user')
      expect(said).not.toContain('proof-')
      expect(await statusOf(page.address)).toBe(200)
      page.abort()
      await expectGone(page)
    },
  )
})

describe('the wait', () => {
  test('ends with its caller, before and after the page was opened', async () => {
    for (const isOpened of [false, true]) {
      const page = await opensPage()
      if (isOpened) {
        await sendTo(page.address)
        await page.next()
      }
      const next = page.next().catch(() => 'over')
      const held = isOpened ? verdictOf(page) : Promise.resolve(null)
      page.abort()
      await expectGone(page)
      expect(await held).toBeNull()
      await next
    }
  })

  test('ends although its reader has stopped', async () => {
    const page = await opensPage()
    page.abort()
    await expectGone(page)
  })

  test('ends after its timeout if the page is never opened', async () => {
    const page = await opensPage({ openMs: 50 })
    expect(await page.next()).toMatchObject({ outcome: 'unopened', browser: null, client: null })
    await expectGone(page)
  })

  test('ends after its time when the page says nothing', async () => {
    const page = await opensPage({ answerMs: 50 })
    await sendTo(page.address)
    await page.next()
    expect(await page.next()).toMatchObject({ outcome: 'silent', browser: 'Firefox 153', client: null })
    await expectGone(page)
  })

  test('keeps two pages apart: a visit to one proves nothing of the other', async () => {
    const pages = [await opensPage(nothingRefused), await opensPage(nothingRefused)]
    const bodies = await Promise.all(pages.map(async ({ address }) => (await sendTo(address))!.body))
    for (const page of pages) await page.next()
    expect(await ask(targetsIn(bodies[0]!)[1], { ca: rootPem })).toBe(true)
    const events = await Promise.all(
      pages.map(async (page) => (await Promise.all([page.next(), verdictOf(page)]))[0]),
    )
    expect(events).toMatchObject([{ outcome: 'trusted' }, { outcome: 'unreached' }])
    for (const page of pages) await expectGone(page)
  })
})

test('an engine without an authority has no page', async () => {
  const bare = await openTestEngine(undefined, undefined, testEdge)
  try {
    await expect(openPage(bare.client)).rejects.toMatchObject({ code: 'authority.none' })
  } finally {
    await bare.close()
  }
})

/** Sends a request with two `Host` fields. */
async function twoHosts(address: string, host: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(address).port) })
  socket.end(`GET / HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  let said = ''
  socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')))
  await once(socket, 'close')
  return said
}
