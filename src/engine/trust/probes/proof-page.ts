import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  type OutgoingHttpHeaders,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { keepListening } from '../../../platform/listeners/keep-listening.ts'
import { browserName, type BrowserName } from './browser-name.ts'
import { askingPage, type PageAnswer, messagePage } from './page-text.ts'
import { peerOf, type PeerProgram } from './peer.ts'

/*
 * Threat: any program of this computer, and any web page, can connect.
 * - `Host` has to be a name of 128 random bits, which cannot be guessed and defeats DNS rebinding.
 * - The page is served once, as a top-level document (no frame, no fetch), and only to the engine's user if
 *   the system identifies users: others can read the arguments of the program that opens a browser.
 * - The page reports only that it sent its requests. The outcome is what the edge saw: no proof is forged.
 */

export interface PageOpened {
  browser: BrowserName
  program: PeerProgram | null
  /** Whether this system identifies the program of a connection. */
  isProgramKnown: boolean
}

const used = {
  title: 'This address was used already',
  sentence:
    'It works once, for the browser that opened it first. Start the check again in Edgekeep, which gives a new address.',
}
const anotherUser = {
  title: 'This page is for another user',
  sentence: 'Only the user of this computer who runs Edgekeep can open it.',
}

export type ProofPage = Awaited<ReturnType<typeof openProofPage>>

/**
 * Loopback page that requests `targets` from inside the browser that opens it; such requests cannot bypass
 * the browser's verdict on a certificate. The page is in the loopback address space itself, so that local
 * network access checks of Chromium and Firefox do not apply (https://wicg.github.io/local-network-access/).
 */
export async function openProofPage(targets: { control: string; proof: string }) {
  const name = `${randomBytes(16).toString('hex')}.localhost`
  const origins = [targets.control, targets.proof].map((address) => new URL(address).origin)
  const opened = Promise.withResolvers<PageOpened>()
  const asked = Promise.withResolvers<void>()
  let state: 'new' | 'opened' | 'asked' = 'new'
  let waiting: ServerResponse | null = null
  let host = ''

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headersDistinct.host?.join() !== host) return refuse(response, 403)
    const peer = await peerOf(request.socket)
    if (peer !== undefined && peer?.uid !== process.getuid?.())
      return givePage(response, 403, (nonce) => messagePage(anotherUser, nonce))
    if (isWordOfPage(request, host)) {
      if (state !== 'opened') return refuse(response, 409)
      state = 'asked'
      waiting = response
      return asked.resolve()
    }
    if (request.method !== 'GET' || request.url !== '/') return refuse(response, 404)
    const why = whyNotShown(request)
    if (why !== null) return refuse(response, why)
    if (state !== 'new') return givePage(response, 410, (nonce) => messagePage(used, nonce))
    state = 'opened'
    givePage(response, 200, (nonce) => askingPage(targets, nonce), origins)
    const isProgramKnown = peer !== undefined
    opened.resolve({ browser: browserName(request.headers), program: peer?.program ?? null, isProgramKnown })
  }

  const servers = await listenOnLoopback((request, response) => {
    take(request, response).catch((error: Error) => response.destroy(error))
  })
  host = `${name}:${portOf(servers[0])}`
  return {
    /** Address that the user opens in the browser under test. */
    address: `http://${host}/`,
    opened: opened.promise,
    /** Settled when the page reports that it has requested both names. */
    asked: asked.promise,
    /** Final verdict on the page; resolves when it was sent, or could not be. */
    async answer(answer: PageAnswer) {
      if (!waiting || waiting.destroyed) return
      const body = JSON.stringify(answer)
      waiting.writeHead(200, headersOf(body, 'application/json', "default-src 'none'"))
      const sent = Promise.race([once(waiting, 'finish'), once(waiting, 'close')])
      waiting.end(body)
      await sent
    },
    close() {
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const mostTries = 10

/** Same port on both loopback addresses: browsers try both, and no other program may answer there. */
async function listenOnLoopback(handler: Handler): Promise<[Server, ...Server[]]> {
  for (let tries = 1; ; tries += 1) {
    const first = await listen(handler, '127.0.0.1', 0)
    try {
      return [first, await listen(handler, '::1', portOf(first))]
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return [first]
      first.close()
      if (code !== 'EADDRINUSE' || tries === mostTries) throw error
    }
  }
}

async function listen(handler: Handler, host: string, port: number): Promise<Server> {
  const server = createServer(handler)
  server.headersTimeout = server.requestTimeout = 10_000
  await keepListening(
    server,
    { host, port, exclusive: true },
    // A connection error ends the connection only; the probe fails if its page is not reached.
    { mostConnections: 32, failed: () => undefined },
  )
  return server.unref()
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function isWordOfPage({ method, url, headersDistinct }: IncomingMessage, host: string): boolean {
  return method === 'POST' && url === '/verdict' && headersDistinct.origin?.join() === `http://${host}`
}

/**
 * Status of a refused page: 403 if it would not be the document of a tab (Fetch Metadata Request Headers),
 * 503 for a prefetch (Sec-Purpose, Fetch Standard). Null if it is served.
 */
function whyNotShown({ headers }: IncomingMessage): number | null {
  const [destination = 'document', mode = 'navigate'] = [headers['sec-fetch-dest'], headers['sec-fetch-mode']]
  if (destination !== 'document' || mode !== 'navigate') return 403
  return headers['sec-purpose'] === undefined ? null : 503
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0, connection: 'close' }).end()
}

type Writer = (nonce: string) => string

/** `connections`: origins that the page may request, besides its own. */
function givePage(response: ServerResponse, status: number, write: Writer, connections: string[] = []): void {
  const nonce = randomBytes(16).toString('base64')
  const text = write(nonce)
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    ["connect-src 'self'", ...connections].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  response.writeHead(status, headersOf(text, 'text/html; charset=utf-8', policy)).end(text)
}

function headersOf(text: string, type: string, policy: string): OutgoingHttpHeaders {
  return {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'content-security-policy': policy,
    'cache-control': 'no-store',
    // The page's report needs an origin, and no other server gets one.
    'referrer-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    connection: 'close',
  }
}
