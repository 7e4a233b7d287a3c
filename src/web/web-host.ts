import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Socket, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { parseUrl } from '../contract/text/parse-url.ts'
import type { ConnectionLimit } from '../platform/listeners/connection-limit.ts'
import {
  contained,
  containedUpgrade,
  keepListening,
  localTimeouts,
} from '../platform/listeners/keep-listening.ts'
import { refuseUpgrade, relayFrames } from './frame-relay.ts'
import { cookieName, hasSession, isForUs, isFromUs, splitPlace } from './request-guard.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { indexWindowFiles, type WindowFile, type WindowFiles } from './window-files.ts'
import { windowHeaders } from './window-headers.ts'

/*
 * Threats: another user of this computer, and any page in the browser, can reach this port.
 * - Another user has no token: it is random, used once, and passed on in no argument of a process.
 * - A foreign page cannot read responses (no CORS, CORP), carries no cookie (SameSite=Strict), and is refused
 *   the WebSocket by its Origin, and by its Host after DNS rebinding.
 * - Another user's server on another port gets no window's cookie: each window has a path of its own.
 * - No code here decodes a frame or holds a vault secret; a session can make all calls of the contract.
 */

interface Parts {
  controlAddress: string
  files: WindowFiles
  sessions: Sessions
  port: number
  limit: ConnectionLimit
}

/** A window has one for its frames and a few for its files; there are 32 sessions at most. */
const mostConnections = 512

export type WebHost = Awaited<ReturnType<typeof startWebHost>>

/** Serves the window of the engine at `home.socketPath` to this computer's browsers, on a free port. */
export async function startWebHost(o: { home: { socketPath: string }; rendererFolder: string }) {
  const files = indexWindowFiles(o.rendererFolder)
  if (!files) throw new EdgekeepError('install.incomplete', { part: 'the built window' })
  const sessions = createSessions()
  const server = createServer(localTimeouts)
  // IPv4 loopback only: one address, so that no other program can sit on the same port of another.
  const limit = await keepListening(
    server,
    { port: 0, host: '127.0.0.1' },
    { mostConnections, failed: sayFailed },
  )
  const { port } = server.address() as AddressInfo
  const parts: Parts = { controlAddress: o.home.socketPath, files, sessions, port, limit }
  const upgraded = new Set<Duplex>()
  server.on(
    'request',
    contained((request, response) => answer(parts, request, response), sayFailed),
  )
  server.on(
    'upgrade',
    containedUpgrade((request, browser, head) => {
      upgraded.add(browser)
      browser.once('close', () => upgraded.delete(browser))
      upgrade(parts, request, browser, head)
    }, sayFailed),
  )
  const newUrl = () => `http://127.0.0.1:${port}/?token=${sessions.issueToken()}`
  return { url: newUrl(), newUrl, close: () => close(server, upgraded) }
}

/** Reports to the terminal of the command that runs the host; there is no log of its own. */
function sayFailed(error: unknown): void {
  const { code = 'an error of its own' } = error as NodeJS.ErrnoException
  process.stderr.write(`edgekeep: a connection to the host of the window failed: ${code}\n`)
}

function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): void | Promise<void> {
  const named = isForUs(request, parts.port) ? request.headers.host : undefined
  const host = named ?? `127.0.0.1:${parts.port}`
  for (const [name, value] of Object.entries(windowHeaders([`ws://${host}`]))) response.setHeader(name, value)
  // A page of another origin that opened the window's gets no handle of it.
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  if (!named) return sendPage(request, response, 421, sentences.wrongHost)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return sendPage(request, response, 405, sentences.wrongMethod)
  }
  const target = parseUrl(request.url ?? '', `http://${host}`)
  if (!target || target.host !== host) return sendPage(request, response, 404, sentences.notFound)
  const token = target.pathname === '/' ? target.searchParams.get('token') : null
  if (token !== null && request.method === 'GET') return signIn(parts, request, response, token)
  // Browsers request it for every plain page.
  if (target.pathname === '/favicon.ico') return void response.writeHead(204).end()
  const asked = splitPlace(target.pathname)
  if (!asked || !hasSession(request, asked.place, parts)) {
    return sendPage(request, response, 401, sentences.noSession)
  }
  const file = parts.files.find(asked.path)
  if (file) return sendFile(request, response, file)
  sendPage(request, response, 404, sentences.notFound)
}

function signIn(parts: Parts, request: IncomingMessage, response: ServerResponse, token: string): void {
  const session = parts.sessions.redeem(token)
  if (!session) return sendPage(request, response, 401, sentences.tokenRefused)
  const { place, secret } = session
  response.setHeader(
    'Set-Cookie',
    `${cookieName(parts.port)}=${secret}; Path=/${place}/; HttpOnly; SameSite=Strict`,
  )
  goTo(`/${place}/`, request, response)
}

/**
 * Redirects, or, if another site or a file led here, sends a page that goes on by itself: a SameSite=Strict
 * cookie is not sent along a redirect that another site began (RFC 6265bis, section 5.2).
 */
function goTo(path: string, request: IncomingMessage, response: ServerResponse): void {
  const begunBy = request.headers['sec-fetch-site']
  if (begunBy === undefined || begunBy === 'none' || begunBy === 'same-origin') {
    response.writeHead(303, { Location: path }).end()
    return
  }
  response.setHeader('Refresh', `0; url=${path}`)
  sendPage(request, response, 200, sentences.signedIn)
}

function upgrade(parts: Parts, request: IncomingMessage, browser: Duplex, head: Buffer): void {
  if (!isForUs(request, parts.port)) return refuseUpgrade(browser, 403)
  if (!isFromUs(request)) return refuseUpgrade(browser, 403)
  const asked = splitPlace(request.url ?? '')
  if (asked?.path !== '/frames') return refuseUpgrade(browser, 404)
  if (!hasSession(request, asked.place, parts)) return refuseUpgrade(browser, 401)
  // An unused window must not count as idle like connections without a session.
  if (browser instanceof Socket) parts.limit.markServed(browser)
  relayFrames({ request, browser, head, controlAddress: parts.controlAddress })
}

async function sendFile(request: IncomingMessage, response: ServerResponse, file: WindowFile): Promise<void> {
  try {
    send(request, response, { status: 200, type: file.type, body: await readFile(file.path) })
  } catch {
    // Files disappear when the window is rebuilt while the host runs; those are answered as not found.
    sendPage(request, response, 404, sentences.notFound)
  }
}

function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  sentence: string,
): void {
  send(request, response, {
    status,
    type: 'text/html; charset=utf-8',
    body: Buffer.from(plainPage(sentence)),
  })
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: { status: number; type: string; body: Buffer },
): void {
  response.writeHead(answer.status, { 'Content-Type': answer.type, 'Content-Length': answer.body.length })
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}

async function close(server: Server, upgraded: Set<Duplex>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const browser of upgraded) browser.destroy()
  server.closeAllConnections()
  await closed
}

/** Page of one sentence, for a person without a session or at a wrong address. */
function plainPage(sentence: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Edgekeep</title>
    <style>
      body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 20vh auto; max-width: 34rem; padding: 0 1.5rem }
      code { background: color-mix(in srgb, currentcolor 12%, transparent); border-radius: 4px; padding: 0.1em 0.4em }
    </style>
  </head>
  <body>
    <main><h1>Edgekeep</h1><p>${sentence}</p></main>
  </body>
</html>
`
}

const sentences = {
  noSession: 'This window is not signed in. Run <code>edgekeep</code> in a terminal to open one that is.',
  tokenRefused:
    'This address was used already or is too old: it opens one window, once. Run <code>edgekeep</code> in a terminal for a new one.',
  signedIn: 'Opening the window…',
  wrongHost:
    'This address is not one of Edgekeep. Run <code>edgekeep</code> in a terminal to open its window.',
  notFound: 'There is nothing here.',
  wrongMethod: 'Only GET and HEAD are answered here.',
}
