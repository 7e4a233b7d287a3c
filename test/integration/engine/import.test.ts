import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { ImportKind } from '../../../src/import/kinds.ts'
import { importKinds } from '../../../src/import/kinds.ts'
import { readSetup } from '../../../src/import/read-setup.ts'
import { startOrigin } from '../../support/edge/origin.ts'
import { curlOf } from '../../support/edge/curl.ts'
import {
  openTestEngine,
  originAt,
  temporaryFolder,
  testEdge,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { absent, unless } from '../../support/needs.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { filesWith, foundInText, needlesOf } from '../../support/pki/needles.ts'
import { waits } from '../../support/waits.ts'

const authority = createTestAuthority()
const shop = issueTestLeaf(authority, {
  names: ['shop.test', 'www.shop.test', 'api.shop.test', '*.wild.test', 'safe.test', 'wrong.test'],
})

let opened: TestEngine
let folder: string
beforeEach(async () => {
  folder = temporaryFolder()
  opened = await openTestEngine()
})
afterEach(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

/** Input of a call as the command line makes it. */
async function setupOf(kind: ImportKind, path: string) {
  using setup = await readSetup(kind, path)
  const files = setup.open().map((file) => new File([file.bytes], file.path))
  return { source: 'test', domains: Object.fromEntries(setup.domains), files }
}

function certbotFolder(): string {
  const live = join(folder, 'live', 'shop.test')
  mkdirSync(live, { recursive: true })
  writeFileSync(join(live, 'fullchain.pem'), shop.chainPem)
  writeFileSync(join(live, 'privkey.pem'), shop.keyPem)
  return folder
}

describe('an import', () => {
  const domains = {
    'shop.test': {
      origin: originAt(3000),
      https: 'on' as const,
      certificate: { name: 'shop.test', sha256: shop.fingerprintSha256 },
      redirect: { mode: 'https' as const, code: 308 as const },
    },
    'old.test': {
      origin: originAt(3001),
      https: 'off' as const,
      redirect: { mode: 'none' as const, code: 301 as const },
    },
  }
  const setup = async () => ({ ...(await setupOf(importKinds.certbot, certbotFolder())), domains })
  const state = async () => ({
    domains: (await opened.client.domains.list()).map(({ name, https }) => `${name} ${https.state}`),
    certificates: (await opened.client.certificates.list()).map(({ name }) => name),
  })

  test('is planned without a change, made in one, and taken back', async () => {
    const { client } = opened
    await client.domains.add({ name: 'old.test', origin: originAt(9) })
    const before = { ...(await state()), audit: (await client.audit.list({ limit: 100 })).length }
    const plan = await client.imports.plan(await setup())
    expect(plan.domains).toEqual([
      { domain: 'shop.test', outcome: 'add', https: true, cautions: [], problem: null },
      { domain: 'old.test', outcome: 'there', https: false, cautions: [], problem: null },
    ])
    expect(plan.certificates.map(({ outcome, title }) => `${outcome} ${title}`)).toEqual([
      'imported shop.test',
    ])
    expect({ ...(await state()), audit: (await client.audit.list({ limit: 100 })).length }).toEqual(before)

    const { plan: made } = await client.imports.apply({ ...(await setup()), version: plan.version })
    expect(made).toEqual({ ...plan, certificates: [expect.objectContaining({ outcome: 'imported' })] })
    expect(await state()).toEqual({ domains: ['old.test off', 'shop.test on'], certificates: ['shop.test'] })
    expect((await client.domains.get({ domain: 'old.test' })).origin).toMatchObject({ httpPort: 9 })

    const undone = await client.imports.undo()
    expect(undone).toMatchObject({ domains: ['shop.test'], certificates: ['shop.test'], left: [] })
    expect(await state()).toEqual({ domains: ['old.test off'], certificates: [] })
    await expect(client.imports.undo()).rejects.toMatchObject({ code: 'import.nothing_to_undo' })
  })

  test('leaves what a person has changed since, with its certificate, when it is taken back', async () => {
    const { client } = opened
    const { version } = await client.imports.plan(await setup())
    await client.imports.apply({ ...(await setup()), version })
    await client.domains.setOrigin({ domain: 'shop.test', origin: originAt(4000) })
    expect(await client.imports.undo()).toMatchObject({
      domains: ['old.test'],
      certificates: [],
      left: ['shop.test', 'shop.test'],
    })
    expect(await state()).toEqual({ domains: ['shop.test on'], certificates: ['shop.test'] })
  })

  test('is refused if the configuration has changed since the plan', async () => {
    const { client } = opened
    const { version } = await client.imports.plan(await setup())
    await client.domains.add({ name: 'new.test', origin: originAt(1) })
    await expect(client.imports.apply({ ...(await setup()), version })).rejects.toMatchObject({
      code: 'configuration.outdated',
    })
    expect(await state()).toMatchObject({ certificates: [] })
  })

  test('adds the others if one domain is refused', async () => {
    const { client } = opened
    const input = { ...(await setup()), domains: { ...domains, 'not a name': domains['old.test'] } }
    const plan = await client.imports.plan(input)
    expect(plan.domains.map(({ domain, outcome }) => `${domain} ${outcome}`)).toEqual([
      'shop.test add',
      'old.test add',
      'not a name refused',
    ])
  })

  test('brings the key into the vault and to no other place', async () => {
    const { client } = opened
    const plan = await client.imports.plan(await setup())
    const made = await client.imports.apply({ ...(await setup()), version: plan.version })
    const undone = await client.imports.undo()
    const audit = await client.audit.list({ limit: 100 })
    const needles = needlesOf(shop.keyPem)
    expect(foundInText(JSON.stringify({ plan, made, undone, audit }), needles)).toEqual([])
    expect(filesWith(opened.folder, needles)).toEqual([])
  })
})

describe('a setup that was moved in', () => {
  /** Answers with what it was asked. */
  const answerer: RequestListener = ({ method, url, headers }, response) => {
    response.setHeader('x-origin', 'echo')
    response.end(
      JSON.stringify({ method, url, host: headers.host?.replace(/:\d+$/, ''), shop: headers['x-shop'] }),
    )
  }

  const upgrade = 'Upgrade: websocket|Connection: Upgrade'
  const key = 'c2l4dGVlbiBieXRlcyEhIQ=='
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  const accepted = `${upgrade}|Sec-WebSocket-Accept: ${accept}`.replaceAll('|', '\r\n')
  const handshake = `${upgrade}|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: ${key}`.split('|')

  /** Two origins, in plain text and over TLS; the first speaks WebSocket, as far as curl understands an answer. */
  async function echo(): Promise<{ port: number; tlsPort: number }> {
    writeFileSync(join(folder, 'ca.pem'), authority.certificatePem)
    writeFileSync(join(folder, 'other.pem'), createTestAuthority().certificatePem)
    const plain = await startOrigin(answerer)
    plain.server.on('upgrade', (_request, socket: Socket) => {
      socket.on('error', () => undefined)
      socket.end(`HTTP/1.1 101 Switching Protocols\r\n${accepted}\r\n\r\nHTTP/1.1 200 in frames\r\n\r\n`)
    })
    const { chainPem, keyPem } = issueTestLeaf(authority, { names: ['app.test', 'safe.test', 'wrong.test'] })
    const secure = createServer({ cert: chainPem, key: keyPem }, answerer)
    secure.listen(0, '127.0.0.1')
    await once(secure, 'listening')
    onTestFinished(async () => {
      secure.close()
      secure.closeAllConnections()
      await plain.close()
    })
    return { port: plain.port, tlsPort: (secure.address() as AddressInfo).port }
  }

  const requests: string[][] = [
    ['http://shop.test/a?b=c'],
    ['https://shop.test/a?b=c'],
    ['https://shop.test/'],
    ['https://api.shop.test/v1/x'],
    ['https://api.shop.test/'],
    ['http://api.shop.test/v1/x'],
    ['https://www.shop.test/%2Fa%20b?c=%26'],
    ['http://www.shop.test/a'],
    ['https://one.wild.test/'],
    ['https://shop.test/', '--tls-max', '1.2'],
    ['https://shop.test/socket', ...handshake.flatMap((field) => ['-H', field])],
    // Origins over TLS: one that its authority verifies, and one that another does.
    ['https://safe.test/'],
    ['https://wrong.test/'],
  ]
  const expected = [
    ...[{ status: 301 }, { status: 200 }, { status: 200 }, { status: 200 }, { status: 200 }],
    { status: 200 },
    ...[{ status: 200 }, { status: 301 }, { status: 200 }, { status: 'refused' }, { status: 'switched' }],
    ...[{ status: 200 }, { status: 'failed' }],
  ]

  async function answersOf(ports: { https: number; http: number }): Promise<unknown[]> {
    const { curl, remove } = curlOf({ ...ports, authority })
    onTestFinished(remove)
    return Promise.all(
      requests.map(async ([url = '', ...args]) => {
        const answer = await curl(url, ...args).catch((error: { code: number; stdout: string }) => error)
        // Apache ends a WebSocket without the end of TLS, and a refused version has no handshake (curl's 56 and 35).
        if ('code' in answer) {
          const isSwitched = answer.stdout.includes('200 in frames')
          return { url, status: isSwitched ? 'switched' : answer.code === 35 ? 'refused' : answer.code }
        }
        const { status, headers, body } = answer
        if (url.endsWith('/socket') && status === 200) return { url, status: 'switched' }
        if (status >= 500) return { url, status: 'failed' }
        const location = headers['location']?.replace(/:\d+/g, '')
        const { 'strict-transport-security': hsts, 'x-origin': origin, 'x-frame-options': frames } = headers
        return { url, status, location, hsts, origin, frames, body: status === 200 ? body : '' }
      }),
    )
  }

  /** Starts a program that listens, until the end of the test. */
  async function started(program: string, args: string[], port: number): Promise<void> {
    const child: ChildProcess = spawn(program, args, {
      stdio: 'ignore',
      cwd: folder,
      env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    })
    onTestFinished(async () => {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
    })
    await vi.waitFor(
      async () => expect(await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' })).toBeDefined(),
      waits,
    )
  }

  async function movedIn(kind: ImportKind, path: string): Promise<{ https: number; http: number }> {
    await opened.close()
    opened = await openTestEngine(undefined, undefined, testEdge)
    const { client } = opened
    const { version } = await client.imports.plan(await setupOf(kind, path))
    await client.imports.apply({ ...(await setupOf(kind, path)), version })
    const { edge } = await client.engine.status()
    return { https: edge.https?.port ?? 0, http: edge.http?.port ?? 0 }
  }

  test('answers like nginx', unless(absent('nginx')), async () => {
    const [origin, http, https] = await Promise.all([echo(), freePort(), freePort()])
    certbotFolder()
    const path = join(folder, 'nginx.conf')
    writeFileSync(
      path,
      `pid ${folder}/pid; error_log stderr; daemon off; master_process off; events {}
      http {
        access_log off; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
        ssl_certificate live/shop.test/fullchain.pem; ssl_certificate_key live/shop.test/privkey.pem; ssl_protocols TLSv1.3;
        map $http_upgrade $connection_upgrade { default upgrade; "" close; }
        server { listen 127.0.0.1:${http} default_server; server_name _; return 404; }
        server { listen 127.0.0.1:${http}; server_name shop.test www.shop.test; return 301 https://$host$request_uri; }
        server { listen 127.0.0.1:${http}; listen 127.0.0.1:${https} ssl; server_name *.wild.test ~^re[0-9]+[.]test$; location / { proxy_pass http://127.0.0.1:${origin.port}; proxy_set_header Host $host; } }
        server {
          listen 127.0.0.1:${https} ssl; server_name safe.test;
          location / { proxy_pass https://127.0.0.1:${origin.tlsPort}; proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.pem; proxy_ssl_server_name on; proxy_ssl_name app.test; proxy_set_header Host $host; }
        }
        server {
          listen 127.0.0.1:${https} ssl; server_name wrong.test;
          location / { proxy_pass https://127.0.0.1:${origin.tlsPort}; proxy_ssl_verify on; proxy_ssl_trusted_certificate other.pem; proxy_ssl_server_name on; proxy_ssl_name app.test; proxy_set_header Host $host; }
        }
        server {
          listen 127.0.0.1:${https} ssl; server_name shop.test www.shop.test;
          add_header Strict-Transport-Security "max-age=86400" always; add_header X-Frame-Options DENY;
          location / { proxy_pass http://127.0.0.1:${origin.port}; proxy_set_header Host $host; proxy_set_header X-Shop "one two"; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; }
        }
        server {
          listen 127.0.0.1:${http}; listen 127.0.0.1:${https} ssl; server_name api.shop.test;
          location / { proxy_pass http://127.0.0.1:${origin.port}; }
          location /v1/ { proxy_pass http://127.0.0.1:${origin.port}/; proxy_set_header Host $http_host; }
        }
      }`,
    )
    await started('nginx', ['-e', 'stderr', '-c', path], http)
    const old = await answersOf({ http, https })
    expect(old).toMatchObject(expected)
    expect(await answersOf(await movedIn(importKinds.nginx, path))).toEqual(old)
  })

  test('answers like Caddy', unless(absent('caddy')), async () => {
    const [origin, http, https] = await Promise.all([echo(), freePort(), freePort()])
    certbotFolder()
    const path = join(folder, 'Caddyfile')
    writeFileSync(
      path,
      `{
        admin off
        http_port ${http}
        https_port ${https}
        default_bind 127.0.0.1
        skip_install_trust
      }
      (own) {
        tls live/shop.test/fullchain.pem live/shop.test/privkey.pem {
          protocols tls1.3
        }
      }
      *.wild.test {
        import own
        reverse_proxy 127.0.0.1:${origin.port}
      }
      safe.test {
        import own
        reverse_proxy https://127.0.0.1:${origin.tlsPort} {
          transport http {
            tls_trusted_ca_certs ${folder}/ca.pem
            tls_server_name app.test
          }
        }
      }
      wrong.test {
        import own
        reverse_proxy https://127.0.0.1:${origin.tlsPort} {
          transport http {
            tls_trusted_ca_certs ${folder}/other.pem
            tls_server_name app.test
          }
        }
      }
      shop.test, www.shop.test {
        import own
        header Strict-Transport-Security max-age=86400
        header X-Frame-Options DENY
        reverse_proxy 127.0.0.1:${origin.port} {
          header_up X-Shop "one two"
        }
      }
      api.shop.test {
        import own
        handle_path /v1/* {
          reverse_proxy 127.0.0.1:${origin.port}
        }
        reverse_proxy 127.0.0.1:${origin.port}
      }`,
    )
    await started('caddy', ['run', '--adapter', 'caddyfile', '--config', path], http)
    const old = await answersOf({ http, https })
    const redirected = expected.map((each, at) => ([0, 5, 7].includes(at) ? { status: 308 } : each))
    expect(old).toMatchObject(redirected)
    expect(await answersOf(await movedIn(importKinds.caddy, path))).toEqual(old)
  })

  test('answers like HAProxy', unless(absent('haproxy')), async () => {
    const [origin, http, https] = await Promise.all([echo(), freePort(), freePort()])
    const path = join(folder, 'haproxy.cfg')
    writeFileSync(join(folder, 'shop.pem'), shop.chainPem + shop.keyPem)
    writeFileSync(
      path,
      `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend web
  bind 127.0.0.1:${http}
  bind 127.0.0.1:${https} ssl crt ${folder}/shop.pem ssl-min-ver TLSv1.3
  acl shop hdr(host),field(1,:) -i shop.test www.shop.test
  acl api  hdr(host),field(1,:) -i api.shop.test
  http-request redirect scheme https code 301 if shop !{ ssl_fc }
  use_backend v1 if api { path_beg /v1/ }
  use_backend app if api
  use_backend shop if shop
  use_backend app if { hdr(host),field(1,:) -m end -i .wild.test }
  use_backend safe if { hdr(host),field(1,:) -i safe.test }
  use_backend wrong if { hdr(host),field(1,:) -i wrong.test }
backend safe
  server a 127.0.0.1:${origin.tlsPort} ssl verify required ca-file ${folder}/ca.pem sni str(app.test)
backend wrong
  server a 127.0.0.1:${origin.tlsPort} ssl verify required ca-file ${folder}/other.pem sni str(app.test)
backend shop
  http-response set-header Strict-Transport-Security max-age=86400
  http-response set-header X-Frame-Options DENY
  http-request set-header X-Shop "one two"
  server a 127.0.0.1:${origin.port}
backend app
  server a 127.0.0.1:${origin.port}
backend v1
  http-request replace-path /v1/(.*) /\\1
  server a 127.0.0.1:${origin.port}
`,
    )
    await started('haproxy', ['-db', '-f', path], http)
    const old = await answersOf({ http, https })
    expect(old).toMatchObject(expected)
    expect(await answersOf(await movedIn(importKinds.haproxy, path))).toEqual(old)
  })

  test('answers like Apache', unless(absent('apache2')), async () => {
    const [origin, http, https] = await Promise.all([echo(), freePort(), freePort()])
    certbotFolder()
    const path = join(folder, 'apache2.conf')
    const modules =
      'mpm_event authz_core rewrite headers proxy proxy_http proxy_wstunnel ssl socache_shmcb'.split(' ')
    const loaded = modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
    writeFileSync(
      path,
      `ServerRoot ${folder}
PidFile pid
ErrorLog error.log
User www-data
${loaded.join('\n')}
Listen 127.0.0.1:${http}
Listen 127.0.0.1:${https}
SSLProtocol -all +TLSv1.3
SSLCertificateFile live/shop.test/fullchain.pem
SSLCertificateKeyFile live/shop.test/privkey.pem
<VirtualHost *:${http}>
  ServerName shop.test
  ServerAlias www.shop.test
  RewriteEngine on
  RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [END,NE,R=permanent]
</VirtualHost>
<VirtualHost *:${https}>
  ServerName shop.test
  ServerAlias www.shop.test
  AllowEncodedSlashes NoDecode
  SSLEngine on
  Header always set Strict-Transport-Security "max-age=86400"
  Header set X-Frame-Options DENY
  RequestHeader set X-Shop "one two"
  ProxyPreserveHost On
  ProxyPass / http://127.0.0.1:${origin.port}/ upgrade=websocket
</VirtualHost>
<VirtualHost *:${https}>
  ServerName wild.test
  ServerAlias *.wild.test
  SSLEngine on
  ProxyPreserveHost On
  ProxyPass / http://127.0.0.1:${origin.port}/
</VirtualHost>
${['safe', 'wrong']
  .map(
    (name) => `<VirtualHost *:${https}>
  ServerName ${name}.test
  SSLEngine on
  SSLProxyEngine on
  SSLProxyVerify require
  SSLProxyCACertificateFile ${name === 'safe' ? 'ca' : 'other'}.pem
  ProxyPreserveHost On
  ProxyPass / https://127.0.0.1:${origin.tlsPort}/
</VirtualHost>`,
  )
  .join('\n')}
<VirtualHost *:${http}>
  ServerName api.shop.test
  ProxyPass /v1/ http://127.0.0.1:${origin.port}/
  ProxyPass / http://127.0.0.1:${origin.port}/
</VirtualHost>
<VirtualHost *:${https}>
  ServerName api.shop.test
  SSLEngine on
  ProxyPass /v1/ http://127.0.0.1:${origin.port}/
  ProxyPass / http://127.0.0.1:${origin.port}/
</VirtualHost>
`,
    )
    await started('apache2', ['-X', '-f', path], http)
    const old = await answersOf({ http, https })
    expect(old).toMatchObject(expected)
    expect(await answersOf(await movedIn(importKinds.apache, path))).toEqual(old)
  })
})

describe('a database of XCA', () => {
  test('gives its keys under its passphrase alone', unless(absent('xca')), async () => {
    const database = join(folder, 'own.xdb')
    const passphrase = 'correct horse'
    const files = {
      'leaf.pem': shop.leafPem,
      'key.pem': shop.keyPem,
      'root.pem': authority.certificatePem,
      word: passphrase,
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const names = ['leaf.pem', 'key.pem', 'root.pem'].map((name) => join(folder, name))
    const args = [
      '--no-gui',
      '--exit',
      `--database=${database}`,
      `--password=file:${join(folder, 'word')}`,
      '--import',
      ...names,
    ]
    execFileSync('xca', args, {
      stdio: 'pipe',
      env: { ...process.env, HOME: folder, QT_QPA_PLATFORM: 'offscreen' },
    })
    const outcomes = async (given: { passphrase?: string }) => {
      const plan = await opened.client.imports.plan({
        ...(await setupOf(importKinds.xca, database)),
        ...given,
      })
      return plan.certificates.map(({ outcome, title }) => `${outcome} ${title}`)
    }
    expect(await outcomes({ passphrase })).toEqual(['imported shop.test'])
    expect((await outcomes({ passphrase: 'wrong' })).join()).not.toContain('imported')
    expect((await outcomes({})).join()).not.toContain('imported')
  })
})

describe('an import of chosen files', () => {
  const conf = `http { server { listen 443 ssl; server_name shop.test; ssl_certificate /etc/nginx/tls/shop.crt;
    ssl_certificate_key tls/shop.key; include /etc/passwd; include snippets/*; } }`
  const chosen = () => [
    new File([conf], 'nginx/nginx.conf'),
    new File(['location / { proxy_pass http://127.0.0.1:3000; }'], 'nginx/snippets/proxy'),
    new File([shop.chainPem], 'nginx/tls/shop.crt'),
    new File([shop.keyPem], 'nginx/tls/shop.key'),
  ]

  test('reads only these, is planned, made in one change, and taken back', async () => {
    const { client } = opened
    const { plan, notes, path, digest } = await client.imports.planProgram({
      program: 'nginx',
      files: chosen(),
    })
    expect([path, plan.domains]).toMatchObject([
      '/etc/nginx',
      [{ domain: 'shop.test', outcome: 'add', https: true }],
    ])
    expect(notes.map(({ file, line, why }) => `${file}:${line} ${why}`)).toEqual([
      '/etc/passwd:undefined The file cannot be read: it is not among the chosen files.',
      '/etc/nginx/nginx.conf:1 It answers HTTP here too; the other program has only HTTPS for it.',
    ])
    expect(await client.domains.list()).toEqual([])
    const { version } = plan
    await client.imports.applyProgram({ program: 'nginx', files: chosen(), version, digest })
    expect((await client.domains.get({ domain: 'shop.test' })).https.state).toBe('on')
    expect(await client.imports.last()).toMatchObject({ source: 'nginx', domains: 1, certificates: 1 })
    await client.imports.undo()
    expect(await client.imports.last()).toBeNull()
  })

  test('is refused if the files have changed since the plan', async () => {
    const { client } = opened
    const { plan, digest } = await client.imports.planProgram({ program: 'nginx', files: chosen() })
    const [, ...others] = chosen()
    const files = [new File([conf.replace('shop.test;', 'other.test;')], 'nginx/nginx.conf'), ...others]
    await expect(
      client.imports.applyProgram({ program: 'nginx', files, version: plan.version, digest }),
    ).rejects.toMatchObject({ code: 'configuration.outdated' })
  })

  test('never has a program of this computer read a Caddyfile', async () => {
    const files = [new File(['shop.test {\n}'], 'Caddyfile')]
    await expect(opened.client.imports.planProgram({ program: 'caddy', files })).rejects.toMatchObject({
      code: 'import.unreadable',
      data: { reason: expect.stringContaining('needs the program caddy') },
    })
  })
})
