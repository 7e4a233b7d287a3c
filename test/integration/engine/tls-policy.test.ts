import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../../src/contract/domains/policies.ts'
import type { TlsPolicy } from '../../../src/contract/domains/tls-policy.ts'
import { clientPurpose, createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { edgekeep } from '../../support/processes/cli.ts'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  testEdge,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { shakeHands, writeTo } from '../../support/pki/openssl.ts'
import { doneOf } from '../../../src/client/done-of.ts'
import { planned } from '../../support/engine/planned.ts'

const authority = createTestAuthority()
const staff = createTestAuthority({ commonName: 'Staff' })
const ada = issueTestLeaf(staff, { names: ['ada.example'], purposes: [clientPurpose] })
const tlsWith = (changes: Partial<TlsPolicy>) => ({ tls: { ...defaultPolicies.tls, ...changes } })

describe('the anchors of client certificates', () => {
  let opened: TestEngine
  beforeEach(async () => {
    opened = await openTestEngine()
    await opened.client.domains.add({ name: 'shop.test', origin: originAt(3000) })
  })
  afterEach(() => opened.close())

  const set = (changes: Partial<TlsPolicy>) =>
    opened.client.domains.setPolicies({ domains: ['shop.test'], policies: tlsWith(changes) })

  test('are kept as clean PEM, each once, and nothing else of what was in the files', async () => {
    const key = staff.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const der = Buffer.from(authority.certificateDer).toString('base64')
    const messy = `Staff authority\r\n${staff.certificatePem.replaceAll('\n', '\r\n')}\n${key}${staff.certificatePem}`
    const { domains } = await set({ clientCertificates: 'required', clientAnchors: [messy, der] })
    expect(domains[0]?.policies.tls.clientAnchors).toEqual([staff.certificatePem, authority.certificatePem])
  })

  test('have to be there where certificates are asked for', async () => {
    for (const clientCertificates of ['optional', 'required'] as const)
      await expect(set({ clientCertificates })).rejects.toMatchObject({ code: 'policy.anchors_missing' })
    await set({ clientCertificates: 'off' })
  })

  test.each([
    ['what is no authority', ada.leafPem, '"ada.example" cannot be used to verify client certificates'],
    ['no certificate', 'nothing', 'The certificate cannot be used to verify client certificates'],
  ])('cannot be %s', async (_what, text, sentence) => {
    const refused = set({ clientCertificates: 'optional', clientAnchors: [text] })
    await expect(refused).rejects.toMatchObject({ code: 'policy.anchor_unusable' })
    await expect(refused).rejects.toThrow(sentence)
  })

  test('come back with the configuration file, which is held to the same', async () => {
    const { client } = opened
    await set({
      minimumVersion: '1.3',
      clientCertificates: 'optional',
      clientAnchors: [staff.certificatePem],
    })
    const { text } = await client.configuration.export()
    await set({})
    const { version, differences } = await planned(client, text)
    expect(differences.map(({ field }) => field)).toEqual([
      'policies.tls.minimumVersion',
      'policies.tls.clientCertificates',
      'policies.tls.clientAnchors',
    ])
    await doneOf(client.configuration.apply({ text, version }))
    const { policies } = await client.domains.get({ domain: 'shop.test' })
    expect(policies.tls).toMatchObject({ minimumVersion: '1.3', clientAnchors: [staff.certificatePem] })
    const without = text.replace(/ {8}clientAnchors:[^]*?(?=\n {0,7}\S|$)/, '')
    await expect(planned(client, without)).rejects.toMatchObject({
      code: 'policy.anchors_missing',
    })
  })
})

describe('a change of some of it for many domains', () => {
  let opened: TestEngine
  beforeEach(async () => {
    opened = await openTestEngine()
    for (const name of ['shop.test', 'api.test'])
      await opened.client.domains.add({ name, origin: originAt(3000) })
    await opened.client.domains.changeTls({ domains: ['shop.test'], tls: { minimumVersion: '1.3' } })
  })
  afterEach(() => opened.close())

  test('is one change, after which each domain has the rest as it was', async () => {
    const { client } = opened
    const before = (await client.domains.changeTls({ domains: ['shop.test'], tls: { http2: true } })).effect
    const { domains, effect } = await client.domains.changeTls({
      domains: ['shop.test', 'api.test'],
      tls: { http2: false },
    })
    expect(effect.version).toBe(before.version + 1)
    expect(domains.map(({ policies }) => policies.tls)).toEqual([
      { ...defaultPolicies.tls, http2: false, minimumVersion: '1.3' },
      { ...defaultPolicies.tls, http2: false },
    ])
    const rows = await client.audit.list({ limit: 2 })
    expect(rows.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'domain.policies api.test',
      'domain.policies shop.test',
    ])
  })

  test('changes none where one of them cannot have it', async () => {
    const { client } = opened
    const clientAnchors = [staff.certificatePem]
    await client.domains.changeTls({ domains: ['api.test'], tls: { clientAnchors } })
    const both = { domains: ['api.test', 'shop.test'], tls: { clientCertificates: 'required' } } as const
    await expect(client.domains.changeTls({ ...both, domains: [...both.domains] })).rejects.toMatchObject({
      code: 'policy.anchors_missing',
    })
    const { policies } = await client.domains.get({ domain: 'api.test' })
    expect(policies.tls.clientCertificates).toBe('off')
  })

  test('has to change something', async () => {
    await expect(opened.client.domains.changeTls({ domains: ['shop.test'], tls: {} })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })
})

describe('edgekeep tls', () => {
  let origin: TestOrigin
  let opened: TestEngine
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tls-policy-'))
    origin = await startOrigin((_request, response) => response.end('the page'))
  })
  afterAll(async () => {
    await origin.close()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    opened = await openTestEngine(undefined, undefined, testEdge)
    for (const name of ['shop.test', 'api.test']) {
      await opened.client.domains.add({ name, origin: originAt(origin.port) })
      await enableByUpload(opened.client, name, issueTestLeaf(authority, { names: [name] }))
    }
  })
  afterEach(() => opened.close())

  const handshake = async (name: string, ...more: string[]) => {
    const { edge } = await opened.client.engine.status()
    return shakeHands(edge.https!.port, name, ...more)
  }

  test('takes effect at once, in the engine with its edge', async () => {
    const { client } = opened
    await client.domains.setPolicies({ domains: ['shop.test'], policies: tlsWith({ minimumVersion: '1.3' }) })
    expect(await handshake('shop.test', '-tls1_2')).toContain('alert protocol version')
    expect(await handshake('api.test', '-tls1_2')).toContain('the page')
    await client.domains.setPolicies({ domains: ['shop.test'], policies: tlsWith({}) })
    expect(await handshake('shop.test', '-tls1_2')).toContain('the page')
  })

  test('is checked as a browser without a client certificate sees it, which is no failure', async () => {
    const { client } = opened
    const required = tlsWith({ clientCertificates: 'required', clientAnchors: [staff.certificatePem] })
    await client.domains.setPolicies({ domains: ['shop.test'], policies: required })
    const { steps } = await client.domains.check({ domain: 'shop.test' })
    const seen = new Map(steps.map((step) => [step.id, step]))
    for (const id of ['http', 'response'])
      expect(seen.get(id)).toMatchObject({
        ok: true,
        seen: 'It answers 403, as it should: the domain requires client certificates, and this check shows none.',
      })
    const { cert, key } = writeTo(folder, { cert: ada.leafPem, key: ada.keyPem })
    expect(await handshake('shop.test', '-cert', cert!, '-key', key!)).toContain('the page')
  })
})

describe('the command', () => {
  let home: string
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'tls-command-'))
    for (const name of ['shop.test', 'api.test'])
      await edgekeep(home, ['domain', 'add', name, '--origin', 'http://127.0.0.1:3000'])
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))

  test('sets what is named for many domains, and shows what is set', async () => {
    const anchors = join(home, 'staff.der')
    writeFileSync(anchors, staff.certificateDer)
    const set = await edgekeep(home, [
      ...['tls', 'shop.test', 'api.test', '--min', '1.3', '--ciphers', 'compatible', '--http2', 'off'],
      ...[
        '--tickets',
        'off',
        '--stapling',
        'on',
        '--client-certificates',
        'required',
        '--client-anchors',
        anchors,
      ],
    ])
    expect(set.err).toBe('')
    expect(set.status).toBe(0)
    const shown = await edgekeep(home, ['tls', 'api.test'])
    for (const words of [
      /Minimum version +TLS 1\.3/,
      /Ciphers +compatible/,
      /HTTP\/2 +off/,
      /Session tickets +off/,
      /Stapling +on, once HTTPS is on and an edge runs/,
      /Client certificates +required, from 1 authority/,
    ])
      expect(shown.out).toMatch(words)
  })

  test('leaves what is not named as it is, for each domain', async () => {
    await edgekeep(home, ['tls', 'shop.test', '--min', '1.2'])
    const { domains } = (
      await edgekeep(home, ['--json', 'tls', 'shop.test', 'api.test', '--http2', 'on'])
    ).json() as unknown as { domains: { name: string; policies: { tls: TlsPolicy } }[] }
    const found = Object.fromEntries(domains.map(({ name, policies }) => [name, policies.tls]))
    expect(found['shop.test']).toMatchObject({ minimumVersion: '1.2', http2: true, ciphers: 'compatible' })
    expect(found['api.test']).toMatchObject({ minimumVersion: '1.3', http2: true, ciphers: 'compatible' })
  })

  test('says what is wrong with an anchor, and with a word that it does not know', async () => {
    const file = join(home, 'leaf.pem')
    writeFileSync(file, ada.leafPem)
    const refused = await edgekeep(home, ['--json', 'tls', 'shop.test', '--client-anchors', file])
    expect(refused.status).toBe(2)
    expect(refused.json().error?.code).toBe('policy.anchor_unusable')
    const unknown = await edgekeep(home, ['--json', 'tls', 'shop.test', '--ciphers', 'best'])
    expect(unknown.json().error?.code).toBe('usage.wrong')
  })
})
