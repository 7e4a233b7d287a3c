import { describe, expect, test } from 'vitest'
import { filesAbout } from '../../../../../src/renderer/features/inspector/files-about.ts'
import {
  authorityFacts,
  certificateFacts,
  certificatePiece,
  keyPiece,
  report,
} from '../../../../support/intake-facts.ts'

const at = (file: string) => ({ place: { file } })
const found = report({
  pieces: [
    { ...certificatePiece('p1', certificateFacts('a.test')), ...at('a.crt') },
    { ...certificatePiece('p2', certificateFacts('b.test')), ...at('b.crt') },
    { ...certificatePiece('p3', authorityFacts('Bakery', 'CN=Root')), ...at('chain.pem') },
    keyPiece('p4', 'aa', 'a.key'),
  ],
  bundles: [{ leaf: 'p1', chain: ['p3'], key: 'p4' }],
})
const files = ['sites/a.crt', 'b.crt', 'chain.pem', 'a.key', 'README'].map((name) => new File([''], name))

describe('the files that a question about one certificate is asked with', () => {
  test('are its own, its key’s and those of the authorities', () => {
    expect(filesAbout(files, found, 'p1').map(({ name }) => name)).toEqual([
      'sites/a.crt',
      'chain.pem',
      'a.key',
    ])
    expect(filesAbout(files, found, 'p2').map(({ name }) => name)).toEqual(['b.crt', 'chain.pem'])
  })

  test('are all where it is not known which file a piece is in', () => {
    const [first, ...rest] = found.pieces
    const unplaced = { ...found, pieces: [{ ...first!, place: {} }, ...rest] }
    expect(filesAbout(files, unplaced, 'p1')).toEqual(files)
  })
})
