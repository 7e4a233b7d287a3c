import { describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../../../src/contract/domains/policies.ts'
import type { TargetKind } from '../../../../src/contract/targets/targets.ts'
import { configurationOf } from '../../../../src/engine/publish/release.ts'
import { setupOf } from '../../../../src/engine/publish/site/server-setup.ts'
import { siteOf } from '../../../../src/engine/publish/site/site.ts'
import type { DomainRow } from '../../../../src/engine/vault/vault.ts'
import { domain } from '../../../support/publish/domain.ts'

const kinds: TargetKind[] = ['nginx', 'haproxy', 'caddy', 'apache', 'traefik']
function written(kind: TargetKind, row: DomainRow, config = '/etc/web/main.conf'): string {
  const setup = setupOf({ name: 'web', kind, config, sudo: false, ssh: [], httpsPort: 443, httpPort: 80 })
  return configurationOf([siteOf(row)], setup)
}

describe.each(kinds.map((kind) => ({ kind })))('the configuration of $kind', ({ kind }) => {
  test.each(['a"b', 'a;b"', 'a\nb', 'a$host', 'a{b', 'a}b', 'a\\b', 'a#b', "a'b", 'a%b', 'a`b', 'a|b'])(
    'holds no value with characters that could mean something: %j',
    (value) => {
      // Apache takes no server name of its own.
      for (const origin of [
        { hostHeader: value },
        { host: value },
        ...(kind === 'apache' ? [] : [{ sni: value }]),
      ])
        expect(() => written(kind, domain({}, origin))).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^publish\.un(?:writable|translatable)$/) }),
        )
    },
  )

  test.each([
    '/etc/a b/main.conf',
    '/etc/"/main.conf',
    '/etc/$x/main.conf',
    'main.conf',
    '/etc/',
    '/etc/../x',
    '/etc/x*.conf',
  ])('stands at no path that could mean something: %j', (config) => {
    expect(() => written(kind, domain(), config)).toThrow(
      expect.objectContaining({ code: 'target.unusable' }),
    )
  })

  test('names the domain, its origin, its redirect and its certificate beside its key', () => {
    const text = written(
      kind,
      domain({
        policies: { ...defaultPolicies, hsts: { days: 1, includeSubDomains: true, preload: false } },
      }),
    )
    const code = kind === 'traefik' ? 'permanent' : '308'
    for (const each of ['shop.test', 'origin.test', '8443', code, 'max-age=86400; includeSubDomains'])
      expect(text).toContain(each)
    expect(text).not.toContain('PRIVATE KEY')
  })
})

test('a domain that a server would serve otherwise than meant is refused with all reasons', () => {
  const policies = {
    ...defaultPolicies,
    access: { ...defaultPolicies.access, users: [], allow: ['10.0.0.0/8'] },
    body: { maxBytes: 1000 },
  }
  expect(() => siteOf(domain({ policies }))).toThrow(
    expect.objectContaining({
      code: 'publish.untranslatable',
      data: {
        domain: 'shop.test',
        reasons: [
          'it has passwords',
          'only some addresses may reach it',
          'the size of its requests is limited',
        ],
      },
    }),
  )
})

test('a wildcard is one label, also where the server’s own would be more', () => {
  const row = domain({ name: '*.shop.test' }, { sni: 'shop.test' })
  expect(written('nginx', row)).toContain('server_name "~^[^.]+\\.shop\\.test$";')
  expect(written('haproxy', row)).toContain('-m reg ^[^.]+\\.shop\\.test$')
  expect(written('caddy', row)).toContain('https://*.shop.test:443 {')
})
