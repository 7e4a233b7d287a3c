import { X509Certificate } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerOcsp } from '../../../src/pki/issue/ocsp-answer.ts'
import { ocspRequest, readOcspRequest } from '../../../src/pki/ocsp/request.ts'
import { certificateOf } from '../../../src/pki/x509/certificate.ts'
import type { Client } from '../../../src/client/client.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  uploads,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { makeCertificate } from '../../support/pki/certificate-maker.ts'

const authority = createTestAuthority()
const shop = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test'] })
const newer = issueTestLeaf(authority, { names: ['shop.test', 'api.shop.test'] })
const other = issueTestLeaf(authority, { names: ['other.test'] })

let opened: TestEngine
let client: Client
beforeEach(async () => {
  opened = await openTestEngine()
  client = opened.client
  await client.domains.add({ name: 'shop.test', origin: originAt(3000) })
})
afterEach(() => opened.close())

function code(expected: string) {
  return expect.objectContaining({ code: expected })
}

describe('domains', () => {
  test('a name is kept as it is served, and shown as a person writes it', async () => {
    const { domain } = await client.domains.add({ name: 'BÜCHER.test.', origin: originAt(3000) })
    expect(domain.name).toBe('xn--bcher-kva.test')
    expect(domain.displayName).toBe('bücher.test')
    expect((await client.domains.get({ domain: 'Bücher.test' })).name).toBe(domain.name)
  })

  test('a domain is there once', async () => {
    await expect(client.domains.add({ name: 'Shop.test', origin: originAt(1) })).rejects.toThrow(
      code('domain.exists'),
    )
  })

  test.each(['127.0.0.1', 'https://shop.test', 'a..b', '*'])('%s is no domain', async (name) => {
    await expect(client.domains.add({ name, origin: originAt(1) })).rejects.toThrow(code('domain.invalid'))
  })

  test('an origin whose host is the home folder of a shell is refused with the sentence for folders', async () => {
    const origin = { ...originAt(3000), host: '~' }
    await expect(client.domains.add({ name: 'home.test', origin })).rejects.toMatchObject({
      code: 'origin.invalid',
      message: expect.stringContaining('does not begin at the root; give the whole path') as string,
    })
  })

  test('an origin that names no host is refused and nothing changes', async () => {
    const origin = originAt(3000, 'no host')
    await expect(client.domains.setOrigin({ domain: 'shop.test', origin })).rejects.toThrow(
      code('origin.invalid'),
    )
    const injected = { ...originAt(3000), hostHeader: 'a\r\nx: y' }
    await expect(client.domains.setOrigin({ domain: 'shop.test', origin: injected })).rejects.toThrow(
      code('origin.invalid'),
    )
    expect((await client.domains.get({ domain: 'shop.test' })).origin).toEqual(originAt(3000))
  })

  test('are named in the error when they do not exist', async () => {
    await expect(client.domains.get({ domain: 'nowhere.test' })).rejects.toThrow(code('domain.not_found'))
  })

  test('a redirect waits for HTTPS', async () => {
    const redirect = { mode: 'https', code: 301 } as const
    await expect(client.domains.setRedirect({ domain: 'shop.test', redirect })).rejects.toThrow(
      code('domain.https_off'),
    )
    await enableByUpload(client, 'shop.test', shop)
    const { domain } = await client.domains.setRedirect({ domain: 'shop.test', redirect })
    expect(domain.redirect).toEqual(redirect)
  })

  test('every change makes a new configuration version', async () => {
    const before = (await client.engine.status()).configuration.version
    const { effect } = await client.domains.setOrigin({ domain: 'shop.test', origin: originAt(4000) })
    expect(effect).toEqual({ version: before + 1, inEffect: null })
  })

  test('removing a domain erases what only it used', async () => {
    await enableByUpload(client, 'shop.test', shop)
    const { erased } = await client.domains.remove({ domain: 'shop.test' })
    expect(erased).toEqual(['shop.test'])
    expect(await client.certificates.list()).toEqual([])
  })
})

describe('HTTPS by upload', () => {
  test('certificate and key are found, matched, and served', async () => {
    const staged = await client.staging.open({ files: uploads(shop), domain: 'shop.test' })
    expect(staged.report.keyMatch?.matches).toBe(true)
    expect(staged.verification?.answers.name?.ok).toBe(true)
    expect(staged.verification?.answers.authority.ok).toBe(false)
    const { domain } = await client.https.enable({
      domain: 'shop.test',
      source: { type: 'upload', stagingId: staged.stagingId, keep: false },
    })
    expect(domain.https.state).toBe('on')
    expect(domain.https.certificate?.fingerprintSha256).toBe(shop.fingerprintSha256)
    expect(domain.https.nameCovered?.ok).toBe(true)
  })

  test('a root among the files is not served, and says whose authority it is', async () => {
    const files = [...uploads(shop), new File([authority.certificatePem], 'ca.pem')]
    const { report, verification } = await client.staging.open({ files, domain: 'shop.test' })
    expect(report.fixes.map(({ kind }) => kind)).toContain('root-removed')
    expect(verification?.answers.signature.ok).toBe(true)
    expect(verification?.answers.authority).toMatchObject({ ok: false })
    expect(verification?.answers.authority.reason).toContain(authority.commonName)
  })

  test('an intermediate that is not the issuer is named before the key is there, and after', async () => {
    const root = makeCertificate({ subject: 'Acme Root', authority: true })
    const [first, second] = ['Acme CA 1', 'Acme CA 2'].map((subject) =>
      makeCertificate({ subject, authority: true, issuer: root }),
    )
    const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: first! })
    const files = [leaf, second!, root].map(({ der }, index) => new File([toPem(der)], `${index}.crt`))
    const sentence = '“Acme CA 2” did not issue shop.test: “Acme CA 1” did, which is missing.'
    const before = await client.staging.open({ files, domain: 'shop.test' })
    expect(before.chainGap).toMatchObject({ sentence })
    const key = new File([leaf.keys.privateKey.export({ format: 'pem', type: 'pkcs8' })], 'shop.key')
    const after = await client.staging.add({ stagingId: before.stagingId, files: [key] })
    expect(after.chainGap).toMatchObject({ sentence })
    expect(after.report.fixes.map(({ message }) => message).join()).not.toContain('does not belong')
    expect((await client.staging.open({ files: uploads(shop) })).chainGap).toBeNull()
  })

  test('an OCSP response among the files that revokes it is the verdict', async () => {
    const issuer = certificateOf(authority.certificateDer)
    const asked = readOcspRequest(ocspRequest(certificateOf(new X509Certificate(shop.leafPem).raw), issuer))
    const keyPem = Buffer.from(authority.privateKey.export({ format: 'pem', type: 'pkcs8' }))
    const answer = answerOcsp(
      asked,
      { issuer, material: { certificatePem: authority.certificatePem, keyPem } },
      {
        at: new Date(Date.now() - 60_000),
        until: new Date(Date.now() + 60_000),
        statusOf: () => ({ status: 'revoked', at: new Date(Date.now() - 120_000), reason: 1 }),
      },
    )
    const beside = [new File([authority.certificatePem], 'ca.pem'), new File([answer], 'shop.ocsp')]
    const { verification } = await client.staging.open({ files: [...uploads(shop), ...beside] })
    expect(verification).toMatchObject({ ok: false, answers: { authority: { code: 'revoked' } } })
  })

  test('the files can come one after the other', async () => {
    const [certificate, key] = uploads(shop)
    const first = await client.staging.open({ files: [certificate!] })
    expect(first.report.notServable?.code).toBe('certificate.no_private_key')
    const second = await client.staging.add({ stagingId: first.stagingId, files: [key!] })
    expect(second.report.servable).not.toBeNull()
  })

  test('a wrong key is refused with its reason and nothing is stored', async () => {
    const files = [uploads(shop)[0]!, uploads(other)[1]!]
    const { stagingId, report } = await client.staging.open({ files, domain: 'shop.test' })
    expect(report.keyMatch?.matches).toBe(false)
    expect(report.notServable?.code).toBe('key.mismatch')
    const source = { type: 'upload', stagingId, keep: true } as const
    await expect(client.https.enable({ domain: 'shop.test', source })).rejects.toThrow(code('key.mismatch'))
    await expect(client.certificates.import({ stagingId })).rejects.toThrow(code('key.mismatch'))
    expect(await client.certificates.list()).toEqual([])
    expect((await client.domains.get({ domain: 'shop.test' })).https.state).toBe('off')
  })

  test('a certificate for another name is refused and nothing is stored', async () => {
    await expect(enableByUpload(client, 'shop.test', other)).rejects.toThrow(code('name.not_covered'))
    expect(await client.certificates.list()).toEqual([])
  })

  test('a failed try can be mended without uploading again', async () => {
    const { stagingId } = await client.staging.open({ files: uploads(other), domain: 'shop.test' })
    const source = { type: 'upload', stagingId, keep: false } as const
    await expect(client.https.enable({ domain: 'shop.test', source })).rejects.toThrow(
      code('name.not_covered'),
    )
    await client.domains.add({ name: 'other.test', origin: originAt(3000) })
    const { domain } = await client.https.enable({ domain: 'other.test', source })
    expect(domain.https.state).toBe('on')
    await expect(client.https.enable({ domain: 'other.test', source })).rejects.toThrow(
      code('staging.expired'),
    )
  })

  test('cannot import a discarded staging', async () => {
    const { stagingId } = await client.staging.open({ files: uploads(shop) })
    await client.staging.discard({ stagingId })
    await expect(client.certificates.import({ stagingId })).rejects.toThrow(code('staging.expired'))
  })

  test('an upload larger than any bundle is refused before it is read', async () => {
    const files = [new File([new Uint8Array(17 * 1024 * 1024)], 'film.mkv')]
    await expect(client.staging.open({ files })).rejects.toThrow(code('input.too_large'))
  })
})

describe('the life of a certificate on a domain', () => {
  test('pausing keeps everything, resuming needs no upload', async () => {
    await enableByUpload(client, 'shop.test', shop)
    expect((await client.https.pause({ domain: 'shop.test' })).domain.https.state).toBe('paused')
    const { domain } = await client.https.enable({ domain: 'shop.test', source: { type: 'current' } })
    expect(domain.https.certificate?.fingerprintSha256).toBe(shop.fingerprintSha256)
  })

  test('a swap says which names it costs, and one act goes back', async () => {
    await enableByUpload(client, 'shop.test', shop)
    const staged = await client.staging.open({ files: uploads(newer), domain: 'shop.test' })
    const expected = { namesLost: ['www.shop.test'], namesGained: ['api.shop.test'] }
    expect(staged.impact).toEqual(expected)
    const source = { type: 'upload', stagingId: staged.stagingId, keep: false } as const
    const swapped = await client.https.enable({ domain: 'shop.test', source, acceptWorse: true })
    expect(swapped.impact).toEqual(expected)
    expect(swapped.domain.https.previousCertificate?.name).toBe('shop.test')
    const back = await client.https.enable({
      domain: 'shop.test',
      source: { type: 'previous' },
      acceptWorse: true,
    })
    expect(back.domain.https.certificate?.fingerprintSha256).toBe(shop.fingerprintSha256)
    expect(back.domain.https.previousCertificate?.name).toMatch(/^shop\.test \(until \d{4}-\d\d-\d\d/)
  })

  test('has no rollback without a previous certificate, and reports that', async () => {
    await enableByUpload(client, 'shop.test', shop)
    const back = client.https.enable({ domain: 'shop.test', source: { type: 'previous' } })
    await expect(back).rejects.toThrow(code('domain.no_previous'))
  })

  test('only the last certificate before the current one is held', async () => {
    await enableByUpload(client, 'shop.test', shop)
    await enableByUpload(client, 'shop.test', newer)
    await client.https.enable({ domain: 'shop.test', source: { type: 'free' }, acceptWorse: true })
    const fingerprints = (await client.certificates.list()).map(
      (certificate) => certificate.fingerprintSha256,
    )
    expect(fingerprints).toHaveLength(2)
    expect(fingerprints).not.toContain(shop.fingerprintSha256)
  })

  describe('a second swap, which lets go of the certificate before the last', () => {
    const third = issueTestLeaf(authority, { names: ['shop.test'] })
    const names = async () => (await client.certificates.list()).map(({ name }) => name).sort()
    const stage = async () =>
      (await client.staging.open({ files: uploads(third), domain: 'shop.test' })).stagingId

    beforeEach(async () => {
      await enableByUpload(client, 'shop.test', shop)
      await enableByUpload(client, 'shop.test', newer)
    })

    test('lists what it will erase and, also in the history, what it erased', async () => {
      const source = { type: 'upload', stagingId: await stage(), keep: false } as const
      const told = await client.https.preview({ domain: 'shop.test', source })
      expect(told).toMatchObject({ certificate: { name: 'shop.test' }, erased: ['shop.test'] })
      expect(await names()).toEqual(['shop.test', expect.stringMatching(/^shop\.test \(until /)])
      const { erased } = await client.https.enable({ domain: 'shop.test', source, acceptWorse: true })
      expect(erased).toEqual(['shop.test'])
      const [last] = await client.domains.history({ domain: 'shop.test' })
      expect(last?.erased).toEqual([{ name: 'shop.test', fingerprintSha256: shop.fingerprintSha256 }])
    })

    test('keeps it in My certificates where that is asked for', async () => {
      const source = { type: 'upload', stagingId: await stage(), keep: false } as const
      expect((await client.https.preview({ domain: 'shop.test', source, keepOld: true })).erased).toEqual([])
      const { erased } = await client.https.enable({
        domain: 'shop.test',
        source,
        keepOld: true,
        acceptWorse: true,
      })
      expect(erased).toEqual([])
      const kept = (await client.certificates.list()).filter((one) => one.kept)
      expect(kept.map(({ fingerprintSha256 }) => fingerprintSha256)).toEqual([shop.fingerprintSha256])
      const [last] = await client.certificates.history({ id: kept[0]!.id })
      expect(last).toMatchObject({ action: 'certificate.keep', after: true })
    })

    test('erases nothing where it goes back, and a preview refuses what the swap would refuse', async () => {
      const back = await client.https.preview({ domain: 'shop.test', source: { type: 'previous' } })
      expect(back.erased).toEqual([])
      const free = await client.https.preview({ domain: 'shop.test', source: { type: 'free' } })
      expect(free).toMatchObject({ certificate: null, erased: ['shop.test'] })
      await client.domains.add({ name: 'else.test', origin: originAt(1) })
      const source = { type: 'upload', stagingId: await stage(), keep: false } as const
      await expect(client.https.preview({ domain: 'else.test', source })).rejects.toThrow(
        code('name.not_covered'),
      )
    })
  })

  test('turning HTTPS off erases certificate and key, and reports that', async () => {
    await enableByUpload(client, 'shop.test', shop)
    await enableByUpload(client, 'shop.test', newer)
    const { domain, erased, kept } = await client.https.disable({ domain: 'shop.test' })
    expect(erased.toSorted()).toEqual(['shop.test', expect.stringMatching(/^shop\.test \(until /)])
    expect(kept).toEqual([])
    expect(domain.https).toEqual({
      state: 'off',
      outage: null,
      certificate: null,
      previousCertificate: null,
      nameCovered: null,
      stapling: null,
    })
    expect(await client.certificates.list()).toEqual([])
    const source = { type: 'current' } as const
    await expect(client.https.enable({ domain: 'shop.test', source })).rejects.toThrow(
      code('domain.https_off'),
    )
  })

  test('goes on if another domain uses it or a person keeps it', async () => {
    await client.domains.add({ name: 'www.shop.test', origin: originAt(3000) })
    const { domain } = await enableByUpload(client, 'shop.test', shop)
    const id = domain.https.certificate!.id
    await client.https.enable({ domain: 'www.shop.test', source: { type: 'vault', certificateId: id } })
    expect((await client.https.disable({ domain: 'shop.test' })).kept).toEqual(['shop.test'])
    await client.certificates.setKept({ id, kept: true })
    expect((await client.https.disable({ domain: 'www.shop.test' })).kept).toEqual(['shop.test'])
    expect(await client.certificates.list()).toHaveLength(1)
  })

  test('a free certificate comes from a local authority made on first use, and verifies', async () => {
    expect(await client.authority.get()).toBeNull()
    const { domain } = await client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
    const { verification, chain } = await client.certificates.get({ id: domain.https.certificate!.id })
    expect(verification.ok, JSON.stringify(verification.answers)).toBe(true)
    expect(verification.trustedBy).toBe('local authority')
    expect(chain[0]!.lifetimeDays).toBeLessThanOrEqual(397)
    expect((await client.authority.get())!.root.facts.isCa).toBe(true)
  })
})

describe('certificates', () => {
  async function imported(name?: string) {
    const { stagingId } = await client.staging.open({ files: uploads(shop) })
    return client.certificates.import({ stagingId, name })
  }

  test('an imported one is found by name, id and start of its fingerprint', async () => {
    const certificate = await imported('shop 2026')
    for (const reference of ['shop 2026', certificate.id, certificate.fingerprintSha256.slice(0, 8)]) {
      expect((await client.certificates.find({ reference })).id).toBe(certificate.id)
    }
    await expect(client.certificates.find({ reference: 'nothing' })).rejects.toThrow(
      code('certificate.not_found'),
    )
  })

  test('a reference that fits two is not guessed at', async () => {
    const certificate = await imported('shop')
    await enableByUpload(client, 'shop.test', newer)
    const rows = await client.certificates.list()
    const second = rows.find(({ id }) => id !== certificate.id)!
    await client.certificates.rename({ id: second.id, name: certificate.id })
    await expect(client.certificates.find({ reference: certificate.id })).rejects.toThrow(
      code('certificate.ambiguous'),
    )
  })

  test('the same one is not imported twice', async () => {
    await imported()
    await expect(imported()).rejects.toThrow(code('certificate.duplicated'))
  })

  test('one that serves is not removed; one that does not is, with its key', async () => {
    const { id } = await imported()
    await client.https.enable({ domain: 'shop.test', source: { type: 'vault', certificateId: id } })
    await expect(client.certificates.remove({ id })).rejects.toThrow(code('certificate.in_use'))
    await client.https.disable({ domain: 'shop.test' })
    await client.certificates.remove({ id })
    expect(opened.engine.context.parts.vault.keys.has(id)).toBe(false)
  })

  test('one that a domain could go back to is removed with its domain named, and no change of it', async () => {
    const { id } = await imported()
    const enable = (source: Parameters<typeof client.https.enable>[0]['source']) =>
      client.https.enable({ domain: 'shop.test', source, acceptWorse: true })
    await enable({ type: 'vault', certificateId: id })
    const { domain } = await enable({ type: 'free' })
    expect(domain.https.previousCertificate?.id).toBe(id)
    expect(await client.certificates.remove({ id })).toMatchObject({ rollbacks: ['shop.test'] })
    const after = await client.domains.get({ domain: 'shop.test' })
    expect(after.https.previousCertificate).toBeNull()
    expect(after.updatedAt).toBe(domain.updatedAt)
  })

  test.each(['pem', 'leaf', 'der', 'p7b'] as const)(
    'the %s export holds public parts only',
    async (format) => {
      const { id } = await imported()
      const { contentBase64, fileName } = await client.certificates.export({ id, format })
      const bytes = Buffer.from(contentBase64, 'base64')
      expect(fileName).toMatch(/^shop\.test\./)
      expect(bytes.toString('latin1')).not.toContain('PRIVATE KEY')
      const { report } = await client.inspect.open({ files: [new File([bytes], fileName)] })
      const found = report.pieces.flatMap((piece) => piece.certificate?.fingerprintSha256 ?? [])
      expect(found).toEqual([shop.fingerprintSha256])
      expect(report.pieces.map((piece) => piece.kind)).not.toContain('private-key')
    },
  )
})

describe('the inspector', () => {
  test('reads without storing', async () => {
    const { report } = await client.inspect.open({ files: uploads(shop) })
    expect(report.bundles).toHaveLength(1)
    expect(await client.certificates.list()).toEqual([])
  })

  test('verifies against the given roots, for a host, at a date', async () => {
    const open = async (text: string) =>
      (await client.inspect.open({ files: [new File([text], 'site.crt')] })).sessionId
    const [sessionId, anchors] = [await open(shop.chainPem), await open(authority.certificatePem)]
    const verdict = async (question: object) =>
      (await client.inspect.diagnose({ sessionId, ...question })).verification!
    expect((await verdict({ anchors, host: 'shop.test' })).ok).toBe(true)
    expect((await verdict({ anchors, host: 'else.test' })).answers.name?.ok).toBe(false)
    const late = await verdict({ anchors, at: '2040-01-01T00:00:00.000Z' })
    expect(late.answers.validity.ok).toBe(false)
    expect((await verdict({})).answers.authority.ok).toBe(false)
  })

  test('says that there is no certificate where there is none', async () => {
    const { sessionId } = await client.inspect.open({ files: [uploads(shop)[1]!] })
    await expect(client.inspect.timeline({ sessionId })).rejects.toThrow(code('certificate.missing'))
  })
})

test('everything is there after the engine was closed and opened again', async () => {
  await enableByUpload(client, 'shop.test', shop)
  const before = await client.domains.list()
  opened = await opened.reopen()
  expect(await opened.client.domains.list()).toEqual(before)
})

test('watchers see a change as it is made', async () => {
  const stream = await client.domains.watch()
  const first = await stream.next()
  expect(first.value).toMatchObject({ type: 'snapshot', items: [{ name: 'shop.test' }] })
  await enableByUpload(client, 'shop.test', shop)
  expect((await stream.next()).value).toMatchObject({ type: 'changed', items: [{ https: { state: 'on' } }] })
  await client.domains.remove({ domain: 'shop.test' })
  expect((await stream.next()).value).toEqual({ type: 'removed', keys: ['shop.test'] })
  await stream.return?.(undefined)
})

test('a check without an edge reports that none runs', async () => {
  await expect(client.domains.check({ domain: 'shop.test' })).rejects.toThrow(code('edge.not_running'))
})
