import { describe, expect, test } from 'vitest'
import { en } from '../../../../src/renderer/messages/en.ts'

/** Every key of the catalogue, with its folders. */
function keysOf(messages: object, above = ''): string[] {
  return Object.entries(messages).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' ? [above + name] : keysOf(value as object, `${above}${name}.`),
  )
}

const keys = new Set(Object.entries(en).flatMap(([space, messages]) => keysOf(messages, `${space}:`)))
const forms = new Intl.PluralRules('en').resolvedOptions().pluralCategories
const counted = [...keys]
  .filter((key) => /_(one|other|zero)$/.test(key))
  .map((key) => key.replace(/_[a-z]+$/, ''))

describe('a message that counts', () => {
  test('has each form that English has', () => {
    const missing = [...new Set(counted)].flatMap((key) =>
      forms.map((form) => `${key}_${form}`).filter((form) => !keys.has(form)),
    )
    expect(missing).toEqual([])
  })
})
