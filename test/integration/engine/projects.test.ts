import { mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import { router } from '../../../src/engine/engine.ts'
import {
  commandLineOf,
  openTestEngine,
  originAt,
  temporaryFolder,
  type TestEngine,
} from '../../support/engine/engine.ts'

let opened: TestEngine
let folder: string
let shop: string
let other: string
beforeAll(async () => {
  opened = await openTestEngine()
  folder = temporaryFolder()
  shop = join(folder, 'shop')
  other = join(folder, 'other')
  for (const project of [shop, other]) mkdirSync(project)
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

const fileOf = (domains: string) => `edgekeep: 1\nproject: shop\ndomains:\n${domains}`
const plan = (text: string, folder = shop) => opened.client.projects.plan({ folder, text })
const refusal = (text: string) => plan(text).catch((error: unknown) => error as Error)

async function apply(text: string, { folder = shop, take = false } = {}) {
  const { version } = await plan(text, folder)
  return opened.client.projects.apply({ folder, text, version, take })
}
const domain = async (name: string) => opened.client.domains.get({ domain: name })

const served = fileOf(`  shop.test:
    origin: 3000
    redirect: https
    routes:
      - { path: /api, origin: 'http://127.0.0.1:4000', stripPath: true }
    policies: { body: { maxBytes: 1000 } }
  assets.shop.test:
    origin: ./dist
    https: false
`)

test('a project file is planned, served, and has nothing more to change', async () => {
  expect(await plan(served)).toMatchObject({
    name: 'shop',
    domains: ['shop.test', 'assets.shop.test'],
    certificates: [{ domain: 'shop.test', redirect: 'https' }],
    taken: [],
    cautions: [],
    isServed: false,
  })
  expect(await opened.client.domains.list()).toEqual([])
  await apply(served)
  expect(await domain('shop.test')).toMatchObject({
    origin: { host: '127.0.0.1', httpPort: 3000 },
    https: { state: 'on', certificate: { kind: 'free' } },
    redirect: { mode: 'https' },
    policies: { body: { maxBytes: 1000 }, origins: { routes: [{ path: '/api', stripPath: true }] } },
  })
  expect(await domain('assets.shop.test')).toMatchObject({
    origin: { protocol: 'folder', folder: join(shop, 'dist') },
    https: { state: 'off' },
  })
  expect(await plan(served)).toMatchObject({ differences: [], certificates: [], isServed: true })
})

test('a change of the file is a difference again, and a domain that left it stays', async () => {
  const text = fileOf('  shop.test: { origin: 3001, redirect: https }\n')
  const planned = await plan(text)
  expect(planned.differences.map(({ field }) => field)).toEqual(
    expect.arrayContaining(['origin.httpPort', 'policies.body.maxBytes']),
  )
  expect(planned).toMatchObject({ dropped: ['assets.shop.test'], isServed: false })
  await apply(text)
  expect(await domain('shop.test')).toMatchObject({ origin: { httpPort: 3001 }, https: { state: 'on' } })
  expect(await domain('assets.shop.test')).toBeDefined()
})

test('a domain of another project or of a person is taken only where that is allowed', async () => {
  await opened.client.domains.add({ name: 'mine.test', origin: originAt(5000) })
  const text = fileOf('  shop.test: { origin: 9 }\n  mine.test: { origin: 9 }\n')
  expect((await plan(text, other)).taken).toEqual([
    { domain: 'shop.test', from: shop },
    { domain: 'mine.test', from: null },
  ])
  await expect(apply(text, { folder: other })).rejects.toMatchObject({ code: 'project.name_taken' })
  expect(await domain('mine.test')).toMatchObject({ origin: { httpPort: 5000 } })
  await apply(text, { folder: other, take: true })
  expect((await plan(served)).taken).toEqual([
    { domain: 'shop.test', from: other },
    // It left the file above, so it belongs to no project.
    { domain: 'assets.shop.test', from: null },
  ])
})

test('a plan that is outdated is not carried out', async () => {
  const text = fileOf('  late.test: { origin: 9 }\n')
  const { version } = await plan(text)
  await opened.client.domains.add({ name: 'between.test', origin: originAt(5000) })
  const late = opened.client.projects.apply({ folder: shop, text, version })
  await expect(late).rejects.toMatchObject({ code: 'configuration.outdated' })
})

test('a stranger’s file gets no name outside the local authority and no file outside its folder', async () => {
  expect(await refusal(fileOf('  bank.example: { origin: 9, https: false }\n'))).toMatchObject({
    code: 'authority.name_outside',
  })
  mkdirSync(join(shop, 'nested'), { recursive: true })
  symlinkSync('/etc', join(shop, 'link'))
  for (const origin of ['../other', 'file:///etc', './link', './link/ssh', './nested/../../x'])
    expect([origin, await refusal(fileOf(`  a.test: { origin: '${origin}' }\n`))]).toMatchObject([
      origin,
      { code: 'project.refused' },
    ])
  const full = `{ protocol: folder, folder: /etc }`
  expect(await refusal(fileOf(`  a.test: { origin: ${full} }\n`))).toMatchObject({ code: 'project.refused' })
  expect(await refusal(fileOf('  a.test: { origin: 1 }\n  A.test: { origin: 2 }\n'))).toMatchObject({
    code: 'project.refused',
  })
})

test('a folder of a project is held to the project, whatever boundary its file names', async () => {
  const given = `{ protocol: folder, folder: ${shop}, boundary: / }`
  await apply(
    fileOf(`  held.test: { origin: ${given}, https: false, routes: [{ path: /docs, origin: ${given} }] }\n`),
  )
  const boundary = realpathSync(shop)
  expect(await domain('held.test')).toMatchObject({
    origin: { folder: shop, boundary },
    policies: { origins: { routes: [{ origin: { boundary } }] } },
  })
  await opened.client.domains.remove({ domain: 'held.test' })
})

test('a file with secrets, aliases, unknown fields or none of its own is refused with the place', async () => {
  const cases = [
    fileOf('  a.test: { origin: 1, password: x }\n'),
    fileOf('  a.test: &a { origin: 1 }\n  b.test: *a\n'),
    fileOf('  a.test: { origin: 1 }\n  a.test: { origin: 2 }\n'),
    fileOf('  a.test: { policies: { access: { users: [{ name: x, password: longenough }] } }, origin: 1 }\n'),
    'edgekeep: 1\ndomains: {}\n',
    'edgekeep: 1\nproject: "a\\n+ b.test: HTTPS"\n',
    '[',
  ]
  for (const text of cases) expect(await refusal(text)).toMatchObject({ code: 'configuration.malformed' })
})

describe('services', () => {
  const file = (services: string) => `edgekeep: 1\nproject: shop\nservices:\n${services}`
  const [scripts, changedScripts] = ['a'.repeat(64), 'b'.repeat(64)]
  const services = (text: string, at = shop, digest = scripts) =>
    opened.client.projects.services({ folder: at, text, scripts: digest })
  const trust = (text: string, at = shop) =>
    commandLineOf(opened).projects.trustServices({ folder: at, text, scripts })
  const web = '  web: { command: npm run dev, folder: web, domain: Web.test }\n'

  test('are trusted in their folder for as long as commands, folders and names stay', async () => {
    const text = file(web)
    expect(await services(text)).toEqual({
      name: 'shop',
      services: [{ name: 'web', command: 'npm run dev', folder: join(shop, 'web'), domain: 'web.test' }],
      isTrusted: false,
    })
    await trust(text)
    const isTrusted = async (...given: [string, string?, string?]) => (await services(...given)).isTrusted
    expect([await isTrusted(text), await isTrusted(`# a comment\n${text}`)]).toEqual([true, true])
    const changed = [
      text.replace('npm run dev', 'npm run dev; curl x'),
      text.replace('folder: web', 'folder: api'),
      text.replace('Web.test', 'bank.test'),
      text.replace('project: shop', 'project: other'),
      `${text}  api: { command: node api.mjs }\n`,
    ]
    for (const other of changed) expect([other, await isTrusted(other)]).toEqual([other, false])
    expect(await isTrusted(text, other)).toBe(false)
    expect(await isTrusted(text, shop, changedScripts)).toBe(false)
    expect(await opened.client.projects.services({ folder: shop, text })).toMatchObject({ isTrusted: false })
    // Only one version of a file is trusted.
    await trust(changed[0] ?? '')
    expect(await isTrusted(text)).toBe(false)
    const [row] = await opened.client.audit.list({ limit: 1 })
    expect(row).toMatchObject({ action: 'project.trust', subject: shop })
  })

  test('are trusted by the command line only', async () => {
    const text = file(web.replace('npm run dev', 'node evil.mjs'))
    const window = createRouterClient(router, { context: opened.engine.contextFor('window') }) as Client
    await expect(window.projects.trustServices({ folder: shop, text, scripts })).rejects.toMatchObject({
      code: 'project.trust_from_command_line',
    })
    expect(await services(text)).toMatchObject({ isTrusted: false })
  })

  test('stay, also a stranger’s, in their folder, in the names of the authority, and visible', async () => {
    const refused = async (service: string) =>
      services(file(`  web: ${service}\n`)).catch((error: unknown) => error)
    const cases = [
      ['{ command: x, folder: .. }', 'project.refused'],
      ['{ command: x, folder: ./link }', 'project.refused'],
      ['{ command: x, domain: bank.example }', 'authority.name_outside'],
      ["{ command: x, domain: '*.shop.test' }", 'project.refused'],
      ['{ command: "x\\u202e" }', 'configuration.malformed'],
      ['{ command: "x\\ny" }', 'configuration.malformed'],
      ["{ command: ' ' }", 'configuration.malformed'],
      ['{ command: x, env: { A: b } }', 'configuration.malformed'],
      ['{ command: x }\n  Web: { command: y }', 'configuration.malformed'],
      ['{ command: x, domain: a.test }\n  api: { command: y, domain: A.test }', 'project.refused'],
    ] as const
    for (const [service, code] of cases)
      expect([service, await refused(service)]).toMatchObject([service, { code }])
  })

  test('are forgotten with the domains of their project and the certificates of these', async () => {
    const old = join(folder, 'old')
    const text = `${file('  web: { command: node web.mjs }\n')}domains:\n  old.test: { origin: 9 }\n`
    const { client } = opened
    await trust(text, old)
    await apply(text, { folder: old })
    const { certificate } = (await domain('old.test')).https
    expect(await client.projects.forget({ folder: old })).toEqual({ domains: ['old.test'] })
    expect(await services(text, old)).toMatchObject({ isTrusted: false })
    expect((await client.certificates.list()).map(({ id }) => id)).not.toContain(certificate?.id)
    await expect(domain('old.test')).rejects.toMatchObject({ code: 'domain.not_found' })
    await expect(client.projects.forget({ folder: old })).rejects.toMatchObject({ code: 'project.not_found' })
    const rows = await client.audit.list({ limit: 20 })
    expect(rows.find(({ action }) => action === 'project.forget')).toMatchObject({ subject: old })
  })

  test('alone are nothing for "edgekeep up" to change', async () => {
    expect(await plan(file(web), join(folder, 'services'))).toMatchObject({
      services: ['web'],
      domains: [],
      isServed: true,
    })
  })
})
