import { describe, expect, test } from 'vitest'
import {
  choicesIn,
  chooseRows,
  trafficView,
  type TrafficFilter,
} from '../../../../../src/renderer/features/traffic/filter.ts'
import { exchangeRow, refusedRow } from './rows.ts'

const rows = [
  exchangeRow({ id: 1 }),
  exchangeRow({ id: 2, url: 'http://shop.test/', status: 301, redirectedTo: 'https://shop.test/' }),
  exchangeRow({ id: 3, method: 'POST', status: 404, domain: 'blog.test', url: 'https://blog.test/Find' }),
  exchangeRow({ id: 4, status: 502, error: 'The origin of shop.test refused the connection.' }),
  exchangeRow({ id: 5, status: 200, error: 'The client left before the answer was complete.' }),
  exchangeRow({ id: 6, status: null, domain: null }),
  refusedRow({ id: 7, serverName: 'nowhere.test', domain: 'nowhere.test' }),
]
const found = (change: Partial<TrafficFilter>) =>
  chooseRows(rows, { ...trafficView.store.getInitialState(), ...change }).map(({ id }) => id)

describe('the filters of traffic', () => {
  test('show everything, newest first', () => {
    expect(found({})).toEqual([7, 6, 5, 4, 3, 2, 1])
  })

  test('tell HTTP, HTTPS and refused handshakes apart', () => {
    expect(found({ kind: 'http' })).toEqual([2])
    expect(found({ kind: 'refused' })).toEqual([7])
    expect(found({ kind: 'https' })).toEqual([6, 5, 4, 3, 1])
  })

  test('narrow by domain and method', () => {
    expect(found({ domain: 'blog.test' })).toEqual([3])
    expect(found({ method: 'POST' })).toEqual([3])
  })

  test('tell the classes of statuses from what broke off', () => {
    expect(found({ outcome: '2' })).toEqual([1])
    expect(found({ outcome: '3' })).toEqual([2])
    expect(found({ outcome: '5' })).toEqual([4])
    expect(found({ outcome: 'failed' })).toEqual([6, 5])
  })

  test('search in addresses, errors and names, whatever their case', () => {
    expect(found({ search: ' find ' })).toEqual([3])
    expect(found({ search: 'REFUSED the' })).toEqual([4])
    expect(found({ search: 'nowhere' })).toEqual([7])
  })

  test('offer the domains and methods that there are', () => {
    expect(choicesIn(rows)).toEqual({
      domains: ['blog.test', 'nowhere.test', 'shop.test'],
      methods: ['GET', 'POST'],
    })
  })
})
