import { createPrivateKey } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ImportEvent, ImportResult } from '../../../src/contract/certificates/records.ts'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../../support/pki/certificates.ts'
import { openTestEngine, type TestEngine } from '../../support/engine/engine.ts'
import { filesWith, foundInText, needlesOf } from '../../support/pki/needles.ts'

const root = createTestAuthority({ commonName: 'Root' })
const intermediate = createTestAuthority({ commonName: 'Intermediate', issuer: root })
const leafOf = (name: string) => issueTestLeaf(intermediate, { names: [name] })
const passphrase = 'correct horse battery staple'

let opened: TestEngine
beforeEach(async () => {
  opened = await openTestEngine()
})
afterEach(() => opened.close())

interface Imported {
  events: ImportEvent[]
  results: ImportResult[]
  summary: Extract<ImportEvent, { type: 'done' }>['summary'] | undefined
}

async function importMany(
  files: File[],
  options: { allOrNothing?: boolean; passphrase?: string } = {},
): Promise<Imported> {
  const events: ImportEvent[] = []
  for await (const event of await opened.client.certificates.importMany({ files, ...options }))
    events.push(event)
  const results = events.flatMap((event) => (event.type === 'result' ? [event.result] : []))
  const done = events.find((event) => event.type === 'done')
  return { events, results, summary: done?.summary }
}

function pairOf(name: string, leaf: TestLeaf): File[] {
  return [new File([leaf.leafPem], `${name}/cert.pem`), new File([leaf.keyPem], `${name}/privkey.pem`)]
}

const words = (results: ImportResult[]) =>
  results.map(({ outcome, place, problem }) => `${outcome} ${place.file} ${problem?.code ?? ''}`.trim())

describe('a folder of many certificates and keys', () => {
  test('is paired by public key, whatever file a piece is in, with the chain that is somewhere else', async () => {
    const [a, b, c, d] = ['a.test', 'b.test', 'c.test', 'd.test'].map(leafOf) as [
      TestLeaf,
      TestLeaf,
      TestLeaf,
      TestLeaf,
    ]
    const { results, summary } = await importMany([
      new File([c.keyPem, a.keyPem], 'keys.pem'),
      new File([d.keyPem, d.leafPem, b.leafPem], 'mixed.pem'),
      new File([a.leafPem], 'a.crt'),
      new File([b.keyPem], 'b.key'),
      new File([c.leafPem], 'c.crt'),
      new File([root.certificatePem, intermediate.certificatePem], 'authorities.pem'),
    ])
    expect(summary).toMatchObject({ imported: 4, there: 0, failed: 0 })
    expect(results.map(({ outcome, names }) => `${outcome} ${names.join()}`).toSorted()).toEqual(
      ['a', 'b', 'c', 'd'].map((name) => `imported ${name}.test`),
    )
    const { id } = await opened.client.certificates.find({ reference: 'b.test' })
    const { chain } = await opened.client.certificates.get({ id })
    expect(chain.map(({ title }) => title)).toEqual(['b.test', 'Intermediate'])
    const { vault } = opened.engine.context.parts
    const fits = vault.keys.withKey(id, (key) =>
      createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }),
    )
    expect(fits).toBe(b.keyPem)
  })

  test('says what became of each that could not be imported, and where it is', async () => {
    const [good, keyless, certless] = ['good.test', 'keyless.test', 'certless.test'].map(leafOf) as [
      TestLeaf,
      TestLeaf,
      TestLeaf,
    ]
    const sealed = createPrivateKey(leafOf('x.test').keyPem).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase,
    })
    const files = [
      ...pairOf('good', good),
      new File([keyless.leafPem], 'keyless.pem'),
      new File([certless.keyPem], 'certless.key'),
      new File([sealed], 'locked.key'),
      new File(['hello'], 'README'),
      new File([good.keyPem.slice(0, 120)], 'cut.key'),
    ]
    const { results, summary } = await importMany(files)
    expect(words(results).toSorted()).toEqual([
      'imported good/cert.pem',
      'locked locked.key key.encrypted',
      'no-certificate certless.key certificate.missing',
      'no-key keyless.pem certificate.no_private_key',
      'skipped README input.nothing_found',
      'unreadable cut.key key.malformed',
    ])
    expect(summary).toMatchObject({ imported: 1, failed: 4, skipped: 1 })
  })

  test('reports certificates that are already stored, and stores none twice', async () => {
    const files = pairOf('a', leafOf('a.test'))
    await importMany(files)
    const { version } = (await opened.client.engine.status()).configuration
    const { summary } = await importMany([...files, ...files])
    expect(summary).toEqual({ imported: 0, there: 1, failed: 0, skipped: 0, effect: null })
    expect((await opened.client.engine.status()).configuration.version).toBe(version)
  })

  test('opens locked files with the passphrase, and lists those that it does not open', async () => {
    const [a, b] = [leafOf('a.test'), leafOf('b.test')]
    const sealed = (leaf: TestLeaf, secret: string) =>
      createPrivateKey(leaf.keyPem).export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: secret,
      })
    const files = [
      new File([a.leafPem, sealed(a, passphrase)], 'a.pem'),
      new File([b.leafPem], 'b.crt'),
      new File([sealed(b, 'another')], 'b.key'),
    ]
    const { results } = await importMany(files, { passphrase })
    expect(words(results).toSorted()).toEqual([
      'imported a.pem',
      'locked b.key key.wrong_passphrase',
      'no-key b.crt certificate.no_private_key',
    ])
  })

  test('is imported whole or not at all when that is asked for', async () => {
    const files = [...pairOf('a', leafOf('a.test')), ...pairOf('b', leafOf('b.test'))]
    const before = (await opened.client.engine.status()).configuration.version
    const spoilt = await importMany([...files, new File([leafOf('c.test').leafPem], 'c.crt')], {
      allOrNothing: true,
    })
    expect(spoilt.summary).toEqual({ imported: 0, there: 0, failed: 3, skipped: 0, effect: null })
    expect(words(spoilt.results).map((line) => line.split(' ')[0])).toEqual([
      'left-out',
      'left-out',
      'no-key',
    ])
    expect(await opened.client.certificates.list()).toEqual([])
    const whole = await importMany([...files, new File(['hello'], 'README')], { allOrNothing: true })
    expect(whole.summary).toMatchObject({ imported: 2, skipped: 1, effect: { version: before + 1 } })
    const rows = await opened.client.audit.list({ limit: 10 })
    expect(rows.map(({ action }) => action)).toEqual(['certificate.import', 'certificate.import'])
  })

  test('an authority with its key is not taken for a site', async () => {
    const key = root.privateKey.export({ type: 'pkcs8', format: 'pem' })
    const { results } = await importMany([
      new File([root.certificatePem, key], 'root.pem'),
      new File([intermediate.certificatePem], 'intermediate.pem'),
    ])
    expect(words(results)).toEqual(['refused root.pem certificate.weak'])
  })

  test('stops when the caller stops, and keeps acknowledged imports', async () => {
    const files = Array.from({ length: 60 }, (_, index) => leafOf(`s${index}.test`)).flatMap((leaf, index) =>
      pairOf(`s${index}`, leaf),
    )
    const controller = new AbortController()
    const events = await opened.client.certificates.importMany({ files }, { signal: controller.signal })
    const acknowledged: string[] = []
    for await (const event of events) {
      if (event.type !== 'result') continue
      acknowledged.push(event.result.certificate!.name)
      controller.abort()
    }
    const names = (await opened.client.certificates.list()).map(({ name }) => name)
    expect(names.length).toBeLessThan(60)
    expect(names).toEqual(expect.arrayContaining(acknowledged))
  })
})

test('five hundred pairs are imported, with progress and no key in sight', async () => {
  const leaves = Array.from({ length: 500 }, (_, index) => leafOf(`many${index}.test`))
  const files = [
    ...leaves.flatMap((leaf, index) => pairOf(`many${index}`, leaf)),
    new File([intermediate.certificatePem], 'intermediate.pem'),
  ]
  const { events, summary } = await importMany(files)
  expect(summary).toMatchObject({ imported: 500, failed: 0 })
  const stages = events.flatMap((event) => (event.type === 'progress' ? [event.stage] : []))
  expect(new Set(stages)).toEqual(new Set(['reading', 'storing']))
  const needles = needlesOf(leaves[250]!.keyPem)
  expect(foundInText(JSON.stringify(events), needles)).toEqual([])
  expect(filesWith(opened.folder, needles)).toEqual([])
}, 60_000)
