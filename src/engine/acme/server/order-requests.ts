import { X509Certificate } from 'node:crypto'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { certificateFacts } from '../../../pki/facts/certificate.ts'
import { askedBy } from '../../../pki/issue/asked-by-request.ts'
import type { AcmeServerAccount } from '../../vault/vault.ts'
import type { LeafRequest } from '../../local-authority/local-authority.ts'
import type { Behaviour } from './behaviour.ts'
import { requireBound } from './accounts.ts'
import { isWaived, readIdentifiers, requireIssuable, requireProvable } from './identifiers.ts'
import type { Order, Orders } from './orders.ts'
import { AcmeProblem, type Identifier } from './problem.ts'
import { certificateById } from './renewal-info.ts'
import {
  type AcmeAnswer,
  type AcmeParts,
  asProblem,
  bytesOf,
  type Posted,
  requireEmpty,
  thumbprintOf,
} from './request.ts'
import type { SignedRequest } from './signed-request.ts'

const mostReplacedRemembered = 5000

/** Orders (RFC 8555, section 7.4) up to the issued certificate. */
export class OrderRequests {
  readonly #parts: AcmeParts
  readonly #orders: Orders
  /** Serial numbers of replaced certificates (RFC 9773, section 5). */
  readonly #replaced = new Set<string>()

  constructor(parts: AcmeParts, orders: Orders) {
    this.#parts = parts
    this.#orders = orders
  }

  async create({ signed, request }: Posted, account: AcmeServerAccount): Promise<AcmeAnswer> {
    const { clock, behaviour, settings, issuer, servedAmong } = this.#parts
    requireBound(account, settings())
    const { id: accountId } = account
    const payload = signed.payload ?? new Map<string, unknown>()
    const identifiers = readIdentifiers(payload.get('identifiers'))
    this.#orders.makePlace(accountId, identifiers.length)
    if (payload.get('notBefore') !== undefined || payload.get('notAfter') !== undefined)
      throw new AcmeProblem('malformed', 'How long a certificate is valid is a matter of its profile.')
    const profile = profileOf(behaviour(), payload.get('profile'))
    const replaces = this.#replaces(payload.get('replaces'), accountId)
    this.#limit({ accountId, identifiers, renews: replaces !== undefined })
    requireIssuable(identifiers, await issuer())
    const { waived, ports } = settings()
    const served = servedAmong(identifiers.map(({ value }) => value))
    requireProvable(identifiers, { served, waived })
    const created = {
      now: clock(),
      isWaived: (each: Identifier) => isWaived(each, waived),
      isServed: (name: string) => served.has(name),
      hasDns: ports.dns !== null,
    }
    const order = this.#orders.create({ accountId, identifiers, profile, replaces }, created)
    behaviour().note({ what: 'request', accountId, userAgent: request.userAgent })
    return this.#answer(order, request.base, 201)
  }

  /** Handles `order/ID` and `order/ID/finalize`. */
  async order({ signed, request, id, more }: Posted, account: AcmeServerAccount): Promise<AcmeAnswer> {
    const order = this.#orders.order(id, account.id)
    if (!order) throw new AcmeProblem('malformed', 'There is no such order.', { status: 404 })
    if (more === 'finalize') await this.#finalize(order, signed, account)
    else requireEmpty(signed)
    return this.#answer(order, request.base)
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

  /** The serial number of the certificate that the order replaces (RFC 9773, section 5). */
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

  #answer(order: Order, base: string, status = 200): AcmeAnswer {
    const address = `${base}/order/${order.id}`
    const state = this.#orders.status(order)
    const { identifiers, authorizations, error, serial, profile } = order
    return {
      status,
      headers: { location: address, ...(state === 'processing' ? { 'retry-after': '1' } : {}) },
      body: {
        status: state,
        expires: this.#orders.expires(order, this.#parts.clock()),
        identifiers,
        profile,
        authorizations: authorizations.map(({ id }) => `${base}/authz/${id}`),
        finalize: `${address}/finalize`,
        ...(serial === undefined ? {} : { certificate: `${base}/cert/${serial}` }),
        ...(error ? { error: error.document() } : {}),
      },
    }
  }

  async #finalize(order: Order, signed: SignedRequest, account: AcmeServerAccount): Promise<void> {
    const { behaviour, settings } = this.#parts
    const state = this.#orders.status(order)
    if (state !== 'ready')
      throw new AcmeProblem(
        'orderNotReady',
        `The order is ${state}, and only one that is ready is finalized.`,
      )
    requireBound(account, settings())
    const lifeMs = behaviour().profiles.get(order.profile)?.lifeMs ?? 0
    const wanted = { ...readRequest(order, signed, account), lifeMs }
    order.finalizing = true
    const delay = behaviour().finalizeMs()
    if (delay === 0) return this.#issue(order, wanted)
    setTimeout(() => void this.#issue(order, wanted), delay).unref()
  }

  async #issue(order: Order, wanted: LeafRequest): Promise<void> {
    const { sign, behaviour } = this.#parts
    const { accountId, identifiers, replaces, createdAt: orderedAt } = order
    try {
      const chainPem = await sign(wanted, accountId)
      const facts = certificateFacts(new X509Certificate(chainPem).raw)
      const serial = facts.serialHex
      order.serial = serial
      if (replaces !== undefined) this.#markReplaced(replaces)
      const [notBefore, notAfter] = [new Date(facts.notBefore), new Date(facts.notAfter)]
      const issued = { accountId, identifiers, serial, orderedAt, notBefore, notAfter, replaces }
      behaviour().note({ what: 'issued', ...issued })
    } catch (error) {
      if (!(error instanceof AcmeProblem || error instanceof EdgekeepError)) this.#parts.failed(error)
      order.error = asProblem(error)
    } finally {
      order.finalizing = false
    }
  }

  #markReplaced(serial: string): void {
    this.#replaced.add(serial)
    const [oldest] = this.#replaced
    if (oldest !== undefined && this.#replaced.size > mostReplacedRemembered) this.#replaced.delete(oldest)
  }
}

function profileOf({ profiles, defaultProfile }: Behaviour, wanted: unknown): string {
  if (wanted === undefined) return defaultProfile
  if (typeof wanted === 'string' && profiles.has(wanted)) return wanted
  throw new AcmeProblem('invalidProfile', `The profiles are ${[...profiles.keys()].join(', ')}.`)
}

/** Parses the CSR, whose names must be exactly those of the order (RFC 8555, section 7.4). */
function readRequest(
  order: Order,
  { payload }: SignedRequest,
  account: AcmeServerAccount,
): Pick<LeafRequest, 'names' | 'publicKey'> & { usage: 'server' } {
  const der = bytesOf(payload?.get('csr'), 'csr')
  const asked = refusingRequest(() => askedBy(der))
  const requested = [
    ...asked.names.dns.map((name) => `dns ${name}`),
    ...asked.names.ip.map((ip) => `ip ${ip}`),
  ]
  const ordered = order.identifiers.map(({ type, value }) => `${type} ${value}`)
  if (asked.names.email.length > 0 || requested.toSorted().join() !== ordered.toSorted().join())
    throw new AcmeProblem('badCSR', 'The request does not name exactly what was ordered.')
  if (asked.usage === 'client')
    throw new AcmeProblem('badCSR', 'Certificates for clients alone are not issued by ACME.')
  if (thumbprintOf(asked.publicKey) === account.thumbprint)
    throw new AcmeProblem('badCSR', 'The key of the certificate is the key of the account.')
  return { names: asked.names, usage: 'server', publicKey: asked.publicKey }
}

function refusingRequest<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    throw new AcmeProblem('badCSR', error.message)
  }
}
