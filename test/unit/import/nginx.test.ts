import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importKinds } from '../../../src/import/kinds.ts'
import { readSetup } from '../../../src/import/read-setup.ts'
import { boundedFiles, notPermitted, UnreadableFile } from '../../../src/import/setup/bounded-files.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { absent, unless } from '../../support/needs.ts'
import { readBelow, setupFolder } from '../../support/import/setups.ts'

const authority = createTestAuthority()

/** Folder with `nginx.conf`, whose `http` block has `http`, and a certificate of shop.test. */
function nginxFolder(http: string, others: Record<string, string> = {}): string {
  const leaf = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test'] })
  const files = {
    'shop.crt': leaf.chainPem,
    'shop.key': leaf.keyPem,
    'nginx.conf': `pid FOLDER/nginx.pid;\nevents {}\nhttp {\n${http}\n}\n`,
    ...others,
  }
  return setupFolder(files)
}

const read = (folder: string) => readBelow('nginx', folder)

/** Requires that Debian's nginx accepts the configuration. */
function requireValid(folder: string): void {
  execFileSync('nginx', ['-t', '-q', '-e', 'stderr', '-c', join(folder, 'nginx.conf')], { stdio: 'pipe' })
}

const shop = `
  upstream app { server 127.0.0.1:3000; server 127.0.0.1:3001 backup; keepalive 8; }
  server {
    listen 18080;
    server_name shop.test www.shop.test;
    location /.well-known/acme-challenge/ { root /var/www/html; }
    location / { return 301 https://$host$request_uri; }
  }
  server {
    listen 18443 ssl;
    server_name shop.test www.shop.test;
    ssl_certificate shop.crt;
    ssl_certificate_key shop.key;
    ssl_protocols TLSv1.3;
    client_max_body_size 8m;
    add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;
    add_header X-Frame-Options DENY;
    location / {
      proxy_pass http://app;
      proxy_set_header Host $host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Shop "one two";
    }
    location /api/ { proxy_pass http://127.0.0.1:4000/; proxy_set_header Host $host; }
    location ~ \\.php$ { return 204; }
  }`

describe('a configuration of nginx', () => {
  test(
    'becomes domains with origins, redirect, policies and certificate',
    unless(absent('nginx')),
    async () => {
      const folder = nginxFolder(shop)
      requireValid(folder)
      const { domains, notes, files } = await read(folder)
      expect(files).toEqual(['shop.crt', 'shop.key'])
      expect(Object.keys(domains)).toEqual(['shop.test', 'www.shop.test'])
      expect(domains['shop.test']).toMatchObject({
        origin: { protocol: 'http', host: '127.0.0.1', httpPort: 3000, hostHeader: null },
        https: 'on',
        redirect: { mode: 'https', code: 301 },
        policies: {
          hsts: { days: 730, includeSubDomains: true, preload: false },
          body: { maxBytes: 8 * 1024 ** 2 },
          tls: { minimumVersion: '1.3' },
          headers: {
            rules: [
              { on: 'response', action: 'set', name: 'X-Frame-Options', value: 'DENY' },
              { on: 'request', action: 'set', name: 'X-Shop', value: 'one two' },
            ],
          },
          origins: {
            backups: [{ host: '127.0.0.1', httpPort: 3001 }],
            routes: [{ path: '/api', origin: { httpPort: 4000 }, stripPath: true }],
          },
        },
      })
      expect(notes).toEqual(['nginx.conf:28 location: Only locations that begin with a path are taken over.'])
    },
  )

  test(
    'is read with its includes, and Certbot’s redirect by condition',
    unless(absent('nginx')),
    async () => {
      const site = `server { listen 18080; server_name shop.test;
      if ($host = shop.test) { return 301 https://$host$request_uri; }
      return 404; }
      server { listen 18443 ssl; server_name shop.test; include tls.inc; root /srv/shop; }`
      const folder = nginxFolder('include enabled/*;', {
        'available/shop': site,
        'tls.inc': 'ssl_certificate shop.crt; ssl_certificate_key shop.key;',
        'enabled/.hidden': 'not nginx',
      })
      symlinkSync('../available/shop', join(folder, 'enabled/shop'))
      requireValid(folder)
      const { domains, notes } = await read(folder)
      expect(domains['shop.test']).toMatchObject({
        origin: { protocol: 'folder', folder: '/srv/shop' },
        https: 'on',
        redirect: { mode: 'https', code: 301 },
      })
      expect(notes).toEqual([])
    },
  )

  test.each([
    ['auth_basic', 'auth_basic "Shop"; auth_basic_user_file /etc/passwords;'],
    ['allow', 'location /admin/ { allow 10.0.0.0/8; deny all; proxy_pass http://127.0.0.1:1; }'],
    ['return', 'location ~ \\.php$ { return 403; }'],
    ['ssl_verify_client', 'ssl_verify_client on; ssl_client_certificate shop.crt;'],
  ])('with %s is not taken over, since the domain would be open', async (directive, text) => {
    const folder = nginxFolder(
      `server { server_name shop.test; ${text} location / { proxy_pass http://127.0.0.1:3000; } }`,
    )
    const { domains, notes } = await read(folder)
    expect(domains).toEqual({})
    expect(notes.join()).toContain(`It is restricted by ${directive}`)
  })

  test.each([
    ['a server without a name', 'server { root /srv; }', 'It has no name of its own'],
    [
      'a pattern as a name',
      'server { server_name ~^shop; root /srv; }',
      'Patterns in names are not taken over',
    ],
    [
      'a variable as the address',
      'server { server_name a.test; location / { proxy_pass http://$host:1; } }',
      'Only http:// and https:// with a fixed host',
    ],
    [
      'another path for the origin',
      'server { server_name a.test; root /srv; location /a/ { proxy_pass http://a:1/b/; } }',
      'A path is kept or removed here',
    ],
    [
      'FastCGI',
      'server { server_name a.test; location / { fastcgi_pass 127.0.0.1:9000; } }',
      'Its answer is not taken over',
    ],
    [
      'an unknown directive',
      'server { server_name a.test; root /srv; proxy_cache zone; }',
      'proxy_cache: This directive is not taken over',
    ],
    [
      'a certificate that is not there',
      'server { listen 443 ssl; server_name a.test; root /srv; ssl_certificate no.crt; }',
      'Its certificate cannot be read: there is no such file',
    ],
  ])('names %s with its line', async (_what, http, why) => {
    const { notes } = await read(nginxFolder(http))
    expect(notes.join('\n')).toContain(why)
  })
})

describe('a hostile configuration of nginx', () => {
  test.each([
    ['includes itself', 'include nginx.conf;', 'It includes itself.'],
    ['includes a device', 'include /dev/zero;', 'it is no ordinary file'],
    ['has wildcards in folders', 'include /*/*/passwd;', 'Only the last part of its path may have wildcards'],
    ['ends too early', 'server { server_name "', 'a quote is not closed'],
    ['is nested without end', 'a {'.repeat(10_000), 'nested too deep'],
  ])('that %s ends with a note', async (_what, http, why) => {
    const { notes } = await read(nginxFolder(http))
    expect(notes.join('\n')).toMatch(why)
  })

  test('shows nothing of files that it takes for configuration', async () => {
    const { keyPem } = issueTestLeaf(authority, { names: ['a.test'] })
    const folder = nginxFolder('include secret.key; include passwords;', {
      'secret.key': keyPem,
      passwords: 'hunter2correcthorse$6$ {\n}\nroot:$6$salt$hash;\n',
    })
    const shown = JSON.stringify(await read(folder))
    for (const line of keyPem.split('\n').slice(1, -2)) expect(shown).not.toContain(line)
    expect(shown).not.toMatch(/hunter2|salt/)
  })

  test('has one note for all certificates and keys that this user may not read, before all others', async () => {
    const https = ['a', 'b', 'c'].map(
      (name) => `server { listen 443 ssl; server_name ${name}.test; proxy_cache zone;
        ssl_certificate ${name}.crt; ssl_certificate_key ${name}.key;
        location / { proxy_pass http://127.0.0.1:3000; } }`,
    )
    const pair = issueTestLeaf(authority, { names: ['a.test'] })
    const folder = nginxFolder(https.join('\n'), { 'a.crt': pair.chainPem, 'b.crt': pair.chainPem })
    const onDisk = boundedFiles()
    const bytes = (path: string) => {
      if (/[abc]\.key$|c\.crt$/.test(path)) throw new UnreadableFile(notPermitted)
      return onDisk.bytes(path)
    }
    using setup = await readSetup(importKinds.nginx, join(folder, 'nginx.conf'), { ...onDisk, bytes })
    expect(setup.open()).toEqual([])
    expect([...setup.domains.keys()]).toEqual(['a.test', 'b.test', 'c.test'])
    expect([...setup.secure]).toEqual(['a.test', 'b.test', 'c.test'])
    const [first, ...others] = setup.notes
    expect(first).toMatchObject({ kind: 'unread', file: folder })
    expect(first?.why).toMatch(/^3 files with certificates or keys in .* cannot be read by this user.*sudo/)
    expect(others.filter(({ why }) => /cannot be read/.test(why))).toEqual([])
  })

  test('is refused if a file has many megabytes', async () => {
    const { notes } = await read(nginxFolder('include big;', { big: '#'.repeat(5 * 1024 ** 2) }))
    expect(notes.join()).toContain('it is larger than 4 MiB')
  })

  test('is refused if it consists of thousands of files', async () => {
    const many = Object.fromEntries(Array.from({ length: 2001 }, (_, number) => [`many/${number}`, '']))
    await expect(read(nginxFolder('include many/*;', many))).rejects.toMatchObject({
      code: 'import.unreadable',
    })
  })
})
