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
const pemOf = ({ privateKey }: Keys) => String(privateKey.export({ format: 'pem', type: 'pkcs8' }))

describe('over the contract', () => {
  test('files are diagnosed with the anchors, the host and the moment that are asked about', async () => {
    const { inspect } = opened.client
    const good = await inspect.diagnose({ files: shop(), anchors: anchors(), host: 'shop.test', at })
    expect(good).toMatchObject({ diagnosis: { situation: 'good' }, verification: { ok: true } })
    const wrong = await inspect.diagnose({ files: shop(), anchors: anchors(), host: 'else.test', at })
    expect(wrong.diagnosis.situation).toBe('wrong-host')
    expect((await inspect.diagnose({ files: [file('p256.key.pem')] })).verification).toBeNull()
  })

  test('a revocation list among the files counts', async () => {
    const root = makeCertificate({ subject: 'Listing root', authority: true })
    const leaf = makeCertificate({ subject: 'leaf', issuer: root, names: ['shop.test'] })
    const list = makeCrl({ issuer: root, revoked: [{ serial: leaf.serial }] })
    const der = (bytes: Uint8Array, name: string) => new File([Uint8Array.from(bytes)], name)
    const [certificate, key] = [der(leaf.der, 'leaf.der'), new File([pemOf(leaf.keys)], 'leaf.key')]
    const files = [certificate, key, der(list, 'list.crl')]
    const question = { files, anchors: [der(root.der, 'root.der')], at: moment.toISOString() }
    const { inspect } = opened.client
    expect((await inspect.verify(question)).answers.authority).toMatchObject({ ok: false, code: 'revoked' })
    expect((await inspect.diagnose(question)).diagnosis.situation).toBe('revoked')
    expect((await inspect.verify({ ...question, files: [certificate, key] })).ok).toBe(true)
  })

  test('a diagnosis takes the policies and the profile that verification takes', async () => {
    const root = makeCertificate({ subject: 'Plain root', authority: true })
    const leaf = makeCertificate({ subject: 'stray.example', issuer: root, names: ['shop.test'] })
    const der = (bytes: Uint8Array, name: string) => new File([Uint8Array.from(bytes)], name)
    const files = [der(leaf.der, 'leaf.der'), new File([pemOf(leaf.keys)], 'leaf.key')]
    const question = { files, anchors: [der(root.der, 'root.der')], at: moment.toISOString() }
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
    const together = { files: [packed(shop())] }
    expect(await inspect.read(together)).toEqual(await inspect.read({ files: shop() }))
    const question = { anchors: anchors(), host: 'shop.test', at }
    expect(await inspect.diagnose({ ...together, ...question })).toEqual(
      await inspect.diagnose({ files: shop(), ...question }),
    )
    const torn = new File([(await packed(shop()).bytes()).slice(0, -1)], 'files', {
      type: packed([]).type,
    })
    await expect(inspect.read({ files: [torn] })).rejects.toMatchObject({ code: 'input.invalid' })
  })

  test('files count together, in one list or two, packed or not', async () => {
    const { inspect } = opened.client
    const large = [new File([new Uint8Array(9 * 1024 * 1024)], 'large.pem')]
    const tooLarge = { code: 'input.too_large' }
    await expect(inspect.verify({ files: large, anchors: large })).rejects.toMatchObject(tooLarge)
    const sides = { before: { files: large }, after: { files: large } }
    await expect(inspect.compare(sides)).rejects.toMatchObject(tooLarge)
    const empty = Array.from({ length: 600 }, (_, at) => new File([], `${at}.pem`))
    await expect(inspect.read({ files: [packed(empty), packed(empty)] })).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('1200 files are more than are taken at once'),
    })
  })

  test('files are verified for the purpose that is asked about', async () => {
    const { inspect } = opened.client
    const question = { files: shop(), anchors: anchors(), at }
    expect((await inspect.verify({ ...question, purpose: 'client' })).ok).toBe(true)
    const roots = await inspect.verify({ files: anchors(), anchors: anchors(), at, purpose: 'any' })
    expect(roots.ok).toBe(true)
  })

  test('the certificate that is meant can be named by its fingerprint', async () => {
    const { inspect } = opened.client
    const files = [...shop(), file('p256.crt.pem')]
    const { pieces } = await inspect.read({ files })
    const leafSha256 = pieces.find(({ place }) => place.file === 'p256.crt.pem')?.certificate
      ?.fingerprintSha256
    const timeline = await inspect.timeline({ files, leafSha256, anchors: anchors(), at })
    expect(timeline).toMatchObject({
      fingerprintSha256: leafSha256,
      at,
      renewal: { maximumDays: expect.any(Number) },
    })
    const [first] = await inspect.preflight({ files, leafSha256, anchors: anchors(), at, targets: ['nginx'] })
    expect(first?.target.id).toBe('nginx')
  })

  test('lint, comparison, clean files, ASN.1 and reports are answered', async () => {
    const { inspect } = opened.client
    const { certificates } = await inspect.lint({ files: shop(), as: 'private' })
    expect(certificates.map(({ role }) => role)).toEqual(['leaf', 'intermediate'])
    const comparison = await inspect.compare({
      before: { files: shop() },
      after: { files: [file('p256.crt.pem')] },
    })
    expect(comparison).toMatchObject({
      strength: { change: 'stronger' },
      chain: { lost: ['Sample intermediate'] },
    })
    const { files, hasKey } = await inspect.clean({ files: shop() })
    expect({ names: files.map(({ fileName }) => fileName), hasKey }).toEqual({
      names: ['shop.test.fullchain.pem', 'shop.test.crt.pem', 'shop.test.chain.pem'],
      hasKey: true,
    })
    const part = await inspect.asn1({ files: shop(), pieceId: 'p1', depth: 2 })
    expect(part.element).toMatchObject({ tag: 'SEQUENCE', offset: 0 })
    const report = await inspect.report({ files: shop(), anchors: anchors(), format: 'html', at })
    expect(report).toMatchObject({
      fileName: 'certificate-report.html',
      mediaType: 'text/html; charset=utf-8',
    })
  })

  test('the ASN.1 of a key is not given', async () => {
    await expect(opened.client.inspect.asn1({ files: shop(), pieceId: 'p2' })).rejects.toMatchObject({
      code: 'input.invalid',
    })
  })
})
