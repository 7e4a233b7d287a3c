import { count } from '../../../contract/text/count.ts'
import { rootCertificates } from 'node:tls'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { parseUrl } from '../../../contract/text/parse-url.ts'
import { productVersion } from '../../../contract/engine/product-version.ts'
import { AddressRefused, allowances } from '../../network-guard/guard.ts'
import { BodyTooLong, createGuardedClient, type GuardedAnswer } from '../../network-guard/http-client.ts'

export interface DirectoryPlace {
  url: string
  /** PEM of the trust anchors for its server; null for the public ones. */
  rootsPem: string | null
  /** True if the user typed an address on this computer or in its network: its host and port are allowed. */
  mayBePrivate: boolean
}

export type AcmeAnswer = GuardedAnswer & { host: string }

export interface AcmeRequests {
  /**
   * @throws `acme.url_refused`, `acme.unreachable`, `acme.untrusted` and `acme.answer_unusable`; any status except a redirect
   *   is an answer
   */
  send(method: 'GET' | 'HEAD' | 'POST', url: string, options?: SendOptions): Promise<AcmeAnswer>
  close(): void
}

interface SendOptions {
  body?: string
  accept?: string
  signal?: AbortSignal
}

const defaultTimeoutMs = 30_000
/** Far above the largest chain: RSA 4096 certificates with every extension stay below 40 KB. */
const mostBytes = 512 * 1024
const longestUrl = 2048

/**
 * Requests to an ACME server, which is untrusted: TLS only, no redirects, bounded bytes and time, and no
 * address on this computer or in its network unless the directory itself is there.
 */
export function createRequests(
  place: DirectoryPlace,
  { timeoutMs = defaultTimeoutMs }: { timeoutMs?: number } = {},
): AcmeRequests {
  const ca = place.rootsPem ?? [...rootCertificates]
  const publicClient = createGuardedClient(allowances.acme, { ca })
  const typedClient = createGuardedClient(allowances.typed, { ca })

  return {
    async send(method, text, { body, accept, signal: given } = {}) {
      const url = usableUrl(text)
      const isTyped = place.mayBePrivate && url.host === parseUrl(place.url)?.host
      const client = isTyped ? typedClient : publicClient
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(given ? [given] : [])])
      const headers = {
        'user-agent': `edgekeep/${productVersion} (ACME, RFC 8555)`,
        accept: accept ?? 'application/json',
        ...(body !== undefined && { 'content-type': 'application/jose+json' }),
      }
      try {
        const answer = await client.send(url, { method, headers, body, signal, mostBytes })
        requireNoRedirect(url.host, answer.status)
        return { ...answer, host: url.host }
      } catch (error) {
        given?.throwIfAborted()
        throw asFailure(error, url, timeoutMs)
      }
    },
    close() {
      publicClient.close()
      typedClient.close()
    },
  }
}

/** @throws `acme.url_refused` for anything but a usable https: URL */
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

/** RFC 8555 has no redirects, and one could lead signed requests anywhere. */
function requireNoRedirect(host: string, status: number): void {
  if (status >= 300 && status < 400) throw unusable(host, `it is a redirect (${status})`)
}

export function unusable(host: string, reason: string): EdgekeepError {
  return new EdgekeepError('acme.answer_unusable', { host, reason })
}

/** OpenSSL's verification errors that another trust anchor would cure. */
const untrustedCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

function asFailure(error: unknown, url: URL, timeoutMs: number): EdgekeepError {
  if (error instanceof EdgekeepError) return error
  if (error instanceof AddressRefused) return refused(url.href, error.reason)
  if (error instanceof BodyTooLong) return unusable(url.host, `it is longer than ${mostBytes / 1024} KB`)
  const { name, code, message } = error as NodeJS.ErrnoException
  if (code !== undefined && untrustedCodes.has(code))
    return new EdgekeepError('acme.untrusted', { host: url.host, reason: code }, { cause: error })
  const reason =
    name === 'TimeoutError'
      ? `no whole answer within ${count(timeoutMs / 1000, 'second')}`
      : (code ?? message)
  return new EdgekeepError('acme.unreachable', { host: url.host, reason }, { cause: error })
}
