import { describe, expect, test, vi } from 'vitest'
import { everydayBehaviour } from '../../../../../src/engine/acme/server/behaviour.ts'
import { OrderRequests } from '../../../../../src/engine/acme/server/order-requests.ts'
import { Orders } from '../../../../../src/engine/acme/server/orders.ts'
import type { AcmeParts, Posted } from '../../../../../src/engine/acme/server/request.ts'

const at = new Date('2026-11-28T12:00:00Z')
const created = { now: at, isWaived: () => false, isServed: () => false, hasDns: false }

function placing(orders: Orders) {
  return (accountId: string, names = 1) => {
    orders.makePlace(accountId, names)
    const identifiers = Array.from({ length: names }, (_, index) => ({
      type: 'dns' as const,
      value: `n${index}.test`,
    }))
    return orders.create({ accountId, identifiers, profile: 'classic', replaces: undefined }, created)
  }
}

describe('open orders', () => {
  test('make room for other accounts, from the account with the most', () => {
    const orders = new Orders({ orders: 4, names: 100, openOfAccount: 10 })
    const place = placing(orders)
    const greedy = [place('greedy'), place('greedy'), place('greedy'), place('greedy')]
    const first = place('modest')
    expect(orders.order(first.id, 'modest')).toBe(first)
    expect(orders.ofAccount('greedy')).toEqual(greedy.slice(1))
    expect(() => place('greedy')).toThrow('Too many orders are open')
    expect(() => place('greedy')).toThrow(expect.objectContaining({ more: { retryAfter: 60 } }))
    place('modest')
    // Both have two now: an equal is not displaced.
    expect(() => place('modest')).toThrow('Too many orders are open')
    expect(orders.ofAccount('greedy')).toEqual(greedy.slice(2))
  })

  test('are counted by their names, each of which has an authorization', () => {
    const orders = new Orders({ orders: 100, names: 200, openOfAccount: 100 })
    const place = placing(orders)
    place('greedy', 100)
    place('greedy', 100)
    const modest = place('modest', 3)
    expect(orders.ofAccount('greedy')).toHaveLength(1)
    expect(orders.order(modest.id, 'modest')?.authorizations).toHaveLength(3)
  })

  test('stay while they are being signed', () => {
    const orders = new Orders({ orders: 2, names: 100, openOfAccount: 10 })
    const place = placing(orders)
    const signing = [place('greedy'), place('greedy')]
    for (const order of signing) order.finalizing = true
    expect(() => place('modest')).toThrow('Too many orders are open')
    expect(orders.ofAccount('greedy')).toEqual(signing)
  })

  test('leave with their account', () => {
    const orders = new Orders()
    const order = placing(orders)('leaving', 2)
    orders.forgetAccount('leaving')
    expect(orders.order(order.id, 'leaving')).toBeUndefined()
    expect(orders.authorization(order.authorizations[0]!.id, 'leaving')).toBeUndefined()
  })
})

describe('the deadline of an order', () => {
  test('is an hour of uptime away, however the system time jumps', () => {
    let uptime = 1_000_000
    const orders = new Orders(undefined, () => uptime)
    const order = placing(orders)('one')
    vi.setSystemTime(new Date('2099-01-01T00:00:00Z'))
    orders.makePlace('one', 1)
    expect(orders.order(order.id, 'one')).toBe(order)
    expect(orders.status(order)).toBe('pending')
    vi.useRealTimers()
    uptime += 3_599_000
    expect(orders.status(order)).toBe('pending')
    expect(orders.expires(order, at)).toBe('2026-11-28T12:00:01.000Z')
    uptime += 1_000
    expect(orders.status(order)).toBe('invalid')
    orders.makePlace('one', 1)
    expect(orders.order(order.id, 'one')).toBeUndefined()
  })

  test('is at most the end of the record that validated its authorization', () => {
    const orders = new Orders(undefined, () => 5_000)
    const [authorization] = placing(orders)('one').authorizations
    orders.shorten(authorization!, new Date(at.getTime() + 60_000), at)
    expect(orders.expires(authorization!, at)).toBe('2026-11-28T12:01:00.000Z')
    orders.shorten(authorization!, new Date(at.getTime() + 90_000), at)
    expect(orders.expires(authorization!, at)).toBe('2026-11-28T12:01:00.000Z')
  })
})

test('an order that has no place or is over its limit is refused before the authority is asked', async () => {
  const issuer = vi.fn<() => Promise<string>>()
  const orders = new Orders({ orders: 1000, names: 20_000, openOfAccount: 1 })
  const clock = () => at
  const behaviour = everydayBehaviour(() => 0)
  const settings = () => ({ ports: { http: 1, tls: 1, dns: null }, waived: [], requireBinding: false })
  const parts = { clock, issuer, settings, behaviour: () => behaviour } as unknown as AcmeParts
  const requests = new OrderRequests(parts, orders)
  const payload = new Map([['identifiers', [{ type: 'dns', value: 'shop.test' }]]])
  const posted = { signed: { payload }, request: { base: 'https://localhost', userAgent: '' } } as unknown
  const order = (id: string) => requests.create(posted as Posted, { id } as never)
  placing(orders)('full')
  await expect(order('full')).rejects.toMatchObject({ type: 'rateLimited' })
  for (let count = 0; count < 50; count += 1)
    behaviour.admit({
      accountId: 'limited',
      identifiers: [{ type: 'dns', value: 'shop.test' }],
      renews: false,
    })
  await expect(order('limited')).rejects.toMatchObject({ type: 'rateLimited', status: 429 })
  expect(issuer).not.toHaveBeenCalled()
})
