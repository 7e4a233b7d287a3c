import { describe, expect, test } from 'vitest'
import { groupRows, type Grouping } from '../../../../../../src/renderer/features/domains/list/groups.ts'
import { domainFacts } from '../domain-facts.ts'

const named = (name: string, ...tags: string[]) => domainFacts({ name, displayName: name, tags })
const domains = [named('www.shop.test', 'eu', 'prod'), named('*.a.co.uk'), named('shop.test', 'eu')]
const rows = (grouping: Grouping, ...folded: string[]) =>
  groupRows(domains, grouping, new Set(folded)).map((row) =>
    row.kind === 'group' ? `${row.label}: ${row.domains.length}` : row.domain.name,
  )

describe('the groups of a list', () => {
  test('are left out unless they are asked for', () => {
    expect(rows('none')).toEqual(['www.shop.test', '*.a.co.uk', 'shop.test'])
  })

  test('have the domains below one registrable domain', () => {
    expect(rows('parent')).toEqual(['a.co.uk: 1', '*.a.co.uk', 'shop.test: 2', 'www.shop.test', 'shop.test'])
  })

  test('have a domain for each of its tags, and those without one last', () => {
    expect(rows('tag')).toEqual([
      ...['eu: 2', 'www.shop.test', 'shop.test', 'prod: 1', 'www.shop.test', ': 1', '*.a.co.uk'],
    ])
  })

  test('keep their heading when they are folded', () => {
    expect(rows('parent', 'shop.test')).toEqual(['a.co.uk: 1', '*.a.co.uk', 'shop.test: 2'])
  })

  test('have a key of its own for each row', () => {
    const keys = groupRows(domains, 'tag', new Set()).map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
