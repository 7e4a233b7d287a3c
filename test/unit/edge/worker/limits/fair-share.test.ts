import { describe, expect, test } from 'vitest'
import { FairShare, sharedAddress, type Claimant } from '../../../../../src/edge/worker/limits/fair-share.ts'

const from = (remoteAddress: string): Claimant => ({ remoteAddress })
const one = '192.0.2.1'

/** Counts the slots that a claimant gets before it is refused. */
function holdAll(fair: FairShare<string>, claimant: Claimant, slots: number): number {
  const share = fair.of(claimant)
  let count = 0
  for (; fair.mayHold(share, slots); count += 1) fair.hold(share)
  return count
}

/** Counts the places in the queue likewise. */
function waitAll(fair: FairShare<string>, claimant: Claimant, places: number): number {
  const share = fair.of(claimant)
  let count = 0
  while (fair.wait(share, `${claimant.remoteAddress} ${count}`, places)) count += 1
  return count
}

/** Slots of each of several clients, one after the other. */
const each = (take: typeof holdAll, addresses: string[], of: number) => {
  const fair = new FairShare<string>()
  return addresses.map((address) => take(fair, from(address), of))
}

describe.each([
  ['slots of an origin', holdAll],
  ['places in its queue', waitAll],
])('of the %s', (_what, take) => {
  test('a client alone has a quarter, and each further one less, until none is left', () => {
    const addresses = Array.from({ length: 11 }, (_, at) => `192.0.2.${at}`)
    expect(each(take, addresses, 16)).toEqual([4, 3, 2, 1, 1, 1, 1, 1, 1, 1, 0])
    expect(each(take, [one], 512)).toEqual([128])
  })

  test('the only one goes to the first to come', () => {
    expect(each(take, [one, '192.0.2.2'], 1)).toEqual([1, 0])
  })

  test('one address has four times what it leaves, over all its connections', () => {
    const sum = (counts: number[]) => counts.reduce((all, count) => all + count)
    for (const [of, part] of [
      [14, 12],
      [16, 13],
      [100, 80],
    ] as const) {
      const taken = each(take, [...Array<string>(of).fill(one), '192.0.2.2'], of)
      expect([sum(taken.slice(0, -1)), taken.at(-1)! > 0]).toEqual([part, true])
    }
  })

  test('connections on the loopback count each for itself, since all have one address', () => {
    const addresses = Array<string>(11).fill('127.0.0.1')
    expect(each(take, addresses, 16)).toEqual([4, 3, 2, 1, 1, 1, 1, 1, 1, 1, 0])
  })
})

test('only addresses of the loopback are shared by everybody', () => {
  expect(['::1', '127.0.0.1', '127.9.9.9'].map((address) => sharedAddress(from(address)))).toEqual([
    null,
    null,
    null,
  ])
  for (const address of ['192.0.2.1', '::2', '12.7.0.1', '10.127.0.1'])
    expect(sharedAddress(from(address))).toBe(address)
})

describe('a released slot', () => {
  test('is free for its client or another', () => {
    const fair = new FairShare<string>()
    const claimants = Array.from({ length: 16 }, () => from(one))
    for (const claimant of claimants) holdAll(fair, claimant, 16)
    expect([fair.held, holdAll(fair, from(one), 16)]).toEqual([13, 0])
    for (let count = 0; count < 4; count += 1) fair.release(fair.of(claimants[0]!))
    expect([fair.held, fair.of(claimants[0]!).held]).toEqual([9, 0])
    expect([1, 2, 3].map(() => holdAll(fair, from(one), 16))).toEqual([1, 1, 1])
    expect(fair.held).toBe(12)
  })

  test('frees its place in the queue, and its address may wait again', () => {
    const fair = new FairShare<string>()
    const claimants = Array.from({ length: 16 }, () => from(one))
    for (const claimant of claimants) waitAll(fair, claimant, 16)
    expect([fair.waiting, waitAll(fair, from(one), 16)]).toEqual([13, 0])
    expect(fair.forget(fair.of(claimants[0]!), `${one} 1`)).toBe(true)
    expect(fair.forget(fair.of(claimants[0]!), `${one} 1`)).toBe(false)
    expect(fair.of(claimants[0]!).waiting).toEqual([`${one} 0`, `${one} 2`, `${one} 3`])
    expect(fair.waiting).toBe(12)
    expect([1, 2].map(() => waitAll(fair, from(one), 16))).toEqual([1, 0])
  })
})

describe('a queue that is full', () => {
  const local = () => from('127.0.0.1')

  /** A queue of 8, of which three clients have 4, 3 and 1. */
  function full() {
    const fair = new FairShare<string>()
    const clients = [local(), local(), local()]
    for (const [at, count] of [4, 3, 1].entries()) {
      const share = fair.of(clients[at]!)
      for (let time = 0; time < count; time += 1) fair.wait(share, `${at} ${time}`, 100)
    }
    return { fair, clients }
  }

  test('has the newest request of the client that has most give way to a newcomer, down to one each', () => {
    const { fair } = full()
    const displaced = Array.from({ length: 6 }, (_, at) => {
      const newcomer = fair.of(local())
      const one = fair.displace(newcomer, 8)
      expect(fair.wait(newcomer, `new ${at}`, 8)).toBe(one !== undefined)
      return one
    })
    expect(displaced).toEqual(['0 3', '0 2', '1 2', '0 1', '1 1', undefined])
    expect([fair.waiting, fair.takeAll()]).toEqual([
      8,
      ['0 0', '1 0', '2 0', 'new 0', 'new 1', 'new 2', 'new 3', 'new 4'],
    ])
  })

  test('counts what the others hold too', () => {
    const { fair, clients } = full()
    for (let count = 0; count < 4; count += 1) fair.hold(fair.of(clients[2]!))
    expect(fair.displace(fair.of(local()), 8)).toBe('2 0')
  })

  test('has no request give way while there are places, or to a client that has something', () => {
    const { fair, clients } = full()
    expect(fair.displace(fair.of(local()), 9)).toBeUndefined()
    expect(fair.displace(fair.of(clients[2]!), 8)).toBeUndefined()
    const holder = fair.of(local())
    fair.hold(holder)
    expect(fair.displace(holder, 8)).toBeUndefined()
    expect(fair.waiting).toBe(8)
  })

  test('has no request give way to another connection of an address that has something', () => {
    const { fair } = full()
    fair.hold(fair.of(from(one)))
    expect(fair.displace(fair.of(from(one)), 8)).toBeUndefined()
    expect(fair.displace(fair.of(from('192.0.2.2')), 8)).toBe('0 3')
  })
})

describe('the next slot', () => {
  const clients = ['a', 'b', 'c'].map((_name, at) => from(`192.0.2.${at}`)) as [Claimant, Claimant, Claimant]

  function queue(wishes: [at: number, wish: string][], held: number[] = []) {
    const fair = new FairShare<string>()
    for (const [at, count] of held.entries())
      for (let time = 0; time < count; time += 1) fair.hold(fair.of(clients[at]!))
    for (const [at, wish] of wishes) fair.wait(fair.of(clients[at]!), wish, 64)
    return fair
  }

  test('goes to each in turn, in the order in which they came', () => {
    const fair = queue([
      [0, 'a1'],
      [0, 'a2'],
      [0, 'a3'],
      [1, 'b1'],
      [1, 'b2'],
      [2, 'c1'],
    ])
    expect(fair.first).toBe('a1')
    const order = Array.from({ length: 6 }, () => fair.next(16))
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
    expect([fair.next(16), fair.first, fair.waiting]).toEqual([undefined, undefined, 0])
  })

  test('goes to the client that holds fewest, however long others wait', () => {
    const wishes: [number, string][] = [
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ]
    expect(queue(wishes, [2, 3, 1]).next(64)).toBe('c')
    expect(queue(wishes, [2, 1, 3]).next(64)).toBe('b')
    expect(queue(wishes, [1, 1, 0]).next(64)).toBe('c')
    expect(queue(wishes, [2, 2, 2]).next(64)).toBe('a')
  })

  test('is not for one that has its part already', () => {
    expect(queue([[0, 'a']], [4]).next(16)).toBeUndefined()
    expect(
      queue(
        [
          [0, 'a'],
          [1, 'b'],
        ],
        [3, 4],
      ).next(12),
    ).toBeUndefined()
  })

  test('is for one that has less than its part, where another has all of its own', () => {
    const addressFull = new FairShare<string>()
    const full = Array.from({ length: 16 }, () => from(one))
    for (const claimant of full) holdAll(addressFull, claimant, 16)
    addressFull.wait(addressFull.of(full[15]!), 'same address', 16)
    addressFull.wait(addressFull.of(full[0]!), 'same connection', 16)
    addressFull.wait(addressFull.of(clients[2]), 'other', 16)
    expect(addressFull.next(16)).toBe('other')
    expect(addressFull.next(16)).toBeUndefined()
  })

  test('goes to nobody while all are held, or fewer are left than before', () => {
    const fair = queue([[1, 'b']], [3])
    expect([fair.next(3), fair.next(2)]).toEqual([undefined, undefined])
    expect(fair.next(4)).toBe('b')
  })

  test('goes to no request that was taken back, and to the others of its client', () => {
    const fair = queue([
      [0, 'a1'],
      [0, 'a2'],
      [1, 'b'],
    ])
    fair.forget(fair.of(clients[0]), 'a1')
    expect([fair.first, fair.next(16)]).toEqual(['a2', 'a2'])
    fair.forget(fair.of(clients[1]), 'b')
    expect([fair.first, fair.next(16)]).toEqual([undefined, undefined])
  })

  test('is asked for by nobody once all were taken, and their places are free again', () => {
    const fair = queue([
      [0, 'a1'],
      [0, 'a2'],
      [1, 'b'],
    ])
    expect(fair.takeAll()).toEqual(['a1', 'b', 'a2'])
    expect([fair.waiting, fair.first, fair.takeAll()]).toEqual([0, undefined, []])
    expect([0, 1].map((at) => waitAll(fair, clients[at]!, 16))).toEqual([4, 3])
  })
})

describe('the share of a client', () => {
  test('is contended while another that has less is waiting, and not otherwise', () => {
    const fair = new FairShare<string>()
    const [rich, poor] = [from(one), from('192.0.2.2')]
    for (let count = 0; count < 2; count += 1) fair.hold(fair.of(rich))
    fair.hold(fair.of(poor))
    expect(fair.isContended(rich)).toBe(false)
    fair.wait(fair.of(poor), 'wish', 16)
    expect([fair.isContended(rich), fair.isContended(poor)]).toEqual([true, false])
    fair.hold(fair.of(poor))
    expect(fair.isContended(rich)).toBe(false)
    fair.release(fair.of(poor))
    fair.forget(fair.of(poor), 'wish')
    fair.wait(fair.of(rich), 'its own', 16)
    expect(fair.isContended(rich)).toBe(false)
  })
})
