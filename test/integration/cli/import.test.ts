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

test('an import of nothing, or from a missing place, is refused', async () => {
  mkdirSync(join(folder, 'empty'))
  const nothing = await imported('--from', 'lego', join(folder, 'empty'), '--json')
  expect([nothing.status, nothing.json().error?.code]).toEqual([2, 'import.nothing_found'])
  const missing = await imported('--from', 'lego', join(folder, 'nowhere'))
  expect([missing.status, missing.err]).toEqual([2, expect.stringContaining('There is no')])
  expect((await imported(folder)).err).toContain('--from nginx')
})
