import { randomBytes } from 'node:crypto'
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
  /** Without `*.`. */
  identifier: Identifier
  wildcard: boolean
  status: 'pending' | 'valid' | 'invalid' | 'deactivated'
  expires: Date
  challenges: Challenge[]
}

export interface Order {
  id: string
  accountId: string
  identifiers: Identifier[]
  profile: string
  replaces: string | undefined
  createdAt: Date
  expires: Date
  authorizations: Authorization[]
  error?: AcmeProblem
  /** Of the certificate, once it is signed. */
  serial?: string
  finalizing: boolean
}

/** Orders live in memory: a client that finds one gone makes a new one. */
const mostOrders = 2000
const mostOpenOfAccount = 100
const lifeMs = 3_600_000

/** Orders and authorizations of all accounts (RFC 8555, section 7.1.6); bounded, the oldest ended go first. */
export class Orders {
  readonly #orders = new Map<string, Order>()
  readonly #authorizations = new Map<string, Authorization>()

  create(wanted: Pick<Order, 'accountId' | 'identifiers' | 'profile' | 'replaces'>, of: Created): Order {
    this.#makeRoom(wanted.accountId, of.now)
    const expires = new Date(of.now.getTime() + lifeMs)
    const authorizations = wanted.identifiers.map((identifier) =>
      newAuthorization(identifier, { accountId: wanted.accountId, expires, ...of }),
    )
    const order: Order = {
      ...wanted,
      id: newId(),
      createdAt: of.now,
      expires,
      authorizations,
      finalizing: false,
    }
    this.#orders.set(order.id, order)
    for (const one of authorizations) this.#authorizations.set(one.id, one)
    return order
  }

  /** Undefined for what is not there, and for what belongs to another account: nobody learns which. */
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

  #makeRoom(accountId: string, now: Date): void {
    for (const order of this.#orders.values())
      if (isOver(order, now) && (this.#orders.size >= mostOrders || order.expires <= now)) this.#forget(order)
    const open = this.ofAccount(accountId).filter((order) => !isOver(order, now))
    if (open.length < mostOpenOfAccount && this.#orders.size < mostOrders) return
    throw new AcmeProblem('rateLimited', 'Too many orders are open. Finish them, or wait.', {
      retryAfter: 60,
    })
  }

  #forget(order: Order): void {
    this.#orders.delete(order.id)
    for (const { id } of order.authorizations) this.#authorizations.delete(id)
  }
}

interface Created {
  now: Date
  isWaived: (identifier: Identifier) => boolean
  /** There is a DNS server to look records up at. */
  hasDns: boolean
}

/** RFC 8555, section 7.1.6. */
export function orderStatus(
  order: Order,
  now: Date,
): 'pending' | 'ready' | 'processing' | 'valid' | 'invalid' {
  if (order.error) return 'invalid'
  if (order.serial !== undefined) return 'valid'
  if (order.finalizing) return 'processing'
  if (
    order.expires <= now ||
    order.authorizations.some(({ status }) => status !== 'pending' && status !== 'valid')
  )
    return 'invalid'
  return order.authorizations.every(({ status }) => status === 'valid') ? 'ready' : 'pending'
}

function isOver(order: Order, now: Date): boolean {
  const status = orderStatus(order, now)
  return status === 'valid' || status === 'invalid'
}

function newAuthorization(
  asked: Identifier,
  { accountId, expires, now, isWaived, hasDns }: Created & { accountId: string; expires: Date },
): Authorization {
  const wildcard = asked.value.startsWith('*.')
  const identifier = wildcard ? { ...asked, value: asked.value.slice(2) } : asked
  const token = randomBytes(32).toString('base64url')
  const types = challengeTypes.filter((type) => isOffered(type, { wildcard, identifier, hasDns }))
  const challenges = types.map((type): Challenge => ({ type, status: 'pending', token }))
  const one: Authorization = {
    id: newId(),
    accountId,
    identifier,
    wildcard,
    status: 'pending',
    expires,
    challenges,
  }
  if (!isWaived(identifier)) return one
  const [first] = challenges
  if (first) Object.assign(first, { status: 'valid', validated: now })
  return { ...one, status: 'valid', challenges: first ? [first] : [] }
}

/** RFC 8555, section 7.1.3 (wildcards by DNS alone); RFC 8738, section 4 (addresses not by DNS). */
function isOffered(
  type: ChallengeType,
  { wildcard, identifier, hasDns }: Pick<Authorization, 'wildcard' | 'identifier'> & { hasDns: boolean },
): boolean {
  if (type === 'dns-persist-01') return hasDns && identifier.type === 'dns'
  if (wildcard) return type === 'dns-01'
  return identifier.type === 'dns' || type !== 'dns-01'
}

function newId(): string {
  return randomBytes(12).toString('base64url')
}
