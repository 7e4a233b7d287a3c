import { expect, test } from 'vitest'
import { clientTrust, clientTrustLabels, knownOfClient } from '../../../src/domain/client-trust.ts'
import { trustStateSchema } from '../../../src/contract/trust/trust.ts'
import { trust } from '../../../src/renderer/app/messages/en/trust.ts'

const proof = (ok: boolean) => ({
  at: '2026-11-26T12:00:00.000Z',
  ok,
  sentence: 'It said so.',
  words: null,
  through: null,
})

test.each([
  ['trusted', null, 'trusted'],
  ['trusted', proof(true), 'proven'],
  ['trusted', proof(false), 'refused'],
  ['missing', proof(false), 'missing'],
  ['stale', null, 'stale'],
] as const)('a client whose store says %s, with its proof, is %#', (state, given, said) => {
  expect(clientTrust({ state, proof: given })).toBe(said)
})

test('each state has its words, and the window has no others', () => {
  for (const state of trustStateSchema.options) expect(clientTrustLabels[state]).toMatch(/^[A-Z]/)
  expect(trust.state).toBe(clientTrustLabels)
})

test('a client that cannot be probed shows the reason, not “not tried”', () => {
  const stores = [{ sentence: 'The store has it.' }]
  const client = { state: 'trusted', proof: null, unprovable: null } as const
  expect(knownOfClient(client, stores, 'Not tried yet.')).toBe('Not tried yet.')
  expect(knownOfClient({ ...client, unprovable: 'It cannot be run.' }, stores, 'Not tried yet.')).toBe(
    'It cannot be run.',
  )
  expect(knownOfClient({ ...client, proof: proof(true) }, stores, '')).toBe('It said so.')
  expect(knownOfClient({ ...client, state: 'missing', proof: proof(false) }, stores, '')).toBe(
    'The store has it.',
  )
  expect(knownOfClient({ ...client, state: 'missing' }, [], '')).toBe('')
})
