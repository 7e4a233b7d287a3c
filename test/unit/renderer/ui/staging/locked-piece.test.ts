import { expect, test } from 'vitest'
import type { Piece } from '../../../../../src/contract/certificate-facts.ts'
import { isLocked } from '../../../../../src/renderer/ui/staging/locked-piece.ts'
import { keyPiece, report } from '../../../../support/intake-facts.ts'

const archive: Piece = { id: 'p1', kind: 'archive', place: { file: 'shop.pfx' }, title: 'PKCS#12 archive' }

test('an encrypted key waits for its passphrase', () => {
  const piece: Piece = { ...archive, kind: 'encrypted-private-key' }
  expect(isLocked(piece, report({ pieces: [piece] }))).toBe(true)
})

test('an archive waits until its content is in the report', () => {
  expect(isLocked(archive, report({ pieces: [archive, keyPiece('p2', 'aa', 'other.key')] }))).toBe(true)
  expect(isLocked(archive, report({ pieces: [archive, keyPiece('p2', 'aa', 'shop.pfx')] }))).toBe(false)
})

test('anything else is open', () => {
  const key = keyPiece('p1', 'aa')
  expect(isLocked(key, report({ pieces: [key] }))).toBe(false)
})
