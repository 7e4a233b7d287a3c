import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../../support/pki/certificates.ts'
import { edgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { foundInText, needlesOf } from '../../support/pki/needles.ts'

const authority = createTestAuthority()
const [shop, blog, wide, narrow] = [['shop.test'], ['blog.test'], ['a.test', 'b.test'], ['a.test']].map(
  (names) => issueTestLeaf(authority, { names }),
) as [TestLeaf, TestLeaf, TestLeaf, TestLeaf]

let folder: string
let home: string
const at = (name: string) => join(folder, name)

beforeAll(() => {
  folder = temporaryFolder()
  home = at('home')
  mkdirSync(home, { mode: 0o700 })
  for (const [name, leaf] of [
    ['shop', shop],
    ['blog', blog],
  ] as const) {
    mkdirSync(at(`certs/live/${name}`), { recursive: true })
    mkdirSync(at('certs/archive'), { recursive: true })
    writeFileSync(at(`certs/archive/${name}.key`), leaf.keyPem)
    writeFileSync(at(`certs/live/${name}/cert.pem`), leaf.chainPem)
    symlinkSync(`../../archive/${name}.key`, at(`certs/live/${name}/privkey.pem`))
  }
  for (const [name, leaf] of [
    ['wide', wide],
    ['narrow', narrow],
  ] as const)
    writeFileSync(at(`${name}.pem`), leaf.chainPem + leaf.keyPem)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('cert import --all', () => {
  test('takes a folder with all below it, and shows a row for each', async () => {
    const ran = await edgekeep(home, ['cert', 'import', '--all', at('certs/live')])
    expect(ran).toMatchObject({ status: 0, err: '' })
    expect(ran.out).toContain('2 imported, 0 there already, 0 not imported, 0 skipped.')
    expect(ran.out).toMatch(/imported +blog\.test +blog\/cert\.pem/)
    expect(foundInText(ran.out, needlesOf(shop.keyPem))).toEqual([])
    const again = await edgekeep(home, ['cert', 'import', '--all', at('certs'), '--json'])
    expect(again.json()).toMatchObject({ ok: true, summary: { imported: 0, there: 2, failed: 0 } })
  })

  test('ends with no where something could not be imported', async () => {
    mkdirSync(at('half'))
    writeFileSync(at('half/lone.pem'), wide.chainPem)
    const ran = await edgekeep(home, [
      'cert',
      'import',
      '--all',
      '--all-or-nothing',
      at('half'),
      at('none'),
      '--json',
    ])
    expect(ran.status).toBe(1)
    expect(ran.json()).toMatchObject({ error: { code: 'certificate.not_all_imported' } })
    const results = ran.json()['results'] as { outcome: string; problem: { code: string } }[]
    expect(results.map(({ problem }) => problem.code)).toEqual(['input.file_unreadable'])
  })
})

test('tags of domains and certificates are set for many, and lists ask for them', async () => {
  for (const name of ['one.test', 'two.test'])
    await edgekeep(home, ['domain', 'add', name, '--origin', 'http://127.0.0.1:3000'])
  const both = await edgekeep(home, ['domain', 'tag', 'one.test', 'two.test', '--add', 'eu', 'x'])
  expect(both.out).toContain('2 rows: 2 done.')
  await edgekeep(home, ['domain', 'tag', 'two.test', '--remove', 'eu'])
  const listed = await edgekeep(home, ['domain', 'list', '--tag', 'eu'])
  expect(listed.out).toContain('one.test')
  expect(listed.out).not.toContain('two.test')
  expect((await edgekeep(home, ['domain', 'tag', 'two.test'])).status).toBe(2)
  const tagged = await edgekeep(home, ['cert', 'tag', 'shop.test', '--add', 'west', '--json'])
  expect(tagged.json()).toMatchObject({ ok: true, changed: [expect.any(String)] })
  await edgekeep(home, ['cert', 'set', 'shop.test', '--owner', 'Ada'])
  expect((await edgekeep(home, ['cert', 'show', 'shop.test'])).out).toMatch(/Owner +Ada/)
})

describe('cert set', () => {
  test('notes and tags, which list and show tell', async () => {
    const ran = await edgekeep(home, ['cert', 'set', 'shop.test', '--note', 'ask Ada', '--tag', 'prod', 'eu'])
    expect(ran).toMatchObject({ status: 0, err: '' })
    const listed = await edgekeep(home, ['cert', 'list', '--tag', 'prod'])
    expect(listed.out).toContain('prod, eu')
    expect(listed.out).not.toContain('blog.test')
    expect((await edgekeep(home, ['cert', 'show', 'shop.test'])).out).toContain('ask Ada')
    expect((await edgekeep(home, ['cert', 'set', 'shop.test', '--json'])).json().error?.code).toBe(
      'usage.wrong',
    )
  })
})

describe('cert replace', () => {
  test('shows its plan, asks, applies it, and the history shows it', async () => {
    await edgekeep(home, ['cert', 'import', '--name', 'wide', at('wide.pem')])
    for (const name of ['a.test', 'b.test']) {
      await edgekeep(home, ['domain', 'add', name, '--origin', 'http://127.0.0.1:3000'])
      await edgekeep(home, ['https', 'on', name, '--cert', 'wide'])
    }
    const upload = ['cert', 'replace', 'wide', '--upload', at('narrow.pem'), '--name', 'narrow']
    const dry = await edgekeep(home, [...upload, '--dry-run', '--json'])
    expect(dry.json()).toMatchObject({
      error: { code: 'certificate.worse' },
      impact: { namesLost: ['b.test'], namesGained: [] },
      effect: null,
    })
    const refused = await edgekeep(home, [...upload, '--dry-run'])
    expect(refused).toMatchObject({
      status: 1,
      out: expect.stringMatching(
        /^a\.test stays as it is, since the new certificate would be refused\n/,
      ) as string,
    })
    const accepted = await edgekeep(home, [...upload, '--dry-run', '--accept-worse'])
    expect(accepted.out).toContain('a.test gets the new certificate\n')
    const partly = await edgekeep(home, [...upload, '--dry-run', '--accept-worse', '--json'])
    expect(partly.json()).toMatchObject({ error: { code: 'certificate.not_everywhere' }, effect: null })
    const unsure = await edgekeep(home, [...upload, '--json'])
    expect(unsure.json().error?.code).toBe('certificate.worse')
    const unconfirmed = await edgekeep(home, [...upload, '--accept-worse', '--json'])
    expect(unconfirmed.json().error?.code).toBe('usage.wrong')
    const strict = await edgekeep(home, [...upload, '--all-or-nothing', '--yes'])
    expect(strict.out).toContain('a.test stays as it is, since not all can be changed')
    const worse = await edgekeep(home, [...upload, '--domain', 'a.test', '--yes'])
    expect(worse).toMatchObject({
      status: 1,
      err: expect.stringContaining('no longer covers b.test') as string,
    })
    const done = await edgekeep(home, [...upload, '--domain', 'a.test', '--yes', '--accept-worse'])
    expect(done).toMatchObject({ status: 0 })
    expect(done.out).toContain('a.test has the new certificate\n')
    const history = await edgekeep(home, ['domain', 'history', 'a.test'])
    expect(history.out).toMatch(/command line +https\.replace +a\.test +wide → narrow +-b\.test/)
    const ofWide = await edgekeep(home, ['cert', 'history', 'wide', '--json'])
    expect(ofWide.json()['history']).toHaveLength(4)
  })
})

test('an export with the key is refused with the reason, and a request says it before it is made', async () => {
  for (const asked of [['--with-key'], ['--format', 'pfx']]) {
    const refused = await edgekeep(home, ['cert', 'export', 'wide', ...asked, '--json'])
    expect(refused.json()).toMatchObject({
      error: {
        code: 'key.never_exported',
        message: expect.stringContaining('publish it: with a key that is made at the server') as string,
      },
    })
  }
  const made = await edgekeep(home, ['cert', 'request', 'elsewhere.test'])
  expect(made.err).toContain('Keys never leave the vault')
  expect(made.out).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----/)
})
