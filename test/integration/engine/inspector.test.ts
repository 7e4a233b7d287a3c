import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packed } from '../../../src/contract/inspect/packed-files.ts'
import { makeCertificate, moment, type Keys } from '../../support/pki/certificate-maker.ts'
import { makeCrl } from '../../support/pki/crl-maker.ts'
import { openTestEngine, type TestEngine } from '../../support/engine/engine.ts'
import { sampleText } from '../../support/pki/samples.ts'

let opened: TestEngine
beforeAll(async () => {
  opened = await openTestEngine()
})
afterAll(() => opened.close())

const file = (name: string) => new File([sampleText(name)], name)
const shop = () => ['rsa.crt.pem', 'rsa.key.pem', 'intermediate.crt.pem'].map(file)
const anchors = () => [file('root.crt.pem')]
const at = '2026-12-01T00:00:00.000Z'
const session = async (files: File[]) => (await opened.client.inspect.open({ files })).sessionId
const pemOf = ({ privateKey }: Keys) => String(privateKey.export({ format: 'pem', type: 'pkcs8' }))

describe('over the contract', () => {
  test('files are diagnosed with the anchors, the host and the moment that are asked about', async () => {
    const { inspect } = opened.client
    const about = { sessionId: await session(shop()), anchors: await session(anchors()), at }
    // It verifies, and lives for a hundred years.
    const good = await inspect.diagnose({ ...about, host: 'shop.test' })
    expect(good).toMatchObject({
      diagnosis: { situation: 'fault.validity.public_lifetime' },
      verification: { ok: true },
    })
    const wrong = await inspect.diagnose({ ...about, host: 'else.test' })
    expect(wrong.diagnosis.situation).toBe('wrong-host')
    const key = { sessionId: await session([file('p256.key.pem')]) }
    expect((await inspect.diagnose(key)).verification).toBeNull()
  })

  test('a revocation list among the files counts', async () => {
    const root = makeCertificate({ subject: 'Listing root', authority: true })
    const leaf = makeCertificate({ subject: 'leaf', issuer: root, names: ['shop.test'] })
    const list = makeCrl({ issuer: root, revoked: [{ serial: leaf.serial }] })
    const der = (bytes: Uint8Array, name: string) => new File([Uint8Array.from(bytes)], name)
    const [certificate, key] = [der(leaf.der, 'leaf.der'), new File([pemOf(leaf.keys)], 'leaf.key')]
    const sessionId = await session([certificate, key])
    const question = { anchors: await session([der(root.der, 'root.der')]), at: moment.toISOString() }
    const { inspect } = opened.client
    expect((await inspect.diagnose({ sessionId, ...question })).verification?.ok).toBe(true)
    await inspect.add({ sessionId, files: [der(list, 'list.crl')] })
    const { diagnosis, verification } = await inspect.diagnose({ sessionId, ...question })
    expect(verification?.answers.authority).toMatchObject({ ok: false, code: 'revoked' })
    expect(diagnosis.situation).toBe('revoked')
  })

  test('a diagnosis takes the policies and the profile that verification takes', async () => {
    const root = makeCertificate({ subject: 'Plain root', authority: true })
    const leaf = makeCertificate({ subject: 'stray.example', issuer: root, names: ['shop.test'] })
    const der = (bytes: Uint8Array, name: string) => new File([Uint8Array.from(bytes)], name)
    const files = [der(leaf.der, 'leaf.der'), new File([pemOf(leaf.keys)], 'leaf.key')]
    const anchors = await session([der(root.der, 'root.der')])
    const question = { sessionId: await session(files), anchors, at: moment.toISOString() }
    const { inspect } = opened.client
    expect((await inspect.diagnose(question)).verification?.ok).toBe(true)
    const web = await inspect.diagnose({ ...question, profile: 'web' })
    expect(web.diagnosis).toMatchObject({ situation: 'not-accepted', severity: 'bad' })
    expect(web.diagnosis.sentence).toContain('has the common name “stray.example”')
    const policies = { acceptable: ['2.23.140.1.2.1'], requireExplicit: true }
    const held = await inspect.diagnose({ ...question, policies })
    expect(held.diagnosis.situation).toBe('policy-not-met')
    expect(held.verification?.answers.authority.code).toBe('policy')
  })

  test('files that are sent as one are read like as many', async () => {
    const { inspect } = opened.client
    const together = await inspect.open({ files: [packed(shop())] })
    const apart = await inspect.open({ files: shop() })
    expect(together.report).toEqual(apart.report)
    const question = { anchors: await session(anchors()), host: 'shop.test', at }
    expect(await inspect.diagnose({ sessionId: together.sessionId, ...question })).toEqual(
      await inspect.diagnose({ sessionId: apart.sessionId, ...question }),
    )
    const torn = new File([(await packed(shop()).bytes()).slice(0, -1)], 'files', {
      type: packed([]).type,
    })
    await expect(inspect.open({ files: [torn] })).rejects.toMatchObject({ code: 'input.invalid' })
  })

  test('files count together, at once or one after the other, packed or not', async () => {
    const { inspect } = opened.client
    const large = new File([new Uint8Array(9 * 1024 * 1024)], 'large.pem')
    const tooLarge = { code: 'input.too_large' }
    await expect(inspect.open({ files: [large, large] })).rejects.toMatchObject(tooLarge)
    const { report } = await inspect.add({ sessionId: await session([large]), files: [large] })
    expect(report.problems).toContainEqual(expect.objectContaining(tooLarge))
    const empty = Array.from({ length: 600 }, (_, at) => new File([], `${at}.pem`))
    await expect(inspect.open({ files: [packed(empty), packed(empty)] })).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('1200 files are more than are taken at once'),
    })
  })

  test('files are verified for the purpose that is asked about', async () => {
    const { inspect } = opened.client
    const roots = await session(anchors())
    const asked = { anchors: roots, at }
    const client = await inspect.diagnose({ sessionId: await session(shop()), ...asked, purpose: 'client' })
    expect(client.verification?.ok).toBe(true)
    const root = await inspect.diagnose({ sessionId: roots, ...asked, purpose: 'any' })
    expect(root.verification?.ok).toBe(true)
  })

  test('the certificate that is meant can be named by its fingerprint', async () => {
    const { inspect } = opened.client
    const files = [...shop(), file('p256.crt.pem')]
    const { sessionId, report } = await inspect.open({ files })
    const leafSha256 = report.pieces.find(({ place }) => place.file === 'p256.crt.pem')?.certificate
      ?.fingerprintSha256
    const question = { sessionId, leafSha256, anchors: await session(anchors()), at }
    const timeline = await inspect.timeline(question)
    expect(timeline).toMatchObject({
      fingerprintSha256: leafSha256,
      at,
      renewal: { maximumDays: expect.any(Number) },
    })
    const [first] = await inspect.preflight({ ...question, targets: ['nginx'] })
    expect(first?.target.id).toBe('nginx')
  })

  test('lint, comparison, clean files, ASN.1 and reports are answered', async () => {
    const { inspect } = opened.client
    const about = { sessionId: await session(shop()) }
    const { certificates } = await inspect.lint({ ...about, as: 'private' })
    expect(certificates.map(({ role }) => role)).toEqual(['leaf', 'intermediate'])
    const comparison = await inspect.compare({
      before: about,
      after: { sessionId: await session([file('p256.crt.pem')]) },
    })
    expect(comparison).toMatchObject({
      strength: { change: 'stronger' },
      chain: { lost: ['Sample intermediate'] },
    })
    const { files, hasKey } = await inspect.clean(about)
    expect({ names: files.map(({ fileName }) => fileName), hasKey }).toEqual({
      names: ['shop.test.fullchain.pem', 'shop.test.crt.pem', 'shop.test.chain.pem'],
      hasKey: true,
    })
    const part = await inspect.asn1({ ...about, pieceId: 'p1', depth: 2 })
    expect(part.element).toMatchObject({ tag: 'SEQUENCE', offset: 0 })
    const report = await inspect.report({
      ...about,
      anchors: await session(anchors()),
      format: 'html',
      at,
    })
    expect(report).toMatchObject({
      fileName: 'certificate-report.html',
      mediaType: 'text/html; charset=utf-8',
    })
  })

  test('the ASN.1 of a key is not given', async () => {
    const { inspect } = opened.client
    const asked = inspect.asn1({ sessionId: await session(shop()), pieceId: 'p2' })
    await expect(asked).rejects.toMatchObject({ code: 'input.invalid' })
  })
})
