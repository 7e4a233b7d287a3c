import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { PublicJwk } from '../jose/jwk.ts'
import type { FlattenedJws } from '../jose/jws.ts'
import { directorySchema, problemOfAnswer, readAnswer, type Directory } from './answers.ts'
import { createRequests, unusable, usableUrl, type AcmeAnswer, type DirectoryPlace } from './requests.ts'
import { retryAfterMs } from './retry-after.ts'

/** Signer for an account; its key stays in the vault. */
export interface AcmeSigner {
  jwk: PublicJwk
  sign(header: object, payload: object | null): FlattenedJws
}

/** Connection to an authority, closed at its disposal. */
export interface AcmeSession extends Disposable {
  readonly directory: Directory
  readonly host: string
  readonly signal: AbortSignal | undefined
  now(): Date
  get(url: string): Promise<AcmeAnswer>
  /**
   * Signs and posts; a null payload is POST-as-GET. Retries `badNonce` with a new nonce, five times at most.
   * @throws the server's error: `acme.problem`, `acme.rate_limited`
   */
  post(url: string, payload: object | null, options?: PostOptions): Promise<AcmeAnswer>
}

interface PostOptions {
  /** Replaces the account's own signer. */
  signer?: AcmeSigner
  /** Sends the `jwk` instead of the account URL (RFC 8555, section 6.2). */
  withKey?: boolean
  accept?: string
}

export interface SessionOptions {
  place: DirectoryPlace
  signer: AcmeSigner
  /** Null before registration. */
  accountUrl: string | null
  clock: () => Date
  signal?: AbortSignal
  timeoutMs?: number
}

const mostNonceRetries = 5
/** Each answer has a nonce; more than these are never needed at once. */
const mostNonces = 16
/** RFC 8555, section 6.5.1: base64url. */
const noncePattern = /^[A-Za-z0-9_-]+$/
const longestNonce = 512
const leastWaitMs = 60_000
const mostWaitMs = 31 * 24 * 3_600_000
/** Backoff after a rate limit without a Retry-After. */
const usualWaitMs = 3_600_000

export async function openSession(options: SessionOptions): Promise<AcmeSession> {
  const { place, signer, accountUrl, clock, signal } = options
  const requests = createRequests(place, options)
  const nonces: string[] = []

  function keepNonce({ headers }: AcmeAnswer): void {
    const nonce = headers['replay-nonce']
    if (typeof nonce !== 'string' || nonce.length > longestNonce || !noncePattern.test(nonce)) return
    if (nonces.length < mostNonces) nonces.push(nonce)
  }

  async function nonceOf(directory: Directory): Promise<string> {
    const unused = nonces.pop()
    if (unused !== undefined) return unused
    const answer = await requests.send('HEAD', directory.newNonce, { signal })
    keepNonce(answer)
    const nonce = nonces.pop()
    if (nonce === undefined) throw unusable(answer.host, 'it has no nonce (RFC 8555, section 7.2)')
    return nonce
  }

  async function post(
    directory: Directory,
    url: string,
    payload: object | null,
    given: PostOptions = {},
  ): Promise<AcmeAnswer> {
    const by = given.signer ?? signer
    const who = given.withKey || accountUrl === null ? { jwk: by.jwk } : { kid: accountUrl }
    for (let attempt = 0; ; attempt += 1) {
      const nonce = await nonceOf(directory)
      const body = JSON.stringify(by.sign({ nonce, url: usableUrl(url).href, ...who }, payload))
      const answer = await requests.send('POST', url, { body, signal, ...given })
      keepNonce(answer)
      if (answer.status < 400) return answer
      const problem = problemOfAnswer(answer)
      if (problem.type !== 'badNonce' || attempt >= mostNonceRetries) throw failureOf(answer, clock())
    }
  }

  try {
    const answer = await requests.send('GET', place.url, { signal })
    if (answer.status !== 200) throw failureOf(answer, clock())
    const directory = readAnswer(directorySchema, answer, 'an ACME directory')
    return {
      directory,
      host: answer.host,
      signal,
      now: clock,
      get: (url) => requests.send('GET', url, { signal }),
      post: (url, payload, given) => post(directory, url, payload, given),
      [Symbol.dispose]: () => requests.close(),
    }
  } catch (error) {
    requests.close()
    throw error
  }
}

export function failureOf(answer: AcmeAnswer, now: Date): EdgekeepError {
  const problem = problemOfAnswer(answer)
  const { host, headers, status } = answer
  const named = retryAfterMs(headers['retry-after'], now)
  const limited = problem.type === 'rateLimited' || status === 429 || (status === 503 && named !== null)
  if (!limited) return new EdgekeepError('acme.problem', { host, problem })
  const waitMs = Math.min(mostWaitMs, Math.max(leastWaitMs, named ?? usualWaitMs))
  const retryAt = new Date(now.getTime() + waitMs).toISOString()
  return new EdgekeepError('acme.rate_limited', { host, problem, retryAt })
}
