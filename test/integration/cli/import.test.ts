import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImportPlan } from '../../../src/contract/imports/imports.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { filesWith, foundInText, needlesOf } from '../../support/pki/needles.ts'
import { edgekeep, homeWithKeyFile } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'

const shop = issueTestLeaf(createTestAuthority(), { names: ['site.test'] })
const folder = temporaryFolder()
const letsencrypt = join(folder, 'letsencrypt')
const live = join(letsencrypt, 'live', 'site.test')
let home: string

beforeAll(async () => {
  home = await homeWithKeyFile(folder)
  mkdirSync(live, { recursive: true })
  writeFileSync(join(live, 'fullchain.pem'), shop.chainPem)
  writeFileSync(join(live, 'privkey.pem'), shop.keyPem)
  writeFileSync(
    join(folder, 'shop.conf'),
    `server { listen 443 ssl; server_name site.test; proxy_cache zone;
      ssl_certificate ${live}/fullchain.pem; ssl_certificate_key ${live}/privkey.pem;
      location / { proxy_pass http://127.0.0.1:3000; } }`,
  )
})

afterAll(() => rmSync(folder, { recursive: true }))

const imported = (...args: string[]) => edgekeep(home, ['import', ...args])

test('a dry run shows what is taken over and what is not, and changes nothing', async () => {
  const { status, out } = await imported('--from', 'nginx', join(folder, 'shop.conf'), '--dry-run')
  expect(status).toBe(0)
  expect(out).toContain('+ site.test → http://127.0.0.1:3000, HTTPS')
  expect(out).toContain('shop.conf:1  proxy_cache: This directive is not taken over.')
  expect((await edgekeep(home, ['domain', 'list'])).out).not.toContain('site.test')
})

test('an import asks before it changes anything, and is taken back', async () => {
  const args = ['--from', 'nginx', join(folder, 'shop.conf')]
  expect((await imported(...args)).err).toContain('Confirm it with --yes')
  const made = await imported(...args, '--yes', '--json')
  expect(made.json()['plan']).toMatchObject({
    domains: [{ domain: 'site.test', outcome: 'add', https: true }],
    certificates: [{ outcome: 'imported' }],
  } satisfies Partial<{ [K in keyof ImportPlan]: unknown }>)
  expect((await edgekeep(home, ['domain', 'show', 'site.test'])).out).toContain('http://127.0.0.1:3000')
  const again = await imported('--from', 'certbot', letsencrypt, '--yes')
  expect(again.out).toContain('is in the vault already')
  const undone = await imported('--undo', '--yes')
  expect(undone.out).toContain('1 domain and 1 certificate removed')
  const texts = [made, again, undone].map(({ out, err }) => out + err).join()
  expect(foundInText(texts, needlesOf(shop.keyPem))).toEqual([])
  expect(filesWith(home, needlesOf(shop.keyPem))).toEqual([])
})

/** Server blocks as people have them: a pair that does not belong together, an expired one, keys that are not there. */
function writeTree(): string {
  const tree = join(folder, 'tree')
  mkdirSync(tree)
  const authority = createTestAuthority()
  const days = (count: number) => new Date(Date.now() + count * 86_400_000)
  const expired = { notBefore: days(-90), notAfter: days(-2) }
  const write = (name: string, options: Partial<Parameters<typeof issueTestLeaf>[1]> = {}) => {
    const leaf = issueTestLeaf(authority, { names: [name], ...options })
    writeFileSync(join(tree, `${name}.crt`), leaf.chainPem)
    writeFileSync(join(tree, `${name}.key`), leaf.keyPem)
  }
  for (const name of ['a.test', 'b.test', 'c.example', 'd.test', 'e.test']) write(name)
  write('old.test', expired)
  const server = (name: string, key = name, more = '') =>
    `server { listen 443 ssl; server_name ${name}; ${more}
      ssl_certificate ${tree}/${name}.crt; ssl_certificate_key ${tree}/${key}.key;
      location / { proxy_pass http://127.0.0.1:3000; } }\n`
  const allow = 'allow 10.0.0.0/8; allow 192.168.1.4; deny all;'
  const blocks = [
    server('a.test'),
    server('b.test', 'e.test'),
    server('c.example'),
    server('d.test'),
    server('old.test'),
    server('admin.test', 'a.test', allow),
    server('staff.test', 'a.test', 'auth_basic Staff;'),
    server('but-one.test', 'a.test', 'deny 10.0.0.9; allow all;'),
    server(
      'cards.test',
      'a.test',
      'ssl_verify_client on; ssl_client_certificate clients.pem; auth_basic Staff;',
    ),
  ]
  writeFileSync(join(tree, 'nginx.conf'), blocks.join(''))
  for (const name of ['c.example', 'd.test']) rmSync(join(tree, `${name}.key`))
  return tree
}

test('an import says each fault once and as it is, and ends with its counts', async () => {
  const tree = writeTree()
  const args = ['import', '--from', 'nginx', join(tree, 'nginx.conf')]
  const shown = await edgekeep(home, [...args, '--dry-run'])
  expect(shown.status, shown.err).toBe(1)
  expect(shown.out).toContain(
    'd.test.key  certificate or key: The file cannot be read: there is no such file.',
  )
  expect(shown.out).not.toContain('The vault does not hold')
  expect(shown.out).not.toMatch(/no private key|no certificate among|certificate Certificate/i)
  expect(shown.out).toContain(
    `b.test: The private key in ${tree}/e.test.key does not belong to the certificate in ${tree}/b.test.crt`,
  )
  expect(shown.out).toMatch(/\+ old\.test .*HTTPS\n {2}! Its certificate expired on /)
  expect(shown.out).toMatch(/\+ certificate old\.test .*, expired on \d{4}-/)
  expect(shown.out).toContain(
    'edgekeep domain add admin.test --origin http://127.0.0.1:3000, then edgekeep access admin.test --allow 10.0.0.0/8 192.168.1.4',
  )
  expect(shown.out).toContain('edgekeep access staff.test --user NAME')
  expect(shown.out).toMatch(/but-one\.test: It is restricted by deny, .* No setting here is equivalent\./)
  expect(shown.out).toContain(
    `edgekeep access cards.test --user NAME, then edgekeep tls cards.test --client-certificates required --client-anchors ${tree}/clients.pem`,
  )
  expect(shown.out).toMatch(/Would add 5 domains, 2 with HTTPS, and 2 certificates; \d+ not taken over\./)
  expect(shown.out).toContain('For HTTPS with free certificates on 2: edgekeep https on b.test d.test --free')
  expect(shown.out).toMatch(/For HTTPS on c\.example, for which .* --upload CERTIFICATE KEY/)
  const made = await edgekeep(home, [...args, '--yes'])
  expect([made.status, made.out]).toEqual([1, expect.stringMatching(/\nAdded 5 domains, 2 with HTTPS/)])
  expect((await imported('--undo', '--yes')).status).toBe(0)
  expect((await imported('--help')).out).toContain('Exit status:')
})

test('an import of nothing, or from a missing place, is refused', async () => {
  mkdirSync(join(folder, 'empty'))
  const nothing = await imported('--from', 'lego', join(folder, 'empty'), '--json')
  expect([nothing.status, nothing.json().error?.code]).toEqual([2, 'import.nothing_found'])
  const missing = await imported('--from', 'lego', join(folder, 'nowhere'))
  expect([missing.status, missing.err]).toEqual([2, expect.stringContaining('There is no')])
  expect((await imported(folder)).err).toContain('--from nginx')
})
