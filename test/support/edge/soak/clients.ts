import { once, type EventEmitter } from 'node:events'
import { get as getPlain, type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { Agent as SecureAgent, request as requestSecure } from 'node:https'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { setTimeout as delay } from 'node:timers/promises'
import WebSocket from 'ws'
import { largeByte, largeBytes, smallBody } from './origin.ts'
import { openConnections } from './processes.ts'

export interface Target {
  httpsPort: number
  httpPort: number
  ca: string
}

/** A whole answer that is not the origin's. */
export class Corrupt extends Error {}

/** One piece of a client's work; throws on failure. */
export type Work = (target: Target) => Promise<void>

/** Kinds of client; each repeats its work. */
export function workOfEveryKind(): Record<string, () => Work> {
  return {
    'HTTP/1.1 on one connection': () => getSmall(oneConnection()),
    'HTTP/1.1 on new connections': () => getSmall(false),
    'HTTP/2': () => manyStreams(20),
    download: () => download,
    upload: () => upload,
    'slow reader': () => slowReader,
    'slow writer': () => slowWriter,
    events: () => events,
    websocket: () => websocket,
    redirect: () => redirect,
    'reader that leaves': () => leavingReader,
    'writer that leaves': () => leavingWriter,
    'HTTP/2 streams that are cancelled': () => cancelledStreams,
  }
}

/** Closes its connection when idle. */
function oneConnection(): SecureAgent {
  return new SecureAgent({ keepAlive: true, maxSockets: 1, timeout: 3_000 })
}

/** Kinds that only a fault of the edge makes fail during swaps. */
export function workOfRequests(): Record<string, () => Work> {
  const {
    'HTTP/1.1 on one connection': kept,
    'HTTP/1.1 on new connections': fresh,
    'HTTP/2': http2,
  } = workOfEveryKind()
  return { kept: kept!, fresh: fresh!, http2: http2! }
}

const tlsOptions = ({ httpsPort, ca }: Target): ConnectionOptions => ({
  host: '127.0.0.1',
  port: httpsPort,
  servername: 'shop.test',
  ca,
})

interface Asked {
  request: ClientRequest
  /** Rejects if the connection ends before the head of the answer. */
  response: Promise<IncomingMessage>
}

function ask(target: Target, path: string, options: { agent: Agent | false; method?: string }): Asked {
  const headers = { host: 'shop.test' }
  const request = requestSecure({ ...tlsOptions(target), headers, path, ...options })
  return { request, response: responseTo(request) }
}

function responseTo(request: ClientRequest, wanted = 200): Promise<IncomingMessage> {
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('error', reject)
    request.once('close', () => reject(new Error('closed without an answer')))
    request.once('response', (answer) => {
      if (answer.statusCode === wanted) return resolve(answer)
      answer.resume()
      reject(new Error(`status ${answer.statusCode}`))
    })
  })
  response.catch(() => undefined)
  return response
}

async function textOf(response: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

function checkSmall(text: string): void {
  if (text !== smallBody) throw new Corrupt(`a small body of ${text.length} bytes`)
}

function getSmall(agent: Agent | false): Work {
  return async (target) => {
    const { request, response } = ask(target, '/small', { agent })
    request.end()
    checkSmall(await textOf(await response))
  }
}

async function download(target: Target): Promise<void> {
  const { request, response } = ask(target, '/large', { agent: false })
  request.end()
  await checkLarge(await response)
}

async function checkLarge(response: AsyncIterable<Buffer>, pauseMs = 0): Promise<void> {
  let length = 0
  for await (const piece of response) {
    if (piece[0] !== largeByte || piece.at(-1) !== largeByte) throw new Corrupt('a byte of another body')
    length += piece.length
    if (pauseMs > 0) await delay(pauseMs)
  }
  if (length !== largeBytes) throw new Corrupt(`${length} of ${largeBytes} bytes, said to be whole`)
}

async function slowReader(target: Target): Promise<void> {
  const { request, response } = ask(target, '/large', { agent: false })
  request.end()
  await checkLarge(await response, 10)
}

const uploadPiece = Buffer.alloc(64 * 1024, largeByte)

function upload(target: Target): Promise<void> {
  return sendBody(target, largeBytes / uploadPiece.length, 0)
}

function slowWriter(target: Target): Promise<void> {
  return sendBody(target, 10, 40)
}

async function sendBody(target: Target, pieces: number, pauseMs: number): Promise<void> {
  const { request, response } = ask(target, '/upload', { agent: false, method: 'POST' })
  try {
    await writeBody(request, response, pieces, pauseMs)
    request.end()
    const got = await textOf(await response)
    if (got !== String(pieces * uploadPiece.length)) throw new Corrupt(`${got} bytes came to the origin`)
  } finally {
    request.destroy()
  }
}

async function writeBody(
  request: ClientRequest,
  answer: Promise<unknown>,
  pieces: number,
  pauseMs: number,
): Promise<void> {
  for (let at = 0; at < pieces; at += 1) {
    if (!request.write(uploadPiece)) await Promise.race([once(request, 'drain'), answer])
    if (pauseMs > 0) await Promise.race([delay(pauseMs), answer])
  }
}

async function events(target: Target): Promise<void> {
  const { request, response: answer } = ask(target, '/events', { agent: false })
  request.end()
  const response = await answer
  for (let at = 0; at < 5; at += 1) await Promise.race([once(response, 'data'), closeOf(response)])
  request.destroy()
}

/** Rejects when the stream is closed in any way. */
async function closeOf(stream: EventEmitter): Promise<never> {
  await once(stream, 'close')
  throw new Error('the stream was cut')
}

async function websocket(target: Target): Promise<void> {
  const socket = new WebSocket('wss://shop.test/socket', {
    ca: target.ca,
    createConnection: () => connectTls(tlsOptions(target)),
  })
  const closed = once(socket, 'close').then(() => Promise.reject(new Error('the websocket was closed')))
  closed.catch(() => undefined)
  try {
    await Promise.race([once(socket, 'open'), closed])
    for (let at = 0; at < 20; at += 1) {
      const sent = `message ${at} ${'x'.repeat(at * 50)}`
      socket.send(sent)
      const [got] = (await Promise.race([once(socket, 'message'), closed])) as [Buffer]
      if (got.toString() !== sent) throw new Corrupt('another message than was sent')
    }
  } finally {
    socket.terminate()
  }
}

async function redirect({ httpPort }: Target): Promise<void> {
  const request = getPlain({
    host: '127.0.0.1',
    port: httpPort,
    path: '/a?b',
    headers: { host: 'plain.test' },
    agent: false,
  })
  const response = await responseTo(request, 301)
  response.resume()
  const { location } = response.headers
  if (!location?.startsWith('https://plain.test')) throw new Corrupt(`a redirect to ${location}`)
  await once(response, 'end')
}

async function leavingReader(target: Target): Promise<void> {
  const { request, response } = ask(target, '/large', { agent: false })
  request.end()
  await once(await response, 'data')
  request.destroy()
}

async function leavingWriter(target: Target): Promise<void> {
  const { request, response } = ask(target, '/upload', { agent: false, method: 'POST' })
  request.setHeader('content-length', largeBytes)
  await writeBody(request, response, 3, 5)
  request.destroy()
}

async function withSession(
  target: Target,
  work: (session: ClientHttp2Session) => Promise<void>,
): Promise<void> {
  const socket: TLSSocket = connectTls({ ...tlsOptions(target), ALPNProtocols: ['h2'] })
  await once(socket, 'secureConnect')
  const session = connectHttp2('https://shop.test', { createConnection: () => socket })
  session.on('error', () => undefined)
  const over = new AbortController()
  const working = work(session).finally(() => over.abort())
  try {
    await Promise.race([working, lossOf(socket, over.signal)])
  } finally {
    session.destroy()
    working.catch(() => undefined)
  }
}

/**
 * Rejects when the system no longer has the connection. Node's session does not notice the reset of a
 * killed worker now and then (the socket stays `open` and its streams wait for ever), and a hang of the
 * client's is not to be taken for one of the edge's.
 */
async function lossOf({ localPort = 0 }: TLSSocket, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await delay(1_000, undefined, { signal: over }).catch(() => undefined)
    if (!over.aborted && openConnections(localPort) === 0) throw new Error('the connection was lost')
  }
}

function manyStreams(count: number): Work {
  return (target) =>
    withSession(target, async (session) => {
      await Promise.all(Array.from({ length: count }, () => getOnStream(session)))
    })
}

async function getOnStream(session: ClientHttp2Session): Promise<void> {
  const stream = session.request({ ':path': '/small', ':authority': 'shop.test' })
  let status: number | undefined
  stream.once('response', (headers) => (status = headers[':status']))
  const text = await bodyOf(stream)
  if (status !== 200) throw new Error(`status ${status}`)
  checkSmall(text)
}

/** Listens from the start: an iterator created after the last frame reports a truncated stream. */
function bodyOf(stream: ClientHttp2Stream): Promise<string> {
  const pieces: Buffer[] = []
  const body = new Promise<string>((resolve, reject) => {
    stream.on('data', (piece: Buffer) => pieces.push(piece))
    stream.on('error', reject)
    stream.once('end', () => (stream.rstCode ? undefined : resolve(Buffer.concat(pieces).toString())))
    stream.once('close', () => reject(new Error(`the stream was reset with ${stream.rstCode}`)))
  })
  body.catch(() => undefined)
  return body
}

function cancelledStreams(target: Target): Promise<void> {
  return withSession(target, async (session) => {
    for (let at = 0; at < 5; at += 1) {
      const stream = session.request({ ':path': '/large', ':authority': 'shop.test' })
      stream.on('error', () => undefined)
      await Promise.race([once(stream, 'data'), closeOf(stream)])
      stream.close(8)
    }
  })
}
