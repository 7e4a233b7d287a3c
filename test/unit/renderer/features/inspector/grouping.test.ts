import { describe, expect, test } from 'vitest'
import { certificateOfKey, groupPieces } from '../../../../../src/renderer/features/inspector/grouping.ts'
import {
  authorityFacts,
  certificateFacts,
  certificatePiece,
  keyPiece,
  report,
} from '../../../../support/engine/intake-facts.ts'

const leaf = certificatePiece('p1', certificateFacts('shop.test'))
const intermediate = certificatePiece('p2', authorityFacts('Bakery R3', 'CN=Bakery Root'))
const root = certificatePiece('p3', authorityFacts('Bakery Root', 'CN=Bakery Root'))
const key = keyPiece('p4', '5bshop.test')
const stranger = keyPiece('p5', '5bother.test')
const again = certificatePiece('p6', authorityFacts('Bakery R3', 'CN=Bakery Root'))
const bundle = { leaf: 'p1', chain: ['p2'], key: 'p4' }
const all = report({ pieces: [leaf, intermediate, root, key, stranger, again], bundles: [bundle] })

describe('grouping pieces', () => {
  test('puts a certificate with its chain, its root and its key', () => {
    expect(groupPieces(all).groups).toEqual([{ leaf, chain: [intermediate], root, key }])
  })

  test('leaves alone what belongs to nothing that was given', () => {
    expect(groupPieces(all).alone).toEqual([stranger, again])
  })

  test('knows which pieces only repeat an earlier one', () => {
    expect([...groupPieces(all).repeated]).toEqual(['p6'])
  })

  test('has a group without key and root where there are none', () => {
    const lonely = report({ pieces: [leaf], bundles: [{ leaf: 'p1', chain: [], key: null }] })
    expect(groupPieces(lonely).groups).toEqual([{ leaf, chain: [], root: null, key: null }])
  })

  test('finds the certificate of a key by its public key', () => {
    expect(certificateOfKey(all, key)).toBe(leaf)
    expect(certificateOfKey(all, stranger)).toBeNull()
  })
})
