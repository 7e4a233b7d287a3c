import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TrustProof, TrustStoreView } from '../../../../src/contract/trust/trust.ts'
import { pageRowId, proofsOf } from '../../../../src/engine/trust/proofs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const proof: TrustProof = {
  ...{ at: '2026-11-26T12:00:00.000Z', ok: true, sentence: 'Tested.', words: null, through: null },
  ...{ byVariables: false, stores: [{ id: 'system', state: 'trusted' }] },
  against: {
    ...{ name: null, address: '127.0.0.1', port: 443 },
    chain: 'aa',
    until: '2027-01-01T00:00:00.000Z',
  },
}

test('a damaged file has no proofs, and neither has a folder in its place', () => {
  const damaged = temporaryFolder()
  writeFileSync(join(damaged, 'proofs.json'), '[{"client":')
  expect(proofsOf({ folder: damaged }).all()).toEqual([])
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'proofs.json'))
  expect(proofsOf({ folder }).all()).toEqual([])
})

test('a proof does not come back with a root that was taken out of its store and put back', () => {
  const proofs = proofsOf({ folder: temporaryFolder() })
  const page = pageRowId('Falkon 25')
  for (const client of ['curl', 'go', page]) proofs.note(client, proof)
  const changed = () => ['curl', 'go', page].map((client) => proofs.of(client)?.storesChanged ?? false)
  const store = (state: TrustStoreView['state']) => ({ id: 'system', state }) as TrustStoreView
  const since = new Date('2026-11-26T12:00:00.001Z')
  const lookAt = (state: TrustStoreView['state']) =>
    proofs.follow({ since, clients: [{ id: 'curl', stores: [store(state)] }], all: [store(state)] })
  lookAt('trusted')
  expect(changed()).toEqual([false, false, false])
  lookAt('missing')
  lookAt('trusted')
  expect(changed()).toEqual([true, false, true])
  proofs.note('curl', proof)
  proofs.follow({ since: new Date(proof.at), clients: [{ id: 'curl', stores: [store('missing')] }] })
  expect(changed()).toEqual([false, false, true])
})
