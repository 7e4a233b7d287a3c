import i18next from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import { startMessages } from '../../../../../src/renderer/app/messages/i18n.ts'
import { fieldInWords, valueInWords } from '../../../../../src/renderer/ui/changes/field-words.ts'

beforeAll(startMessages)
const t = () => i18next.getFixedT('en', 'activity')

describe('a field of the trail, in words', () => {
  test('is called as the window calls it', () => {
    expect(fieldInWords(t(), 'origin.httpPort')).toBe('Origin, HTTP port')
    expect(fieldInWords(t(), 'certificate.name')).toBe('Certificate')
  })

  test('keeps its name, in words, where this window has none for it', () => {
    expect(fieldInWords(t(), 'moon.landingPort')).toBe('moon, landing port')
  })

  test('has values in words too', () => {
    expect(valueInWords(t(), 'redirect.mode', 'https')).toBe('HTTP → HTTPS')
    expect(valueInWords(t(), 'stopServing', 'true')).toBe('yes')
    expect(valueInWords(t(), 'host', '127.0.0.1')).toBe('127.0.0.1')
  })
})
