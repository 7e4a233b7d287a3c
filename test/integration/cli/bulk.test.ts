import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { edgekeep } from '../../support/processes/cli.ts'

const authority = createTestAuthority()
let folder: string
let home: string

beforeAll(async () => {
  folder = temporaryFolder()
  home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  for (const name of ['wide', 'other']) {
    const leaf = issueTestLeaf(authority, { names: name === 'wide' ? ['*.shop.test'] : ['other.test'] })
    writeFileSync(join(folder, `${name}.pem`), leaf.chainPem + leaf.keyPem)
    const ran = await edgekeep(home, ['cert', 'import', '--name', name, join(folder, `${name}.pem`)])
    if (name === 'wide') expect(ran.out).toContain("edgekeep domain add '*.shop.test' --origin ORIGIN")
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Rows of an act on many, then its sum. */
async function rowsOf(args: string[], input = '') {
  const { status, out } = await edgekeep(home, [...args, '--json'], input)
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { status, rows: lines.slice(0, -1), sum: lines.at(-1) }
}

describe('commands for many', () => {
  test('add the domains of a table, with what each row has, and say what they cannot add', async () => {
    const table =
      'name,origin,certificate,tags\n' +
      'a.shop.test,3000,wide,eu\nb.shop.test,3000,,eu prod\nc.test,3001,free,\nd d,3000,,\ne.test,3000,none,\n'
    const { status, rows, sum } = await rowsOf(['domain', 'add', '-'], table)
    expect(status).toBe(1)
    expect(rows.map(({ name, outcome }) => `${String(name)} ${String(outcome)}`).toSorted()).toEqual([
      'a.shop.test done',
      'b.shop.test done',
      'c.test done',
      'd d refused',
      'e.test refused',
    ])
    expect(sum).toMatchObject({ ok: false, error: { code: 'bulk.not_all' }, counts: { done: 3, refused: 2 } })
    const { out } = await edgekeep(home, ['domain', 'list'])
    expect(out).toMatch(/a\.shop\.test +http:\/\/127\.0\.0\.1:3000 +On, wide/)
    expect(out).toMatch(/c\.test .*On, c\.test/)
    const again = await rowsOf(['domain', 'add', 'a.shop.test', 'c.test', '--origin', '3000'])
    expect(again.rows.map(({ outcome }) => outcome)).toEqual(['skipped', 'refused'])
  })

  test('complete the row of a domain that is there, as after an engine that ended in it', async () => {
    await edgekeep(home, ['domain', 'add', 'half.test', '--origin', '3000'])
    const file = join(folder, 'half.csv')
    writeFileSync(file, 'name,origin,certificate,tags\nhalf.test,3000,free,late\n')
    const add = ['domain', 'add', '--file', file]
    const planned = await edgekeep(home, [...add, '--dry-run'])
    expect(planned.out).toContain('is there already, and gets the tags late and gets a free certificate')
    expect((await rowsOf(add)).rows).toMatchObject([{ outcome: 'done' }])
    expect((await rowsOf(add)).rows).toMatchObject([{ outcome: 'skipped' }])
    await edgekeep(home, ['domain', 'remove', 'half.test', '--yes'])
  })

  test('turn HTTPS on with the best certificate of the vault or a free one, and show the plan before', async () => {
    await edgekeep(home, ['domain', 'add', 'f.test', '--origin', '3000'])
    const planned = await edgekeep(home, ['https', 'on', '--all', '--dry-run'])
    expect(planned.status).toBe(0)
    expect(planned.out).toMatch(/planned +b\.shop\.test +gets "wide"/)
    expect(planned.out).toMatch(/planned +f\.test +gets a free certificate/)
    expect(planned.out).toMatch(/nothing to do +a\.shop\.test +HTTPS is on already/)
    expect(planned.out).toContain('Nothing was changed.')
    const chosen = await rowsOf(['https', 'on', 'b.shop.test', 'f.test', '--cert', 'wide'])
    expect(chosen).toMatchObject({
      status: 1,
      rows: [{ outcome: 'refused', text: '"wide" does not cover it' }, { outcome: 'done' }],
    })
    expect((await rowsOf(['https', 'on', '--all'])).sum).toMatchObject({
      ok: true,
      counts: { done: 1, skipped: 3 },
    })
  })

  test('redirect, pause, copy policies to and tag those with a tag', async () => {
    expect((await edgekeep(home, ['redirect', '--tag', 'eu', 'https'])).out).toContain('2 rows: 2 done.')
    expect((await edgekeep(home, ['redirect', '--tag', 'eu', 'https', '--dry-run'])).out).toContain(
      '2 nothing to do',
    )
    expect((await edgekeep(home, ['policy', 'copy', 'c.test', '--tag', 'eu'])).out).toContain('2 done')
    expect((await edgekeep(home, ['domain', 'tag', '--tag', 'eu', '--add', 'x'])).out).toContain('2 done')
    expect((await edgekeep(home, ['cert', 'tag', 'wide', 'nope', '--add', 'x'])).out).toMatch(
      /done +wide +tags: x\n.*cannot be done +nope/,
    )
    expect((await edgekeep(home, ['renew', 'c.test', 'nope'])).out).toMatch(
      /c\.test +renewed[^]*nope +not found/,
    )
    expect((await edgekeep(home, ['https', 'pause', 'a.shop.test', 'c.test', 'none.test'])).out).toMatch(
      /3 rows: 2 done, 1 cannot be done\./,
    )
  })

  test('are given what a list shows, as a table', async () => {
    const csv = await edgekeep(home, ['domain', 'list', '--filter', 'paused', '--csv'])
    expect(csv.out).toMatch(/^name,origin,https,certificate,expires,redirect,tags,verified\n/)
    expect((await rowsOf(['https', 'pause', '-', '--dry-run'], csv.out)).sum).toMatchObject({
      counts: { skipped: 2 },
    })
    const listed = await edgekeep(home, ['domain', 'list', '--filter', 'off', '--json'])
    expect(listed.json()).toMatchObject({ domains: [], counts: { paused: 2, off: 0 } })
    expect((await edgekeep(home, ['cert', 'list', '--csv', '--sort', 'name'])).out).toMatch(
      /\nother,other\.test,.*\nwide,\*\.shop\.test,/,
    )
  })

  test('are named after an import, with the domains that it covers and what it can take over from', async () => {
    for (const [name, days] of [
      ['soon', 5],
      ['later', 90],
    ] as const) {
      const leaf = issueTestLeaf(authority, {
        names: ['next.test'],
        notAfter: new Date(Date.now() + days * 86_400_000),
      })
      writeFileSync(join(folder, `${name}.pem`), leaf.chainPem + leaf.keyPem)
    }
    await edgekeep(home, ['domain', 'add', 'next.test', '--origin', '3000'])
    const soon = await edgekeep(home, ['cert', 'import', '--name', 'soon', join(folder, 'soon.pem')])
    expect(soon.out).toContain('To turn it on with them: edgekeep https on next.test')
    await edgekeep(home, ['https', 'on', 'next.test', '--cert', 'soon'])
    const later = await edgekeep(home, ['cert', 'import', '--name', 'later', join(folder, 'later.pem')])
    const [, command = ''] = /To use it: edgekeep (.*)/.exec(later.out) ?? []
    const replaced = await edgekeep(home, [...command.split(' '), '--yes'])
    expect(replaced).toMatchObject({ status: 0 })
    await edgekeep(home, ['domain', 'remove', 'next.test', '--yes'])
  })

  test('check all, each with its result', async () => {
    const { status, rows } = await rowsOf(['check', '--all'])
    expect(status).toBe(1)
    expect(rows.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'edge.not_running'))
  })

  test('erase nothing without a confirmation that names what is lost', async () => {
    const asked = await edgekeep(home, ['https', 'off', 'c.test', 'a.shop.test'])
    expect(asked.status).toBe(2)
    expect(asked.err).toMatch(/This erases 2 certificates and their private keys: .*c\.test/)
    const off = await edgekeep(home, ['https', 'off', 'c.test', 'a.shop.test', '--yes'])
    expect(off.out).toMatch(/2 rows: 2 done\./)
    expect(
      (await rowsOf(['cert', 'remove', '--all', '--dry-run'])).rows.map(({ outcome }) => outcome),
    ).toContain('refused')
    expect((await edgekeep(home, ['domain', 'remove', '--all', '--yes'])).out).toContain('4 rows: 4 done.')
    expect((await edgekeep(home, ['cert', 'remove', 'wide', 'other', '--yes'])).out).toContain(
      '2 rows: 2 done.',
    )
  })
})
