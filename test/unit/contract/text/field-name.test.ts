import { describe, expect, test } from 'vitest'
import { applicationFieldName } from '../../../../src/contract/text/field-name.ts'

describe('a field name as an application sees it', () => {
  test.each([
    ['X-Real-IP', 'x-real-ip'],
    ['X_Real.IP', 'x-real-ip'],
    ["A!#$%&'*+^`|~9", 'a------------9'],
    ['ÀK', '-k'],
    ['', ''],
  ])('%j is %j', (name, seen) => expect(applicationFieldName(name)).toBe(seen))
})
