import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { isIP } from 'node:net'
import { rootCertificates } from 'node:tls'
import { EdgekeepError } from '../../../contract/errors.ts'
import { parseUrl } from '../../../contract/rules/parse-url.ts'
import { productVersion } from '../../../contract/product-version.ts'
import { AddressRefused, isPublicAddress, publicLookup } from './network-guard.ts'

/** Where a directory is and what may be connected to for it. */
export interface DirectoryPlace {
  url: string
  /** PEM of the roots that its server is verified by; null: the public ones. */
  rootsPem: string | null
  /** The person typed an address on this computer or in its network: its host and port may be connected to. */
  mayBePrivate: boolean
}

export interface AcmeAnswer {
  /** As the answer's URL: its host. */
  host: string
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface AcmeRequests {
  /**
   * @throws `acme.url_refused`, `acme.unreachable` and `acme.answer_unusable`; any status is an answer, but no
   *   redirect
   */
  send(method: 'GET' | 'HEAD' | 'POST', url: string, options?: SendOptions): Promise<AcmeAnswer>
  close(): void
}

interface SendOptions {
  body?: string
  accept?: string
  signal?: AbortSignal | undefined
}

const defaultTimeoutMs = 30_000
/** A chain of RSA 4096 certificates with all that they may carry is below 40 KB. */
const mostBytes = 512 * 1024
const longestUrl = 2048

/**
 * Requests to an ACME server, which is foreign: TLS only, no redirect followed, so many bytes and so much
 * time at most, and no address on this computer or in its network unless the directory itself is there.
 */
export function createRequests(
  place: DirectoryPlace,
  { timeoutMs = defaultTimeoutMs }: { timeoutMs?: number | undefined } = {},
): AcmeRequests {
  const ca = place.rootsPem ?? [...rootCertificates]
  const common = { ca, keepAlive: true, maxSockets: 8, timeout: 5_000 }
  const publicAgent = new Agent({ ...common, lookup: publicLookup })
  const typedAgent = new Agent(common)

  function agentFor(url: URL): Agent {
    const typed = place.mayBePrivate && url.host === parseUrl(place.url)?.host
    if (typed) return typedAgent
    const address = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(address) !== 0 && !isPublicAddress(address)) throw refused(url.href, privateReason)
    return publicAgent
  }

  return {
    async send(method, text, options = {}) {
      const url = usableUrl(text)
      const agent = agentFor(url)
      const given = options.signal ? [options.signal] : []
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...given])
      try {
        return await exchange(method, url, { ...options, agent, signal })
      } catch (error) {
        options.signal?.throwIfAborted()
        throw asFailure(error, url, timeoutMs)
      }
    },
    close() {
      publicAgent.destroy()
      typedAgent.destroy()
    },
  }
}

const privateReason = 'its address is on this computer or in its network'

/** @throws `acme.url_refused` for what is not an https: URL that a request can be made of */
export function usableUrl(text: string): URL {
  if (text.length > longestUrl) throw refused(`${text.slice(0, 60)}…`, 'it is too long')
  const url = parseUrl(text)
  if (!url) throw refused(text, 'it is not a URL')
  if (url.protocol !== 'https:') throw refused(text, 'ACME speaks https: only')
  if (url.username !== '' || url.password !== '') throw refused(url.host, 'it has a name or password in it')
  return url
}

function refused(url: string, reason: string): EdgekeepError {
  return new EdgekeepError('acme.url_refused', { url: url.slice(0, 200), reason })
}

function exchange(
  method: string,
  url: URL,
  { body, accept, agent, signal }: SendOptions & { agent: Agent },
): Promise<AcmeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<AcmeAnswer>()
  const headers = {
    'user-agent': `edgekeep/${productVersion} (ACME, RFC 8555)`,
    accept: accept ?? 'application/json',
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/jose+json', 'content-length': Buffer.byteLength(body) }),
  }
  const sent = request(url, { method, agent, signal, headers, maxHeaderSize: 16 * 1024 })
  sent.on('error', reject)
  sent.on('response', (response) => {
    readBody(response, url.host)
      .then((bytes) => answerOf(response, url.host, bytes))
      .then(resolve, (error: unknown) => {
        sent.destroy()
        reject(error instanceof Error ? error : new Error(String(error)))
      })
  })
  sent.end(body)
  return promise
}

async function readBody(response: IncomingMessage, host: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > mostBytes) throw unusable(host, `it is longer than ${mostBytes / 1024} KB`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function answerOf({ statusCode, headers }: IncomingMessage, host: string, body: Buffer): AcmeAnswer {
  const status = statusCode ?? 0
  // RFC 8555 has no redirects, and one could lead anywhere with what was signed for here.
  if (status >= 300 && status < 400) throw unusable(host, `it is a redirect (${status})`)
  return { host, status, headers, body }
}

export function unusable(host: string, reason: string): EdgekeepError {
  return new EdgekeepError('acme.answer_unusable', { host, reason })
}

function asFailure(error: unknown, url: URL, timeoutMs: number): EdgekeepError {
  if (error instanceof EdgekeepError) return error
  if (error instanceof AddressRefused) return refused(url.href, privateReason)
  const { name, code, message } = error as NodeJS.ErrnoException
  const late = name === 'TimeoutError' || code === 'ABORT_ERR'
  const reason = late ? `no whole answer within ${timeoutMs / 1000} seconds` : (code ?? message)
  return new EdgekeepError('acme.unreachable', { host: url.host, reason }, { cause: error })
}
