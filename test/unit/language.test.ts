import { expect, test } from 'vitest'
import { headlessPlaces } from '../../scripts/language.ts'

const rulesIn = (file: string, ...lines: string[]) =>
  headlessPlaces(file, lines.join('\n')).map(({ rule, text }) => `${rule} ${text}`)

test('comments without a subject are found at their first line', () => {
  expect(
    rulesIn(
      'src/a.ts',
      '/** What is left. */',
      '/**',
      ' * Of a domain.',
      ' * Whose second line may begin with anything.',
      ' */',
      '  // Where it lies.',
      '  // Who goes on here.',
      '/** Rows left to send. */',
    ),
  ).toEqual([
    'comments src/a.ts:1: What is left. */',
    'comments src/a.ts:3: Of a domain.',
    'comments src/a.ts:6: Where it lies.',
  ])
})

test('everyday names are found in sources, not in tests', () => {
  const lines = ['const toldBefore = 1', 'function wordsOf() {}', 'const unpublished = 2']
  expect(rulesIn('src/a.ts', ...lines)).toEqual(['names src/a.ts:1: toldBefore', 'names src/a.ts:2: wordsOf'])
  expect(rulesIn('test/a.test.ts', ...lines)).toEqual([])
})

test('log messages that are sentences are found, also below their call', () => {
  expect(
    rulesIn(
      'src/a.ts',
      "log.error({ error }, 'An OCSP answer was not had')",
      'log?.warn(',
      '  { code },',
      "  'The port could not be looked at',",
      ')',
      "log.error({ error }, 'OCSP request failed')",
    ),
  ).toEqual([
    'logs src/a.ts:1: An OCSP answer was not had',
    'logs src/a.ts:2: The port could not be looked at',
  ])
})

test('sentences that were replaced are found in sources', () => {
  expect(rulesIn('src/a.ts', "const none = 'Nothing: a calm season.'")).toEqual([
    'retired src/a.ts:1: calm season',
  ])
})

test('titles of tests without subject or verb are found', () => {
  expect(
    rulesIn(
      'test/a.test.ts',
      "test('is nothing that leads nowhere', () => {",
      "  test('ignores dangling links', () => {",
      "  test.each([1])('of which one is wrong', () => {",
    ),
  ).toEqual([
    'titles test/a.test.ts:1: is nothing that leads nowhere',
    'titles test/a.test.ts:3: of which one is wrong',
  ])
})
