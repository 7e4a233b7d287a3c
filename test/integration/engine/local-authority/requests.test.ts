import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../../src/client/client.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { openTestEngine, originAt, type TestEngine } from '../../../support/engine/engine.ts'
import { filesWith, needlesOf } from '../../../support/pki/needles.ts'
import { openssl } from '../../../support/pki/openssl.ts'

let opened: TestEngine
let client: Client
let folder: string
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-requests-'))
  opened = await openTestEngine()
  client = opened.client
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

async function madeByOpenssl(name: string, ...args: string[]): Promise<File> {
  const said = await openssl([
    ...['req', '-new', '-nodes', '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)],
    ...(args.includes('-newkey') ? [] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']),
    ...args,
  ])
  try {
    return new File([readFileSync(at(`${name}.csr`))], `${name}.csr`)
  } catch {
    throw new Error(said)
  }
}
const withSan = (san: string) => ['-addext', `subjectAltName=${san}`]

describe('a request from outside', () => {
  test('is shown as it is, and signed for what it asks; openssl takes certificate and chain', async () => {
    const file = await madeByOpenssl(
      'printer',
      ...['-subj', '/CN=printer.internal/O=Workshop'],
      ...withSan('DNS:printer.internal,IP:192.168.1.9,email:it@shop.test'),
      ...['-addext', 'extendedKeyUsage=serverAuth', '-addext', 'tlsfeature=status_request'],
    )
    expect(await client.localCertificates.readRequest({ files: [file] })).toMatchObject({
      subject: 'O=Workshop,CN=printer.internal',
      names: ['printer.internal', '192.168.1.9', 'it@shop.test'],
      usage: 'server',
      key: 'EC P-256',
      leftOut: ['TLS Feature'],
    })
    const { chainPem, certificate } = await client.localCertificates.sign({ files: [file], lifeHours: 48 })
    expect(certificate.title).toBe('printer.internal')
    writeFileSync(at('printer.pem'), chainPem)
    writeFileSync(at('root.pem'), (await client.authority.get())!.root.pem)
    expect(
      await openssl([
        'verify',
        '-CAfile',
        at('root.pem'),
        '-untrusted',
        at('printer.pem'),
        at('printer.pem'),
      ]),
    ).toContain('OK')
    const [entry] = await client.audit.list({ limit: 1 })
    expect(entry).toMatchObject({ action: 'issue.request', after: { name: 'printer.internal' } })
  })

  test('is refused where it asks for what is not signed here', async () => {
    const subject = ['-subj', '/CN=a.test']
    const cases: [string, string[], string][] = [
      ['an authority', [...subject, '-addext', 'basicConstraints=CA:TRUE'], 'request.refused'],
      ['a short key', [...subject, '-newkey', 'rsa:1024'], 'request.refused'],
      [
        'another curve',
        [...subject, '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
        'request.refused',
      ],
      ['another kind of name', [...subject, ...withSan('URI:https://a.test/')], 'request.refused'],
      ['another purpose', [...subject, '-addext', 'extendedKeyUsage=codeSigning'], 'request.refused'],
      ['a name outside', [...subject, ...withSan('DNS:www.bank.example')], 'authority.name_outside'],
      ['a common name outside', ['-subj', '/CN=www.bank.example'], 'authority.name_outside'],
      ['a public address', [...subject, ...withSan('IP:93.184.216.34')], 'domain.invalid'],
      ['no name for servers', ['-subj', '/O=Workshop'], 'issue.no_server_name'],
    ]
    for (const [index, [what, args, code]] of cases.entries()) {
      const files = [await madeByOpenssl(`refused-${index}`, ...args)]
      await expect(client.localCertificates.sign({ files }), what).rejects.toMatchObject({ code })
    }
  })

  test('is refused where its signature is not by its own key, or there is not one request', async () => {
    const file = await madeByOpenssl('changed', '-subj', '/CN=a.test')
    const bytes = Buffer.from((await file.text()).replaceAll(/-----.*-----|\s/g, ''), 'base64')
    bytes[bytes.indexOf('a.test')] = 'b'.charCodeAt(0)
    const changed = new File([bytes], 'changed.csr')
    const refused = (files: File[]) => client.localCertificates.readRequest({ files })
    await expect(refused([changed])).rejects.toMatchObject({ code: 'request.refused' })
    const { certificatePem: pem } = createTestAuthority()
    await expect(refused([new File([pem], 'a.crt')])).rejects.toMatchObject({ code: 'request.missing' })
    const other = await madeByOpenssl('other', '-subj', '/CN=c.test')
    await expect(refused([file, other])).rejects.toMatchObject({
      code: 'request.several',
      data: { count: 2 },
    })
  })

  test('is signed for a client by an authority that may vouch for clients', async () => {
    const files = [await madeByOpenssl('client', '-subj', '/CN=Anna')]
    const sign = () => client.localCertificates.sign({ files, usage: 'client' })
    await expect(sign()).rejects.toMatchObject({ code: 'authority.clients_outside' })
    await client.authority.rotate({ clients: true })
    expect((await sign()).certificate.extendedKeyUsage).toEqual(['TLS client authentication'])
  })
})

describe('a request whose key stays in the vault', () => {
  const authority = createTestAuthority()

  /** Signs the request with another authority, as `openssl x509 -req` does. */
  async function signedElsewhere(pem: string): Promise<File> {
    writeFileSync(at('ours.csr'), pem)
    writeFileSync(at('ca.crt'), authority.certificatePem)
    writeFileSync(at('ca.key'), authority.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await openssl([
      ...['x509', '-req', '-in', at('ours.csr'), '-CA', at('ca.crt'), '-CAkey', at('ca.key')],
      ...['-copy_extensions', 'copy', '-days', '30', '-out', at('ours.crt')],
    ])
    return new File([readFileSync(at('ours.crt'))], 'ours.crt')
  }

  test.each(['p256', 'p384', 'rsa2048'] as const)(
    'is one that openssl verifies, and its certificate finds its key when it comes back: %s',
    async (key) => {
      const name = `${key}.example.com`
      const made = await client.localCertificates.request({ names: [name, '10.0.0.1'], key })
      writeFileSync(at('made.csr'), made.pem)
      const text = await openssl(['req', '-in', at('made.csr'), '-verify', '-noout', '-text'])
      expect(text).toContain('Certificate request self-signature verify OK')
      expect(text).toContain(`DNS:${name}, IP Address:10.0.0.1`)
      expect((await client.localCertificates.requests()).map(({ title }) => title)).toEqual([name])
      const { stagingId, report } = await client.staging.open({ files: [await signedElsewhere(made.pem)] })
      expect(report.servable).not.toBeNull()
      const imported = await client.certificates.import({ stagingId })
      expect(imported).toMatchObject({ kind: 'uploaded', spkiSha256: made.spkiSha256 })
      expect(await client.localCertificates.requests()).toEqual([])
      await client.domains.add({ name, origin: originAt(3000) })
      const source = { type: 'vault', certificateId: imported.id } as const
      expect((await client.https.enable({ domain: name, source })).domain.https.state).toBe('on')
    },
  )

  test('finds its key among many files, too', async () => {
    const returned: File[] = []
    for (const name of ['one.example.com', 'two.example.com']) {
      const made = await client.localCertificates.request({ names: [name] })
      const file = await signedElsewhere(made.pem)
      returned.push(new File([await file.text()], `${name}.crt`))
    }
    const alone = issueTestLeaf(authority, { names: ['alone.example.com'] })
    const files = [...returned, new File([alone.chainPem], 'alone.crt')]
    const outcomes: Record<string, string> = {}
    for await (const event of await client.certificates.importMany({ files }))
      if (event.type === 'result') outcomes[event.result.names[0] ?? ''] = event.result.outcome
    expect(outcomes).toEqual({
      'one.example.com': 'imported',
      'two.example.com': 'imported',
      'alone.example.com': 'no-key',
    })
    expect(await client.localCertificates.requests()).toEqual([])
  })

  test('keeps its key sealed, under a new data key too, and erases it when it is forgotten', async () => {
    const { vault } = opened.engine.context.parts
    await client.localCertificates.request({ names: ['kept.example.com'] })
    await client.vault.rotate({})
    const [row] = vault.requests.list()
    const needles = vault.requests.withKey(row!, (keyPem) => needlesOf(keyPem.toString()))
    expect(filesWith(opened.folder, needles)).toEqual([])
    const forget = (reference: string) => client.localCertificates.forgetRequest({ reference })
    await expect(forget('another')).rejects.toMatchObject({ code: 'request.not_found' })
    await client.localCertificates.request({ names: ['kept.example.com'] })
    await expect(forget('kept.example.com')).rejects.toMatchObject({ code: 'certificate.ambiguous' })
    for (const { id } of await client.localCertificates.requests()) await forget(id)
    expect(await client.localCertificates.requests()).toEqual([])
  })

  test('is not matched by a certificate for another key', async () => {
    await client.localCertificates.request({ names: ['mine.example.com'] })
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    writeFileSync(at('other.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await openssl([
      ...['req', '-new', '-x509', '-key', at('other.key'), '-subj', '/CN=mine.example.com'],
      ...['-addext', 'basicConstraints=critical,CA:FALSE', '-days', '9', '-out', at('other.crt')],
    ])
    const files = [new File([readFileSync(at('other.crt'))], 'other.crt')]
    const { report } = await client.staging.open({ files })
    expect(report.notServable?.code).toBe('certificate.no_private_key')
  })
})
