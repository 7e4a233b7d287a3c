import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { edgekeep, homeWithKeyFile } from '../../support/processes/cli.ts'

/* A name in other letters than ASCII: what the command line says of it, it takes too. */

const ascii = 'xn--mnchen-3ya.test'
const imitation = 'xn--pypal-4ve.test'

let folder: string
let home: string

const run = (...args: string[]) => edgekeep(home, args)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-unicode-'))
  home = await homeWithKeyFile(folder)
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Quoted commands, split into words as by a shell. */
const commandsIn = (text: string) =>
  [...text.matchAll(/"edgekeep ([^"]+)"/g)].map(([, words = '']) => words.split(' '))

test(
  'each hint has the name as people write it, and its command takes it',
  { timeout: 120_000 },
  async () => {
    const added = await run('domain', 'add', 'münchen.test', '--origin', 'http://127.0.0.1:3000')
    expect(added.out).toContain('"edgekeep setup münchen.test"')
    expect((await run('setup', 'münchen.test', '--dry-run')).out).toContain(
      `Points münchen.test (${ascii}) to`,
    )

    const none = (await run('findings', ascii)).out
    expect(none).toContain('münchen.test: no findings.')
    const [watch = []] = commandsIn(none)
    expect(watch).toEqual(['findings', 'münchen.test', '--watch', 'on'])
    expect(await run(...watch)).toMatchObject({ status: 0 })

    const { out } = await run('names', ascii)
    const install = /edgekeep (names install .*)/.exec(out)?.[1]
    expect(install).toBe('names install münchen.test')
    expect(out).not.toContain('xn--')
    expect(await run(...(install ?? '').split(' '), '--dry-run')).toMatchObject({ status: 0 })
  },
)

test('so do the sentences of errors', { timeout: 120_000 }, async () => {
  const missing = await run('domain', 'show', 'xn--bcher-kva.test', '--json')
  expect(missing.json().error?.message).toBe(
    'There is no domain bücher.test. Add it with "edgekeep domain add bücher.test --origin http://127.0.0.1:3000".',
  )
  const outside = await run('domain', 'add', 'bücher.example', '--origin', 'http://127.0.0.1:3000')
  expect(outside.status).toBe(0)
  const refused = await run('https', 'on', 'bücher.example', '--free')
  expect(refused.err).toContain('"edgekeep authority allow bücher.example"')
  expect(await run('authority', 'allow', 'bücher.example', '--yes')).toMatchObject({ status: 0 })
  expect((await run('authority', 'show')).out).toContain('bücher.example')
  expect(await run('https', 'on', 'bücher.example', '--free')).toMatchObject({ status: 0 })
  expect((await run('domain', 'history', 'bücher.example')).out).not.toContain('xn--')
})

test(
  'so do the audit trail and the plan of an import, but not their JSON',
  { timeout: 120_000 },
  async () => {
    expect((await run('audit')).out).toContain('münchen.test')
    expect((await run('audit')).out).not.toContain('xn--')
    expect((await run('audit', '--json')).out).toContain(ascii)
    const file = join(folder, 'edgekeep.yaml')
    writeFileSync(file, (await run('config', 'export')).out.replaceAll(ascii, 'xn--kche-0ra.test'))
    const plan = await run('config', 'import', file, '--dry-run')
    expect(plan.out).toContain('+ küche.test')
    expect(plan.out).toMatch(/left as they are: .*münchen\.test/)
    expect(plan.out).not.toContain('xn--')
  },
)

test('a name that imitates another stays in ASCII', { timeout: 120_000 }, async () => {
  const added = await run('domain', 'add', 'pаypal.test', '--origin', 'http://127.0.0.1:3000')
  expect(added.out).toContain(`"edgekeep setup ${imitation}"`)
  expect((await run('findings', imitation)).out).toContain(`"edgekeep check ${imitation}"`)
  expect((await run('names', imitation)).out).toContain(`edgekeep names install ${imitation}`)
  expect((await run('domain', 'remove', imitation, '--yes')).out).toContain(`Removed ${imitation}.`)
})
