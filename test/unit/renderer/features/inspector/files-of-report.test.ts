import { describe, expect, test } from 'vitest'
import type { IntakeReport } from '../../../../../src/contract/inspect/certificate-facts.ts'
import {
  cleanChain,
  filesAbout,
  rootFiles,
} from '../../../../../src/renderer/features/inspector/given-files.ts'
import {
  authorityFacts,
  certificateFacts,
  certificatePiece,
  keyPiece,
  report,
} from '../../../../support/engine/intake-facts.ts'

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

const file = (name: string) => new File(['.'], name)
const root = { isCa: true, isSelfSigned: true }
const leaf = { isCa: false, isSelfSigned: false }
const reportOf = (pieces: [string, object | undefined][]) =>
  ({
    pieces: pieces.map(([name, certificate]) => ({ place: { file: name }, certificate })),
  }) as unknown as IntakeReport

test('a file of roots alone can be trusted, one with anything else cannot', () => {
  const files = ['root.crt', 'chain.pem', 'shop.key', 'self.crt', 'nothing.txt'].map(file)
  const found = rootFiles(
    reportOf([
      ['root.crt', root],
      ['root.crt', root],
      ['chain.pem', leaf],
      ['chain.pem', root],
      ['shop.key', undefined],
      ['self.crt', { isCa: false, isSelfSigned: true }],
    ]),
    files,
  )
  expect(found).toEqual([files[0]])
})

test('neither of two files with one name is offered, since they cannot be told apart', () => {
  expect(rootFiles(reportOf([['root.crt', root]]), [file('root.crt'), file('root.crt')])).toEqual([])
})

const line = (change: 'kept' | 'removed' | 'added', text: string) => ({ change, text })

describe('the clean chain', () => {
  const certificate = ['-----BEGIN CERTIFICATE-----', 'AAAA', '-----END CERTIFICATE-----']
  const key = ['-----BEGIN PRIVATE KEY-----', '[private key]', '-----END PRIVATE KEY-----']
  const clean = (omitted: number) => ({
    lines: [
      line('removed', 'Bag Attributes'),
      ...certificate.map((text) => line('kept', text)),
      ...key.map((text) => line('added', text)),
    ],
    omitted,
  })

  test('is the certificates alone', () => {
    expect(cleanChain(report({ clean: clean(0) }))).toBe(`${certificate.join('\n')}\n`)
  })

  test('is not given where the diff is cut', () => {
    expect(cleanChain(report({ clean: clean(3) }))).toBeNull()
    expect(cleanChain(report())).toBeNull()
  })
})
