import type { OriginState } from '../../../contract/domains/origins.ts'
import { formatOrigin } from '../../../domain/origin-text.ts'
import type { Deadlines } from '../limits/deadlines.ts'
import { HealthCheck, type CheckUpstreams } from './health-check.ts'
import type { Limits } from '../limits/limits.ts'
import { LastAnswer } from './last-answer.ts'
import { OriginHealth } from './origin-health.ts'
import { originSlot, type Destination, type OriginSlot, type UpstreamTimeouts } from './upstream-target.ts'
import type { Route } from '../../protocol/snapshot.ts'

interface Compiled {
  main: Destination
  below: { path: string; destination: Destination }[]
}

interface Watched {
  slots: { slot: OriginSlot; key: string; address: string; health: OriginHealth }[]
  checks: HealthCheck[]
}

export interface DestinationOptions {
  deadlines: Deadlines
  limits: Limits
  upstreams: CheckUpstreams
  /** Reports changed health of a domain's origins; empty if the domain has none to watch any more. */
  onStates: (domain: string, states: OriginState[]) => void
  onChange: (domain: string, state: OriginState) => void
}

/**
 * Compiled destinations, once for each route. The health of an origin survives changes of the configuration
 * that leave the origin as it is.
 */
export class Destinations {
  readonly #options: DestinationOptions
  #compiled = new WeakMap<Route, Compiled>()
  readonly #watched = new Map<string, Watched>()
  /** Only origins of their domains, by domain, with the origin's `key`. */
  readonly #answers = new Map<string, { key: string; answer: LastAnswer }>()

  constructor(options: DestinationOptions) {
    this.#options = options
  }

  /** Finds the destination of a request; `target` is in origin form or `*`. */
  find(route: Route, target: string): Destination {
    const compiled = this.#compiled.get(route) ?? this.#compile(route)
    for (const { path, destination } of compiled.below) if (isBelow(target, path)) return destination
    return compiled.main
  }

  take(routes: Iterable<Route>): void {
    for (const route of routes) {
      if (isWatched(route)) this.#compile(route)
      else if (this.#watched.has(route.domain) || !this.#hasAnswerOf(route)) this.forget(route.domain)
    }
  }

  forget(domain: string): void {
    if (!this.#watched.has(domain) && !this.#answers.has(domain)) return
    this.#close(domain)
    this.#options.onStates(domain, [])
  }

  forgetOthers(domains: { get(domain: string): Route | undefined }): void {
    for (const domain of [...this.#watched.keys(), ...this.#answers.keys()])
      if (!domains.get(domain)) this.forget(domain)
  }

  #compile(route: Route): Compiled {
    const timeouts = timeoutsOf(route, this.#options.limits)
    const owner = asksWhoComes(route) ? route.domain : null
    const { backups, routes } = route.policies.origins
    const slots = [route.origin, ...backups].map((origin) => originSlot(origin, timeouts, owner))
    if (isWatched(route)) this.#watch(route, slots)
    else slots[0]!.health = this.#answerOf(route)
    const below = routes
      .map(({ path, origin, stripPath }) => ({
        path,
        destination: { slots: [originSlot(origin, timeouts, owner)], strip: stripPath ? path : '' },
      }))
      .sort((one, other) => other.path.length - one.path.length)
    const compiled = { main: { slots, strip: '' }, below }
    this.#compiled.set(route, compiled)
    return compiled
  }

  #hasAnswerOf({ domain, origin }: Route): boolean {
    const known = this.#answers.get(domain)
    return known !== undefined && known.key === JSON.stringify(origin)
  }

  /** Continues the answers of the same origin. */
  #answerOf(route: Route): LastAnswer {
    const { domain, origin } = route
    const known = this.#answers.get(domain)
    if (known && this.#hasAnswerOf(route)) return known.answer
    known?.answer.close()
    const report = () =>
      this.#options.onStates(domain, [{ address: formatOrigin(origin), role: 'primary', ...answer.state() }])
    const answer = new LastAnswer(this.#options.deadlines, report)
    this.#answers.set(domain, { key: JSON.stringify(origin), answer })
    return answer
  }

  #watch(route: Route, slots: OriginSlot[]): void {
    const { domain, policies } = route
    const { deadlines } = this.#options
    this.#answers.get(domain)?.answer.close()
    this.#answers.delete(domain)
    const known = new Map(this.#watched.get(domain)?.slots.map(({ key, health }) => [key, health]))
    const watched = slots.map((slot) => {
      const key = JSON.stringify(slot.origin)
      const health =
        known.get(key) ?? new OriginHealth(policies.health, deadlines, (one) => this.#onChange(domain, one))
      known.delete(key)
      health.policy = policies.health
      slot.health = health
      return { slot, key, address: formatOrigin(slot.origin), health }
    })
    for (const health of known.values()) health.close()
    for (const check of this.#watched.get(domain)?.checks ?? []) check.close()
    const { check } = policies.health
    // Without a check nothing would mark these origins up again.
    if (!check) for (const { health } of watched) health.onCheck(false, null)
    const checks = check
      ? watched.map(({ slot, health }) => new HealthCheck({ ...this.#options, route, slot, health, check }))
      : []
    this.#watched.set(domain, { slots: watched, checks })
    this.#options.onStates(domain, this.#states(domain))
  }

  #onChange(domain: string, changed: OriginHealth): void {
    const states = this.#states(domain)
    const at = this.#watched.get(domain)?.slots.findIndex(({ health }) => health === changed) ?? -1
    const state = states[at]
    if (!state) return
    this.#options.onChange(domain, state)
    this.#options.onStates(domain, states)
  }

  #states(domain: string): OriginState[] {
    return (this.#watched.get(domain)?.slots ?? []).map(({ address, health }, at) => ({
      address,
      role: at === 0 ? 'primary' : 'backup',
      ...health.state(),
    }))
  }

  #close(domain: string): void {
    const watched = this.#watched.get(domain)
    for (const { health } of watched?.slots ?? []) health.close()
    for (const check of watched?.checks ?? []) check.close()
    this.#watched.delete(domain)
    this.#answers.get(domain)?.answer.close()
    this.#answers.delete(domain)
  }
}

function isWatched({ policies }: Route): boolean {
  return policies.origins.backups.length > 0 || policies.health.check !== null
}

/**
 * Whether access is restricted or the origin learns the client's identity. Such a domain shares no connection
 * with others, so that no foreign request can get between its requests and their responses.
 */
function asksWhoComes({ policies: { access, tls } }: Route): boolean {
  return access.allow !== null || access.users !== null || tls.clientCertificates !== 'off'
}

/** Matches whole segments: `/api` has `/api`, `/api/users` and `/api?x` below it, and not `/apix`. */
function isBelow(target: string, path: string): boolean {
  if (!target.startsWith(path)) return false
  const next = target.charCodeAt(path.length)
  return Number.isNaN(next) || next === slash || next === questionMark
}

function timeoutsOf({ policies }: Route, limits: Limits): UpstreamTimeouts {
  const { connectSeconds, responseSeconds, idleSeconds } = policies.timeouts
  if (connectSeconds === null && responseSeconds === null && idleSeconds === null) return limits
  const ms = (seconds: number | null, otherwise: number): number =>
    seconds === null ? otherwise : seconds * 1_000
  return {
    connectMs: ms(connectSeconds, limits.connectMs),
    responseMs: ms(responseSeconds, limits.responseMs),
    responsePauseMs: ms(idleSeconds, limits.responsePauseMs),
    tunnelIdleMs: ms(idleSeconds, limits.tunnelIdleMs),
  }
}

const slash = 47
const questionMark = 63
