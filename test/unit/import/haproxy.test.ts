import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { absent, unless } from '../../support/needs.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { foundInText, needlesOf } from '../../support/pki/needles.ts'
import { readBelow, setupFolder } from '../../support/import/setups.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const authority = createTestAuthority()
const leaf = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test', 'api.shop.test'] })

const defaults = `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
`

/** Folder with `haproxy.cfg`, and a certificate with its key in one file. */
function haproxyFolder(text: string, others: Record<string, string> = {}): string {
  const files = { 'certs/shop.pem': leaf.chainPem + leaf.keyPem, 'haproxy.cfg': defaults + text, ...others }
  return setupFolder(files)
}

const read = (folder: string) => readBelow('haproxy', folder)

/** Requires that Debian's HAProxy accepts the configuration. */
function requireValid(folder: string): void {
  execFileSync('haproxy', ['-c', '-q', '-f', join(folder, 'haproxy.cfg')], { stdio: 'pipe' })
}

const shop = `
frontend web
  bind 127.0.0.1:18080
  bind 127.0.0.1:18443 ssl crt FOLDER/certs/ alpn h2,http/1.1 ssl-min-ver TLSv1.3
  option forwardfor
  acl is_shop hdr(host) -i shop.test www.shop.test
  acl is_api  hdr(host) -i api.shop.test
  acl v1      path_beg /v1/
  http-request redirect scheme https code 301 unless { ssl_fc }
  http-request set-header X-Forwarded-Proto https if { ssl_fc }
  http-response set-header Strict-Transport-Security "max-age=63072000; includeSubDomains" if { ssl_fc }
  http-response set-header X-Frame-Options DENY
  use_backend v1 if is_api v1
  use_backend api if is_api
  use_backend shop if is_shop
  default_backend shop
backend shop
  balance roundrobin
  option httpchk GET /health
  http-request set-header X-Shop "one two"
  server a 127.0.0.1:3000 check
  server b 127.0.0.1:3001 check backup
backend api
  server a 127.0.0.1:4000 ssl verify none
backend v1
  http-request replace-path /v1/(.*) /\\1
  server a 127.0.0.1:4001
`

describe('a configuration of HAProxy', () => {
  test(
    'becomes domains with origins, paths, redirect, policies and certificate',
    unless(absent('haproxy')),
    async () => {
      const folder = haproxyFolder(shop)
      requireValid(folder)
      const { domains, notes, files } = await read(folder)
      expect(files).toEqual(['certs/shop.pem'])
      expect(Object.keys(domains)).toEqual(['api.shop.test', 'shop.test', 'www.shop.test'])
      expect(domains['shop.test']).toMatchObject({
        origin: { protocol: 'http', host: '127.0.0.1', httpPort: 3000, hostHeader: null },
        https: 'on',
        certificate: { sha256: leaf.fingerprintSha256 },
        redirect: { mode: 'https', code: 301 },
        policies: {
          hsts: { days: 730, includeSubDomains: true, preload: false },
          tls: { minimumVersion: '1.3' },
          headers: {
            rules: [
              { on: 'response', action: 'set', name: 'X-Frame-Options', value: 'DENY' },
              { on: 'request', action: 'set', name: 'X-Shop', value: 'one two' },
            ],
          },
          origins: { backups: [{ httpPort: 3001 }] },
        },
      })
      expect(domains['api.shop.test']).toMatchObject({
        origin: { protocol: 'https', httpsPort: 4000, verify: false },
        policies: { origins: { routes: [{ path: '/v1', origin: { httpPort: 4001 }, stripPath: true }] } },
      })
      expect(notes).toEqual([
        'haproxy.cfg:21 default_backend: Names without a rule are not taken over: only names are served here.',
      ])
    },
  )

  test(
    'without hosts has the names of its certificates, and its frontend for HTTP redirects them',
    unless(absent('haproxy')),
    async () => {
      const folder = haproxyFolder(
        `
frontend plain
  bind 127.0.0.1:18080
  http-request redirect scheme https code 308 unless { path_beg /.well-known/acme-challenge/ }
listen web
  bind 127.0.0.1:18443 ssl crt-list FOLDER/list.txt
  server a 127.0.0.1:3000
`,
        { 'list.txt': 'FOLDER/certs/shop.pem [alpn h2] shop.test\n' },
      )
      requireValid(folder)
      const { domains } = await read(folder)
      expect(Object.keys(domains)).toEqual(['shop.test', 'www.shop.test', 'api.shop.test'])
      expect(domains['shop.test']).toMatchObject({
        https: 'on',
        redirect: { mode: 'https', code: 308 },
        origin: { httpPort: 3000 },
      })
    },
  )

  test('has a domain for each line of a map of hosts', unless(absent('haproxy')), async () => {
    const folder = haproxyFolder(
      `
frontend web
  bind 127.0.0.1:18080
  use_backend %[req.hdr(host),lower,map(FOLDER/hosts.map,none)]
backend shop
  server a 127.0.0.1:3000
backend none
  http-request deny
`,
      { 'hosts.map': '# ours\nshop.test shop\nold.test gone\n' },
    )
    requireValid(folder)
    const { domains, notes } = await read(folder)
    expect(domains).toMatchObject({ 'shop.test': { https: 'off', origin: { httpPort: 3000 } } })
    expect(notes.join('\n')).toContain('hosts.map:3 gone: This backend has no server that is taken over.')
  })

  test.each([
    ['http-request deny', 'http-request deny if { path_beg /admin }', ''],
    ['http-request return', 'http-request return status 403 unless { src 10.0.0.0/8 }', ''],
    ['http-request lua.check', 'http-request lua.check', ''],
    ['http-response deny', '', 'http-response deny if { res.hdr(x-internal) -m found }'],
    ['http-request auth', '', 'http-request auth realm Shop unless { http_auth(people) }'],
    ['tcp-request reject', 'tcp-request connection reject if { src 10.0.0.0/8 }', ''],
    ['bind verify', 'bind :18443 ssl crt FOLDER/certs/ ca-file FOLDER/certs/shop.pem verify required', ''],
  ])('with "%s" is not taken over, since the domain would be open', async (rule, front, back) => {
    const { domains, notes } = await read(
      haproxyFolder(`
frontend web
  bind :18080
  ${front}
  use_backend shop if { hdr(host) shop.test }
backend shop
  ${back}
  server a 127.0.0.1:3000
`),
    )
    expect(domains).toEqual({})
    expect(notes.join()).toContain(`It is restricted by ${rule}`)
  })

  test.each([
    [
      'another mode',
      'listen db\n mode tcp\n bind :3306\n server a 127.0.0.1:3307',
      'Only HTTP is served here',
    ],
    [
      'a condition on a cookie',
      'frontend f\n bind :80\n use_backend b if { req.cook(a) b }\nbackend b\n server a 127.0.0.1:1',
      'Only conditions on the host',
    ],
    [
      'a socket as the server',
      'frontend f\n bind :80\n use_backend b if { hdr(host) a.test }\nbackend b\n server a unix@/run/a.sock',
      'Its address is no host with a port',
    ],
    [
      'an unknown rule',
      'frontend f\n bind :80\n http-request set-src hdr(x)\n default_backend b\nbackend b\n server a 127.0.0.1:1',
      'http-request set-src: This rule is not taken over',
    ],
    [
      'a filter',
      'frontend f\n bind :80\n filter spoe engine a\n default_backend b\nbackend b\n server a 127.0.0.1:1',
      'filter: This setting is not taken over',
    ],
    [
      'several servers',
      'frontend f\n bind :80\n use_backend b if { hdr(host) a.test }\nbackend b\n server a 127.0.0.1:1\n server b 127.0.0.1:2',
      'Requests go to the first server',
    ],
    [
      'a certificate that is not there',
      'frontend f\n bind :443 ssl crt /nowhere.pem\n use_backend b if { hdr(host) a.test }\nbackend b\n server a 127.0.0.1:1',
      'Its certificate was not found',
    ],
  ])('names %s with its line', async (_what, text, why) => {
    expect((await read(haproxyFolder(text))).notes.join('\n')).toContain(why)
  })
})

describe('a hostile configuration of HAProxy', () => {
  test('ends with notes if its certificates are a device or many megabytes', async () => {
    const text =
      'frontend f\n bind :443 ssl crt /dev/zero crt FOLDER/big crt-list /dev/zero\n default_backend b\nbackend b\n server a 127.0.0.1:1'
    const { domains, notes } = await read(haproxyFolder(text, { big: '#'.repeat(5 * 1024 ** 2) }))
    expect(domains).toEqual({})
    expect(notes.join()).toContain('it is no ordinary file')
  })

  test('shows nothing of files that it takes for configuration', async () => {
    const folder = temporaryFolder()
    writeFileSync(
      join(folder, 'haproxy.cfg'),
      `global\n${leaf.keyPem}\nroot:$6$salt$hash\nfrontend f\n${leaf.keyPem}`,
    )
    const shown = JSON.stringify(await read(folder))
    expect(foundInText(shown, needlesOf(leaf.keyPem))).toEqual([])
    expect(shown).not.toContain('$6$')
  })
})
