import { describe, expect, test } from 'vitest'
import type { EngineStatus } from '../../../../../src/contract/engine/engine-status.ts'
import { addressOf, resolvesByItself } from '../../../../../src/renderer/features/domains/address.ts'
import { certificateFacts, domainFacts, httpsOn } from './domain-facts.ts'

function edge(https: number, http: number): EngineStatus['edge'] {
  const listener = (port: number) => ({
    port,
    wantedPort: port,
    addresses: ['127.0.0.1'],
    isTaken: false,
    isForbidden: false,
    takenBy: null,
  })
  return {
    state: 'running',
    https: listener(https),
    http: listener(http),
    published: [],
    workerPids: [1],
    restarts: 0,
    faults: 0,
    problem: null,
  }
}

describe('the address of a domain in a browser', () => {
  const on = domainFacts({ https: httpsOn(certificateFacts('a')) })
  test('is over HTTPS with the port in use, without a default port', () => {
    expect(addressOf(on, edge(8443, 8080))).toBe('https://shop.test:8443/')
    expect(addressOf(on, edge(443, 80))).toBe('https://shop.test/')
  })
  test('is over HTTP while HTTPS is not on', () => {
    expect(addressOf(domainFacts(), edge(8443, 8080))).toBe('http://shop.test:8080/')
  })
  test('has a sample name in place of a wildcard', () => {
    expect(addressOf(domainFacts({ name: '*.shop.test' }), edge(8443, 80))).toBe('http://www.shop.test/')
  })
  test('is absent while the edge does not listen', () => {
    expect(addressOf(on, undefined)).toBeNull()
  })
  test('needs no hosts file under .localhost', () => {
    expect(['localhost', 'shop.localhost'].every(resolvesByItself)).toBe(true)
    expect(['shop.test', 'notlocalhost'].some(resolvesByItself)).toBe(false)
  })
})
