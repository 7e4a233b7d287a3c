import { expect, test } from 'vitest'
import {
  clientTrust,
  clientTrustLabel,
  clientTrustLabels,
  describeClient,
  proofAfter,
  proofEnd,
  type TrustFacts,
} from '../../../src/domain/client-trust.ts'
import { nameNotFound } from '../../../src/domain/green-browsers.ts'
import { clientTrustSchema, type TrustProof, type TrustState } from '../../../src/contract/trust/trust.ts'
import { trust } from '../../../src/renderer/messages/en/trust.ts'

const served = { address: '127.0.0.1', port: 443, chain: 'aa' }
const against = { ...served, name: null, until: '2027-01-01T00:00:00.000Z' }
const at = '2026-11-26T12:00:00.000Z'

const nss = (state: TrustState) => ({ id: 'nss:', kind: 'nss' as const, state, sentence: `NSS: ${state}.` })
const bundle = (state: TrustState) => ({
  ...{ id: 'bundle', kind: 'bundle' as const, state, sentence: `Bundle: ${state}.` },
})

function proof(patch: Partial<TrustProof> = {}): TrustProof {
  const stores = [{ id: 'nss:', state: 'trusted' as const }]
  return {
    at,
    ok: true,
    sentence: 'Tested.',
    words: null,
    through: null,
    byVariables: false,
    against,
    stores,
    ...patch,
  }
}

function facts(patch: Partial<TrustFacts> = {}): TrustFacts & Parameters<typeof describeClient>[0] {
  return {
    stores: [nss('trusted')],
    proof: proof(),
    served,
    now: new Date('2026-11-26T13:00:00Z'),
    ...patch,
  } as never
}

test('a root that is installed is no proof, and a test of the client is one', () => {
  expect(clientTrust(facts({ proof: null }))).toBe('trusted')
  expect(clientTrust(facts())).toBe('proven')
  expect(clientTrust(facts({ proof: proof({ ok: false }) }))).toBe('refused')
})

test('a store that was seen without the root ends a test for good, also once it has the root again', () => {
  const seen = proofAfter([nss('missing')], proof())
  expect(proofEnd(facts({ proof: seen }), seen)).toBe('stores')
  expect(clientTrust(facts({ proof: seen }))).toBe('trusted')
  expect(proofAfter([nss('trusted')], proof())).toEqual(proof())
  expect(proofAfter([nss('unreadable')], proof())).toEqual(proof())
})

test('a store without the root explains a refusal', () => {
  const refused = proof({ ok: false, stores: [{ id: 'nss:', state: 'missing' }] })
  expect(clientTrust(facts({ stores: [nss('missing')], proof: refused }))).toBe('missing')
})

test('a domain that a client refuses is refused, whatever its stores have', () => {
  const refused = proof({
    ...{ ok: false, stores: [{ id: 'nss:', state: 'missing' }], against: { ...against, name: 'shop.test' } },
  })
  expect(clientTrust(facts({ stores: [nss('missing')], proof: refused }))).toBe('refused')
})

test('a client that did not find the name is not proven, refuses nothing, and was tested', () => {
  const stores = [{ id: 'nss:', state: 'trusted' as const }]
  const lost = facts({ proof: proof({ ok: false, sentence: nameNotFound, stores }) })
  expect(clientTrust(lost)).toBe('trusted')
  expect(describeClient(lost, null)).toBe(`NSS: trusted. Its last test failed: ${nameNotFound}`)
  const ofDomain = proof({
    ok: false,
    sentence: nameNotFound,
    stores,
    against: { ...against, name: 'shop.test' },
  })
  expect(clientTrustLabel({ trust: 'refused', proof: ofDomain })).toBe('Name not found')
  expect(clientTrustLabel({ trust: 'refused', proof: { ...ofDomain, sentence: 'No.' } })).toBe(
    'Failed its test',
  )
  const inBundle = [nss('missing'), bundle('trusted')]
  const curl = facts({
    stores: inBundle,
    proof: proof({ ok: false, sentence: nameNotFound, stores: inBundle }),
  })
  expect(clientTrust(curl)).toBe('variables')
  expect(describeClient(curl, null)).toBe(`Bundle: trusted. Its last test failed: ${nameNotFound}`)
})

test.each([
  ['the root is taken out of the store by hand', 'stores', { stores: [nss('missing')] }],
  ['the client no longer reads the store', 'stores', { stores: [] }],
  ['the edge stops', 'address', { served: null }],
  ['the edge answers on another port', 'address', { served: { ...served, port: 8443 } }],
  ['the name leads to another address', 'address', { served: { ...served, address: '10.0.0.1' } }],
  ['another certificate is served', 'chain', { served: { ...served, chain: 'bb' } }],
  ['the clock is set back before it', 'clock', { now: new Date('2026-11-26T11:59:59Z') }],
  ['the certificate has expired', 'clock', { now: new Date(against.until) }],
] as const)('a proof ends when %s', (_what, end, patch) => {
  const changed = facts(patch as Partial<TrustFacts>)
  expect(proofEnd(changed, proof())).toBe(end)
  expect(clientTrust(changed)).not.toBe('proven')
})

test('trust through the bundle alone is a state of its own, tested or not', () => {
  const stores = [nss('missing'), bundle('trusted')]
  expect(clientTrust(facts({ stores, proof: null }))).toBe('variables')
  const tested = proof({ byVariables: true, stores: [nss('missing'), bundle('trusted')] })
  expect(clientTrust(facts({ stores, proof: tested }))).toBe('variables')
  expect(clientTrust(facts({ stores: [nss('trusted'), bundle('trusted')], proof: null }))).toBe('trusted')
})

test('each state has its label, and the window has no others', () => {
  for (const state of clientTrustSchema.options) expect(clientTrustLabels[state]).toMatch(/^[A-Z]/)
  expect(trust.state).toBe(clientTrustLabels)
})

test('the sentence is that of the test while it counts, and then the reason why it does not', () => {
  expect(describeClient(facts(), null)).toBe('Tested.')
  expect(describeClient(facts({ served: null }), null)).toBe(
    'NSS: trusted. Its last test no longer counts: the edge no longer answers at the address of that test.',
  )
  expect(describeClient(facts({ proof: null }), null)).toBe('NSS: trusted. Not tested yet.')
  expect(describeClient(facts({ proof: null }), 'It cannot be run.')).toBe('It cannot be run.')
  expect(describeClient(facts({ stores: [nss('missing')] }), null)).toBe('NSS: missing.')
  expect(describeClient(facts({ stores: [], proof: null }), null)).toBe('')
})
