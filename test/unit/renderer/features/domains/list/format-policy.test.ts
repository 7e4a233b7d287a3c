import i18next from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../../../../../src/contract/domains/policies.ts'
import { startMessages } from '../../../../../../src/renderer/messages/i18n.ts'
import {
  policyFieldLabel,
  formatPolicyValue,
  type PolicyField,
} from '../../../../../../src/renderer/features/domains/list/format-policy.ts'

beforeAll(startMessages)
const t = () => i18next.getFixedT<['policies', 'protocol']>('en', ['policies', 'protocol'])

const { origins: _ofOneSite, ...copied } = defaultPolicies
const defaults = Object.entries(copied).flatMap(([section, values]) =>
  Object.entries(values).map(([field, value]): [string, PolicyField, unknown] => [
    `${section}.${field}`,
    { section, field } as PolicyField,
    value,
  ]),
)

describe('the readable form of a policy is', () => {
  test.each(defaults)('%s', (name, field, value) => {
    const said = policyFieldLabel(t(), field)
    expect(said).toMatch(/^[A-Z]/)
    expect(said).not.toContain(name)
    expect(formatPolicyValue(t(), field, value)).toMatch(/^[^{}[\]]+$/)
    expect(formatPolicyValue(t(), field, value)).not.toMatch(/words\.|null|true|false/)
  })

  test.each<[string, string, unknown, string]>([
    ['hsts', 'days', 0, 'browsers are told to forget it'],
    ['hsts', 'days', 1, '1 day'],
    ['redirect', 'except', ['/health', '/hooks/*'], '/health, /hooks/*'],
    [
      'headers',
      'rules',
      [
        { on: 'request', action: 'set', name: 'X-Env', value: 'local' },
        { on: 'response', action: 'drop', name: 'Server', value: '' },
      ],
      'To origin: Set X-Env local; To client: Drop Server',
    ],
    ['access', 'allow', ['192.168.1.0/24'], '192.168.1.0/24'],
    ['access', 'users', [{ name: 'anna' }, { name: 'otto' }], 'anna, otto'],
    ['access', 'users', [], 'nobody'],
    ['body', 'maxBytes', 1500, '0.0015 MB'],
    ['tls', 'minimumVersion', '1.3', 'TLS 1.3'],
    ['tls', 'clientAnchors', ['-----BEGIN CERTIFICATE-----'], '1 authority'],
    [
      'health',
      'check',
      { path: '/up', everySeconds: 10, timeoutSeconds: 3, upAfter: 2, downAfter: 3 },
      '/up every 10 s, timeout 3 s',
    ],
    ['timeouts', 'idleSeconds', 30, '30 seconds'],
    ['timeouts', 'minRequestRate', 1000, '1000 bytes/s'],
    ['timeouts', 'minResponseRate', 0, 'no minimum'],
  ])('%s.%s %j', (section, field, value, said) => {
    expect(formatPolicyValue(t(), { section, field } as PolicyField, value)).toBe(said)
  })
})
