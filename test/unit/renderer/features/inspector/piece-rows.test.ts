import { describe, expect, test } from 'vitest'
import { pieceRows, rowFor, rowsBetween } from '../../../../../src/renderer/features/inspector/piece-rows.ts'
import { certificateFacts, certificatePiece, keyPiece } from '../../../../support/engine/intake-facts.ts'

const leaf = certificatePiece('p1', certificateFacts('shop.test'))
const other = certificatePiece('p2', certificateFacts('other.test'))
const issuer = certificatePiece('p3', certificateFacts('Bakery'))
const lone = keyPiece('p4', 'aa')
const rows = pieceRows({
  groups: [
    { leaf, chain: [issuer], root: null, key: null },
    { leaf: other, chain: [issuer], root: null, key: null },
  ],
  alone: [lone],
  repeated: new Set(),
})

describe('the rows of the list of pieces', () => {
  test('are the summary, each certificate with what belongs to it, and what belongs to nothing', () => {
    expect(rows.map(({ kind }) => kind)).toEqual([
      'summary',
      ...['heading', 'piece', 'piece', 'no-key'],
      ...['heading', 'piece', 'piece', 'no-key'],
      ...['heading', 'piece'],
    ])
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
  })

  test('lie one below the other, and only those in view are in the document', () => {
    for (const [index, { top, height }] of rows.entries())
      expect(rows[index + 1]?.top ?? top + height).toBe(top + height)
    expect(rowsBetween(rows, 0, 10).map(({ key }) => key)).toEqual(['summary'])
    expect(rowsBetween(rows, 100_000, 100_100)).toEqual([])
  })

  test('are gone through by the keyboard, past what cannot be chosen', () => {
    expect(rowFor('ArrowDown', rows, 0)).toBe(2)
    expect(rowFor('ArrowDown', rows, 3)).toBe(6)
    expect(rowFor('ArrowUp', rows, 0)).toBe(0)
    expect(rowFor('End', rows, 0)).toBe(rows.length - 1)
    expect(rowFor('x', rows, 3)).toBe(3)
  })
})
