import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../../src/client/client.ts'
import { keyKinds } from '../../../../src/contract/issuing/issuing.ts'
import { openTestEngine, type TestEngine } from '../../../support/engine/engine.ts'
import { filesWith, foundInText, needlesOf } from '../../../support/pki/needles.ts'
import { openssl } from '../../../support/pki/openssl.ts'

const passphrase = 'a planted passphrase 0123456789'
let opened: TestEngine
let client: Client
let folder: string
const file = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-issued-'))
  opened = await openTestEngine()
  client = opened.client
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

async function leafOf(id: string) {
  const { chain, verification } = await client.certificates.get({ id })
  return { leaf: chain[0]!, chain, verification }
}

describe('a certificate for servers', () => {
  test('covers domains, wildcards and addresses for as long as was asked', async () => {
    const names = ['shop.test', '*.shop.test', '127.0.0.1', '::1', 'Müller.test']
    const { id, name, kept, kind } = await client.localCertificates.issue({ names, lifeHours: 1 })
    expect({ name, kept, kind }).toEqual({ name: 'shop.test', kept: true, kind: 'free' })
    const { leaf, verification } = await leafOf(id)
    expect(verification.ok).toBe(true)
    expect(leaf.names).toMatchObject({
      dns: ['shop.test', '*.shop.test', 'xn--mller-kva.test'],
      ip: ['127.0.0.1', '::1'],
    })
    const [begin, end] = [leaf.notBefore, leaf.notAfter].map((time) => new Date(time).getTime())
    expect(end! - Date.now()).toBeLessThan(3_600_000)
    expect(end! - begin!).toBe(3_600_000 + 300_000 - 1000)
  })

  test.each(keyKinds)('has a key of the type that was asked for: %s', async (key) => {
    const { id, keyType } = await client.localCertificates.issue({ names: [`${key}.test`], key })
    expect(keyType).toBe(
      { p256: 'EC P-256', p384: 'EC P-384', rsa2048: 'RSA 2048', rsa3072: 'RSA 3072', rsa4096: 'RSA 4096' }[
        key
      ],
    )
    expect((await leafOf(id)).leaf.keyUsage).toEqual(
      key.startsWith('rsa') ? ['digital signature', 'key encipherment'] : ['digital signature'],
    )
  })

  test('is refused outside of what the authority may vouch for, and without a name that it could cover', async () => {
    const refused = (names: string[]) => client.localCertificates.issue({ names })
    await expect(refused(['www.bank.example'])).rejects.toMatchObject({ code: 'authority.name_outside' })
    await expect(refused(['93.184.216.34'])).rejects.toMatchObject({ code: 'domain.invalid' })
    await expect(refused(['anna@shop.test'])).rejects.toMatchObject({ code: 'issue.no_server_name' })
    await expect(refused(['shop.test', 'an..na@shop.test'])).rejects.toMatchObject({
      code: 'issue.name_invalid',
    })
    await expect(client.localCertificates.issue({ names: ['a.test'], lifeHours: 0.5 })).rejects.toThrow(
      'validation',
    )
    await expect(client.localCertificates.issue({ names: ['a.test'], lifeHours: 398 * 24 })).rejects.toThrow(
      'validation',
    )
  })
})

describe('a certificate for clients', () => {
  const wanted = { holder: "Anna's phone", names: ['anna@shop.test'], passphrase }

  test('is not issued by an authority that vouches for servers alone, until that is allowed', async () => {
    await expect(client.localCertificates.issueForDevice(wanted)).rejects.toMatchObject({
      code: 'authority.clients_outside',
    })
    await expect(client.localCertificates.issue({ names: ['a.test'], usage: 'both' })).rejects.toMatchObject({
      code: 'authority.clients_outside',
    })
    const { clients } = await client.authority.rotate({ clients: true })
    expect(clients).toBe(true)
    expect((await client.authority.rotate({})).clients).toBe(true)
  })

  test('goes out once as PKCS#12, which openssl reads with the passphrase alone, and verifies for clients', async () => {
    const archive = await client.localCertificates.issueForDevice(wanted)
    expect(archive.name).toBe('Anna-s-phone.p12')
    const bytes = Buffer.from(await archive.arrayBuffer())
    writeFileSync(file('anna.p12'), bytes, { mode: 0o600 })
    writeFileSync(file('root.pem'), (await client.authority.get())!.root.pem)
    const read = ['pkcs12', '-in', file('anna.p12'), '-nodes', '-passin']
    expect(await openssl([...read, 'pass:another'])).toContain('invalid password')
    const pem = await openssl([...read, `pass:${passphrase}`])
    const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    expect(certificates).toHaveLength(2)
    writeFileSync(file('anna.crt'), certificates[0]!)
    writeFileSync(file('chain.crt'), certificates[1]!)
    const verified = (purpose: string) =>
      openssl([
        ...['verify', '-CAfile', file('root.pem'), '-untrusted', file('chain.crt')],
        ...['-purpose', purpose, file('anna.crt')],
      ])
    expect(new X509Certificate(certificates[0]!).subjectAltName).toBe('email:anna@shop.test')
    expect(await verified('sslclient')).toContain('anna.crt: OK')
    expect(await verified('sslserver')).toContain('unsuitable certificate purpose')
    const keyPem = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(pem)![0]
    const needles = needlesOf(keyPem)
    needles.texts = [...needles.texts, passphrase]
    const told = JSON.stringify([
      await client.audit.list({ limit: 100 }),
      await client.certificates.list(),
      bytes.toString('latin1'),
    ])
    expect(foundInText(told, needles)).toEqual([])
    expect(needles.bytes.filter((needle) => bytes.includes(needle))).toEqual([])
    expect(filesWith(opened.folder, needles)).toEqual([])
    const [entry] = await client.audit.list({ limit: 1 })
    expect(entry).toMatchObject({
      action: 'issue.device',
      after: { name: "Anna's phone", keyLeft: true },
    })
    expect((await client.certificates.list()).map(({ name }) => name)).not.toContain("Anna's phone")
  })

  test('needs a passphrase that is worth the name', async () => {
    await expect(client.localCertificates.issueForDevice({ ...wanted, passphrase: 'short' })).rejects.toThrow(
      'validation',
    )
  })

  test('one for both is served here and its key stays', async () => {
    const { id } = await client.localCertificates.issue({ names: ['peer.test'], usage: 'both' })
    expect((await leafOf(id)).leaf.extendedKeyUsage).toEqual([
      'TLS server authentication',
      'TLS client authentication',
    ])
  })
})
