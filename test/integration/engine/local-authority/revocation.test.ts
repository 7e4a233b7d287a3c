import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Client } from '../../../../src/client/client.ts'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { parseListCached } from '../../../../src/pki/x509/revocation-list.ts'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../../../support/engine/engine.ts'
import { freePort } from '../../../support/free-port.ts'
import { jumpingClock } from '../../../support/engine/jumping-clock.ts'
import { openssl } from '../../../support/pki/openssl.ts'

let opened: TestEngine
let client: Client
let folder: string
let base: string
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-revocation-'))
  opened = await openTestEngine(undefined, undefined, testEdge)
  client = opened.client
  await client.localCertificates.issue({ names: ['before.test'] })
  const port = await freePort()
  const service = await client.localCertificates.setRevocationService({ port })
  base = service.address!
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

async function issued(name: string) {
  const { id, fingerprintSha256 } = await client.localCertificates.issue({ names: [name] })
  const { contentBase64 } = await client.certificates.export({ id, format: 'pem' })
  const [leaf, intermediate] = Buffer.from(contentBase64, 'base64')
    .toString()
    .split(/(?=-----BEGIN)/)
  writeFileSync(at(`${name}.crt`), leaf!)
  writeFileSync(at('intermediate.crt'), intermediate!)
  writeFileSync(at('root.crt'), (await client.authority.get())!.root.pem)
  return { id, fingerprintSha256, leaf: leaf!, intermediate: intermediate! }
}

/** URLs of the OCSP responder and of the issuer's certificate. */
function pointersOf(pem: string) {
  const { infoAccess = '' } = new X509Certificate(pem)
  const uri = (what: string) => new RegExp(`${what} - URI:(\\S+)`).exec(infoAccess)?.[1] ?? ''
  return { ocsp: uri('OCSP'), issuer: uri('CA Issuers') }
}

async function crlFile(leaf: string): Promise<string> {
  const crl = pointersOf(leaf).issuer.replace(/cer$/, 'crl')
  const answer = await fetch(crl)
  expect(answer.headers.get('content-type')).toBe('application/pkix-crl')
  const der = Buffer.from(await answer.arrayBuffer())
  writeFileSync(at('now.crl'), toPem(der, 'X509 CRL'))
  return at('now.crl')
}

const ocspOf = (name: string, url: string, ...more: string[]) =>
  openssl([
    ...['ocsp', '-issuer', at('intermediate.crt'), '-cert', at(`${name}.crt`), '-url', url],
    ...['-CAfile', at('root.crt'), '-verify_other', at('intermediate.crt'), '-text', ...more],
  ])
const verified = (name: string) =>
  openssl([
    ...['verify', '-crl_check', '-CRLfile', at('now.crl'), '-CAfile', at('root.crt')],
    ...['-untrusted', at('intermediate.crt'), at(`${name}.crt`)],
  ])

test('a subscriber of the authority’s services hears of one once it runs', async () => {
  const { localCertificates, acmeServer } = client
  const ending = new AbortController()
  const seen: (string | null)[] = []
  const changes = await localCertificates.watch(undefined, { signal: ending.signal })
  const following = (async () => {
    while (!(await changes.next()).done) seen.push((await acmeServer.state()).directory)
  })()
  try {
    const { directory } = await acmeServer.set({ enabled: true, port: await freePort() })
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBe(directory)
    await acmeServer.set({ enabled: false })
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBeNull()
  } finally {
    ending.abort()
    await following
  }
})

describe('the revocation service', () => {
  test('is named by certificates that are issued while it is on, and by no others', async () => {
    const before = await client.certificates.find({ reference: 'before.test' })
    const file = await client.certificates.export({ id: before.id, format: 'leaf' })
    expect(pointersOf(Buffer.from(file.contentBase64, 'base64').toString()).ocsp).toBe('')
    const { leaf, intermediate } = await issued('pointing.test')
    const { ocsp, issuer } = pointersOf(leaf)
    expect(ocsp).toBe(`${base}/ocsp`)
    const served = Buffer.from(await (await fetch(issuer)).arrayBuffer())
    expect(served).toEqual(new X509Certificate(intermediate).raw)
  })

  test('tells openssl of a revocation by list and by OCSP, with the reason, and our own verifier too', async () => {
    const { leaf, intermediate, fingerprintSha256 } = await issued('revoked.test')
    await issued('good.test')
    const { ocsp } = pointersOf(leaf)
    await crlFile(leaf)
    expect(await verified('revoked.test')).toContain('OK')
    expect(await ocspOf('revoked.test', ocsp)).toMatch(/Response verify OK[^]*revoked\.test\.crt: good/)
    const reference = fingerprintSha256.slice(0, 16)
    const { revoked } = await client.localCertificates.revoke({ reference, reason: 'keyCompromise' })
    expect(revoked?.reason).toBe('keyCompromise')
    await crlFile(leaf)
    expect(await verified('revoked.test')).toContain('certificate revoked')
    expect(await verified('good.test')).toContain('OK')
    const said = await ocspOf('revoked.test', ocsp)
    expect(said).toMatch(/revoked\.test\.crt: revoked[^]*Reason: keyCompromise/)
    expect(said).toContain('Response verify OK')
    expect(await ocspOf('good.test', ocsp)).toContain('good.test.crt: good')
    const root = (await client.authority.get())!.root.pem
    const crl = Buffer.from(await (await fetch(pointersOf(leaf).issuer.replace(/cer$/, 'crl'))).arrayBuffer())
    const open = async (...files: File[]) => (await client.inspect.open({ files })).sessionId
    const verify = async (pem: string) => {
      const sessionId = await open(new File([pem, intermediate], 'leaf.crt'), new File([crl], 'now.crl'))
      const anchors = await open(new File([root], 'root.crt'))
      return (await client.inspect.diagnose({ sessionId, anchors })).verification
    }
    expect(JSON.stringify(await verify(leaf))).toContain('revoked')
    expect((await verify(readFileSync(at('good.test.crt'), 'utf8')))?.ok).toBe(true)
    await expect(client.localCertificates.revoke({ reference })).rejects.toMatchObject({
      code: 'issue.revoked_already',
    })
    expect(await client.audit.list({ limit: 1 })).toMatchObject([{ action: 'issue.revoke' }])
  })

  test('is known at once wherever the certificate is shown, and by whoever verifies the domain', async () => {
    await client.domains.add({ name: 'known.test', origin: originAt(9) })
    const { id } = await client.localCertificates.issue({ names: ['known.test'] })
    await client.https.enable({ domain: 'known.test', source: { type: 'vault', certificateId: id } })
    const shown = async () => (await client.domains.get({ domain: 'known.test' })).https.certificate?.revoked
    expect(await shown()).toBeNull()
    const ending = new AbortController()
    const told = (async () => {
      for await (const event of await client.certificates.watch(undefined, { signal: ending.signal }))
        if (event.type === 'changed' && event.items.some((each) => each.id === id && each.revoked))
          return true
      return false
    })()
    await client.localCertificates.revoke({ reference: id, reason: 'keyCompromise' })
    expect(await told).toBe(true)
    ending.abort()
    expect(await shown()).toBe(true)
    const { ok, steps } = await client.domains.check({ domain: 'known.test' })
    expect(ok).toBe(false)
    expect(steps).toContainEqual(expect.objectContaining({ id: 'revocation', ok: false }))
  })

  test('answers by GET as well, sends a nonce back, and knows nothing of others', async () => {
    const { leaf } = await issued('get.test')
    const { ocsp } = pointersOf(leaf)
    const request = at('request.der')
    await openssl([
      ...['ocsp', '-issuer', at('intermediate.crt'), '-cert', at('get.test.crt')],
      ...['-reqout', request, '-no_nonce'],
    ])
    const encoded = encodeURIComponent(readFileSync(request).toString('base64'))
    const answer = await fetch(`${ocsp}/${encoded}`)
    writeFileSync(at('response.der'), Buffer.from(await answer.arrayBuffer()))
    const said = await openssl([
      ...[
        'ocsp',
        '-respin',
        at('response.der'),
        '-issuer',
        at('intermediate.crt'),
        '-cert',
        at('get.test.crt'),
      ],
      ...['-CAfile', at('root.crt'), '-verify_other', at('intermediate.crt')],
    ])
    expect(said).toContain('get.test.crt: good')
    expect(await ocspOf('get.test', ocsp, '-nonce')).not.toContain('no nonce in response')
    expect(await openssl(['ocsp', '-issuer', at('root.crt'), '-serial', '1', '-url', ocsp])).toContain(
      'unauthorized',
    )
    expect(
      await openssl([
        ...['ocsp', '-issuer', at('intermediate.crt'), '-serial', '1', '-url', ocsp],
        ...['-CAfile', at('root.crt'), '-verify_other', at('intermediate.crt')],
      ]),
    ).toContain('1: unknown')
  })

  test('bears what a hostile client sends', async () => {
    const post = (body: Uint8Array<ArrayBuffer>) => fetch(`${base}/ocsp`, { method: 'POST', body })
    expect((await post(new Uint8Array(1_000_000))).status).toBe(413)
    for (const body of [
      new Uint8Array(0),
      Uint8Array.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
      new Uint8Array(99),
    ])
      expect(Buffer.from(await (await post(body)).arrayBuffer()).toString('hex')).toBe('30030a0101')
    for (const path of ['/', '/0000000000000000.crl', '/../vault.db', '/ocsp/', `/ocsp/${'A'.repeat(9000)}`])
      expect((await fetch(`${base}${path}`)).status).toBe(404)
    expect((await fetch(`${base}/0000000000000000.crl`, { method: 'DELETE' })).status).toBe(405)
  })

  test('is refused a port that is taken, and goes off', async () => {
    const { port } = await client.localCertificates.revocationService()
    const taken = opened.engine.context.parts.supervisor!.status().https!.port
    await expect(client.localCertificates.setRevocationService({ port: taken })).rejects.toMatchObject({
      code: 'edge.port_taken',
    })
    expect(await client.localCertificates.revocationService()).toMatchObject({ port, address: base })
    await client.localCertificates.setRevocationService({ port: null })
    await expect(fetch(base)).rejects.toThrow('fetch failed')
    const { leaf } = await issued('off.test')
    expect(pointersOf(leaf).ocsp).toBe('')
    await client.localCertificates.setRevocationService({ port })
  })
})

describe('a reissued certificate', () => {
  test('gets a new key and the same names, for the domains that use it', async () => {
    await client.domains.add({ name: 'again.test', origin: originAt(3000) })
    const { id } = await client.localCertificates.issue({
      names: ['again.test', '127.0.0.1'],
      key: 'p384',
      lifeHours: 48,
    })
    await client.https.enable({ domain: 'again.test', source: { type: 'vault', certificateId: id } })
    const { certificate, domains } = await client.localCertificates.reissue({ reference: 'again.test' })
    expect(domains).toEqual(['again.test'])
    expect(certificate).toMatchObject({
      keyType: 'EC P-384',
      dnsNames: ['again.test'],
      ipNames: ['127.0.0.1'],
    })
    const before = await client.certificates.get({ id })
    const { chain } = await client.certificates.get({ id: certificate.id })
    expect(chain[0]!.lifetimeDays).toBeCloseTo(before.chain[0]!.lifetimeDays, 0)
    expect(chain[0]!.publicKey.spkiSha256).not.toBe(before.chain[0]!.publicKey.spkiSha256)
    const { https } = await client.domains.get({ domain: 'again.test' })
    expect(https.certificate?.id).toBe(certificate.id)
  })

  test('needs a certificate of this authority with its key', async () => {
    const { localCertificates } = client
    await expect(localCertificates.reissue({ reference: 'nobody' })).rejects.toMatchObject({
      code: 'issue.not_local',
    })
    await client.authority.rotate({ clients: true })
    await localCertificates.issueForDevice({ holder: 'phone', passphrase: 'open sesame' })
    await expect(localCertificates.reissue({ reference: 'phone' })).rejects.toMatchObject({
      code: 'issue.key_elsewhere',
    })
    await client.authority.rotate({})
    await expect(localCertificates.revoke({ reference: 'good.test' })).rejects.toMatchObject({
      code: 'issue.key_gone',
    })
  })

  test('keeps the revocations of an erased key on its last CRL', async () => {
    const file = Buffer.from(
      (
        await client.certificates.export({
          id: (await client.certificates.find({ reference: 'revoked.test' })).id,
          format: 'leaf',
        })
      ).contentBase64,
      'base64',
    ).toString()
    await crlFile(file)
    expect(await verified('revoked.test')).toContain('certificate revoked')
    expect(await verified('good.test')).toContain('OK')
    const text = await openssl(['crl', '-in', at('now.crl'), '-noout', '-nextupdate'])
    expect(new Date(text.replace(/^nextUpdate=/, '')).getTime()).toBeGreaterThan(
      Date.now() + 300 * 86_400_000,
    )
  })

  test('can be revoked after a widening of the authority, and no more after a rotation', async () => {
    const { leaf } = await issued('wider.test')
    await issued('later.test')
    const { ocsp } = pointersOf(leaf)
    await client.authority.rotate({ allow: ['example.org'] })
    await client.localCertificates.revoke({ reference: 'wider.test', reason: 'superseded' })
    expect(await ocspOf('wider.test', ocsp)).toMatch(/wider\.test\.crt: revoked[^]*Reason: superseded/)
    expect(await ocspOf('later.test', ocsp)).toContain('later.test.crt: good')
    await crlFile(leaf)
    expect(await verified('wider.test')).toContain('certificate revoked')
    await client.authority.rotate({})
    await expect(client.localCertificates.revoke({ reference: 'later.test' })).rejects.toMatchObject({
      code: 'issue.key_gone',
    })
    await crlFile(leaf)
    expect(await verified('wider.test')).toContain('certificate revoked')
  })
})

test('a list from the future is signed anew, and the last list of an erased key is not served', async () => {
  const clock = jumpingClock(2 * 3_600_000)
  const ahead = await openTestEngine(undefined, clock.now, testEdge)
  onTestFinished(() => ahead.close())
  const { address } = await ahead.client.localCertificates.setRevocationService({ port: await freePort() })
  await ahead.client.localCertificates.issue({ names: ['shop.test'] })
  const signer = (await ahead.client.authority.get())!.intermediate!
  const list = `${address}/${signer.publicKey.spkiSha256.slice(0, 16)}.crl`
  const thisUpdate = async () =>
    parseListCached(Buffer.from(await (await fetch(list)).arrayBuffer()))?.thisUpdate ?? NaN
  expect(await thisUpdate()).toBeGreaterThan(Date.now() + 3_600_000)
  clock.jumpTo(0)
  expect(await thisUpdate()).toBeLessThanOrEqual(Date.now())
  clock.jumpTo(2 * 3_600_000)
  await ahead.client.authority.rotate({ allow: [], disallow: [] })
  expect((await fetch(list)).status).toBe(200)
  clock.jumpTo(0)
  expect((await fetch(list)).status).toBe(404)
})
