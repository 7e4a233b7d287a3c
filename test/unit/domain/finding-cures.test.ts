import { expect, test } from 'vitest'
import { headerRemedy } from '../../../src/contract/findings/findings.ts'
import { originDefaults } from '../../../src/contract/domains/domains.ts'
import { isCured, type CuringSettings } from '../../../src/domain/finding-cures.ts'

const settings = (hostHeader: string | null, rules: CuringSettings['policies']['headers']['rules'] = []) => ({
  origin: {
    ...originDefaults,
    ...{ protocol: 'http' as const, host: '127.0.0.1', httpPort: 3000, httpsPort: 443, hostHeader },
  },
  policies: { headers: { rules } },
})

test('the Host header cures what Vite, Angular and Django refuse, and not what Next.js and Rails do', () => {
  for (const kind of ['dev-server.vite', 'dev-server.angular', 'dev-server.django'] as const) {
    expect(isCured(kind, settings('localhost'))).toBe(true)
    expect(isCured(kind, settings(null))).toBe(false)
  }
  expect(isCured('dev-server.next', settings('localhost'))).toBe(false)
  expect(isCured('dev-server.rails', settings('localhost'))).toBe(false)
  expect(isCured('mixed.blocked', settings('localhost'))).toBe(false)
})

test('a header rule cures the finding whose remedy it is, unless it is dropped', () => {
  const rule = headerRemedy('csp.no-upgrade')
  if (!rule) throw new Error('it has a remedy')
  expect(isCured('csp.no-upgrade', settings(null, [{ ...rule, name: rule.name.toLowerCase() }]))).toBe(true)
  expect(isCured('csp.no-upgrade', settings(null, [{ ...rule, action: 'drop' }]))).toBe(false)
  expect(isCured('csp.no-upgrade', settings(null))).toBe(false)
})
