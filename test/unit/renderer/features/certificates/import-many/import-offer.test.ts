import { expect, test } from 'vitest'
import type { ImportResult } from '../../../../../../src/contract/certificates/records.ts'
import { importOffer } from '../../../../../../src/renderer/features/certificates/import-many/import-offer.ts'
import { certificateFacts, domainFacts, httpsOn } from '../../domains/domain-facts.ts'

const result = (names: string[], outcome: ImportResult['outcome'] = 'imported'): ImportResult => ({
  ...{ outcome, title: names[0]!, names, place: {} as ImportResult['place'] },
  ...{ certificate: null, problem: null },
})
const named = (name: string, over = {}) => domainFacts({ name, displayName: name, ...over })

test('an import offers its certificates for domains, by name or wildcard', () => {
  const results = [result(['shop.test']), result(['*.shop.test']), result(['a.test', 'b.test', '*.a.test'])]
  expect(importOffer(results, [named('shop.test'), named('www.shop.test')])).toEqual({
    ...{ covering: 2, isUsable: true, unserved: 1, names: ['a.test', 'b.test'] },
  })
})

test('an import offers nothing for domains that are on HTTPS, or of what was not imported', () => {
  const on = named('shop.test', { https: httpsOn(certificateFacts('own')) })
  expect(importOffer([result(['shop.test']), result(['other.test'], 'there')], [on])).toEqual({
    ...{ covering: 1, isUsable: false, unserved: 0, names: [] },
  })
})
