import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { extension, makeCertificate, makeKeys, moment } from '../../support/pki/certificate-maker.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { makeCrl } from '../../support/pki/crl-maker.ts'
import * as der from '../../support/pki/der-writer.ts'
import { makeZip } from '../../support/pki/zip-maker.ts'
import { edgekeep, endedBy, startEdgekeep, type RunningEdgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'

const authority = createTestAuthority()
const shop = issueTestLeaf(authority, { names: ['shop.test'] })
const other = issueTestLeaf(authority, { names: ['other.test'] })

let folder: string
let home: string
const file = (name: string) => join(folder, name)

beforeAll(() => {
  folder = temporaryFolder()
  home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  writeFileSync(file('shop.crt'), shop.chainPem)
  writeFileSync(file('shop.key'), shop.keyPem)
  writeFileSync(file('other.key'), other.keyPem)
  writeFileSync(file('ca.pem'), authority.certificatePem)
  writeFileSync(file('broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
  const encrypted = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' },
  })
  writeFileSync(file('encrypted.key'), encrypted.privateKey)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('offline commands', () => {
  test('inspect lists the contents of files, for a person and for a program', async () => {
    const words = await edgekeep(home, ['inspect', file('shop.crt'), file('shop.key')])
    // Its authority is not trusted here: the exit status is that of verify.
    expect(words.status).toBe(1)
    expect(words.out).toContain('which is not trusted here')
    expect(words.out).toContain('CN=shop.test')
    expect(words.out).toContain('its key is here and matches')
    const answer = await edgekeep(home, ['inspect', file('shop.crt'), '--json'])
    expect(answer.json()).toMatchObject({ ok: true, pieces: [{ kind: 'certificate' }] })
  })

  test('inspect of something unreadable names place and reason, exit 2', async () => {
    const ran = await edgekeep(home, ['inspect', file('broken.pem'), '--json'])
    expect(ran.status).toBe(2)
    expect(ran.json()).toMatchObject({ ok: false, error: { code: 'certificate.malformed' } })
    expect(ran.json().error?.message).toContain('broken.pem, block 1')
    const missing = await edgekeep(home, ['inspect', file('nothing.pem'), '--json'])
    expect(missing.json().error).toMatchObject({ code: 'input.file_unreadable' })
    expect(missing.json().error?.message).not.toContain(folder)
  })

  test('inspect opens an encrypted key with a passphrase from standard input', async () => {
    const args = ['inspect', file('encrypted.key'), '--password-stdin', '--json']
    expect((await edgekeep(home, args, 'correct horse\n')).json()).toMatchObject({
      ok: true,
      pieces: [{ kind: 'private-key' }],
    })
    const wrong = await edgekeep(home, args, 'battery staple\n')
    expect(wrong.json().error?.code ?? JSON.stringify(wrong.json().problems)).toContain(
      'key.wrong_passphrase',
    )
    expect(wrong.out + wrong.err).not.toContain('battery staple')
    const hint = 'Give the passphrase on standard input with --password-stdin.'
    expect((await edgekeep(home, ['inspect', file('encrypted.key')])).out).toContain(hint)
    expect((await edgekeep(home, args.slice(0, -1), 'battery staple\n')).out).toContain(hint)
    expect((await edgekeep(home, ['match', file('shop.crt'), file('encrypted.key')])).err).toContain(hint)
    expect((await edgekeep(home, ['inspect', file('shop.crt')])).out).not.toContain(hint)
  })

  test('inspect says a fault once, which lint has too', async () => {
    writeFileSync(
      file('weak.pem'),
      toPem(makeCertificate({ subject: 'weak.test', keys: makeKeys('rsa1024') }).der),
    )
    const { out } = await edgekeep(home, ['inspect', file('weak.pem')])
    expect(out.split('Its RSA key has 1024 bits; clients refuse less than 2048.')).toHaveLength(2)
  })

  test('match says yes with 0 and no with 1', async () => {
    const yes = await edgekeep(home, ['match', file('shop.crt'), file('shop.key'), '--json'])
    expect(yes).toMatchObject({ status: 0 })
    expect(yes.json()).toMatchObject({ ok: true, match: true })
    const no = await edgekeep(home, ['match', file('shop.crt'), file('other.key'), '--json'])
    expect(no.status).toBe(1)
    expect(no.json()).toMatchObject({ ok: false, match: false, error: { code: 'key.mismatch' } })
  })

  test('match opens archives, also one that has the certificate and its key', async () => {
    const [content, key] = [readFileSync(file('shop.crt')), readFileSync(file('shop.key'))]
    const pair = [
      { name: 'shop.crt', content },
      { name: 'shop.key', content: key },
    ]
    writeFileSync(file('order.zip'), makeZip(pair))
    for (const files of [
      ['order.zip', 'order.zip'],
      ['shop.key', 'order.zip'],
    ])
      expect((await edgekeep(home, ['match', ...files.map(file), '--json'])).json().match).toBe(true)
    const no = await edgekeep(home, ['match', file('order.zip'), file('other.key'), '--json'])
    expect(no.json().error?.code).toBe('key.mismatch')
  })

  test('verify says yes with 0 and why not with 1', async () => {
    const base = ['verify', '--leaf', file('shop.crt'), '--roots', file('ca.pem')]
    expect((await edgekeep(home, [...base, '--host', 'shop.test'])).out).toContain(
      'The certificate is valid.',
    )
    const no = await edgekeep(home, [...base, '--host', 'else.test', '--json'])
    expect(no.status).toBe(1)
    expect(no.json()).toMatchObject({
      ok: false,
      error: { code: 'verification.failed' },
      answers: { name: { ok: false } },
    })
    const late = await edgekeep(home, [...base, '--at', '2050-01-01'])
    expect(late).toMatchObject({ status: 1 })
    expect((await edgekeep(home, [...base, '--at', 'someday', '--json'])).json().error?.code).toBe(
      'usage.wrong',
    )
  })

  test('verify checks certificate policies and the web profile on request', async () => {
    const base = ['verify', '--leaf', file('shop.crt'), '--roots', file('ca.pem')]
    const verdict = async (...more: string[]) => edgekeep(home, [...base, ...more])
    expect(await verdict('--policy', '1.3.9.1', '--inhibit-any-policy')).toMatchObject({ status: 0 })
    const strict = await verdict('--require-explicit-policy', '--inhibit-policy-mapping')
    expect(strict).toMatchObject({ status: 1 })
    expect(strict.out).toContain('A certificate policy is required')
    expect(await verdict('--policy', 'gold')).toMatchObject({ status: 2 })
    const [gold, silver, any] = ['1.3.9.1', '1.3.9.2', '2.5.29.32.0']
    const ids = (...oids: string[]) => der.sequence(...oids.map((oid) => der.objectIdentifier(oid)))
    const policies = (...oids: string[]) =>
      extension('2.5.29.32', der.sequence(...oids.map((oid) => ids(oid))))
    const mapping = extension('2.5.29.33', der.sequence(ids(gold, silver)))
    const top = makeCertificate({ subject: 'Policy root', authority: true })
    const middle = makeCertificate({
      ...{ subject: 'Policy authority', issuer: top, authority: true },
      extensions: { '2.5.29.32': policies(gold), '2.5.29.33': mapping },
    })
    const leafUnder = (issuer: typeof top, policy: string) =>
      makeCertificate({ names: ['shop.test'], issuer, extensions: { '2.5.29.32': policies(policy) } })
    writeFileSync(file('mapped.pem'), toPem(leafUnder(middle, silver).der) + toPem(middle.der))
    writeFileSync(file('any.pem'), toPem(leafUnder(top, any).der))
    writeFileSync(file('policy-root.pem'), toPem(top.der))
    const asking = async (leaf: string, ...more: string[]) => {
      const given = ['--leaf', file(leaf), '--roots', file('policy-root.pem'), '--at', '2026-06-15']
      const wanted = ['--policy', gold, '--require-explicit-policy']
      return (await edgekeep(home, ['verify', ...given, ...wanted, ...more])).status
    }
    expect([await asking('mapped.pem'), await asking('mapped.pem', '--inhibit-policy-mapping')]).toEqual([
      0, 1,
    ])
    expect([await asking('any.pem'), await asking('any.pem', '--inhibit-any-policy')]).toEqual([0, 1])
    expect([
      await asking('any.pem', '--policy', silver),
      await asking('mapped.pem', '--policy', any),
    ]).toEqual([0, 0])
    expect(await verdict('--profile', 'web')).toMatchObject({ status: 0 })
    const root = makeCertificate({ subject: 'Root', authority: true })
    const stray = makeCertificate({ subject: 'stray.test', names: ['shop.test'], issuer: root })
    writeFileSync(file('stray.pem'), toPem(stray.der) + toPem(root.der))
    const asked = ['verify', '--leaf', file('stray.pem'), '--roots', file('stray.pem'), '--at', '2026-06-15']
    expect(await edgekeep(home, asked)).toMatchObject({ status: 0 })
    const web = await edgekeep(home, [...asked, '--profile', 'web'])
    expect(web).toMatchObject({ status: 1 })
    expect(web.out).toContain('CA/Browser Forum baseline requirements, section 7.1.4.3')
  })

  test('convert writes every form, and each is read again', async () => {
    const out = (name: string) => ['--out', file(name)]
    const convert = (...args: string[]) => edgekeep(home, ['convert', ...args])
    const pair = [file('shop.key'), file('shop.crt')]
    expect((await convert(...pair, '--to', 'pem', ...out('c.pem'))).status).toBe(0)
    expect(readFileSync(file('c.pem'), 'utf8')).toBe(shop.chainPem)
    for (const form of ['der', 'p7b']) {
      expect((await convert(file('c.pem'), '--to', form, ...out(`c.${form}`))).status).toBe(0)
      expect((await edgekeep(home, ['inspect', file(`c.${form}`)])).out).toContain('CN=shop.test')
    }
    const toArchive = [...pair, '--to', 'p12', ...out('c.p12'), '--new-password-stdin']
    const archived = await edgekeep(home, ['convert', ...toArchive], 'correct horse battery staple\n')
    expect(archived).toMatchObject({ status: 0, err: '' })
    expect(archived.out).not.toContain('correct horse')
    const back = [file('c.p12'), '--to', 'pem', ...out('back.pem'), '--password-stdin']
    expect((await edgekeep(home, ['convert', ...back], 'correct horse battery staple\n')).status).toBe(0)
    expect(readFileSync(file('back.pem'), 'utf8')).toBe(shop.chainPem)
    const none = await convert(file('shop.key'), '--to', 'pem', ...out('none.pem'), '--json')
    expect(none.json().error?.code).toBe('certificate.missing')
    const keyless = await convert(
      file('c.pem'),
      '--to',
      'p12',
      ...out('none.p12'),
      '--new-password',
      'x',
      '--json',
    )
    expect(keyless.json().error?.code).toBe('certificate.no_private_key')
  })

  test('verify refuses what a revocation list names, in PEM and DER, and a list that is none', async () => {
    const root = makeCertificate({ subject: 'Revoking root', authority: true })
    const leaf = makeCertificate({ subject: 'leaf', issuer: root, names: ['shop.test'] })
    const revoking = makeCrl({ issuer: root, revoked: [{ serial: leaf.serial }] })
    writeFileSync(file('revoking-root.der'), root.der)
    writeFileSync(file('revoked.der'), leaf.der)
    writeFileSync(file('list.der'), revoking)
    writeFileSync(file('list.pem'), toPem(revoking, 'X509 CRL'))
    writeFileSync(file('clear.der'), makeCrl({ issuer: root }))
    const at = ['--at', moment.toISOString()]
    const args = [
      'verify',
      '--leaf',
      file('revoked.der'),
      '--roots',
      file('revoking-root.der'),
      ...at,
      '--json',
    ]
    const verify = async (list: string) => (await edgekeep(home, [...args, '--crl', file(list)])).json()
    expect(await verify('clear.der')).toMatchObject({ ok: true })
    for (const list of ['list.der', 'list.pem']) {
      expect((await verify(list)).error?.message).toContain('revoked')
    }
    expect((await verify('shop.crt')).error).toMatchObject({ code: 'input.invalid' })
  })

  test('a revocation list among the files counts: inspect, report and preflight say revoked', async () => {
    const root = makeCertificate({ subject: 'Listing root', authority: true })
    const leaf = makeCertificate({ subject: 'leaf', issuer: root, names: ['shop.test'] })
    writeFileSync(file('listing-root.der'), root.der)
    writeFileSync(file('listed.der'), leaf.der)
    writeFileSync(file('listing.der'), makeCrl({ issuer: root, revoked: [{ serial: leaf.serial }] }))
    writeFileSync(
      file('strange.der'),
      makeCrl({ issuer: makeCertificate({ subject: 'Other', authority: true }) }),
    )
    const asked = ['--roots', file('listing-root.der'), '--at', moment.toISOString()]
    const ask = async (command: string, list: string) =>
      (await edgekeep(home, [command, file('listed.der'), file(list), ...asked, '--json'])).json()
    expect(await ask('inspect', 'listing.der')).toMatchObject({ diagnosis: { situation: 'revoked' } })
    expect(await ask('report', 'listing.der')).toMatchObject({
      error: { code: 'verification.failed' },
      diagnosis: { situation: 'revoked' },
    })
    expect(await ask('inspect', 'strange.der')).toMatchObject({ diagnosis: { situation: 'good' } })
    const takers = async (list: string) => {
      const { targets } = (await ask('preflight', list)) as unknown as { targets: { verdict: string }[] }
      return targets.filter(({ verdict }) => verdict !== 'refuses').length
    }
    expect(await takers('listing.der')).toBeLessThan(await takers('strange.der'))
  })

  test('wrong use is explained in a sentence, with exit status 2, and help with 0', async () => {
    for (const args of [
      ['nonsense'],
      ['inspect'],
      ['verify'],
      ['redirect', 'a.test', 'sideways'],
      ['https', 'on'],
    ]) {
      const ran = await edgekeep(home, [...args, '--json'])
      expect(ran.status, args.join(' ')).toBe(2)
      expect(ran.json().error?.code).toBe('usage.wrong')
    }
    const help = await edgekeep(home, ['https', 'on', '--help'])
    expect(help.status).toBe(0)
    expect(help.out).toContain('Examples:')
  })
})

describe('commands without a running engine', () => {
  test('commands open the vault themselves, one after the other', async () => {
    const add = await edgekeep(home, ['domain', 'add', 'alone.test', '--origin', 'http://127.0.0.1:3000'])
    expect(add).toMatchObject({ status: 0, err: '' })
    expect(add.out).toContain('takes effect when one starts')
    expect((await edgekeep(home, ['domain', 'list'])).out).toContain('alone.test')
    const list = await edgekeep(home, ['domain', 'list', '--json'])
    expect(list.json()).toMatchObject({ ok: true, domains: [{ name: 'alone.test' }] })
    expect((await edgekeep(home, ['check', 'alone.test', '--json'])).json().error?.code).toBe(
      'edge.not_running',
    )
    const status = await edgekeep(home, ['status', '--json'])
    expect(status).toMatchObject({ status: 1, err: '' })
    expect(status.json()).toMatchObject({ running: false, error: { code: 'engine.not_running' } })
    expect((await edgekeep(home, ['domain', 'remove', 'alone.test', '--yes'])).status).toBe(0)
  })

  test('the next step of a new domain is one that the local authority lets pass', async () => {
    const add = (name: string) => edgekeep(home, ['domain', 'add', name, '--origin', '3000'])
    expect((await add('inside.test')).out).toContain('Next: "edgekeep setup inside.test"')
    const outside = (await add('blog.example')).out
    expect(outside).not.toContain('edgekeep setup')
    expect(outside).toContain('Next: edgekeep https on blog.example --upload CERTIFICATE KEY')
    expect(outside).toContain('"edgekeep authority allow blog.example"')
    const never = (await add('*.github.io')).out
    expect(never).toContain("Next: edgekeep https on '*.github.io' --upload CERTIFICATE KEY")
    expect(never).not.toContain('authority allow')
    const paused = await edgekeep(home, ['https', 'pause', 'blog.example'])
    expect(paused.err).toContain('To turn it on: edgekeep https on blog.example --upload CERTIFICATE KEY')
    const free = ['https', 'on', '--free', '--dry-run']
    const one = await edgekeep(home, [...free, 'blog.example', '--json'])
    expect(one.json().error?.code).toBe('authority.name_outside')
    const many = await edgekeep(home, [...free, 'inside.test', 'blog.example'])
    expect(many.status).toBe(1)
    expect(many.out).toMatch(/blog\.example .*allow/i)
    const rows = 'name,origin,certificate\nshop.example,3000,free\nshop.test,3000,free\n'
    const listed = await edgekeep(home, ['domain', 'add', '-', '--dry-run'], rows)
    expect(listed.out).toContain('The local authority may not issue for shop.example')
    await edgekeep(home, ['domain', 'remove', 'inside.test', 'blog.example', '*.github.io', '--yes'])
  })

  test('a negative answer exits with 1 and keeps its code', async () => {
    const ran = await edgekeep(home, ['domain', 'show', 'nowhere.test', '--json'])
    expect(ran.status).toBe(1)
    expect(ran.json().error?.code).toBe('domain.not_found')
    await edgekeep(home, ['domain', 'add', 'near.test', '--origin', 'http://127.0.0.1:3000'])
    for (const words of [['show'], ['remove', '--yes']])
      expect((await edgekeep(home, ['domain', ...words, 'naer.test'])).err).toContain(
        'Did you mean "near.test"?',
      )
    const moved = await edgekeep(home, ['domain', 'remove', '--yes', 'naer.test', 'near.tset'])
    expect(moved.out).toContain('Did you mean "near.test"?')
    await edgekeep(home, ['domain', 'remove', 'near.test', '--yes'])
  })
})

describe('commands with a running engine', () => {
  let running: RunningEdgekeep
  let origin: TestOrigin
  let originUrl: string

  beforeAll(async () => {
    origin = await startOrigin((_request, response) => response.end('from the origin'))
    originUrl = `http://127.0.0.1:${origin.port}`
    const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
    running = await startEdgekeep(home, ['--no-ui', ...ports])
  })
  afterAll(async () => {
    await running.interrupt()
    await origin.close()
  })

  test('the whole way: add, upload, check, redirect, export, off', async () => {
    const ok = async (...args: string[]) => {
      const ran = await edgekeep(home, [...args, '--json'])
      expect(ran.json(), args.join(' ')).toMatchObject({ ok: true })
      return ran.json()
    }
    await ok('domain', 'add', 'shop.test', '--origin', originUrl)
    const on = await ok('https', 'on', 'shop.test', '--upload', file('shop.key'), file('shop.crt'), '--keep')
    const { version, inEffect } = on['effect'] as { version: number; inEffect: number }
    expect(inEffect).toBe(version)
    expect(on['refusals']).toEqual([
      expect.stringMatching(/^! Chromium does not trust "CN=.*", the authority of its certificate\./),
    ])
    await ok('redirect', 'shop.test', 'https', '--code', '308')
    expect((await ok('domain', 'show', 'shop.test'))['domain']).toMatchObject({
      redirect: { mode: 'https', code: 308 },
    })
    const check = await edgekeep(home, ['check', 'shop.test', '--json'])
    expect(check.status).toBe(1)
    expect(check.json().error?.code).toBe('check.failed')
    expect(check.json()['check']).toMatchObject({
      tls: { answers: { name: { ok: true }, authority: { ok: false } } },
    })
    await ok('cert', 'export', 'shop.test', '--format', 'der', '--out', file('shop.der'))
    expect((await ok('inspect', file('shop.der')))['pieces']).toHaveLength(1)
    expect((await edgekeep(home, ['cert', 'export', 'shop.test'])).out).toBe(shop.chainPem)
    const unsure = await edgekeep(home, ['https', 'off', 'shop.test', '--json'])
    expect(unsure.json().error).toMatchObject({ code: 'usage.wrong' })
    expect(await ok('https', 'off', 'shop.test', '--yes')).toMatchObject({ kept: ['shop.test'], erased: [] })
    await ok('cert', 'remove', 'shop.test', '--yes')
    expect((await ok('cert', 'list'))['certificates']).toEqual([])
  })

  test('a free certificate passes every check', async () => {
    await edgekeep(home, ['domain', 'add', 'free.test', '--origin', originUrl])
    expect((await edgekeep(home, ['https', 'on', 'free.test', '--free'])).status).toBe(0)
    const check = await edgekeep(home, ['check', 'free.test'])
    expect(check.out).toContain('The edge serves free.test over HTTPS.')
    // The protocol of a browser, not that of the request.
    expect(check.out).toMatch(/✓ TLS handshake: .*, h2\./)
    // No resolver knows it, and a browser would not arrive.
    expect(check.out).toContain('Name: The system’s resolver')
    expect(check.out).toContain('No browser here finds it: free.test does not lead to the edge.')
    expect(check).toMatchObject({ status: 1, err: '' })
    await edgekeep(home, ['domain', 'add', 'free.localhost', '--origin', originUrl])
    expect((await edgekeep(home, ['https', 'on', 'free.localhost', '--free'])).status).toBe(0)
    expect(await edgekeep(home, ['check', 'free.localhost'])).toMatchObject({ status: 0, err: '' })
    const verified = async () => (await edgekeep(home, ['domain', 'show', 'free.test', '--json'])).json()
    expect(await verified()).toMatchObject({ verification: 'works' })
    expect((await edgekeep(home, ['domain', 'show', 'free.test'])).out).toContain(
      'The edge serves free.test over HTTPS.',
    )
    // A certificate without a trusted issuer replaces it: the earlier verdict no longer applies.
    const strange = issueTestLeaf(authority, { names: ['free.test'] })
    writeFileSync(file('strange.pem'), strange.chainPem + strange.keyPem)
    const swap = ['https', 'on', 'free.test', '--upload', file('strange.pem')]
    const tried = await edgekeep(home, [...swap, '--dry-run'])
    expect(tried.status).toBe(1)
    expect(tried.out).toMatch(/^free\.test would stay as it is: ".+" would be refused\./)
    expect((await edgekeep(home, [...swap, '--dry-run', '--accept-worse'])).out).toContain('would be served')
    expect(tried.out).toContain('The new certificate has a problem: fewer clients trust its authority')
    const refused = await edgekeep(home, [...swap, '--json'])
    expect(refused.status).toBe(1)
    expect(refused.json()).toMatchObject({ error: { code: 'certificate.worse' } })
    expect(await verified()).toMatchObject({ verification: 'works' })
    expect((await edgekeep(home, [...swap, '--accept-worse'])).status).toBe(0)
    expect(await verified()).toMatchObject({ verification: 'changed' })
    const shown = (await edgekeep(home, ['domain', 'show', 'free.test'])).out
    expect(shown).not.toContain('HTTPS works')
    expect(shown).toMatch(/Verified +not since it was changed/)
  })

  test('a wrong key is refused, exit 2, and nothing is stored', async () => {
    const stored = async () => (await edgekeep(home, ['cert', 'list', '--json'])).json()['certificates']
    const before = await stored()
    await edgekeep(home, ['domain', 'add', 'wrong.test', '--origin', originUrl])
    const ran = await edgekeep(home, [
      'https',
      'on',
      'wrong.test',
      '--upload',
      file('shop.crt'),
      file('other.key'),
      '--json',
    ])
    expect(ran.status).toBe(2)
    expect(ran.json().error?.code).toBe('key.mismatch')
    expect(await stored()).toEqual(before)
  })

  test('a second start finds the running engine', async () => {
    const second = await startEdgekeep(home, ['--no-ui'])
    expect(second.httpsPort).toBe(running.httpsPort)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'a window that joined it ends on %s, and it runs on',
    async (signal) => {
      const ready = /Ctrl-C ends|"alreadyRunning":true/
      for (const args of [['up', '--json'], ['up'], ['open', '--browser']])
        expect(await endedBy(home, args, { ready, signal }), args.join(' ')).toBe(0)
      expect((await edgekeep(home, ['status', '--json'])).json()).toMatchObject({ running: true })
    },
  )

  test.each([
    [['--https-port', 'abc'], /--https-port abc is not a port/],
    [['--workers', 'many'], /--workers many is not a number of workers/],
    [['--metrics', '99999'], /--metrics 99999 is not a port/],
    [['--http-port', '1'], /HTTPS on \d+, HTTP on \d+ and 1 worker; --http-port 1 cannot take effect/],
    [['--workers', '7'], /--workers 7 cannot take effect/],
    [['--metrics', '9100'], /--metrics 9100 cannot take effect/],
  ])('an option that a running engine cannot apply is refused: %j', async (options, reason) => {
    for (const command of ['up', 'open']) {
      if (command === 'open' && options[0] === '--metrics') continue
      const ran = await edgekeep(home, [command, ...options, '--json'])
      expect(ran.status).toBe(2)
      expect(ran.json().error).toMatchObject({ code: 'usage.wrong', message: expect.stringMatching(reason) })
    }
  })

  test('the ports that it already has are accepted', async () => {
    const ports = ['--https-port', String(running.httpsPort), '--http-port', String(running.httpPort)]
    expect((await edgekeep(home, ['up', '--no-ui', ...ports, '--workers', '1'])).status).toBe(0)
  })

  test('a taken port names its owner and the next free one', async () => {
    const elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere, { mode: 0o700 })
    const args = ['up', '--no-ui', '--https-port', String(running.httpsPort), '--json']
    const ran = await edgekeep(elsewhere, args)
    expect(ran.status).toBe(3)
    expect(ran.json().error?.code).toBe('edge.port_taken')
    expect(ran.json().error?.message).toMatch(/is taken by .*node.* Port \d+ is free/s)
  })
})

test('Ctrl-C ends engine, edge with all its workers, and window cleanly', async () => {
  const workers = process.platform === 'linux' ? 2 : 1
  const taken = await freePort()
  const set = ['settings', '--https-port', String(taken), '--http-port', String(await freePort())]
  expect(await edgekeep(home, set)).toMatchObject({ status: 0, err: '' })
  const blocker = createServer().listen(taken, '127.0.0.1')
  await once(blocker, 'listening')
  onTestFinished(() => void blocker.close())
  const running = await startEdgekeep(home, ['--workers', String(workers)])
  expect(running.ui).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/)
  const stateNow = async () => {
    const { status } = (await edgekeep(home, ['status', '--json'])).json()
    return status as { pid: number; edge: { workerPids: number[] } }
  }
  const { pid: killed } = await stateNow()
  process.kill(killed, 'SIGKILL')
  await expect
    .poll(() => running.messages())
    .toMatch(/^edgekeep: The engine ended unexpectedly by SIGKILL.*\.log/)
  await expect
    .poll(() => running.messages(), { timeout: 30_000 })
    .toContain(`edgekeep: Port ${taken} is taken by`)
  const isBack = async () =>
    (await edgekeep(home, ['status'])).status === 0 && (await stateNow()).pid !== killed
  await expect.poll(isBack).toBe(true)
  await expect.poll(async () => (await stateNow()).edge.workerPids).toHaveLength(workers)
  const { pid, edge } = await stateNow()
  expect((await edgekeep(home, ['status'])).out).toContain(edge.workerPids.join(', '))
  expect(await running.interrupt()).toBe(0)
  for (const gone of [pid, ...edge.workerPids]) expect(() => process.kill(gone, 0)).toThrow('ESRCH')
  expect((await edgekeep(home, ['status', '--json'])).json()).toMatchObject({ running: false })
})

test.each(['0', '65', 'two'])(
  '--workers %s is refused with the numbers that can be given',
  async (workers) => {
    const ran = await edgekeep(home, ['up', '--no-ui', '--workers', workers, '--json'])
    expect(ran.status).toBe(2)
    expect(ran.json().error?.message).toContain('give one from 1 to 64')
  },
)

test('a window that joined ends, with a sentence, when the engine it joined is gone for good', async () => {
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  const first = await startEdgekeep(home, ['--no-ui', ...ports])
  const joined = await startEdgekeep(home, [])
  await first.interrupt()
  expect(await joined.ended).toBe(3)
})

test('the version is the one of the package', async () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
    version: string
  }
  expect((await edgekeep(home, ['--version'])).out.trim()).toBe(manifest.version)
})
