import type { AcmeServerAccount } from '../../vault/vault.ts'
import { accountHashPrefix, issuerDomainNames } from '../client/persistent-record-text.ts'
import { answerAccount, answerKeyChange, answerNewAccount } from './account-requests.ts'
import { answerCertificate, answerRevocation } from './certificate-requests.ts'
import { ChallengeRequests } from './challenge-requests.ts'
import { Nonces } from './nonces.ts'
import { OrderRequests } from './order-requests.ts'
import { Orders } from './orders.ts'
import { AcmeProblem } from './problem.ts'
import { RateLimits } from './rate-limits.ts'
import { certificateById, suggestedWindow } from './renewal-info.ts'
import type { AcmeAnswer, AcmeParts, AcmeRequest, Posted } from './request.ts'
import { readSigned, type SignedRequest } from './signed-request.ts'

/** Bounds disk writes: each update is one. */
const seenEveryMs = 5_000

/** The ACME protocol (RFC 8555, 8737, 8738, 9773) over parsed requests, without sockets. */
export class AcmeServer {
  readonly nonces = new Nonces()
  readonly #parts: AcmeParts
  readonly #orders = new Orders()
  readonly #revocations = new RateLimits()
  readonly #orderRequests: OrderRequests
  readonly #challengeRequests: ChallengeRequests

  constructor(parts: AcmeParts) {
    this.#parts = parts
    this.#orderRequests = new OrderRequests(parts, this.#orders)
    this.#challengeRequests = new ChallengeRequests(parts, this.#orders)
  }

  /** Discards the orders of an ended account. */
  forgetAccount(id: string): void {
    this.#orders.forgetAccount(id)
  }

  /** @throws {AcmeProblem} for refused requests. */
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
    const answer = await this.#posted({ request, signed, place, id, more })
    this.#parts.changed()
    return answer
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
        ...(this.#parts.settings().ports.dns === null
          ? {}
          : { issuerDomainNames, accountHashPrefix: accountHashPrefix(base) }),
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
    const now = clock()
    if (account && Math.abs(now.getTime() - Date.parse(account.seenAt)) >= seenEveryMs)
      vault.acmeServer.update(account.id, { seenAt: now.toISOString() })
  }

  async #posted(posted: Posted): Promise<AcmeAnswer> {
    const { place } = posted
    const parts = this.#parts
    if (place === 'new-account') return answerNewAccount(parts, this.#orders, posted)
    if (place === 'revoke-cert') return answerRevocation(parts, this.#revocations, posted)
    const account = posted.signed.account
    if (!account) throw new AcmeProblem('malformed', 'This is asked by an account, with "kid".')
    switch (place) {
      case 'account':
        return answerAccount({ vault: parts.vault, orders: this.#orders }, posted, account)
      case 'key-change':
        return answerKeyChange(parts, posted)
      case 'new-order':
        return this.#orderRequests.create(posted, account)
      case 'order':
        return this.#orderRequests.order(posted, account)
      case 'authz':
        return this.#challengeRequests.authorization(posted, account)
      case 'challenge':
        return this.#challengeRequests.challenge(posted, account)
      default:
        return answerCertificate(parts, posted, account)
    }
  }
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
