import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../../support/certificates.ts'
import { edgekeep } from '../../support/cli.ts'
import { temporaryFolder } from '../../support/engine.ts'

let home: string
beforeAll(async () => {
  home = temporaryFolder()
  const shop = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
  const [crt, key] = [join(home, 'site.crt'), join(home, 'site.key')]
  writeFileSync(crt, shop.chainPem)
  writeFileSync(key, shop.keyPem)
  await edgekeep(home, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:9'])
  await edgekeep(home, ['domain', 'add', 'free.test', '--origin', 'http://127.0.0.1:9'])
  await edgekeep(home, ['https', 'on', 'shop.test', '--upload', crt, key, '--name', 'Shop'])
  await edgekeep(home, ['https', 'on', 'free.test', '--free'])
})
afterAll(() => rmSync(home, { recursive: true }))

const run = (...words: string[]) => edgekeep(home, [...words, '--json'])

test('what renews by itself is renewed, with no word of what was uploaded', async () => {
  const dry = await run('renew', '--dry-run')
  expect(dry.json()).toMatchObject({ ok: true, results: [{ outcome: 'would-renew' }] })
  expect((await run('renew', '--due')).json()).toMatchObject({ results: [{ outcome: 'not-due' }] })
  expect((await run('renew')).json()).toMatchObject({
    ok: true,
    results: [{ certificate: { name: 'free.test' }, outcome: 'renewed' }],
  })
})

test('an upload is not renewed, and exit status and code say so', async () => {
  const ran = await run('renew', 'Shop')
  expect(ran.status).toBe(1)
  expect(ran.json()).toMatchObject({
    error: { code: 'renewal.not_all' },
    results: [{ outcome: 'not-renewable' }],
  })
})

test('an upload that is to be reminded of is among what needs a person from that day on', async () => {
  expect((await run('cert', 'renewal', 'Shop', '--remind', '365')).json()).toMatchObject({
    certificate: { renewal: { by: 'reminder' } },
  })
  const ran = await run('expiring')
  expect(ran.status).toBe(1)
  expect(ran.json()).toMatchObject({ certificates: [{ name: 'Shop' }] })
  await run('cert', 'renewal', 'Shop', '--default')
  expect((await run('cert', 'renewal', 'Shop')).json()).toMatchObject({ certificate: { renewal: null } })
})
