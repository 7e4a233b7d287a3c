import { describe, expect, test } from 'vitest'
import type { ClientHello } from '../../../../../src/edge/worker/tls/client-hello.ts'
import type { EdgeRequest } from '../../../../../src/edge/worker/http/request.ts'
import { Challenges } from '../../../../../src/edge/worker/tls/shown-challenges.ts'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'

const create = () =>
  new Challenges({
    handshakeMs: 1_000,
    fault: (where, error) => {
      throw new Error(where, { cause: error })
    },
  })
const http = [{ token: 'token', hostname: 'shop.test', keyAuthorization: 'token.print' }]

describe('the answer of http-01', () => {
  const challenges = create()
  challenges.take({ http, tls: [] })
  const ask = (change: Partial<EdgeRequest> = {}) =>
    challenges.answerTo({
      ...{ hostname: 'shop.test', target: '/.well-known/acme-challenge/token', method: 'GET' },
      ...change,
    } as EdgeRequest)

  test('is what the authority is to be shown, as bytes that no browser takes for a page', () => {
    for (const method of ['GET', 'HEAD']) {
      const page = ask({ method })
      expect([page?.status, page?.body.toString()]).toEqual([200, 'token.print'])
      expect(page?.headers).toEqual([
        ...['content-type', 'application/octet-stream', 'x-content-type-options', 'nosniff'],
        ...['content-length', '11', 'cache-control', 'no-store'],
      ])
    }
  })

  test.each([
    [{ hostname: 'other.test' }],
    [{ target: '/.well-known/acme-challenge/other' }],
    [{ target: '/.well-known/acme-challenge/' }],
    [{ target: '/.well-known/acme-challenge/token?x' }],
    [{ target: '/well-known/acme-challenges/token' }],
    [{ target: 'token' }],
    [{ method: 'POST' }],
    [{ method: 'OPTIONS' }],
  ])('is for nothing else: %j', (change) => {
    expect(ask(change)).toBeNull()
  })

  test('is gone when the order has ended', () => {
    challenges.take({ http: [], tls: [] })
    expect(ask()).toBeNull()
  })
})

describe('the handshake of tls-alpn-01', () => {
  const authority = createTestAuthority()
  const shown = (hostname: string) => {
    const { chainPem, keyPem } = issueTestLeaf(authority, { names: [hostname] })
    return { hostname, certificatePem: chainPem, keyPem: keyPem.toString() }
  }
  const hello = (...alpnProtocols: string[]) => ({ alpnProtocols }) as ClientHello
  const one = shown('shop.test')

  test('is for a client that speaks its protocol and no other, and for the name that it is about', () => {
    const challenges = create()
    challenges.take({ http: [], tls: [one] })
    expect(challenges.serverFor('shop.test', hello('acme-tls/1'))).not.toBeNull()
    expect(challenges.serverFor('other.test', hello('acme-tls/1'))).toBeNull()
    for (const protocols of [[], ['h2'], ['acme-tls/1', 'h2'], ['h2', 'acme-tls/1'], ['ACME-TLS/1']])
      expect(challenges.serverFor('shop.test', hello(...protocols))).toBeNull()
  })

  test('stays the same while its certificate does, and is gone with it', () => {
    const challenges = create()
    const server = () => challenges.serverFor('shop.test', hello('acme-tls/1'))
    challenges.take({ http: [], tls: [one] })
    const before = server()
    challenges.take({ http, tls: [one, shown('other.test')] })
    expect(server()).toBe(before)
    challenges.take({ http, tls: [shown('shop.test')] })
    expect(server()).not.toBe(before)
    challenges.take({ http, tls: [] })
    expect(server()).toBeNull()
  })
})
