import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importKinds } from '../../../src/import/kinds.ts'
import { readSetup } from '../../../src/import/read-setup.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { absent, unless } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test', 'www.shop.test'] })

function written(name: string, text: string): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'shop.crt'), leaf.chainPem)
  writeFileSync(join(folder, 'shop.key'), leaf.keyPem)
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function read(path: string) {
  using setup = await readSetup(importKinds.caddy, path)
  const notes = setup.notes.map(({ what, why }) => `${what}: ${why}`)
  return { domains: Object.fromEntries(setup.domains), notes, files: setup.files }
}

const shop = `{
  admin off
}
shop.test, www.shop.test {
  tls shop.crt shop.key
  header Strict-Transport-Security "max-age=31536000; includeSubDomains"
  header X-Frame-Options DENY
  handle_path /api/* {
    reverse_proxy 127.0.0.1:4000
  }
  handle /v2/* {
    reverse_proxy 127.0.0.1:4001
  }
  reverse_proxy 127.0.0.1:3000 127.0.0.1:3001
}
http://plain.test {
  root * /srv/plain
  file_server
}
`

describe('a Caddyfile', unless(absent('caddy')), () => {
  test('becomes domains with origins, paths, redirect, policies and certificate', async () => {
    const path = written('Caddyfile', shop)
    execFileSync('caddy', ['validate', '--adapter', 'caddyfile', '--config', path], {
      stdio: 'pipe',
      cwd: join(path, '..'),
    })
    const { domains, notes, files } = await read(path)
    expect(files.map((file) => file.split('/').at(-1))).toEqual(['shop.crt', 'shop.key'])
    expect(domains).toMatchObject({
      'shop.test': {
        origin: { protocol: 'http', host: '127.0.0.1', httpPort: 3000, hostHeader: null },
        https: 'on',
        certificate: { sha256: leaf.fingerprintSha256 },
        redirect: { mode: 'https', code: 308 },
        policies: {
          hsts: { days: 365, includeSubDomains: true },
          headers: { rules: [{ on: 'response', action: 'set', name: 'X-Frame-Options', value: 'DENY' }] },
          origins: {
            backups: [{ httpPort: 3001 }],
            routes: [
              { path: '/api', origin: { httpPort: 4000 }, stripPath: true },
              { path: '/v2', origin: { httpPort: 4001 }, stripPath: false },
            ],
          },
        },
      },
      'plain.test': {
        origin: { protocol: 'folder', folder: '/srv/plain' },
        https: 'off',
        redirect: { mode: 'none' },
      },
    })
    expect(notes).toEqual([
      'reverse_proxy: Requests go to the first upstream; the others are used while it is out.',
    ])
  })

  test.each([
    ['authentication', 'basicauth {\n bob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n }'],
    ['forward_auth', 'forward_auth 127.0.0.1:9 {\n uri /auth\n }'],
    ['respond', '@others not remote_ip 10.0.0.0/8\n respond @others 403'],
    [
      'client_authentication',
      'tls {\n client_auth {\n mode require_and_verify\n trusted_ca_cert_file shop.crt\n }\n }',
    ],
  ])('with %s is not taken over, since the domain would be open', async (restriction, text) => {
    const { domains, notes } = await read(
      written('Caddyfile', `shop.test {\n ${text}\n reverse_proxy 127.0.0.1:3000\n}`),
    )
    expect(domains).toEqual({})
    expect(notes.join('\n')).toContain(`It is restricted by ${restriction},`)
  })

  test.each([
    ['shop.test {\n revers_proxy 127.0.0.1:3000\n}', 'line 2: unrecognized directive: revers_proxy'],
    ['shop.test {\n reverse_proxy x\n', "line 2 - Syntax error: Unexpected token 'x', expecting '…'"],
  ])('is refused with the fault that Caddy finds: %j', async (text, fault) => {
    await expect(read(written('Caddyfile', text))).rejects.toMatchObject({
      message: expect.stringContaining(fault),
    })
  })

  test('is refused without its text if Caddy does not accept it', async () => {
    await expect(read(written('Caddyfile', `shop.test {\n secret-word\n}`))).rejects.toMatchObject({
      code: 'import.unreadable',
      message: expect.not.stringContaining('secret-word'),
    })
  })
})

test('JSON of Caddy is read without the program, and JSON of others is refused', async () => {
  const servers = {
    one: {
      listen: [':80'],
      routes: [
        {
          match: [{ host: ['a.test'] }],
          handle: [{ handler: 'reverse_proxy', upstreams: [{ dial: '127.0.0.1:1' }] }],
        },
      ],
    },
  }
  const { domains } = await read(written('caddy.json', JSON.stringify({ apps: { http: { servers } } })))
  expect(domains).toMatchObject({ 'a.test': { origin: { httpPort: 1 }, https: 'off' } })
  await expect(read(written('other.json', '{"apps": {"http": {"servers": []}}}'))).rejects.toMatchObject({
    code: 'import.unreadable',
  })
})
