import i18next from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import { startMessages } from '../../../../../src/renderer/messages/i18n.ts'
import { fieldLabel, formatValue } from '../../../../../src/renderer/ui/lists/changes.tsx'

beforeAll(startMessages)
const t = () => i18next.getFixedT('en', 'activity')

describe('a field of the trail, in words', () => {
  test('is called as the window calls it', () => {
    expect(fieldLabel(t(), 'origin.httpPort')).toBe('Origin, HTTP port')
    expect(fieldLabel(t(), 'certificate.name')).toBe('Certificate')
  })

  test('keeps its name, in words, where this window has none for it', () => {
    expect(fieldLabel(t(), 'moon.landingPort')).toBe('moon, landing port')
  })

  test('has values in words too', () => {
    expect(formatValue(t(), 'redirect.mode', 'https')).toBe('HTTP → HTTPS')
    expect(formatValue(t(), 'stopServing', 'true')).toBe('yes')
    expect(formatValue(t(), 'host', '127.0.0.1')).toBe('127.0.0.1')
  })
})
