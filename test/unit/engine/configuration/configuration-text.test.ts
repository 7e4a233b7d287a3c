import { describe, expect, test } from 'vitest'
import { readConfigurationText } from '../../../../src/engine/configuration/configuration.ts'
import { cpuTimeMs } from '../../../support/processes/cpu-time.ts'

const refusal = (text: string): unknown => {
  try {
    readConfigurationText(text)
  } catch (error) {
    return error
  }
  return undefined
}

describe('a configuration file', () => {
  test('is read in linear time with a hundred thousand names', () => {
    const text = Array.from({ length: 100_000 }, (_, at) => `k${at}: 1\n`).join('')
    expect(cpuTimeMs(() => readConfigurationText(text))).toBeLessThan(10_000)
  }, 60_000)

  test.each([
    ['a key that comes again', 'a: 1\nb: 2\na: 3\n', 3],
    ['no YAML', 'a: 1\nb: "2\n', 3],
    ['lists in lists without end', '['.repeat(20_000), 1],
  ])('with %s is refused, with the line', (_name, text, line) => {
    expect(refusal(text)).toMatchObject({ code: 'configuration.malformed', data: { place: { line } } })
  })

  test('is refused if it has an alias', () => {
    expect(refusal('a: &a [1]\nb: *a\n')).toMatchObject({ code: 'configuration.malformed' })
  })

  test('keeps names that every object has as names', () => {
    const read = readConfigurationText('domains:\n  __proto__: 1\n  constructor: 2\n') as { domains: object }
    expect(Object.entries(read.domains)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ])
  })
})
