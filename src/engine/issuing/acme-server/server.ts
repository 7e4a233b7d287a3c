import { createHash, type KeyObject, X509Certificate } from 'node:crypto'
import { EdgekeepError } from '../../../contract/errors.ts'
import { certificateFacts } from '../../pki/facts/certificate.ts'
import { askedBy } from '../../pki/issue/asked-by-request.ts'
import type { Wanted } from '../local-authority.ts'
import { signingIntermediate } from '../local/revocation.ts'
import { JoseFault } from '../jose/jose-fault.ts'
import { fromBase64url } from '../jose/base64url.ts'
import { publicJwk, thumbprint } from '../jose/jwk.ts'
import type { AcmeServerAccount, IssuedRow, Vault } from '../../vault/vault.ts'
import { changeAccount, changeKey, newAccount } from './accounts.ts'
import type { Behaviour } from './behaviour.ts'
import { isWaived, readIdentifiers, requireIssuable } from './identifiers.ts'
import { Nonces } from './nonces.ts'
import { type Authorization, type Challenge, type Order, Orders, orderStatus } from './orders.ts'
import { AcmeProblem, type Identifier } from './problem.ts'
import { certificateById, suggestedWindow } from './renewal-info.ts'
import { readSigned, type SignedRequest } from './signed-request.ts'
import { validate, type ValidationPorts } from './validation.ts'

/** RFC 5280, section 5.3.1, those that mean something here. */
const revocationReasons = [0, 1, 3, 4, 5]
const mostAtOnce = 20

export interface AcmeSettings {
  ports: ValidationPorts
  /** Names that are not validated, with those below them. */
  waived: readonly string[]
  requireBinding: boolean
}

export interface AcmeParts {
  vault: Vault
  clock: () => Date
  behaviour: () => Behaviour
  settings: () => AcmeSettings
  /** Signs, and puts on record. */
  sign: (wanted: Wanted, accountId: string) => Promise<string>
  /** Revokes, with its row in the trail. */
  revoke: (row: IssuedRow, reason: number) => Promise<void>
  /** Takes what went wrong beside the protocol, for the log. */
  failed: (error: unknown) => void
  /** The authority is there, and its intermediate in PEM. */
  issuer: () => Promise<string>
}

/** What the listener hands on: where the request was sent, and what it says. */
export interface AcmeRequest {
  method: string
  /** `https://localhost:14000`. */
  base: string
  path: string
  userAgent: string
  /** The parsed body of a POST. */
  body: unknown
}

export interface AcmeAnswer {
  status: number
  body?: object | string
  contentType?: string
  headers?: Record<string, string>
}

/** The ACME protocol (RFC 8555, 8737, 8738, 9773) over requests that were taken apart; no sockets. */
export class AcmeServer {
  readonly nonces = new Nonces()
  readonly #orders = new Orders()
  readonly #replaced = new Map<string, string>()
  readonly #parts: AcmeParts
  #validating = 0

  constructor(parts: AcmeParts) {
    this.#parts = parts
  }

  /** Throws `AcmeProblem`. */
  async answer(request: AcmeRequest): Promise<AcmeAnswer> {
    const [, place = '', id = '', more = ''] = request.path.split('/')
    const isGet = request.method === 'GET' || request.method === 'HEAD'
    const got = isGet ? this.#got(request, place, id) : undefined
    if (got) return got
    if (request.method !== 'POST' || !places.has(place))
      throw new AcmeProblem('malformed', 'There is nothing at this address for this method.', {
        status: places.has(place) ? 405 : 404,
      })
    const signed = this.#read(request)
    this.#note(signed, request)
    return this.#posted({ request, signed, place, id, more })
  }

  #got(request: AcmeRequest, place: string, id: string): AcmeAnswer | undefined {
    if (place === 'directory') return { status: 200, body: this.#directory(request.base) }
    if (place === 'new-nonce') return { status: request.method === 'HEAD' ? 200 : 204 }
    return place === 'renewal-info' ? this.#renewalInfo(id) : undefined
  }

  #directory(base: string): object {
    const { profiles } = this.#parts.behaviour()
    const described = [...profiles].map(([name, { description }]) => [name, description])
    return {
      newNonce: `${base}/new-nonce`,
      newAccount: `${base}/new-account`,
      newOrder: `${base}/new-order`,
      revokeCert: `${base}/revoke-cert`,
      keyChange: `${base}/key-change`,
      renewalInfo: `${base}/renewal-info`,
      meta: {
        externalAccountRequired: this.#parts.settings().requireBinding,
        profiles: Object.fromEntries(described) as object,
      },
    }
  }

  #renewalInfo(id: string): AcmeAnswer {
    const { vault, clock, behaviour } = this.#parts
    const row = certificateById(vault, id)
    behaviour().note({ what: 'renewal-info', serial: row.serial })
    const { start, end } = suggestedWindow(row, {
      now: clock(),
      recalled: behaviour().recalls(new Date(row.issuedAt)),
    })
    return {
      status: 200,
      body: { suggestedWindow: { start: start.toISOString(), end: end.toISOString() } },
      headers: { 'retry-after': String(behaviour().renewalInfoEverySeconds) },
    }
  }

  #read({ base, path, body }: AcmeRequest): SignedRequest {
    const { vault } = this.#parts
    const accountOf = (kid: string): AcmeServerAccount | undefined => {
      const prefix = `${base}/account/`
      return kid.startsWith(prefix) ? vault.acmeServer.get(kid.slice(prefix.length)) : undefined
    }
    return readSigned({ body, url: `${base}${path}`, nonces: this.nonces, accountOf })
  }

  #note({ account }: SignedRequest, { userAgent }: AcmeRequest): void {
    const { vault, clock, behaviour } = this.#parts
    behaviour().note({ what: 'request', accountId: account?.id ?? null, userAgent })
    if (account) vault.acmeServer.update(account.id, { seenAt: clock().toISOString() })
  }

  async #posted(posted: Posted): Promise<AcmeAnswer> {
    const { place } = posted
    if (place === 'new-account') return this.#newAccount(posted)
    if (place === 'revoke-cert') return this.#revoke(posted)
    const account = posted.signed.account
    if (!account) throw new AcmeProblem('malformed', 'This is asked by an account, with "kid".')
    switch (place) {
      case 'account':
        return this.#account(posted, account)
      case 'key-change':
        return this.#keyChange(posted, account)
      case 'new-order':
        return this.#newOrder(posted, account)
      case 'order':
        return this.#order(posted, account)
      case 'authz':
        return this.#authorization(posted, account)
      case 'challenge':
        return this.#challenge(posted, account)
      default:
        return this.#certificate(posted, account)
    }
  }

  #newAccount({ signed, request }: Posted): AcmeAnswer {
    const { vault, clock, settings, behaviour } = this.#parts
    if (signed.account) throw new AcmeProblem('malformed', 'A new account is asked for with "jwk".')
    const { requireBinding } = settings()
    const parts = { vault, clock, requireBinding, admitAccount: () => behaviour().admitAccount() }
    const { account, isNew } = newAccount(parts, signed, request.userAgent)
    return this.#accountAnswer(account, request.base, isNew ? 201 : 200)
  }

  #accountAnswer(account: AcmeServerAccount, base: string, status = 200): AcmeAnswer {
    const address = `${base}/account/${account.id}`
    const { status: state, contacts: contact } = account
    return {
      status,
      body: { status: state, contact, orders: `${address}/orders` },
      headers: { location: address },
    }
  }

  #account({ signed, request, id, more }: Posted, account: AcmeServerAccount): AcmeAnswer {
    if (id !== account.id) throw new AcmeProblem('unauthorized', 'This is the account of somebody else.')
    if (more === 'orders') {
      const orders = this.#orders.ofAccount(account.id).map((order) => `${request.base}/order/${order.id}`)
      return { status: 200, body: { orders } }
    }
    const changed = signed.payload ? changeAccount(this.#parts.vault, account, signed.payload) : account
    return this.#accountAnswer(changed, request.base)
  }

  #keyChange({ signed, request }: Posted, _account: AcmeServerAccount): AcmeAnswer {
    const addressOf = ({ id }: AcmeServerAccount) => [`${request.base}/account/${id}`]
    return this.#accountAnswer(changeKey(this.#parts.vault, signed, { addressOf }), request.base)
  }

  async #newOrder({ signed, request }: Posted, { id: accountId }: AcmeServerAccount): Promise<AcmeAnswer> {
    const { clock, behaviour, settings, issuer } = this.#parts
    const payload = signed.payload ?? new Map<string, unknown>()
    const identifiers = readIdentifiers(payload.get('identifiers'))
    if (payload.get('notBefore') !== undefined || payload.get('notAfter') !== undefined)
      throw new AcmeProblem('malformed', 'How long a certificate is valid is a matter of its profile.')
    const profile = this.#profileOf(payload.get('profile'))
    requireIssuable(identifiers, await issuer())
    const replaces = this.#replaces(payload.get('replaces'), accountId)
    this.#limit({ accountId, identifiers, renews: replaces !== undefined })
    const { waived } = settings()
    const created = { now: clock(), isWaived: (each: Identifier) => isWaived(each, waived) }
    const order = this.#orders.create({ accountId, identifiers, profile, replaces }, created)
    behaviour().note({ what: 'request', accountId, userAgent: request.userAgent })
    return this.#orderAnswer(order, request.base, 201)
  }

  #limit(order: Parameters<Behaviour['admit']>[0]): void {
    const { behaviour } = this.#parts
    try {
      behaviour().admit(order)
    } catch (error) {
      behaviour().note({ what: 'refused', accountId: order.accountId, fault: 'limit' })
      throw error
    }
  }

  #profileOf(wanted: unknown): string {
    const { profiles, defaultProfile } = this.#parts.behaviour()
    if (wanted === undefined) return defaultProfile
    if (typeof wanted === 'string' && profiles.has(wanted)) return wanted
    throw new AcmeProblem('invalidProfile', `The profiles are ${[...profiles.keys()].join(', ')}.`)
  }

  /** RFC 9773, section 5. Answers the serial number of the certificate that the order replaces. */
  #replaces(value: unknown, accountId: string): string | undefined {
    if (value === undefined) return undefined
    if (typeof value !== 'string')
      throw new AcmeProblem('malformed', '"replaces" is an identifier of a certificate.')
    const row = certificateById(this.#parts.vault, value)
    if (row.accountId !== accountId)
      throw new AcmeProblem('unauthorized', 'The certificate that is to be replaced is of another account.')
    if (this.#replaced.has(row.serial))
      throw new AcmeProblem('alreadyReplaced', 'The certificate is replaced already.')
    return row.serial
  }

  #orderAnswer(order: Order, base: string, status = 200): AcmeAnswer {
    const address = `${base}/order/${order.id}`
    const state = orderStatus(order, this.#parts.clock())
    const { identifiers, authorizations, error, serial, profile } = order
    return {
      status,
      headers: { location: address, ...(state === 'processing' ? { 'retry-after': '1' } : {}) },
      body: {
        status: state,
        expires: order.expires.toISOString(),
        identifiers,
        profile,
        authorizations: authorizations.map(({ id }) => `${base}/authz/${id}`),
        finalize: `${address}/finalize`,
        ...(serial === undefined ? {} : { certificate: `${base}/cert/${serial}` }),
        ...(error ? { error: error.document() } : {}),
      },
    }
  }

  async #order({ signed, request, id, more }: Posted, account: AcmeServerAccount): Promise<AcmeAnswer> {
    const order = this.#orders.order(id, account.id)
    if (!order) throw new AcmeProblem('malformed', 'There is no such order.', { status: 404 })
    if (more === 'finalize') await this.#finalize(order, signed, account)
    else requireEmpty(signed)
    return this.#orderAnswer(order, request.base)
  }

  /** RFC 8555, section 7.4. */
  async #finalize(order: Order, signed: SignedRequest, account: AcmeServerAccount): Promise<void> {
    const { clock, behaviour } = this.#parts
    const state = orderStatus(order, clock())
    if (state !== 'ready')
      throw new AcmeProblem(
        'orderNotReady',
        `The order is ${state}, and only one that is ready is finalized.`,
      )
    const wanted = this.#wantedBy(order, signed, account)
    order.finalizing = true
    const delay = behaviour().finalizeMs()
    if (delay === 0) return this.#issue(order, wanted)
    setTimeout(() => void this.#issue(order, wanted), delay).unref()
  }

  #wantedBy(order: Order, { payload }: SignedRequest, account: AcmeServerAccount): Wanted {
    const der = bytesOf(payload?.get('csr'), 'csr')
    const asked = refusingRequest(() => askedBy(der))
    const said = [...asked.names.dns.map((name) => `dns ${name}`), ...asked.names.ip.map((ip) => `ip ${ip}`)]
    const ordered = order.identifiers.map(({ type, value }) => `${type} ${value}`)
    if (asked.names.email.length > 0 || said.toSorted().join() !== ordered.toSorted().join())
      throw new AcmeProblem('badCSR', 'The request does not name exactly what was ordered.')
    if (asked.usage === 'client')
      throw new AcmeProblem('badCSR', 'Certificates for clients alone are not issued by ACME.')
    if (printOf(asked.publicKey) === account.thumbprint)
      throw new AcmeProblem('badCSR', 'The key of the certificate is the key of the account.')
    const { lifeMs } = this.#parts.behaviour().profiles.get(order.profile) ?? { lifeMs: 0 }
    return { names: asked.names, usage: 'server', publicKey: asked.publicKey, lifeMs }
  }

  async #issue(order: Order, wanted: Wanted): Promise<void> {
    const { sign, behaviour } = this.#parts
    const { accountId, identifiers, replaces } = order
    try {
      const chainPem = await sign(wanted, accountId)
      const facts = certificateFacts(new X509Certificate(chainPem).raw)
      order.serial = facts.serialHex
      if (replaces !== undefined) this.#markReplaced(replaces, facts.serialHex)
      const [notBefore, notAfter] = [new Date(facts.notBefore), new Date(facts.notAfter)]
      const serial = facts.serialHex
      behaviour().note({ what: 'issued', accountId, identifiers, serial, notBefore, notAfter, replaces })
    } catch (error) {
      if (!(error instanceof AcmeProblem || error instanceof EdgekeepError)) this.#parts.failed(error)
      order.error = asProblem(error)
    } finally {
      order.finalizing = false
    }
  }

  #markReplaced(serial: string, by: string): void {
    this.#replaced.set(serial, by)
    const [oldest] = this.#replaced.keys()
    if (oldest !== undefined && this.#replaced.size > 5000) this.#replaced.delete(oldest)
  }

  #authorization({ signed, request, id }: Posted, account: AcmeServerAccount): AcmeAnswer {
    const found = this.#orders.authorization(id, account.id)
    if (!found) throw new AcmeProblem('malformed', 'There is no such authorization.', { status: 404 })
    if (signed.payload) {
      if (signed.payload.get('status') !== 'deactivated')
        throw new AcmeProblem('malformed', 'An authorization can only be deactivated.')
      found.status = 'deactivated'
    }
    return { status: 200, body: authorizationBody(found, request.base) }
  }

  #challenge({ signed, request, id, more }: Posted, account: AcmeServerAccount): AcmeAnswer {
    const found = this.#orders.authorization(id, account.id)
    const challenge = found?.challenges.find(({ type }) => type === more)
    if (!found || !challenge)
      throw new AcmeProblem('malformed', 'There is no such challenge.', { status: 404 })
    const isOpen =
      found.status === 'pending' && challenge.status === 'pending' && found.expires > this.#parts.clock()
    if (signed.payload && isOpen) this.#begin(found, challenge, signed.thumbprint)
    return {
      status: 200,
      body: challengeBody(found, challenge, request.base),
      headers: { link: `<${request.base}/authz/${found.id}>;rel="up"` },
    }
  }

  #begin(authorization: Authorization, challenge: Challenge, print: string): void {
    if (this.#validating >= mostAtOnce)
      throw new AcmeProblem('rateLimited', 'Too many challenges are looked at now.', { retryAfter: 2 })
    this.#validating += 1
    challenge.status = 'processing'
    const { identifier } = authorization
    const { token } = challenge
    const asked = { identifier, token, keyAuthorization: `${token}.${print}` }
    void validate(challenge.type, asked, this.#parts.settings().ports)
      .then(
        () => this.#met(authorization, challenge),
        (error: unknown) => this.#unmet(authorization, challenge, asProblem(error)),
      )
      .finally(() => (this.#validating -= 1))
  }

  #met(authorization: Authorization, challenge: Challenge): void {
    challenge.status = 'valid'
    challenge.validated = this.#parts.clock()
    if (authorization.status === 'pending') authorization.status = 'valid'
  }

  #unmet(authorization: Authorization, challenge: Challenge, problem: AcmeProblem): void {
    challenge.status = 'invalid'
    challenge.error = problem
    if (authorization.status === 'pending') authorization.status = 'invalid'
    const { accountId, identifier } = authorization
    this.#parts.behaviour().note({ what: 'failed', accountId, identifiers: [identifier], problem })
  }

  /** RFC 8555, section 7.4.2: the leaf and who signed it. */
  #certificate({ signed, id }: Posted, account: AcmeServerAccount): AcmeAnswer {
    requireEmpty(signed)
    const { vault } = this.#parts
    const row = vault.issued.get(id)
    if (row?.accountId !== account.id)
      throw new AcmeProblem('malformed', 'There is no such certificate.', { status: 404 })
    const current = signingIntermediate(vault)
    const issuerPem =
      current?.spkiSha256 === row.issuerSpkiSha256
        ? current.pem
        : (vault.issued.lastListNamed(row.issuerSpkiSha256)?.issuerPem ?? '')
    return {
      status: 200,
      body: row.certificatePem + issuerPem,
      contentType: 'application/pem-certificate-chain',
    }
  }

  /** RFC 8555, section 7.6: by the account that has it, or by its own key. */
  async #revoke({ signed }: Posted): Promise<AcmeAnswer> {
    const { vault, revoke } = this.#parts
    const der = bytesOf(signed.payload?.get('certificate'), 'certificate')
    const row = vault.issued.findByFingerprint(createHash('sha256').update(der).digest('hex'))
    if (!row)
      throw new AcmeProblem('malformed', 'This server has not issued this certificate.', { status: 404 })
    const isOwner = signed.account
      ? row.accountId === signed.account.id
      : printOf(new X509Certificate(der).publicKey) === signed.thumbprint
    if (!isOwner)
      throw new AcmeProblem('unauthorized', 'The certificate is neither of this account nor of this key.')
    const reason = signed.payload?.get('reason') ?? 0
    if (typeof reason !== 'number' || !revocationReasons.includes(reason))
      throw new AcmeProblem('badRevocationReason', `The reasons are ${revocationReasons.join(', ')}.`)
    if (row.revokedAt !== null) throw new AcmeProblem('alreadyRevoked', 'The certificate is revoked already.')
    await revoke(row, reason)
    return { status: 200 }
  }
}

interface Posted {
  request: AcmeRequest
  signed: SignedRequest
  place: string
  id: string
  more: string
}

const places: ReadonlySet<string> = new Set([
  'new-account',
  'account',
  'key-change',
  'new-order',
  'order',
  'authz',
  'challenge',
  'cert',
  'revoke-cert',
])

function requireEmpty({ payload }: SignedRequest): void {
  if (payload)
    throw new AcmeProblem('malformed', 'This is read with an empty payload (RFC 8555, section 6.3).')
}

function authorizationBody(found: Authorization, base: string): object {
  const { identifier, status, expires, wildcard, challenges } = found
  return {
    identifier,
    status,
    expires: expires.toISOString(),
    ...(wildcard ? { wildcard } : {}),
    challenges: challenges.map((challenge) => challengeBody(found, challenge, base)),
  }
}

function challengeBody({ id }: Authorization, challenge: Challenge, base: string): object {
  const { type, status, token, validated, error } = challenge
  return {
    type,
    url: `${base}/challenge/${id}/${type}`,
    status,
    token,
    ...(validated ? { validated: validated.toISOString() } : {}),
    ...(error ? { error: error.document() } : {}),
  }
}

function printOf(key: KeyObject): string {
  return thumbprint(publicJwk(key))
}

function bytesOf(value: unknown, member: string): Buffer {
  if (typeof value !== 'string') throw new AcmeProblem('malformed', `"${member}" is missing.`)
  try {
    return fromBase64url(value)
  } catch (error) {
    if (!(error instanceof JoseFault)) throw error
    throw new AcmeProblem('malformed', `"${member}" is not base64url without padding.`)
  }
}

function refusingRequest<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    throw new AcmeProblem('badCSR', error.message)
  }
}

/** What went wrong, as a client may know it. */
export function asProblem(error: unknown): AcmeProblem {
  if (error instanceof AcmeProblem) return error
  if (error instanceof EdgekeepError && error.code === 'vault.locked')
    return new AcmeProblem('serverInternal', 'The vault of this server is locked.', {
      status: 503,
      retryAfter: 60,
    })
  if (error instanceof EdgekeepError) return new AcmeProblem('rejectedIdentifier', error.message)
  return new AcmeProblem('serverInternal', 'The server has failed; its log says why.')
}
