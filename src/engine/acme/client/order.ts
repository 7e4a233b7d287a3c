import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { AcmeOrderState } from '../../../contract/acme/acme.ts'
import type { AcmeProblem } from '../../../contract/errors/acme-problem.ts'
import {
  authorizationSchema,
  linksOf,
  locationOf,
  orderSchema,
  problemOf,
  readAnswer,
  type AcmeOrder,
  type Authorization,
  type Challenge,
} from './answers.ts'
import { thumbprint } from '../jose/jwk.ts'
import { type ChallengeTask, type ChallengeType, isToken, keyAuthorization } from './challenges.ts'
import { recordOfChallenge } from './persistent-challenge.ts'
import { retryAfterMs, waitFor } from './retry-after.ts'
import type { AcmeSession, AcmeSigner } from './session.ts'
import { unusable, usableUrl, type AcmeAnswer } from './requests.ts'

/** Proves control of a name. `present` may take long; `withdraw` undoes it and is always called. */
export interface ChallengeAnswerer {
  present(task: ChallengeTask, at: Presenting): Promise<void>
  withdraw(task: ChallengeTask): Promise<void>
}

export interface Presenting {
  signal: AbortSignal | undefined
  /** Reports the state that the order waits in. */
  onState: OrderRequest['onState']
}

export interface OrderRequest {
  /** Lower-case A-labels, exact or `*.`, and IP addresses. */
  names: string[]
  challenge: ChallengeType
  /** URL of the ordering account, to which dns-persist-01 is bound. */
  accountUrl: string
  /** Thumbprints of former account keys, latest first: records made with them remain valid. */
  formerThumbprints: readonly string[]
  profile: string | null
  /** ARI identifier of the replaced certificate (RFC 9773, section 5). */
  replaces: string | null
  /** DER of the PKCS#10 request, created when the order is ready for it. */
  csr: () => Buffer
  answerer: ChallengeAnswerer
  onState: (state: AcmeOrderState) => void
  /** Timeout for validation and for issuance, each. */
  timeoutMs?: number
  /** Poll interval without a Retry-After. */
  pollMs?: number
}

const defaultTimeoutMs = 10 * 60_000
const defaultPollMs = 2_000
const longestPollMs = 30_000

/**
 * Runs one order up to the certificate (RFC 8555, section 7.4). Returns the PEM of each chain that the
 * authority offers, its default first.
 */
export async function runOrder(
  session: AcmeSession,
  signer: AcmeSigner,
  request: OrderRequest,
): Promise<string[]> {
  requireProfile(session, request.profile)
  request.onState({ state: 'ordering', name: null })
  const made = await newOrder(session, request)
  const orderUrl = locationOf(made, 'the order')
  let order = readOrder(made, request)
  if (order.status === 'pending') {
    for (const url of order.authorizations) await authorize(session, signer, url, request)
    order = await pollOrder(
      session,
      orderUrl,
      request,
      'the validation',
      ({ status }) => status !== 'pending',
    )
  }
  if (order.status === 'ready') {
    request.onState({ state: 'finalizing', name: null })
    const csr = request.csr().toString('base64url')
    order = readOrder(await session.post(order.finalize, { csr }), request)
  }
  if (order.status !== 'valid')
    order = await pollOrder(session, orderUrl, request, 'the certificate', ({ status }) => status === 'valid')
  if (order.certificate === undefined)
    throw unusable(session.host, `the order is ${order.status} and has no certificate`)
  request.onState({ state: 'downloading', name: null })
  return download(session, order.certificate)
}

function requireProfile({ directory }: AcmeSession, profile: string | null): void {
  const offered = directory.meta.profiles.map(([name]) => name)
  if (profile !== null && !offered.includes(profile))
    throw new EdgekeepError('acme.profile_unknown', { profile, offered })
}

/** Retries without `replaces` if refused: the certificate may be unknown there or replaced already. */
async function newOrder(session: AcmeSession, request: OrderRequest): Promise<AcmeAnswer> {
  const { names, profile, replaces } = request
  const identifiers = names.map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value }))
  const plain = { identifiers, ...(profile === null ? {} : { profile }) }
  const { newOrder: url, renewalInfo } = session.directory
  if (replaces === null || renewalInfo === undefined) return session.post(url, plain)
  try {
    return await session.post(url, { ...plain, replaces })
  } catch (error) {
    if (!(error instanceof EdgekeepError) || error.code !== 'acme.problem') throw error
    const { type, status } = (error.data as { problem: AcmeProblem }).problem
    if (type !== 'alreadyReplaced' && type !== 'malformed' && status !== 404 && status !== 409) throw error
    return session.post(url, plain)
  }
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^[\d.]+$/.test(name)
}

function readOrder(answer: AcmeAnswer, { names }: Pick<OrderRequest, 'names'>): AcmeOrder {
  const order = readAnswer(orderSchema, answer, 'an order')
  if (order.status === 'invalid') throw failedOrder(answer.host, order)
  const ordered = new Set(names)
  const others = order.identifiers.filter(({ value }) => !ordered.has(value.toLowerCase()))
  if (others.length > 0) throw unusable(answer.host, 'the order is for names that were not asked for')
  return order
}

function failedOrder(host: string, order: AcmeOrder): EdgekeepError {
  const problem = order.error
    ? problemOf(order.error)
    : { type: 'invalid', detail: 'The order failed', status: null, subproblems: [] }
  return new EdgekeepError('acme.problem', { host, problem })
}

async function pollOrder(
  session: AcmeSession,
  url: string,
  request: OrderRequest,
  what: string,
  isDone: (order: AcmeOrder) => boolean,
): Promise<AcmeOrder> {
  return poll(session, request, what, async () => {
    const answer = await session.post(url, null)
    const order = readOrder(answer, request)
    return { answer, found: isDone(order) ? order : null }
  })
}

async function authorize(
  session: AcmeSession,
  signer: AcmeSigner,
  url: string,
  request: OrderRequest,
): Promise<void> {
  const first = readAnswer(authorizationSchema, await session.post(url, null), 'an authorization')
  if (first.status === 'valid') return
  const challenge = chosenChallenge(session, first, request)
  const task = taskOf(session, signer, first, challenge, request)
  try {
    request.onState({ state: 'presenting', name: task.name })
    const { onState } = request
    await request.answerer.present(task, { signal: session.signal, onState })
    request.onState({ state: 'validating', name: task.name })
    if (challenge.status === 'pending') await session.post(challenge.url, {})
    await poll(session, request, `the validation of ${task.name}`, async () => {
      const answer = await session.post(url, null)
      const authorization = readAnswer(authorizationSchema, answer, 'an authorization')
      const { status } = authorization
      if (status !== 'pending' && status !== 'valid') throw failedValidation(authorization, task)
      return { answer, found: status === 'valid' ? authorization : null }
    })
  } finally {
    await request.answerer.withdraw(task)
  }
}

function chosenChallenge(
  session: AcmeSession,
  { challenges, identifier, status }: Authorization,
  { challenge: wanted }: OrderRequest,
): Challenge {
  const found = challenges.find(({ type }) => type === wanted)
  if (status === 'pending' && found) return found
  if (status !== 'pending')
    throw unusable(session.host, `the authorization of ${identifier.value} is ${status}`)
  const offered = challenges.map(({ type }) => type)
  throw new EdgekeepError('acme.challenge_unavailable', { name: identifier.value, wanted, offered })
}

function taskOf(
  session: AcmeSession,
  { jwk }: AcmeSigner,
  { identifier, wildcard }: Authorization,
  offered: Challenge,
  request: OrderRequest,
): ChallengeTask {
  const { names, challenge } = request
  const { token } = offered
  const name = identifier.value.toLowerCase()
  if (!names.includes(name) && !names.includes(`*.${name}`))
    throw unusable(session.host, 'it asks for the validation of a name that was not ordered')
  if (challenge === 'dns-persist-01') {
    const account = {
      accountUrl: request.accountUrl,
      thumbprints: [thumbprint(jwk), ...request.formerThumbprints],
    }
    const record = recordOfChallenge(session, offered, { domain: name, wildcard }, account)
    return { type: challenge, name, token: '', keyAuthorization: '', record }
  }
  if (!isToken(token)) throw unusable(session.host, 'the token of a challenge is not base64url of 128 bits')
  return { type: challenge, name, token, keyAuthorization: keyAuthorization(token, jwk), record: null }
}

function failedValidation({ challenges, status }: Authorization, task: ChallengeTask): EdgekeepError {
  const failure = challenges.find(({ error }) => error !== undefined)?.error
  const problem = failure
    ? problemOf(failure)
    : { type: status, detail: `The authorization is ${status}`, status: null, subproblems: [] }
  return new EdgekeepError('acme.validation_failed', { name: task.name, challenge: task.type, problem })
}

/** Polls at the server's Retry-After until there is a result or the deadline passes. */
async function poll<T>(
  session: AcmeSession,
  request: OrderRequest,
  what: string,
  look: () => Promise<{ answer: AcmeAnswer; found: T | null }>,
): Promise<T> {
  const timeoutMs = request.timeoutMs ?? defaultTimeoutMs
  const endAt = performance.now() + timeoutMs
  for (;;) {
    const { answer, found } = await look()
    if (found !== null) return found
    if (performance.now() > endAt) {
      const minutes = Math.round(timeoutMs / 6_000) / 10
      throw new EdgekeepError('acme.too_slow', { host: session.host, what, minutes })
    }
    await pause(session, answer, request)
  }
}

function pause(session: AcmeSession, { headers }: AcmeAnswer, request: OrderRequest): Promise<void> {
  const usual = request.pollMs ?? defaultPollMs
  const named = retryAfterMs(headers['retry-after'], session.now())
  return waitFor(Math.min(longestPollMs, Math.max(named ?? usual, 50)), session.signal)
}

const pemType = 'application/pem-certificate-chain'
const mostAlternates = 8

async function download(session: AcmeSession, url: string): Promise<string[]> {
  const first = await session.post(url, null, { accept: pemType })
  const chains = [chainIn(first)]
  for (const link of linksOf(first, 'alternate').slice(0, mostAlternates))
    chains.push(chainIn(await session.post(usableUrl(link).href, null, { accept: pemType })))
  return chains
}

function chainIn({ host, headers, body }: AcmeAnswer): string {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim()
  if (type !== pemType) throw unusable(host, `the certificate came as ${type || 'nothing that is named'}`)
  return body.toString('latin1')
}
