import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  defaultHealthCheck,
  type OriginState,
  type ServerOrigin,
} from '../../../../../src/contract/domains/origins.ts'
import { defaultPolicies, type StoredPolicies } from '../../../../../src/contract/domains/policies.ts'
import { Deadlines } from '../../../../../src/edge/worker/limits/deadlines.ts'
import { defaultLimits } from '../../../../../src/edge/worker/limits/limits.ts'
import type { CheckUpstreams } from '../../../../../src/edge/worker/origins/health-check.ts'
import { Destinations } from '../../../../../src/edge/worker/origins/destinations.ts'
import type { UpstreamWaiter } from '../../../../../src/edge/worker/origins/upstream-carrier.ts'
import type { Route } from '../../../../../src/edge/protocol/snapshot.ts'
import { routeTo } from '../../../../support/edge/edge.ts'

let deadlines: Deadlines
let destinations: Destinations
let states: [domain: string, states: OriginState[]][]
let changes: string[]
/** The checks that wait for a connection to an origin. */
let asking: Set<{ port: number; waiter: UpstreamWaiter }>

const tickMs = 1_000
/** A due check runs one tick later, after pending input was read. */
const tick = (count: number) => vi.advanceTimersByTime(count * tickMs + 1)

const upstreams: CheckUpstreams = {
  acquire({ port }, waiter) {
    const asked = { port, waiter }
    asking.add(asked)
    return () => void asking.delete(asked)
  },
  identity: {} as CheckUpstreams['identity'],
}

beforeEach(() => {
  vi.useFakeTimers()
  states = []
  changes = []
  asking = new Set()
  deadlines = new Deadlines(tickMs, (where, error) => {
    throw new Error(where, { cause: error })
  })
  destinations = new Destinations({
    ...{ deadlines, limits: defaultLimits, upstreams },
    onStates: (domain, now) => states.push([domain, now]),
    onChange: (domain, { address, state }) => changes.push(`${domain} ${address} ${state}`),
  })
})
afterEach(() => {
  deadlines.close()
  vi.useRealTimers()
})

const { origin: template } = routeTo(80) as { origin: ServerOrigin }
const origin = (httpPort: number): ServerOrigin => ({ ...template, httpPort })
const route = (policies: Partial<StoredPolicies>, change: Partial<Route> = {}): Route => ({
  ...routeTo(1, { policies: { ...defaultPolicies, ...policies } }),
  ...change,
})
const below = (...paths: [path: string, port: number, stripPath: boolean][]) => ({
  origins: {
    backups: [],
    routes: paths.map(([path, port, stripPath]) => ({ path, origin: origin(port), stripPath })),
  },
})
const withBackups = (...ports: number[]) => ({ origins: { backups: ports.map(origin), routes: [] } })
const access = (change: Partial<StoredPolicies['access']>) => ({
  access: { ...defaultPolicies.access, ...change },
})

function portsFor(one: Route, target: string): (number | undefined)[] {
  return destinations
    .find(one, target)
    .slots.map(({ origin: found }) => (found.protocol === 'folder' ? undefined : found.httpPort))
}

describe('a request', () => {
  const one = route(below(['/api', 2, true], ['/api/users', 3, false], ['/a', 4, false]))

  test.each([
    ['/', 1],
    ['*', 1],
    ['/apix', 1],
    ['/API', 1],
    ['/api', 2],
    ['/api?x', 2],
    ['/api/', 2],
    ['/api/usersx', 2],
    ['/api/users', 3],
    ['/api/users/1', 3],
    ['/a/api', 4],
  ])('goes, for %s, to the origin of the longest path above it', (target, port) => {
    expect(portsFor(one, target)).toEqual([port])
  })

  test('loses its path prefix if the route strips it', () => {
    const stripped = ['/api', '/api/users', '/'].map((target) => destinations.find(one, target).strip)
    expect(stripped).toEqual(['/api', '', ''])
  })

  test('reuses the destination prepared for the previous one', () => {
    expect(destinations.find(one, '/')).toBe(destinations.find(one, '/x'))
    expect(destinations.find(one, '/api')).toBe(destinations.find(one, '/api/x'))
  })

  test('has the timeouts of its domain, else those of the edge', () => {
    const timeouts = { ...defaultPolicies.timeouts }
    const of = (change: Partial<typeof timeouts>) =>
      destinations.find(route({ timeouts: { ...timeouts, ...change } }), '/').slots[0]?.timeouts
    const { connectMs, responseMs, responsePauseMs, tunnelIdleMs } = defaultLimits
    expect(of({})).toBe(defaultLimits)
    expect(of({ connectSeconds: 3 })).toEqual({ connectMs: 3_000, responseMs, responsePauseMs, tunnelIdleMs })
    expect(of({ responseSeconds: 4 })).toEqual({
      connectMs,
      responseMs: 4_000,
      responsePauseMs,
      tunnelIdleMs,
    })
    expect(of({ idleSeconds: 5 })).toEqual({
      ...{ connectMs, responseMs, responsePauseMs: 5_000, tunnelIdleMs: 5_000 },
    })
  })
})

describe('the connections to an origin', () => {
  const ownerOf = (policies: Partial<StoredPolicies>, target = '/') =>
    destinations.find(route(policies), target).slots.map(({ owner }) => owner)

  test('are shared between domains that let everybody in', () => {
    expect(ownerOf({})).toEqual([null])
  })

  test('are the domain’s own where not everybody is let in, or the origin is told who comes', () => {
    expect(ownerOf(access({ allow: [] }))).toEqual(['shop.test'])
    expect(ownerOf(access({ users: [] }))).toEqual(['shop.test'])
    for (const clientCertificates of ['optional', 'required'] as const) {
      const tls = { ...defaultPolicies.tls, clientCertificates }
      expect(ownerOf({ tls })).toEqual(['shop.test'])
    }
    const everywhere = { ...access({ users: [] }), ...below(['/api', 2, false]) }
    expect(ownerOf(everywhere, '/api')).toEqual(['shop.test'])
    expect(ownerOf({ ...access({ users: [] }), ...withBackups(2) })).toEqual(['shop.test', 'shop.test'])
  })
})

const shown = () => states.map(([domain, all]) => [domain, all.map(({ state }) => state).join(' ')])
const fail = (one: Route, at: number, times = 3) => {
  for (let time = 0; time < times; time += 1)
    destinations.find(one, '/').slots[at]?.health?.onFailure('It refuses connections')
}

describe('the health of origins', () => {
  test('is watched where there are backups or a check, and nowhere else', () => {
    const check = { ejectAfter: 3, check: defaultHealthCheck }
    const alone = route({}, { domain: 'alone.test' })
    destinations.take([alone, route(withBackups(2)), route({ health: check }, { domain: 'checked.test' })])
    expect(shown()).toEqual([
      ['shop.test', 'up up'],
      ['checked.test', 'up'],
    ])
    expect(states[0]?.[1].map(({ address, role }) => `${role} ${address}`)).toEqual([
      ...['primary http://127.0.0.1:1', 'backup http://127.0.0.1:2'],
    ])
    expect(destinations.find(alone, '/').slots[0]?.health?.isUp).toBe(true)
  })

  test('is reported when it changes, with its origin', () => {
    const one = route(withBackups(2, 3))
    destinations.take([one])
    fail(one, 1)
    expect(changes).toEqual(['shop.test http://127.0.0.1:2 ejected'])
    expect(shown().at(-1)).toEqual(['shop.test', 'up ejected up'])
    destinations.find(one, '/').slots[1]?.health?.onSuccess()
    expect(changes.at(-1)).toBe('shop.test http://127.0.0.1:2 up')
    expect(shown().at(-1)).toEqual(['shop.test', 'up up up'])
  })

  test('is kept by an origin that a change leaves as it is, and by no other', () => {
    const before = route(withBackups(2, 3))
    destinations.take([before])
    fail(before, 1)
    fail(before, 2)
    destinations.take([route({ ...withBackups(3, 4), redirect: { except: ['/x'] } })])
    expect(shown().at(-1)).toEqual(['shop.test', 'up ejected up'])
    expect(states.at(-1)?.[1][1]?.address).toBe('http://127.0.0.1:3')
  })

  test('is judged by the policy that there is now', () => {
    destinations.take([route(withBackups(2))])
    const after = route({ ...withBackups(2), health: { ejectAfter: 1, check: null } })
    destinations.take([after])
    fail(after, 0, 1)
    expect(shown().at(-1)).toEqual(['shop.test', 'ejected up'])
  })

  test('is reported no more once an origin is gone', () => {
    const before = route(withBackups(2))
    destinations.take([before])
    const gone = destinations.find(before, '/').slots[1]?.health
    destinations.take([route(withBackups(3))])
    const told = states.length
    for (let time = 0; time < 3; time += 1) gone?.onFailure('It refuses connections')
    expect([changes, states.length]).toEqual([[], told])
  })

  test('is forgotten with its domain, which is reported once', () => {
    const [one, other] = [route(withBackups(2)), route(withBackups(2), { domain: 'other.test' })]
    destinations.take([one, other])
    destinations.forgetOthers(new Map([['other.test', other]]))
    expect(shown().slice(2)).toEqual([['shop.test', '']])
    destinations.forget('shop.test')
    destinations.take([route({})])
    expect(states).toHaveLength(3)
    destinations.take([route({}, { domain: 'other.test' })])
    expect(shown().slice(3)).toEqual([['other.test', '']])
  })

  test('leaves no timer behind for a removed domain', () => {
    const one = route(withBackups(2))
    destinations.take([one])
    fail(one, 1)
    const gone = destinations.find(one, '/').slots[1]?.health
    destinations.forget('shop.test')
    tick(100)
    expect(gone?.state().state).toBe('ejected')
  })
})

describe('the check of an origin', () => {
  const health = { ejectAfter: 3, check: { ...defaultHealthCheck, everySeconds: 10, downAfter: 1 } }
  const checked = (...backups: number[]) => route({ ...withBackups(...backups), health })
  const failAll = () => {
    for (const { waiter } of [...asking]) waiter.onFailure({ kind: 'refused', code: 'ECONNREFUSED' })
  }
  const portsAsked = () => [...asking].map(({ port }) => port)

  test('asks each of them, and reports the results', () => {
    destinations.take([checked(2)])
    tick(1)
    expect(portsAsked()).toEqual([1, 2])
    failAll()
    expect(shown().at(-1)).toEqual(['shop.test', 'down down'])
    expect(portsAsked()).toEqual([])
  })

  test('is not asked beside the one of before a change, and what was found stays', () => {
    destinations.take([checked(2)])
    tick(1)
    failAll()
    tick(10)
    expect(portsAsked()).toEqual([1, 2])
    destinations.take([checked(2, 3)])
    expect(portsAsked()).toEqual([])
    expect(shown().at(-1)).toEqual(['shop.test', 'down down up'])
    tick(1)
    expect(portsAsked()).toEqual([1, 2, 3])
  })

  test('leaves none down when there is no check any more that could bring it back', () => {
    destinations.take([checked(2)])
    tick(1)
    failAll()
    destinations.take([route(withBackups(2))])
    expect(shown().at(-1)).toEqual(['shop.test', 'up up'])
    tick(100)
    expect(portsAsked()).toEqual([])
  })

  test('ends with the domain', () => {
    destinations.take([checked(2)])
    tick(1)
    destinations.forget('shop.test')
    expect(portsAsked()).toEqual([])
    tick(100)
    expect([portsAsked(), shown().at(-1)]).toEqual([[], ['shop.test', '']])
  })
})

describe('an only origin without a health check', () => {
  const slotOf = (one: Route) => destinations.find(one, '/').slots[0]!

  test('is reported with its last answer, which a changed domain keeps', () => {
    slotOf(route({})).health?.onFailure('It refuses connections')
    const changed = route({}, { policies: { ...defaultPolicies, ...withBackups(), ...access({}) } })
    destinations.take([changed])
    slotOf(changed).health?.onFailure('It refuses connections')
    expect(states.map(([, [state]]) => [state?.state, state?.role])).toEqual([['down', 'primary']])
  })

  test('is forgotten when the domain gets another one, a backup, or goes', () => {
    const fail = (one: Route) => slotOf(one).health?.onFailure('It refuses connections')
    const [one, other] = [route({}), route({}, { origin: origin(2) })]
    fail(one)
    destinations.take([other])
    expect(states.at(-1)).toEqual([one.domain, []])
    fail(other)
    destinations.take([route(withBackups(3))])
    expect(states.at(-1)?.[1].map(({ state }) => state)).toEqual(['up', 'up'])
    destinations.forget(one.domain)
    fail(one)
    destinations.forgetOthers(new Map())
    expect(states.at(-1)).toEqual([one.domain, []])
  })
})
