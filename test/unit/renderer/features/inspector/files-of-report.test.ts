import { expect, test } from 'vitest'
import type { IntakeReport } from '../../../../../src/contract/inspect/certificate-facts.ts'
import { rootFiles } from '../../../../../src/renderer/features/inspector/given-files.ts'

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
