import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { foundInText, needlesOf } from '../../support/pki/needles.ts'
import { readBelow, setupFolder } from '../../support/import/setups.ts'

const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test', 'www.shop.test'] })

const traefikFolder = (files: Record<string, string>) =>
  setupFolder({ 'shop.crt': leaf.chainPem, 'shop.key': leaf.keyPem, ...files })

const read = (folder: string, name?: string) => readBelow('traefik', folder, name)

const whole = `
entryPoints:
  web:
    address: ":80"
    http: { redirections: { entryPoint: { to: websecure, scheme: https } } }
  websecure:
    address: ":443"
providers:
  docker: {}
  file: { directory: FOLDER/dynamic }
`
const yaml = `
http:
  routers:
    shop:
      rule: "Host(\`shop.test\`) || Host(\`www.shop.test\`)"
      entryPoints: [websecure]
      service: shop
      middlewares: [headers@file, small]
      tls: {}
    api:
      rule: "Host(\`shop.test\`) && PathPrefix(\`/api\`)"
      service: api
      middlewares: [strip]
      tls: {}
    odd:
      rule: "Host(\`shop.test\`) && Method(\`POST\`)"
      service: api
  middlewares:
    headers:
      headers:
        stsSeconds: 63072000
        stsIncludeSubdomains: true
        frameDeny: true
        customRequestHeaders: { X-Shop: one two }
    small: { buffering: { maxRequestBodyBytes: 8388608 } }
    strip: { stripPrefix: { prefixes: [/api] } }
  services:
    shop:
      loadBalancer:
        servers: [{ url: "http://127.0.0.1:3000" }, { url: "http://127.0.0.1:3001/" }]
    api:
      loadBalancer:
        passHostHeader: false
        serversTransport: own
        servers: [{ url: "https://127.0.0.1:4000" }]
  serversTransports:
    own: { insecureSkipVerify: true }
tls:
  certificates: [{ certFile: FOLDER/shop.crt, keyFile: FOLDER/shop.key }]
  options: { default: { minVersion: VersionTLS13 } }
`
const toml = `
[http.routers.plain]
rule = "Host(\`plain.test\`)"
service = "plain"
[http.services.plain.loadBalancer]
[[http.services.plain.loadBalancer.servers]]
url = "http://127.0.0.1:5000"
`

describe('Traefik’s file provider', () => {
  test('becomes domains with origins, paths, redirect, policies and certificate', async () => {
    const folder = traefikFolder({
      'traefik.yml': whole,
      'dynamic/shop.yml': yaml,
      'dynamic/plain.toml': toml,
      'dynamic/nothing.yml': '# nothing yet\n',
    })
    const { domains, notes, files } = await read(folder)
    expect(files).toEqual(['shop.crt', 'shop.key'])
    expect(domains['shop.test']).toMatchObject({
      origin: { protocol: 'http', host: '127.0.0.1', httpPort: 3000, hostHeader: null },
      https: 'on',
      certificate: { sha256: leaf.fingerprintSha256 },
      redirect: { mode: 'https', code: 301 },
      policies: {
        hsts: { days: 730, includeSubDomains: true, preload: false },
        body: { maxBytes: 8 * 1024 ** 2 },
        tls: { minimumVersion: '1.3' },
        headers: {
          rules: [
            { on: 'request', action: 'set', name: 'x-shop', value: 'one two' },
            { on: 'response', action: 'set', name: 'X-Frame-Options', value: 'DENY' },
          ],
        },
        origins: {
          backups: [{ httpPort: 3001 }],
          routes: [
            {
              path: '/api',
              stripPath: true,
              origin: { protocol: 'https', httpsPort: 4000, hostHeader: '127.0.0.1:4000', verify: false },
            },
          ],
        },
      },
    })
    expect(domains).toMatchObject({
      'www.shop.test': { https: 'on' },
      'plain.test': { https: 'off', origin: { httpPort: 5000 } },
    })
    expect(notes).toEqual([
      'traefik.yml:9 docker: Of Traefik’s providers only files are read.',
      'dynamic/shop.yml:28 servers: Requests go to the first server; the others are used while it is out.',
      'dynamic/shop.yml:15 odd: Of its rule Method is not taken over: only Host and PathPrefix are.',
    ])
  })

  test('is read as one file, with PEM in the place of paths', async () => {
    const inline = JSON.stringify({ certificates: [{ certFile: leaf.chainPem, keyFile: leaf.keyPem }] })
    const folder = traefikFolder({
      'one.yml': `tls: ${inline}\nhttp:\n  routers: { a: { rule: Host("shop.test"), service: a, tls: true } }\n  services: { a: { loadBalancer: { servers: [{ url: "http://127.0.0.1:1" }] } } }`,
    })
    expect((await read(folder, 'one.yml')).domains).toMatchObject({ 'shop.test': { https: 'on' } })
  })

  test.each([
    ['basicauth', 'middlewares: { m: { basicAuth: { users: ["a:$apr1$x"] } } }'],
    [
      'ipallowlist',
      'middlewares: { m: { chain: { middlewares: [n] } }, n: { ipAllowList: { sourceRange: [10.0.0.0/8] } } }',
    ],
    ['a middleware', 'middlewares: {}'],
  ])('with %s is not taken over, since the domain would be open', async (what, middlewares) => {
    const folder = traefikFolder({
      'one.yml': `http:\n  routers: { a: { rule: Host(\`a.test\`), service: a, middlewares: [m] } }\n  services: { a: { loadBalancer: { servers: [{ url: "http://127.0.0.1:1" }] } } }\n  ${middlewares}`,
    })
    const { domains, notes } = await read(folder, 'one.yml')
    expect(domains).toEqual({})
    expect(notes.join()).toContain(`It is restricted by ${what}`)
    expect(notes.join()).not.toContain('apr1')
  })

  test.each([
    ['Host(`a.test`', 'Its rule is not understood'],
    ['PathPrefix(`/a`)', 'It names no host'],
    [`Host(\`a.test\`) && ${'('.repeat(50)}Path(\`/\`)${')'.repeat(50)}`, 'Its rule is not understood'],
    [
      Array.from({ length: 200 }, (_, index) => `Host(\`a${index}.test\`)`).join(' || '),
      'Its rule is not understood',
    ],
  ])('names the rule %.20s', async (rule, why) => {
    const folder = traefikFolder({
      'one.yml': `http:\n  routers: { a: { rule: "${rule}", service: a } }\n  services: { a: { loadBalancer: { servers: [{ url: "http://127.0.0.1:1" }] } } }`,
    })
    expect((await read(folder, 'one.yml')).notes.join()).toContain(why)
  })

  test('reads a file of forty thousand names', async () => {
    const services = Array.from({ length: 40_000 }, (_, index) => `    s${index}: {}`).join('\n')
    const folder = traefikFolder({ 'one.yml': `${yaml}\nudp:\n  services:\n${services}` })
    expect((await read(folder, 'one.yml')).notes.join()).toContain('udp: Only HTTP is served here')
  })

  test('refuses a folder whose links lead back to it', async () => {
    const folder = traefikFolder({})
    for (const name of 'abcdefghij') symlinkSync('.', join(folder, name))
    await expect(read(folder)).rejects.toThrow('lead to each other too often')
  })

  test.each([
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map(
          (name, index) =>
            `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefg'[index]}`).join()}]`,
        )
        .join('\n')}`,
    ],
    ['endless nesting', '['.repeat(100_000)],
    ['a template of Go', 'http:\n  routers:\n{{ range . }}\n'],
    ['a key', leaf.keyPem],
  ])('refuses %s without its text', async (_what, text) => {
    const refused: unknown = await read(traefikFolder({ 'one.yml': text }), 'one.yml').catch(
      (error: unknown) => error,
    )
    expect(foundInText(JSON.stringify(refused), needlesOf(leaf.keyPem))).toEqual([])
    expect(refused).toMatchObject({ code: 'import.unreadable' })
  })
})
