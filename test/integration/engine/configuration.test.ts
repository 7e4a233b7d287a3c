import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { edgekeep } from '../../support/processes/cli.ts'
import { enableByUpload, openTestEngine, originAt, type TestEngine } from '../../support/engine/engine.ts'
import { foundInText, needlesOf } from '../../support/pki/needles.ts'
import { doneOf } from '../../../src/client/done-of.ts'
import { planned } from '../../support/engine/planned.ts'

const authority = createTestAuthority()
const shop = issueTestLeaf(authority, { names: ['shop.test'] })

let opened: TestEngine
beforeEach(async () => {
  opened = await openTestEngine()
  await opened.client.domains.add({ name: 'shop.test', origin: originAt(3000) })
  await enableByUpload(opened.client, 'shop.test', shop, true)
  await opened.client.domains.setRedirect({ domain: 'shop.test', redirect: { mode: 'https', code: 308 } })
  await opened.client.domains.add({ name: '*.wild.test', origin: originAt(4000) })
})
afterEach(() => opened.close())

async function exported(): Promise<string> {
  return (await opened.client.configuration.export()).text
}

test('the file reads as what a person set, and holds no secret', async () => {
  const text = await exported()
  expect(text).toContain('"*.wild.test":')
  expect(text).toContain('  shop.test:')
  expect(text).toContain(shop.fingerprintSha256)
  expect(foundInText(text, needlesOf(shop.keyPem))).toEqual([])
})

test('an import of an unchanged export changes nothing', async () => {
  const plan = await planned(opened.client, await exported())
  expect(plan).toMatchObject({ differences: [], cautions: [], untouched: [] })
})

test('a plan names each difference, and applying it makes exactly those', async () => {
  const text = (await exported())
    .replace('httpPort: 3000', 'httpPort: 3001')
    .replace('code: 308', 'code: 302')
  const more = text.replace(
    'domains:\n',
    `domains:\n  new.test:\n    origin: ${JSON.stringify(originAt(5000))}\n    https: off\n    redirect: { mode: none, code: 301 }\n`,
  )
  const plan = await planned(opened.client, more)
  expect(plan.differences.map(({ domain, kind, field }) => `${kind} ${domain} ${field}`)).toEqual([
    'add new.test ',
    'change shop.test origin.httpPort',
    'change shop.test redirect.code',
  ])
  expect((await opened.client.domains.list()).map(({ name }) => name)).not.toContain('new.test')
  // A new domain lists only the settings that differ from their defaults.
  expect(plan.differences.find(({ kind }) => kind === 'add')?.after).toEqual({
    'origin.protocol': 'http',
    'origin.host': '127.0.0.1',
    'origin.httpPort': 5000,
    'origin.httpsPort': 443,
  })
  const { effect } = await doneOf(opened.client.configuration.apply({ text: more, version: plan.version }))
  expect(effect.version).toBe(plan.version + 1)
  const domain = await opened.client.domains.get({ domain: 'shop.test' })
  expect(domain).toMatchObject({
    origin: { httpPort: 3001 },
    redirect: { mode: 'https', code: 302 },
    https: { state: 'on' },
  })
  expect(await planned(opened.client, more)).toMatchObject({ differences: [] })
})

test('tags of a domain are in the file, and a file without them removes them', async () => {
  const { client } = opened
  await client.domains.tag({ domains: ['shop.test'], add: ['eu', 'prod'] })
  const text = await exported()
  expect(text).toContain('tags:\n      - eu\n      - prod')
  const without = text.replace(/ {4}tags:\n(?: {6}- .*\n)+/, '')
  const { version, differences } = await planned(client, without)
  expect(differences).toEqual([
    { domain: 'shop.test', kind: 'change', field: 'tags', before: 'eu, prod', after: '' },
  ])
  await doneOf(client.configuration.apply({ text: without, version }))
  expect((await client.domains.get({ domain: 'shop.test' })).tags).toEqual([])
})

test('watchers of certificates hear that an import has put one on a domain', async () => {
  const { client } = opened
  const text = await exported()
  await client.https.disable({ domain: 'shop.test' })
  const { version } = await planned(client, text)
  const listed = await client.certificates.watch()
  expect((await listed.next()).value).toMatchObject({ type: 'snapshot', items: [{ usedBy: [] }] })
  await doneOf(client.configuration.apply({ text, version }))
  expect((await listed.next()).value).toMatchObject({ type: 'changed', items: [{ usedBy: ['shop.test'] }] })
  await listed.return(undefined)
})

test('a caller that leaves before the change has nothing imported, which is no failure in the log', async () => {
  const domain = `{ origin: ${JSON.stringify(originAt(3000))}, https: off, redirect: { mode: none, code: 301 } }`
  const rows = Array.from({ length: 600 }, (_, at) => `  d${at}.test: ${domain}\n`)
  const text = `edgekeep: 1\ndomains:\n${rows.join('')}`
  const { version } = await planned(opened.client, text)
  const leaving = new AbortController()
  const steps: unknown[] = []
  const applied = doneOf(
    opened.client.configuration.apply({ text, version }, { signal: leaving.signal }),
    (step) => {
      steps.push(step)
      leaving.abort()
    },
  )
  await expect(applied).rejects.toMatchObject({ code: 'CLIENT_CLOSED_REQUEST' })
  expect(steps).toEqual([{ type: 'progress', done: 250, total: 600 }])
  expect((await opened.client.engine.status()).configuration.version).toBe(version)
  const log = readFileSync(join(opened.folder, 'logs', 'engine.log'), 'utf8')
  expect(log).toContain('Call cancelled by its caller')
  expect(log).not.toContain('Call failed')
})

test('a plan that is out of date is not applied', async () => {
  const text = (await exported()).replace('httpPort: 3000', 'httpPort: 3001')
  const { version } = await planned(opened.client, text)
  await opened.client.domains.add({ name: 'between.test', origin: originAt(1) })
  const late = doneOf(opened.client.configuration.apply({ text, version }))
  await expect(late).rejects.toThrow(expect.objectContaining({ code: 'configuration.outdated' }))
})

test('a certificate that the vault does not hold leaves HTTPS off, with a caution', async () => {
  const text = await exported()
  const other = await openTestEngine()
  try {
    const plan = await planned(other.client, text)
    expect(plan.cautions).toEqual([
      { domain: 'shop.test', message: 'The vault does not hold "shop.test". HTTPS is left off.' },
    ])
    await doneOf(other.client.configuration.apply({ text, version: plan.version }))
    const domain = await other.client.domains.get({ domain: 'shop.test' })
    expect(domain).toMatchObject({ https: { state: 'off' }, redirect: { mode: 'none' } })
  } finally {
    await other.close()
  }
})

test.each([
  ['{', 'it is neither YAML nor JSON'],
  ['', 'expected object'],
  ['edgekeep: 2\ndomains: {}', 'edgekeep:'],
  ['edgekeep: 1\ndomains: {}\nkeys: {}', 'keys'],
  ['edgekeep: 1\ndomains: &a { b: *a }', ''],
])('%j is refused with its reason', async (text, reason) => {
  await expect(planned(opened.client, text)).rejects.toThrow(
    expect.objectContaining({
      code: 'configuration.malformed',
      message: expect.stringContaining(reason) as string,
    }),
  )
})

test('a bad domain among good ones changes nothing', async () => {
  const text = (await exported()).replace('  shop.test:', '  not a domain:')
  const { configuration } = await opened.client.engine.status()
  const applied = doneOf(opened.client.configuration.apply({ text, version: configuration.version }))
  await expect(applied).rejects.toThrow(expect.objectContaining({ code: 'domain.invalid' }))
  expect((await opened.client.engine.status()).configuration.version).toBe(configuration.version)
})

test('the command line shows the difference, asks, and takes the file over', async () => {
  const file = join(opened.folder, 'edgekeep.yaml')
  writeFileSync(file, (await exported()).replace('httpPort: 3000', 'httpPort: 3999'))
  await opened.engine.close()
  const dry = await edgekeep(opened.folder, ['config', 'import', '--dry-run', file])
  expect(dry.out).toContain('~ shop.test: origin.httpPort: 3000 → 3999')
  const unsure = await edgekeep(opened.folder, ['config', 'import', file, '--json'])
  expect(unsure.json().error?.code).toBe('usage.wrong')
  expect(await edgekeep(opened.folder, ['config', 'import', file, '--yes'])).toMatchObject({ status: 0 })
  const back = await edgekeep(opened.folder, ['config', 'export'])
  expect(back.out).toContain('httpPort: 3999')
})
