import { expect, test } from 'vitest'
import type { ImportProgram } from '../../../src/contract/imports/imports.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { readBelow, setupFolder } from '../../support/import/setups.ts'

const authority = createTestAuthority()
const leaf = issueTestLeaf(authority, { names: ['vite.test', '*.vite.test'] })

const read = (kind: ImportProgram, files: Record<string, string>) => readBelow(kind, setupFolder(files))

test('a proxy of Valet becomes a domain, its sites of PHP are named, and its authority is an anchor', async () => {
  const proxy = `server {
    listen 127.0.0.1:80; server_name vite.test www.vite.test *.vite.test; return 301 https://$host$request_uri; }
  server {
    listen 127.0.0.1:443 ssl; server_name vite.test www.vite.test *.vite.test; root /; charset utf-8;
    client_max_body_size 128M; http2 on;
    location /41c270e4/ { internal; alias /; try_files $uri $uri/; }
    ssl_certificate "FOLDER/Certificates/vite.test.crt"; ssl_certificate_key "FOLDER/Certificates/vite.test.key";
    error_page 404 "/valet/server.php";
    location / { proxy_pass http://127.0.0.1:5173; proxy_set_header Host $host; chunked_transfer_encoding on;
      proxy_set_header X-Client-DN $ssl_client_s_dn; proxy_redirect off; }
    location ~ /\\.ht { deny all; } }
  server { listen 127.0.0.1:60; server_name vite.test www.vite.test *.vite.test; root /;
    location / { proxy_pass http://127.0.0.1:5173; proxy_set_header Host $host; } }`
  const secured =
    'server { listen 443 ssl; server_name blog.test; root /; ssl_certificate x; location / { rewrite ^ "/valet/server.php" last; } }'
  const { domains, notes, files, anchors } = await read('valet', {
    'config.json': '{"tld":"test","paths":[]}',
    'Nginx/vite.test': proxy,
    'Nginx/blog.test': secured,
    'Sites/shop/index.php': '',
    'Certificates/vite.test.crt': leaf.chainPem,
    'Certificates/vite.test.key': leaf.keyPem,
    'CA/LaravelValetCASelfSigned.pem': authority.certificatePem,
  })
  expect(domains).toMatchObject({
    'vite.test': {
      origin: { httpPort: 5173, hostHeader: null },
      https: 'on',
      redirect: { mode: 'https', code: 301 },
    },
    '*.vite.test': { https: 'on' },
  })
  expect(anchors).toEqual(['CA/LaravelValetCASelfSigned.pem'])
  expect(files).toEqual(['Certificates/vite.test.crt', 'Certificates/vite.test.key'])
  const php = 'Valet runs PHP for it, which the edge does not.'
  expect(notes.join('\n')).toContain(`Nginx/blog.test blog.test: ${php}`)
  expect(notes.join('\n')).toContain(`Sites/shop shop.test: ${php}`)
})

test('the routes of portless become domains, and its authority is an anchor', async () => {
  const routes = [
    { hostname: 'web.localhost', port: 4123, pid: 7 },
    { hostname: 'api.localhost', port: 4124, pid: 8, path: '/v1' },
  ]
  const { domains, notes, anchors } = await read('portless', {
    'routes.json': JSON.stringify(routes),
    'ca.pem': authority.certificatePem,
    'ca-key.pem': 'never read',
  })
  expect(domains).toMatchObject({
    'web.localhost': { origin: { protocol: 'http', host: '127.0.0.1', httpPort: 4123 } },
  })
  expect(anchors).toEqual(['ca.pem'])
  expect(notes.join('\n')).toContain('api.localhost: Its route for a part of the paths is not taken over.')
})

test.each([
  ['portless', { 'routes.json': '[{"hostname":1}]' }],
  ['valet', { 'config.json': 'no' }],
] as [ImportProgram, Record<string, string>][])(
  'a folder that is not %s’s is refused',
  async (kind, files) => {
    await expect(read(kind, files)).rejects.toMatchObject({ code: 'import.unreadable' })
  },
)
