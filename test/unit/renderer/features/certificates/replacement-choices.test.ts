import { expect, test } from 'vitest'
import { replacementChoices } from '../../../../../src/renderer/features/certificates/replace/replacement-choices.ts'
import { certificateFacts } from '../domains/domain-facts.ts'

test('certificates to replace another with are listed by what they cover, then by their end or name, without itself', () => {
  const names = { dnsNames: ['shop.test', 'www.shop.test'], ipNames: [] }
  const replaced = { ...certificateFacts('old', names), usedBy: ['shop.test', 'www.shop.test'] }
  const later = certificateFacts('later', { ...names, notAfter: '2099-01-01T00:00:00.000Z' })
  const sooner = certificateFacts('sooner', { ...names, notAfter: '2098-01-01T00:00:00.000Z' })
  const partial = certificateFacts('partial', {
    dnsNames: ['shop.test'],
    notAfter: '2099-06-01T00:00:00.000Z',
  })
  const unfit = [10, 9].map((number) => certificateFacts(`app${number}`, { dnsNames: [`app${number}.test`] }))
  const choices = replacementChoices(
    replaced,
    [...unfit, replaced, partial, sooner, later],
    new Date('2027-01-01'),
  )
  expect(choices.map(({ certificate, uncovered }) => [certificate.id, uncovered])).toEqual([
    ['later', []],
    ['sooner', []],
    ['partial', ['www.shop.test']],
    ['app9', ['shop.test', 'www.shop.test']],
    ['app10', ['shop.test', 'www.shop.test']],
  ])
})
