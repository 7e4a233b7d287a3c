import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { controlAddress } from '../../../src/contract/engine/control-address.ts'
import { startWebHost } from '../../../src/web/web-host.ts'
import { startEchoEngine } from '../../support/engine/echo-engine.ts'
import { openIdle } from '../../support/edge/idle-connections.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { ask, signIn } from '../../support/engine/web-host-client.ts'

async function start() {
  const folder = temporaryFolder()
  const rendererFolder = join(folder, 'renderer')
  mkdirSync(join(rendererFolder, 'assets'), { recursive: true })
  writeFileSync(join(rendererFolder, 'index.html'), '<title>the window</title>')
  writeFileSync(join(rendererFolder, 'assets', 'main-1.js'), 'export {}')
  writeFileSync(join(folder, 'secret.txt'), 'out of reach')
  const socketPath = controlAddress(folder)!
  const engine = await startEchoEngine(socketPath)
  const host = await startWebHost({ home: { socketPath }, rendererFolder })
  onTestFinished(() => host.close())
  return { host, engine, port: Number(new URL(host.url).port) }
}

async function startSignedIn() {
  const started = await start()
  const { cookie, place } = await signIn(started.host.url)
  const headers = { Cookie: cookie, Origin: `http://127.0.0.1:${started.port}` }
  const frames = { port: started.port, path: `${place}frames` }
  return { ...started, cookie, place, headers, frames }
}

/** Opens the frames; resolves with the socket, or with the status that refused it. */
function openFrames(
  { port, path }: { port: number; path: string },
  headers: Record<string, string>,
): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers, perMessageDeflate: false })
  socket.on('error', () => undefined)
  onTestFinished(() => socket.terminate())
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
  })
}

async function openedFrames(
  at: Parameters<typeof openFrames>[0],
  headers: Record<string, string>,
): Promise<WebSocket> {
  const socket = await openFrames(at, headers)
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  return socket
}

function nextMessage(socket: WebSocket): Promise<{ data: Buffer; isBinary: boolean }> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer, isBinary) => resolve({ data, isBinary }))
  })
}

test('exchanges the token for a cookie that scripts and other sites cannot use, and goes on to the window', async () => {
  const { host, port } = await start()
  const { answer, cookie, place } = await signIn(host.url)
  expect(answer.status).toBe(303)
  expect(place).toMatch(/^\/[\w-]{22}\/$/)
  expect(answer.headers['set-cookie']).toEqual([`${cookie}; Path=${place}; HttpOnly; SameSite=Strict`])
  const window = await ask(port, place, { Cookie: cookie })
  expect(window.status).toBe(200)
  expect(window.body).toBe('<title>the window</title>')
})

test('takes a token once', async () => {
  const { host } = await start()
  await signIn(host.url)
  const again = await signIn(host.url)
  expect(again.answer.status).toBe(401)
  expect(again.answer.body).toContain('used already or is too old')
  expect(again.cookie).toBe('')
})

test('does not spend the token on a HEAD request', async () => {
  const { host, port } = await start()
  const { search } = new URL(host.url)
  expect((await ask(port, `/${search}`, {}, 'HEAD')).status).toBe(401)
  expect((await signIn(host.url)).answer.status).toBe(303)
})

test('leads a browser that another site or a file brought here on with a page of its own', async () => {
  const { host, port } = await start()
  const { search } = new URL(host.url)
  const answer = await ask(port, `/${search}`, { 'Sec-Fetch-Site': 'cross-site' })
  expect(answer.status).toBe(200)
  const path = /^0; url=(.*)$/.exec(answer.headers.refresh as string)?.[1]
  expect(answer.headers['set-cookie']?.[0]).toContain(`Path=${path}; HttpOnly; SameSite=Strict`)
})

test('gives several windows a session each', async () => {
  const { host, port } = await start()
  const first = await signIn(host.url)
  const second = await signIn(host.newUrl())
  expect(second.cookie).not.toBe(first.cookie)
  expect(second.place).not.toBe(first.place)
  expect((await ask(port, first.place, { Cookie: first.cookie })).status).toBe(200)
  expect((await ask(port, second.place, { Cookie: second.cookie })).status).toBe(200)
  expect((await ask(port, second.place, { Cookie: first.cookie })).status).toBe(401)
})

test.each([
  ['no token', '/'],
  ['a token nobody issued', '/?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['an empty token', '/?token='],
  ['a script of the window', '/assets/main-1.js'],
  ['a place that could be a window’s', '/AAAAAAAAAAAAAAAAAAAAAA/'],
])('answers a browser without a session that asks with %s how to open the window', async (_what, path) => {
  const { port } = await start()
  const answer = await ask(port, path)
  expect(answer.status).toBe(401)
  expect(answer.body).toContain('Run <code>edgekeep</code> in a terminal')
  expect(answer.body).not.toContain('the window</title>')
  expect(answer.headers['set-cookie']).toBeUndefined()
})

test('takes no cookie that it did not give', async () => {
  const { port, cookie, place } = await startSignedIn()
  const [name, value] = cookie.split('=') as [string, string]
  expect((await ask(port, place, { Cookie: `${name}=${value.slice(0, -1)}` })).status).toBe(401)
  expect((await ask(port, place, { Cookie: `edgekeep=${value}` })).status).toBe(401)
  expect((await ask(port, place, { Cookie: `other=1; ${name}=x; ${name}=${value}` })).status).toBe(200)
})

test.each([
  'shop.test',
  '127.0.0.1',
  '127.0.0.1:1',
  'evil.test:PORT',
  '127.0.0.1.evil.test:PORT',
  '[::1]:PORT',
])('refuses a request made to the host %s, as a rebound DNS name would make it', async (name) => {
  const { port, cookie, place } = await startSignedIn()
  const answer = await ask(port, place, { Host: name.replace('PORT', String(port)), Cookie: cookie })
  expect(answer.status).toBe(421)
  expect(answer.body).not.toContain('the window</title>')
})

test('refuses a request that names two hosts', async () => {
  const { port } = await start()
  const answer = await rawly(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.test\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 4(00|21) /)
})

test('answers by the name localhost too, with a session of its own', async () => {
  const { host, port } = await start()
  const { search } = new URL(host.url)
  const answer = await ask(port, `/${search}`, { Host: `localhost:${port}` })
  expect(answer.status).toBe(303)
  expect(answer.headers['content-security-policy']).toContain(`ws://localhost:${port}`)
})

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('refuses the method %s', async (method) => {
  const { port, cookie, place } = await startSignedIn()
  const answer = await ask(port, place, { Cookie: cookie }, method)
  expect(answer.status).toBe(405)
  expect(answer.headers.allow).toBe('GET, HEAD')
  expect(answer.headers['access-control-allow-origin']).toBeUndefined()
})

test('sends every answer with a policy that lets no inline script, frame or other site in', async () => {
  const { port, cookie, place } = await startSignedIn()
  const paths = [place, `${place}assets/main-1.js`, `${place}assets/gone.js`, '/?token=wrong']
  const answers = await Promise.all(paths.map((path) => ask(port, path, { Cookie: cookie })))
  for (const { headers } of [...answers, await ask(port, '/'), await ask(port, '/', { Host: 'evil.test' })]) {
    expect(headers['content-security-policy']).toBe(
      "default-src 'self'; style-src 'self' 'unsafe-inline'; " +
        `connect-src 'self' ws://127.0.0.1:${port}; object-src 'none'; base-uri 'none'; ` +
        "form-action 'none'; frame-ancestors 'none'",
    )
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
})

test('serves the window’s files with their types', async () => {
  const { port, cookie, place } = await startSignedIn()
  const script = await ask(port, `${place}assets/main-1.js`, { Cookie: cookie })
  expect(script).toMatchObject({ status: 200, body: 'export {}' })
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect((await ask(port, `${place}assets/gone.js`, { Cookie: cookie })).status).toBe(404)
  expect((await ask(port, `${place}assets/`, { Cookie: cookie })).status).toBe(404)
})

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/..%5csecret.txt',
  '/assets/%00',
  '//evil.test/',
  'http://evil.test/',
])('serves nothing from outside the window for %s', async (path) => {
  const { port, cookie, place } = await startSignedIn()
  for (const asked of [path, path.replace(/^\//, place)]) {
    const answer = await ask(port, asked, { Cookie: cookie })
    expect([401, 404]).toContain(answer.status)
    expect(answer.body).not.toContain('out of reach')
  }
})

test('carries text and bytes to the engine and back', async () => {
  const { headers, frames } = await startSignedIn()
  const socket = await openedFrames(frames, headers)
  socket.send('a line')
  expect(await nextMessage(socket)).toEqual({ data: Buffer.from('a line'), isBinary: false })
  const bytes = Buffer.alloc(1024 * 1024, 7)
  socket.send(bytes)
  const echoed = await nextMessage(socket)
  expect(echoed.isBinary).toBe(true)
  expect(echoed.data.equals(bytes)).toBe(true)
})

test('keeps the order of frames that were sent before the engine had answered', async () => {
  const { headers, frames } = await startSignedIn()
  const socket = await openedFrames(frames, headers)
  const seen: string[] = []
  socket.on('message', (data: Buffer) => seen.push(data.toString()))
  for (let index = 0; index < 500; index++) socket.send(String(index))
  await expect.poll(() => seen.length).toBe(500)
  expect(seen).toEqual(Array.from({ length: 500 }, (_, index) => String(index)))
})

test('tells the engine nothing of the browser: no cookie, origin or extension', async () => {
  const { headers, engine, frames } = await startSignedIn()
  await openedFrames(frames, headers)
  expect(engine.upgrades).toHaveLength(1)
  const { url, headers: seen } = engine.upgrades[0]!
  expect(url).toBe('/window')
  expect(Object.keys(seen).sort()).toEqual([
    'connection',
    'host',
    'sec-websocket-key',
    'sec-websocket-version',
    'upgrade',
  ])
})

test('slows the engine down when the window does not read', async () => {
  const { headers, engine, frames } = await startSignedIn()
  const socket = await openedFrames(frames, headers)
  await expect.poll(() => engine.connections.length).toBe(1)
  socket.pause()
  const frame = Buffer.alloc(256 * 1024)
  for (let index = 0; index < 200; index++) engine.connections[0]!.send(frame)
  await delay(300)
  // Socket buffers and two streams take a few megabytes; the rest waits at the engine.
  expect(engine.connections[0]!.bufferedAmount).toBeGreaterThan(30 * 1024 * 1024)
  let received = 0
  socket.on('message', (data: Buffer) => (received += data.length))
  socket.resume()
  await expect.poll(() => received, { timeout: 10_000 }).toBe(200 * frame.length)
})

test.each([
  ['without a cookie', { Cookie: '' }, 401],
  ['with a cookie it did not give', { Cookie: 'edgekeep-1=x' }, 401],
  ['from another site', { Origin: 'https://evil.test' }, 403],
  ['from another port of this computer', { Origin: 'http://127.0.0.1:1' }, 403],
  ['from a page of no origin', { Origin: 'null' }, 403],
  ['from the host by its other name', { Origin: 'http://localhost:PORT' }, 403],
  ['by a rebound name', { Host: 'evil.test:PORT', Origin: 'http://evil.test:PORT' }, 403],
])('refuses the frames %s', async (_what, changed, status) => {
  const { port, headers, engine, frames } = await startSignedIn()
  const asked = Object.entries({ ...headers, ...changed }).map(([name, value]) => [
    name,
    value.replace('PORT', String(port)),
  ])
  expect(await openFrames(frames, Object.fromEntries(asked) as Record<string, string>)).toBe(status)
  expect(engine.upgrades).toHaveLength(0)
})

test('refuses the frames to a client that names no origin', async () => {
  const { frames, cookie } = await startSignedIn()
  expect(await openFrames(frames, { Cookie: cookie })).toBe(403)
})

test('refuses frames at another address', async () => {
  const { port, headers, frames } = await startSignedIn()
  expect(await openFrames({ port, path: '/frames' }, headers)).toBe(404)
  expect(await openFrames({ port, path: `${frames.path}/` }, headers)).toBe(404)
  expect(await openFrames({ port, path: '/?token=x' }, headers)).toBe(404)
})

test('refuses an upgrade that is no WebSocket of version 13', async () => {
  const { port, headers, engine, frames } = await startSignedIn()
  const request = (more: string) =>
    `GET ${frames.path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nCookie: ${headers.Cookie}\r\nOrigin: ${headers.Origin}\r\n${more}\r\n`
  expect(await rawly(port, request('Upgrade: h2c\r\n'))).toMatch(/^HTTP\/1\.1 400 /)
  const old =
    'Upgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
  expect(await rawly(port, request(old))).toMatch(/^HTTP\/1\.1 400 /)
  expect(engine.upgrades).toHaveLength(0)
})

test('ends the window’s connection when the engine ends, and serves the next engine', async () => {
  const { headers, engine, frames } = await startSignedIn()
  const socket = await openedFrames(frames, headers)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await engine.close()
  await closed
  expect(await openFrames(frames, headers)).toBe(503)
})

test('ends the engine’s connection when the window closes or is killed', async () => {
  const { headers, engine, frames } = await startSignedIn()
  const first = await openedFrames(frames, headers)
  const second = await openedFrames(frames, headers)
  await expect.poll(() => engine.connections.length).toBe(2)
  first.close(1000)
  await expect.poll(() => engine.connections.length).toBe(1)
  second.terminate()
  await expect.poll(() => engine.connections.length).toBe(0)
})

test('ends all windows’ connections when it is closed, and listens no more', async () => {
  const { host, port, headers, frames } = await startSignedIn()
  const socket = await openedFrames(frames, headers)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await host.close()
  await closed
  await expect(ask(port, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('reports a missing build of the window', async () => {
  const folder = temporaryFolder()
  const start = (rendererFolder: string) => startWebHost({ home: { socketPath: 'none' }, rendererFolder })
  await expect(start(folder)).rejects.toMatchObject({ code: 'install.incomplete' })
  await expect(start(join(folder, 'gone'))).rejects.toMatchObject({ code: 'install.incomplete' })
})

/** Sends the bytes and returns the answer until the connection ends. */
function rawly(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text))
    let answer = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk))
    socket.once('end', () => resolve(answer)).once('error', reject)
  })
}

test('idle connections of somebody without a session shut out neither a window nor its frames', async () => {
  const { port, host, frames, headers } = await startSignedIn()
  const socket = await openedFrames(frames, headers)
  const idle = await openIdle(port, 600)
  onTestFinished(() => idle.forEach((each) => each.destroy()))
  expect((await signIn(host.newUrl())).cookie).not.toBe('')
  socket.send('still there')
  expect((await nextMessage(socket)).data.toString()).toBe('still there')
})
