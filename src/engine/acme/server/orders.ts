import { randomBytes } from 'node:crypto'
import { uptimeMs } from '../../../clock/uptime.ts'
import { AcmeProblem, type Identifier } from './problem.ts'

export const challengeTypes = ['http-01', 'dns-01', 'tls-alpn-01', 'dns-persist-01'] as const
export type ChallengeType = (typeof challengeTypes)[number]

export interface Challenge {
  type: ChallengeType
  status: 'pending' | 'processing' | 'valid' | 'invalid'
  token: string
  validated?: Date
  error?: AcmeProblem
}

export interface Authorization {
  id: string
  accountId: string
  /** Base name without `*.`. */
  identifier: Identifier
  wildcard: boolean
  status: 'pending' | 'valid' | 'invalid' | 'deactivated'
  /** Uptime, as in all deadlines of orders: a jump of the system's time ends none. */
  deadlineMs: number
  challenges: Challenge[]
}

export interface Order {
  id: string
  accountId: string
  identifiers: Identifier[]
  profile: string
  replaces: string | undefined
  createdAt: Date
  deadlineMs: number
  authorizations: Authorization[]
  error?: AcmeProblem
  /** Serial number of the signed certificate. */
  serial?: string
  finalizing: boolean
}

/** Orders are in memory only: a client whose order is gone creates a new one. */
const defaultBounds = {
  orders: 2000,
  /** Bound on names of all orders: each has an authorization of about 1 KB. */
  names: 20_000,
  openOfAccount: 100,
}
const lifeMs = 3_600_000
const retryAfter = 60

/**
 * Bounded store of orders and authorizations (RFC 8555, section 7.1.6). When full, it evicts ended orders
 * first, then the oldest of the account with the most names, so that new clients are not refused.
 */
export class Orders {
  readonly #orders = new Map<string, Order>()
  readonly #authorizations = new Map<string, Authorization>()
  readonly #bounds: typeof defaultBounds
  readonly #uptime: () => number

  constructor(bounds = defaultBounds, uptime = uptimeMs) {
    this.#bounds = bounds
    this.#uptime = uptime
  }

  create(wanted: Pick<Order, 'accountId' | 'identifiers' | 'profile' | 'replaces'>, of: Created): Order {
    const deadlineMs = this.#uptime() + lifeMs
    const authorizations = wanted.identifiers.map((identifier) =>
      newAuthorization(identifier, { accountId: wanted.accountId, deadlineMs, ...of }),
    )
    const order: Order = {
      ...wanted,
      id: newId(),
      createdAt: of.now,
      deadlineMs,
      authorizations,
      finalizing: false,
    }
    this.#orders.set(order.id, order)
    for (const one of authorizations) this.#authorizations.set(one.id, one)
    return order
  }

  /** Undefined for unknown orders and those of other accounts: no client can tell them apart. */
  order(id: string, accountId: string): Order | undefined {
    const found = this.#orders.get(id)
    return found?.accountId === accountId ? found : undefined
  }

  authorization(id: string, accountId: string): Authorization | undefined {
    const found = this.#authorizations.get(id)
    return found?.accountId === accountId ? found : undefined
  }

  ofAccount(accountId: string): Order[] {
    return [...this.#orders.values()].filter((order) => order.accountId === accountId)
  }

  /**
   * Evicts orders until one of `names` names fits. Called before any work for the new order.
   * @throws `rateLimited` if the account itself has the most names, or too many open orders
   */
  makePlace(accountId: string, names: number): void {
    for (const order of this.#orders.values()) if (this.isPast(order)) this.#forget(order)
    const isOpen = (order: Order) => !['valid', 'invalid'].includes(this.status(order))
    if (this.ofAccount(accountId).filter(isOpen).length >= this.#bounds.openOfAccount) throw tooMany()
    for (const order of this.#orders.values())
      if (!this.#hasPlace(names) && !isOpen(order)) this.#forget(order)
    while (!this.#hasPlace(names)) this.#displace(accountId)
  }

  /** Discards the orders of an ended account. */
  forgetAccount(accountId: string): void {
    for (const order of this.ofAccount(accountId)) this.#forget(order)
  }

  isPast({ deadlineMs }: Pick<Order, 'deadlineMs'>): boolean {
    return deadlineMs <= this.#uptime()
  }

  /** The deadline by the system's time `now`, in whole seconds. */
  expires({ deadlineMs }: Pick<Order, 'deadlineMs'>, now: Date): string {
    const seconds = Math.round((now.getTime() + deadlineMs - this.#uptime()) / 1000)
    return new Date(seconds * 1000).toISOString()
  }

  /** Shortens the life of `authorization` to `until`, by the system's time `now`. */
  shorten(authorization: Authorization, until: Date, now: Date): void {
    const deadlineMs = this.#uptime() + until.getTime() - now.getTime()
    authorization.deadlineMs = Math.min(authorization.deadlineMs, deadlineMs)
  }

  /** Status by RFC 8555, section 7.1.6. */
  status(order: Order): 'pending' | 'ready' | 'processing' | 'valid' | 'invalid' {
    if (order.error) return 'invalid'
    if (order.serial !== undefined) return 'valid'
    if (order.finalizing) return 'processing'
    const statuses = order.authorizations.map(({ status }) => status)
    if (this.isPast(order) || statuses.some((status) => status !== 'pending' && status !== 'valid'))
      return 'invalid'
    return statuses.every((status) => status === 'valid') ? 'ready' : 'pending'
  }

  #hasPlace(names: number): boolean {
    const { orders, names: most } = this.#bounds
    return this.#orders.size < orders && this.#authorizations.size + names <= most
  }

  #displace(newcomer: string): void {
    const named = new Map<string, number>()
    for (const { accountId, authorizations } of this.#orders.values())
      named.set(accountId, (named.get(accountId) ?? 0) + authorizations.length)
    const own = named.get(newcomer) ?? 0
    const [most, count] = [...named].reduce((one, other) => (other[1] > one[1] ? other : one))
    // An order whose certificate is being signed is not evicted.
    const oldest = this.ofAccount(most).find(({ finalizing }) => !finalizing)
    if (most === newcomer || count <= own || !oldest) throw tooMany()
    this.#forget(oldest)
  }

  #forget(order: Order): void {
    this.#orders.delete(order.id)
    for (const { id } of order.authorizations) this.#authorizations.delete(id)
  }
}

function tooMany(): AcmeProblem {
  return new AcmeProblem('rateLimited', 'Too many orders are open. Finish them, or wait.', { retryAfter })
}

interface Created {
  now: Date
  isWaived: (identifier: Identifier) => boolean
  /** True for names that the edge serves, which are validated at its ports only. */
  isServed: (name: string) => boolean
  /** True if a DNS server for validation is configured. */
  hasDns: boolean
}

function newAuthorization(
  asked: Identifier,
  {
    accountId,
    deadlineMs,
    now,
    isWaived,
    isServed,
    hasDns,
  }: Created & Pick<Authorization, 'accountId' | 'deadlineMs'>,
): Authorization {
  const wildcard = asked.value.startsWith('*.')
  const identifier = wildcard ? { ...asked, value: asked.value.slice(2) } : asked
  const token = randomBytes(32).toString('base64url')
  const edgeOnly = isServed(asked.value)
  const types = challengeTypes.filter((type) => isOffered(type, { wildcard, identifier, hasDns, edgeOnly }))
  const challenges = types.map((type): Challenge => ({ type, status: 'pending', token }))
  const one: Authorization = {
    id: newId(),
    accountId,
    identifier,
    wildcard,
    status: 'pending',
    deadlineMs,
    challenges,
  }
  if (!isWaived(identifier)) return one
  const [first] = challenges
  if (first) Object.assign(first, { status: 'valid', validated: now })
  return { ...one, status: 'valid', challenges: first ? [first] : [] }
}

type Offers = Record<'hasDns' | 'edgeOnly', boolean>

/** Wildcards only by DNS (RFC 8555, section 7.1.3); addresses never by DNS (RFC 8738, section 4). */
function isOffered(
  type: ChallengeType,
  { wildcard, identifier, hasDns, edgeOnly }: Pick<Authorization, 'wildcard' | 'identifier'> & Offers,
): boolean {
  if (edgeOnly) return !wildcard && (type === 'http-01' || type === 'tls-alpn-01')
  if (type === 'dns-persist-01') return hasDns && identifier.type === 'dns'
  if (wildcard) return type === 'dns-01'
  return identifier.type === 'dns' || type !== 'dns-01'
}

function newId(): string {
  return randomBytes(12).toString('base64url')
}
