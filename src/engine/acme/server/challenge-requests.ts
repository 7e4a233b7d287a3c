import type { AcmeServerAccount } from '../../vault/vault.ts'
import type { Authorization, Challenge, Orders } from './orders.ts'
import { AcmeProblem } from './problem.ts'
import { type AcmeAnswer, type AcmeParts, asProblem, type Posted } from './request.ts'
import { accountHashPrefix, hashedAccountUri, issuerDomainNames } from '../client/persistent-record-text.ts'
import { type ExpectedChallenge, validate } from './validation.ts'

const mostAtOnce = 20

/** Authorizations, challenges (RFC 8555, section 7.5) and running validations. */
export class ChallengeRequests {
  readonly #parts: AcmeParts
  readonly #orders: Orders
  #validating = 0

  constructor(parts: AcmeParts, orders: Orders) {
    this.#parts = parts
    this.#orders = orders
  }

  authorization({ signed, request, id }: Posted, account: AcmeServerAccount): AcmeAnswer {
    const found = this.#orders.authorization(id, account.id)
    if (!found) throw new AcmeProblem('malformed', 'There is no such authorization.', { status: 404 })
    if (signed.payload) {
      if (signed.payload.get('status') !== 'deactivated')
        throw new AcmeProblem('malformed', 'An authorization can only be deactivated.')
      found.status = 'deactivated'
    }
    return { status: 200, body: this.#body(found, request.base) }
  }

  /** Handles `challenge/ID/TYPE`. Any payload, even an empty object, starts the validation. */
  challenge({ signed, request, id, more }: Posted, account: AcmeServerAccount): AcmeAnswer {
    const found = this.#orders.authorization(id, account.id)
    const challenge = found?.challenges.find(({ type }) => type === more)
    if (!found || !challenge)
      throw new AcmeProblem('malformed', 'There is no such challenge.', { status: 404 })
    const isOpen = found.status === 'pending' && challenge.status === 'pending' && !this.#orders.isPast(found)
    if (signed.payload && isOpen)
      this.#begin(found, challenge, { print: signed.thumbprint, base: request.base })
    return {
      status: 200,
      body: challengeBody(found, challenge, request.base),
      headers: { link: `<${request.base}/authz/${found.id}>;rel="up"` },
    }
  }

  #begin(
    authorization: Authorization,
    challenge: Challenge,
    { print, base }: { print: string; base: string },
  ): void {
    if (this.#validating >= mostAtOnce)
      throw new AcmeProblem('rateLimited', 'Too many challenges are looked at now.', { retryAfter: 2 })
    this.#validating += 1
    challenge.status = 'processing'
    const { identifier, wildcard, accountId } = authorization
    const { token } = challenge
    const accountUrl = `${base}/account/${accountId}`
    // URIs for the present and all former keys: a record outlives a key change (section 4.2).
    const accountUris = this.#parts.vault.acmeServer
      .thumbprints(accountId)
      .flatMap((thumbprint) =>
        [identifier.value, '*'].map((domain) =>
          hashedAccountUri(accountHashPrefix(base), { domain, thumbprint, accountUrl }),
        ),
      )
    const expected = {
      identifier,
      token,
      keyAuthorization: `${token}.${print}`,
      persists: { issuers: issuerDomainNames, accountUris, wildcard, now: this.#parts.clock() },
    }
    void this.#validate(authorization, challenge, expected)
      .then(
        (until) => this.#met(authorization, challenge, until),
        (error: unknown) => this.#unmet(authorization, challenge, asProblem(error)),
      )
      .finally(() => (this.#validating -= 1))
  }

  async #validate(
    { identifier, wildcard }: Authorization,
    { type }: Challenge,
    expected: ExpectedChallenge,
  ): Promise<Date | null> {
    const { servedAmong, edgePorts, settings } = this.#parts
    const { ports } = settings()
    const name = wildcard ? `*.${identifier.value}` : identifier.value
    if (!servedAmong([name]).has(name)) return validate(type, expected, ports)
    const edge = edgePorts()
    if (!edge) throw new AcmeProblem('connection', 'The edge serves this name, but is not listening.')
    if (type !== 'http-01' && type !== 'tls-alpn-01')
      throw new AcmeProblem('unauthorized', 'The edge serves this name: it is validated at the edge alone.')
    return validate(type, expected, { ...edge, dns: null })
  }

  #met(authorization: Authorization, challenge: Challenge, until: Date | null): void {
    const now = this.#parts.clock()
    if (until) this.#orders.shorten(authorization, until, now)
    challenge.status = 'valid'
    challenge.validated = now
    if (authorization.status === 'pending') authorization.status = 'valid'
  }

  #unmet(authorization: Authorization, challenge: Challenge, problem: AcmeProblem): void {
    challenge.status = 'invalid'
    challenge.error = problem
    if (authorization.status === 'pending') authorization.status = 'invalid'
    const { accountId, identifier } = authorization
    this.#parts.behaviour().note({ what: 'failed', accountId, identifiers: [identifier], problem })
  }

  #body(found: Authorization, base: string): object {
    const { identifier, status, wildcard, challenges } = found
    return {
      identifier,
      status,
      expires: this.#orders.expires(found, this.#parts.clock()),
      ...(wildcard ? { wildcard } : {}),
      challenges: challenges.map((challenge) => challengeBody(found, challenge, base)),
    }
  }
}

function challengeBody({ id }: Authorization, challenge: Challenge, base: string): object {
  const { type, status, token, validated, error } = challenge
  return {
    type,
    url: `${base}/challenge/${id}/${type}`,
    status,
    ...(type === 'dns-persist-01' ? { issuerDomainNames } : { token }),
    ...(validated ? { validated: validated.toISOString() } : {}),
    ...(error ? { error: error.document() } : {}),
  }
}
