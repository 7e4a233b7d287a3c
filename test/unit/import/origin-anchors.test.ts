import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ImportProgram } from '../../../src/contract/imports/imports.ts'
import type { ServerOrigin } from '../../../src/contract/domains/origins.ts'
import { readBelow, setupFolder } from '../../support/import/setups.ts'
import { absent, unless } from '../../support/needs.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'

const authority = createTestAuthority()
const leaf = issueTestLeaf(authority, { names: ['shop.test'] })
const der = Buffer.from(authority.certificateDer).toString('base64')

interface Case {
  kind: ImportProgram
  file: string
  /** Configuration in which CA stands for the path of the trusted certificates. */
  text: string
  /** Fails if the program itself does not accept it. */
  check?: (path: string) => [program: string, args: string[]]
}

const cases: Case[] = [
  {
    kind: 'nginx',
    file: 'nginx.conf',
    text: `events {} http { access_log off; server { listen 127.0.0.1:18080; server_name shop.test; location / {
      proxy_pass https://127.0.0.1:4000; proxy_ssl_name app.test; proxy_ssl_server_name on;
      proxy_ssl_verify on; proxy_ssl_trusted_certificate CA; } } }`,
    check: (path) => ['nginx', ['-t', '-q', '-e', 'stderr', '-c', path, '-g', 'pid /dev/null;']],
  },
  {
    kind: 'haproxy',
    file: 'haproxy.cfg',
    text: `defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend web
  bind 127.0.0.1:18080
  use_backend shop if { hdr(host) -i shop.test }
backend shop
  server a 127.0.0.1:4000 ssl verify required ca-file CA sni str(app.test)
`,
    check: (path) => ['haproxy', ['-c', '-q', '-f', path]],
  },
  {
    kind: 'apache',
    file: 'apache2.conf',
    text: `ServerRoot FOLDER
<VirtualHost *:18080>
  ServerName shop.test
  SSLProxyEngine on
  SSLProxyVerify require
  SSLProxyCACertificateFile CA
  ProxyPass / https://app.test:4000/
</VirtualHost>
`,
  },
  {
    kind: 'caddy',
    file: 'caddy.json',
    text: `{ "apps": { "http": { "servers": { "web": { "listen": [":18080"], "automatic_https": { "disable": true }, "routes": [{
      "match": [{ "host": ["shop.test"] }], "handle": [{ "handler": "reverse_proxy", "upstreams": [{ "dial": "127.0.0.1:4000" }],
      "transport": { "protocol": "http", "tls": { "server_name": "app.test", "root_ca_pem_files": ["CA"] } } }] }] } } } } }`,
    check: (path) => ['caddy', ['validate', '--config', path]],
  },
  {
    kind: 'traefik',
    file: 'shop.yml',
    text: `http:
  routers: { shop: { rule: "Host(\`shop.test\`)", service: shop } }
  services: { shop: { loadBalancer: { serversTransport: own, servers: [{ url: "https://127.0.0.1:4000" }] } } }
  serversTransports: { own: { serverName: app.test, rootCAs: [CA] } }
`,
  },
]

async function originOf({ kind, file, text }: Case, ca: string) {
  const files = {
    [file]: text.replaceAll(/\bCA\b/g, ca),
    // A program may have the key in the same file; it is not taken along.
    'trust/ca.pem': `${leaf.keyPem}${authority.certificatePem}`,
    'trust/none.pem': 'no certificate',
  }
  const folder = setupFolder(files)
  const { domains, notes } = await readBelow(kind, folder, file)
  return { folder, origin: domains['shop.test']?.origin as ServerOrigin, notes }
}

describe.each(cases)('an origin that $kind verifies', (one) => {
  const program = one.check?.('')[0]
  test(
    'is verified by the same certificates and name here',
    unless(program === undefined ? null : absent(program)),
    async () => {
      const { folder, origin } = await originOf(one, 'FOLDER/trust/ca.pem')
      const checked = one.check?.(join(folder, one.file))
      if (checked) execFileSync(...checked, { stdio: 'pipe' })
      expect(origin).toMatchObject({ protocol: 'https', verify: true, anchorsPem: authority.certificatePem })
      expect(origin.sni ?? origin.hostHeader?.replace(/:\d+$/, '')).toBe('app.test')
    },
  )

  test.each(['gone.pem', 'none.pem'])('stays verified, by public authorities, without %s', async (name) => {
    const { origin, notes } = await originOf(one, `FOLDER/trust/${name}`)
    expect(origin).toMatchObject({ verify: true, anchorsPem: null })
    expect(notes.join()).toContain('--origin-anchors')
  })

  test('is verified by the roots of the system without a note where these are named', async () => {
    const { origin, notes } = await originOf(one, '/etc/ssl/certs/ca-certificates.crt')
    expect(origin).toMatchObject({ verify: true, anchorsPem: null })
    expect(notes.join()).not.toContain('--origin-anchors')
  })
})

test.each([
  ['in a file', (folder: string) => `"provider": "file", "pem_files": ["${folder}/trust/ca.pem"]`],
  ['in the configuration itself', () => `"provider": "inline", "trusted_ca_certs": ["${der}"]`],
])('an origin is verified by what a newer Caddy trusts %s', async (_place, trust) => {
  const [before, after] =
    cases.find(({ kind }) => kind === 'caddy')?.text.split('"root_ca_pem_files": ["CA"]') ?? []
  const text = `${before}"ca": { ${trust('FOLDER')} }${after}`
  const { origin } = await originOf({ kind: 'caddy', file: 'caddy.json', text }, '')
  expect(origin.anchorsPem).toBe(authority.certificatePem)
})
