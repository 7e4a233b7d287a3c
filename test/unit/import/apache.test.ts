import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importKinds } from '../../../src/import/kinds.ts'
import { readSetup } from '../../../src/import/read-setup.ts'
import { uploadedFiles } from '../../../src/import/setup/uploaded-files.ts'
import { absent, unless } from '../../support/needs.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { foundInText, needlesOf } from '../../support/pki/needles.ts'
import { readBelow, setupFolder } from '../../support/import/setups.ts'

const authority = createTestAuthority()
const leaf = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test'] })

const modules = [
  'mpm_event',
  'authz_core',
  'authn_core',
  'auth_basic',
  'authz_user',
  'authz_host',
  'alias',
  'rewrite',
  'headers',
  'proxy',
  'proxy_http',
  'proxy_balancer',
  'lbmethod_byrequests',
  'slotmem_shm',
  'ssl',
  'socache_shmcb',
  'setenvif',
  'dir',
  'mime',
]

/** Folder with `apache2.conf`, which loads Debian's modules, and a certificate. */
function apacheFolder(text: string, others: Record<string, string> = {}): string {
  const loaded = modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
  const head = [
    'ServerRoot "FOLDER"',
    'PidFile pid',
    'ErrorLog error.log',
    'ServerName local.test',
    'TypesConfig /dev/null',
    ...loaded,
  ]
  const files = {
    'shop.crt': leaf.chainPem,
    'shop.key': leaf.keyPem,
    'apache2.conf': `${head.join('\n')}\n<Directory />\n  Require all denied\n</Directory>\n${text}\n`,
    'www/index.html': 'shop',
    ...others,
  }
  return setupFolder(files)
}

const read = (folder: string) => readBelow('apache', folder)

/** Requires that Debian's Apache accepts the configuration. */
function requireValid(folder: string): void {
  execFileSync('apache2', ['-t', '-f', join(folder, 'apache2.conf')], { stdio: 'pipe' })
}

const shop = `
Listen 127.0.0.1:18080
Listen 127.0.0.1:18443
Define BACKEND 127.0.0.1:3000
IncludeOptional sites-enabled/*.conf
`
const site = `
<VirtualHost *:18080>
  ServerName shop.test
  ServerAlias www.shop.test
  RewriteEngine on
  RewriteCond %{SERVER_NAME} =shop.test [OR]
  RewriteCond %{SERVER_NAME} =www.shop.test
  RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [END,NE,R=permanent]
</VirtualHost>
<IfModule mod_ssl.c>
  <VirtualHost *:18443>
    ServerName shop.test:18443
    ServerAlias www.shop.test
    SSLEngine on
    SSLCertificateFile shop.crt
    SSLCertificateKeyFile shop.key
    SSLProtocol -all +TLSv1.3
    LimitRequestBody 8388608
    Header always set Strict-Transport-Security \\
      "max-age=63072000; includeSubDomains"
    Header set X-Frame-Options DENY
    RequestHeader set X-Forwarded-Proto "https"
    RequestHeader set X-Shop "one two"
    ProxyPreserveHost On
    ProxyPass /.well-known/acme-challenge/ !
    ProxyPass /api/ http://127.0.0.1:4000/
    ProxyPass / http://\${BACKEND}/
    ProxyPassReverse / http://\${BACKEND}/
    LogLevel warn
    AddType text/x-shop .shop
  </VirtualHost>
</IfModule>
`

describe('a configuration of Apache', () => {
  test(
    'becomes domains with origins, redirect, policies and certificate',
    unless(absent('apache2')),
    async () => {
      const folder = apacheFolder(shop, { 'sites-enabled/shop.conf': site })
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
          origins: { routes: [{ path: '/api', origin: { httpPort: 4000 }, stripPath: true }] },
        },
      })
      expect(notes).toEqual(['sites-enabled/shop.conf:30 addtype: This directive is not taken over.'])
    },
  )

  test('is read with folders, a balancer and a rewrite to an origin', unless(absent('apache2')), async () => {
    const folder = apacheFolder(`
Listen 127.0.0.1:18080
<Directory FOLDER/www>
  Require all granted
</Directory>
<VirtualHost *:18080>
  ServerName files.test
  DocumentRoot FOLDER/www
  <FilesMatch "^\\.ht">
    Require all denied
  </FilesMatch>
</VirtualHost>
<VirtualHost *:18080>
  ServerName pool.test
  <Proxy "balancer://pool">
    BalancerMember http://127.0.0.1:3000
    BalancerMember http://127.0.0.1:3001 status=+H
  </Proxy>
  ProxyPass / balancer://pool/
</VirtualHost>
<VirtualHost *:18080>
  ServerName app.test
  RewriteEngine on
  RewriteCond %{HTTP:Upgrade} =websocket
  RewriteRule ^/?(.*) ws://127.0.0.1:3002/$1 [P,L]
  RewriteRule ^/?(.*) http://127.0.0.1:3002/$1 [P,L]
</VirtualHost>`)
    requireValid(folder)
    const { domains, notes } = await read(folder)
    expect(domains).toMatchObject({
      'files.test': { origin: { protocol: 'folder', folder: join(folder, 'www') }, https: 'off' },
      'pool.test': {
        origin: { httpPort: 3000, hostHeader: '127.0.0.1:3000' },
        policies: { origins: { backups: [{ httpPort: 3001 }] } },
      },
      'app.test': { origin: { httpPort: 3002 } },
    })
    expect(notes).toEqual([])
  })

  const proxied = 'ProxyPass / http://127.0.0.1:3000/'
  test.each([
    ['require', `<Location /> \nRequire ip 10.0.0.0/8\n</Location>\n${proxied}`, ''],
    ['authtype', `<Location /admin> \nAuthType Basic\nRequire valid-user\n</Location>\n${proxied}`, ''],
    ['sslverifyclient', `SSLVerifyClient require\n${proxied}`, ''],
    ['rewriterule', `RewriteEngine on\nRewriteRule ^/secret - [F]\n${proxied}`, ''],
    ['require', 'DocumentRoot FOLDER/www', ''],
    ['require', proxied, '<Location /admin>\nRequire local\n</Location>'],
    [
      '.htaccess',
      'DocumentRoot FOLDER/closed',
      '<Directory FOLDER/closed>\nAllowOverride All\nRequire all granted\n</Directory>',
    ],
  ])('with %s is not taken over, since the domain would be open', async (directive, inside, outside) => {
    const folder = apacheFolder(
      `${outside}\n<VirtualHost *:80>\nServerName shop.test\n${inside}\n</VirtualHost>`,
      {
        'closed/.htaccess': 'AuthType Basic\nRequire valid-user\n',
      },
    )
    const { domains, notes } = await read(folder)
    expect(domains).toEqual({})
    expect(notes.join()).toContain(`It is restricted by ${directive}`)
  })

  test.each([
    ['a host without a name', 'DocumentRoot /srv', 'It has no name of its own'],
    [
      'a pattern of paths',
      'ServerName a.test\nDocumentRoot /srv\nProxyPassMatch ^/(.*)$ http://a:1/$1',
      'no patterns',
    ],
    [
      'FastCGI',
      'ServerName a.test\nDocumentRoot /srv\n<FilesMatch \\.php$>\nSetHandler "proxy:unix:/run/php.sock|fcgi://localhost"\n</FilesMatch>',
      'Programs are not run here',
    ],
    [
      'another path for the origin',
      'ServerName a.test\nProxyPass /a/ http://a:1/b/\nProxyPass / http://a:1/',
      'A path is kept or removed here',
    ],
    [
      'a redirect to another name',
      'ServerName a.test\nRedirect / https://b.test/',
      'Only redirects of all requests',
    ],
    [
      'an unknown directive',
      'ServerName a.test\nDocumentRoot /srv\nSubstitute s/a/b/',
      'substitute: This directive is not taken over',
    ],
    [
      'a certificate that is not there',
      'ServerName a.test\nDocumentRoot FOLDER/www\nSSLEngine on\nSSLCertificateFile no.crt',
      'Its certificate cannot be read: there is no such file',
    ],
  ])('names %s with its line', async (_what, inside, why) => {
    const granted = '<Directory FOLDER/www>\nRequire all granted\n</Directory>'
    const { notes } = await read(apacheFolder(`${granted}\n<VirtualHost *:443>\n${inside}\n</VirtualHost>`))
    expect(notes.join('\n')).toContain(why)
  })
})

describe('a hostile configuration of Apache', () => {
  test.each([
    ['includes itself', 'Include apache2.conf', 'It includes itself.'],
    ['includes a device', 'Include /dev/zero', 'it is no ordinary file'],
    [
      'has wildcards in folders',
      'IncludeOptional */*/passwd',
      'Only the last part of its path may have wildcards',
    ],
    ['leaves a section open', '<VirtualHost *:80>', 'a section is not closed'],
    ['is nested without end', '<Location /a>\n'.repeat(1000), 'nested too deep'],
    [
      'has definitions that grow tenfold each',
      [
        'Define a0 0123456789',
        ...Array.from({ length: 9 }, (_, at) => `Define a${at + 1} ${`\${a${at}}`.repeat(10)}`),
      ].join('\n'),
      'its definitions make it too long',
    ],
  ])('that %s ends with a note', async (_what, text, why) => {
    expect((await read(apacheFolder(text))).notes.join('\n')).toMatch(why)
  })

  test('is refused if it includes a file again and again', async () => {
    const folder = apacheFolder('Include empty\n'.repeat(10_000), { empty: '' })
    await expect(read(folder)).rejects.toThrow('its files and folders lead to each other too often')
  })

  test('is refused if a chosen file includes another again and again', async () => {
    const chosen = [
      { name: 'apache2.conf', bytes: Buffer.from('Include empty\n'.repeat(10_001)) },
      { name: 'empty', bytes: Buffer.alloc(0) },
    ]
    using uploaded = uploadedFiles(chosen, '/etc/apache2')
    await expect(readSetup(importKinds.apache, uploaded.path, uploaded.files)).rejects.toThrow(
      'its files and folders lead to each other too often',
    )
  })

  test('shows nothing of files that it takes for configuration', async () => {
    const folder = apacheFolder('Include shop.key\nInclude passwords', {
      passwords: 'root:$6$salt$hash\nhunter2correcthorse x\n',
    })
    const shown = JSON.stringify(await read(folder))
    expect(foundInText(shown, needlesOf(leaf.keyPem))).toEqual([])
    expect(shown).not.toMatch(/hunter2|salt/)
  })
})
