import http, { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import https from 'node:https'
import { guardedLookup, requireAllowedLiteral, type Allowance } from './guard.ts'

export interface GuardedRequest {
  method: 'GET' | 'HEAD' | 'POST'
  headers: OutgoingHttpHeaders
  body?: string | Uint8Array
  signal: AbortSignal
  /** Limit of the response body. */
  mostBytes: number
}

export interface GuardedAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

export class BodyTooLong extends Error {
  constructor(mostBytes: number) {
    super(`the answer is longer than ${mostBytes / 1024} KB`)
    this.name = 'BodyTooLong'
  }
}

const longestHead = 16 * 1024
const idleMs = 5_000

/** @param ca trust anchors in PEM; by default Node's */
export function createGuardedClient(allowance: Allowance, { ca }: { ca?: string | string[] } = {}) {
  const common = { keepAlive: true, maxSockets: 8, timeout: idleMs, lookup: guardedLookup(allowance) }
  const plain = new http.Agent(common)
  const secure = new https.Agent({ ...common, ...(ca && { ca }) })
  return {
    /**
     * Resolves for any status. Redirects are not followed, so their target needs a request of its own.
     * @throws AddressRefused, BodyTooLong, the reason of the signal, and the system's errors
     */
    async send(url: URL, request: GuardedRequest) {
      requireAllowedLiteral(url.hostname, allowance)
      return url.protocol === 'https:'
        ? await exchange(https.request, secure, url, request)
        : await exchange(http.request, plain, url, request)
    },
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}

function exchange(
  request: typeof http.request,
  agent: http.Agent,
  url: URL,
  { method, headers, body, signal, mostBytes }: GuardedRequest,
): Promise<GuardedAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<GuardedAnswer>()
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const sent = request(url, {
    method,
    agent,
    signal,
    headers: { ...headers, ...length },
    maxHeaderSize: longestHead,
  })
  // Node hides the reason of the signal, which says whether time was up, in the cause of an AbortError.
  const fail = (error: unknown) => reject((signal.aborted ? signal.reason : error) as Error)
  sent.on('error', fail)
  sent.on('response', (response) => {
    readBody(response, mostBytes).then(
      (bytes) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes }),
      (error: unknown) => {
        sent.destroy()
        fail(error)
      },
    )
  })
  sent.end(body)
  return promise
}

async function readBody(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > mostBytes) throw new BodyTooLong(mostBytes)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
