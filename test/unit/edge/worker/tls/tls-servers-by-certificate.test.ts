import { describe, expect, test } from 'vitest'
import { TlsServersByCertificate } from '../../../../../src/edge/worker/tls/tls-servers-by-certificate.ts'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import { createTlsServer } from '../../../../../src/edge/worker/tls/tls-server.ts'
import { handshakeSettings } from '../../../../../src/edge/protocol/handshake-settings.ts'
import type { ServingCertificate } from '../../../../../src/edge/protocol/snapshot.ts'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'

const handshake = handshakeSettings(defaultPolicies.tls)
const handshakeServers = (capacity?: number) =>
  new TlsServersByCertificate(
    (certificate) =>
      createTlsServer(certificate, {
        fault: () => undefined,
        handshakeMs: 1_000,
        stapleFor: () => null,
        onSecure: () => undefined,
      }),
    capacity,
  )

const authority = createTestAuthority()
const leaves = ['a.test', 'b.test', 'c.test', 'd.test'].map((name) =>
  issueTestLeaf(authority, { names: [name] }),
)

function serving(...which: number[]): Record<string, ServingCertificate> {
  return Object.fromEntries(
    which.map((at) => {
      const { chainPem, keyPem } = leaves[at]!
      return [`c${at}`, { chainPem, leafKeyPem: Buffer.from(keyPem), handshake }]
    }),
  )
}
const isWiped = (certificate: ServingCertificate | undefined) =>
  certificate?.leafKeyPem.every((byte) => byte === 0)

describe('TlsServersByCertificate', () => {
  test('wipes a key as soon as its context is made', () => {
    const contexts = handshakeServers()
    const certificates = serving(0, 1)
    contexts.apply(certificates)
    expect(Object.values(certificates).every(isWiped)).toBe(true)
    expect(contexts.get('c0')).not.toBeNull()
    expect(contexts.get('c2')).toBeNull()
  })

  test('keeps the context of a certificate that stays, and wipes its key again', () => {
    const contexts = handshakeServers()
    contexts.apply(serving(0))
    const before = contexts.get('c0')
    const certificates = serving(0, 1)
    contexts.apply(certificates)
    expect(contexts.get('c0')).toBe(before)
    expect(isWiped(certificates['c0'])).toBe(true)
  })

  test('makes a new context for another chain of the same id, and forgets what is gone', () => {
    const contexts = handshakeServers()
    contexts.apply(serving(0, 1))
    const before = contexts.get('c0')
    contexts.apply({ c0: serving(2)['c2']! })
    expect(contexts.get('c0')).not.toBe(before)
    expect(contexts.get('c1')).toBeNull()
  })

  test('holds no more contexts than it may, makes them on demand, and wipes keys when they go', () => {
    const contexts = handshakeServers(2)
    const certificates = serving(0, 1, 2, 3)
    contexts.apply(certificates)
    const first = contexts.get('c0')
    expect(contexts.get('c0')).toBe(first)
    contexts.get('c1')
    contexts.get('c2')
    expect(contexts.get('c0')).not.toBe(first)
    expect(isWiped(certificates['c0'])).toBe(false)
    contexts.apply(serving(1))
    expect(isWiped(certificates['c0'])).toBe(true)
    expect(isWiped(certificates['c3'])).toBe(true)
    expect(contexts.get('c0')).toBeNull()
  })

  test('changes nothing when a certificate cannot be used', () => {
    const contexts = handshakeServers()
    contexts.apply(serving(0))
    const before = contexts.get('c0')
    const mismatched = {
      chainPem: leaves[1]!.chainPem,
      leafKeyPem: Buffer.from(leaves[2]!.keyPem),
      handshake,
    }
    expect(() => contexts.apply({ ...serving(0), c1: mismatched })).toThrow('key values mismatch')
    expect(contexts.get('c0')).toBe(before)
    expect(contexts.get('c1')).toBeNull()
  })

  test('takes a change up beside what it has, and wipes what goes', () => {
    const servers = handshakeServers()
    servers.apply(serving(0, 1))
    const kept = servers.get('c1')
    const added = serving(2)
    servers.change(added, ['c0'])
    expect(servers.get('c0')).toBeNull()
    expect(servers.get('c1')).toBe(kept)
    expect(servers.get('c2')).not.toBeNull()
    expect(servers.chainOf('c2')).toBe(leaves[2]!.chainPem)
    expect(Object.values(added).every(isWiped)).toBe(true)
  })

  test('keeps the keys of a change that brings more than it may hold', () => {
    const servers = handshakeServers(2)
    servers.apply(serving(0, 1))
    const added = serving(2, 3)
    servers.change(added, [])
    expect(isWiped(added['c2'])).toBe(false)
    expect(servers.get('c2')).not.toBeNull()
    servers.change({}, ['c2', 'c3'])
    expect(Object.values(added).every(isWiped)).toBe(true)
    expect(servers.get('c2')).toBeNull()
    expect(servers.get('c1')).not.toBeNull()
  })

  test('changes nothing when a certificate of a change cannot be used', () => {
    const servers = handshakeServers()
    servers.apply(serving(0))
    const before = servers.get('c0')
    const leafKeyPem = Buffer.from(leaves[2]!.keyPem)
    const mismatched = { chainPem: leaves[1]!.chainPem, leafKeyPem, handshake }
    expect(() => servers.change({ ...serving(3), c1: mismatched }, ['c0'])).toThrow('key values mismatch')
    expect(servers.get('c0')).toBe(before)
    expect(servers.get('c3')).toBeNull()
  })
})
