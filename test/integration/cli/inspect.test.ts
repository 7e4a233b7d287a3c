import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { answerOcsp, type OcspStatus } from '../../../src/pki/issue/ocsp-answer.ts'
import { ocspRequest, readOcspRequest } from '../../../src/pki/ocsp/request.ts'
import { certificateOf } from '../../../src/pki/x509/certificate.ts'
import { makeCertificate, makeKeys, type MadeCertificate } from '../../support/pki/certificate-maker.ts'
import { makeCrl } from '../../support/pki/crl-maker.ts'
import { edgekeep, type Ran } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { openssl } from '../../support/pki/openssl.ts'

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
const validFor = (from: number, to: number) => ({ notBefore: inDays(from), notAfter: inDays(to) })
const root = makeCertificate({
  subject: 'Root',
  authority: true,
  keys: makeKeys('ec'),
  ...validFor(-10, 1000),
})
const leafOf = (names: string[], from = -10, to = 80): MadeCertificate =>
  makeCertificate({ subject: names[0], names, issuer: root, keys: makeKeys('ec'), ...validFor(from, to) })
const shop = leafOf(['shop.test', 'www.shop.test'])
const renewed = leafOf(['shop.test'])
const ending = leafOf(['old.test'], -80, 10)
const listed = { thisUpdate: inDays(-1), nextUpdate: inDays(1) }
const lasting = leafOf(['lasting.test'], -1, 300)

let folder: string
let home: string
const file = (name: string) => join(folder, name)
const run = (...args: string[]): Promise<Ran> => edgekeep(home, args)

beforeAll(() => {
  folder = temporaryFolder()
  home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  mkdirSync(file('certs'))
  writeFileSync(file('shop.pem'), toPem(shop.der))
  writeFileSync(file('shop.key'), shop.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }))
  writeFileSync(file('other.key'), renewed.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }))
  writeFileSync(file('renewed.pem'), toPem(renewed.der))
  writeFileSync(file('root.pem'), toPem(root.der))
  writeFileSync(file('lasting.pem'), toPem(lasting.der))
  writeFileSync(file('certs/ending.pem'), toPem(ending.der))
  writeFileSync(file('certs/shop.pem'), toPem(shop.der))
  writeFileSync(file('nothing.txt'), 'hello\n')
  writeFileSync(file('broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('lint', () => {
  test('finds nothing in a good private certificate and says why public rules do not apply', async () => {
    const ran = await run('lint', file('shop.pem'))
    expect(ran).toMatchObject({ status: 0, err: '' })
    expect(ran.out).toContain('Public rules do not apply: no public authority issued it.')
    expect(ran.out).toContain('✓ no findings')
  })

  test('finds, with --as public, what breaks the rules of public authorities, exit 1', async () => {
    const ran = await run('lint', file('shop.pem'), '--as', 'public', '--json')
    expect(ran.status).toBe(1)
    expect(ran.json()).toMatchObject({ ok: false, error: { code: 'lint.findings' } })
    const words = await run('lint', file('shop.pem'), '--as', 'public')
    expect(words.out).toMatch(/✗ The name “shop\.test” lies under \.test, which is reserved/)
    expect(words.out).toMatch(/names\.reserved; CA\/Browser Forum/)
  })

  test('fails on errors alone where that is asked for', async () => {
    const lasts = leafOf(['shop.test'], -1, 900)
    writeFileSync(file('long.pem'), toPem(lasts.der))
    expect((await run('lint', file('long.pem'))).status).toBe(1)
    const ran = await run('lint', file('long.pem'), '--fail-on', 'error', '--json')
    expect(ran.status).toBe(0)
    expect(ran.json()).toMatchObject({ ok: true, counts: { error: 0, warning: 1 } })
  })

  test('writes SARIF that names the file and the line', async () => {
    const sarif = file('lint.sarif')
    const ran = await run('lint', file('certs'), '--as', 'public', '--sarif', sarif)
    expect(ran.status).toBe(1)
    expect(ran.out).toMatch(/2 certificates: .*\n.*lint\.sarif\.\n$/)
    expect(ran.out).toContain(`Wrote ${sarif}.`)
    const asJson = await run('lint', file('certs'), '--as', 'public', '--sarif', sarif, '--json')
    expect(asJson.out).not.toContain('Wrote')
    const log = JSON.parse(readFileSync(sarif, 'utf8'))
    expect(log).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Edgekeep' } } }] })
    const [result] = log.runs[0].results
    expect(log.runs[0].tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId)
    const { artifactLocation, region } = result.locations[0].physicalLocation
    expect(artifactLocation.uri).toMatch(/certs\/(ending|shop)\.pem$/)
    expect(region).toEqual({ startLine: 1 })
  })

  test('exits with 2 for a file without a certificate, and reports a broken one beside other findings', async () => {
    expect(await run('lint', file('nothing.txt'))).toMatchObject({ status: 2 })
    const ran = await run('lint', file('shop.pem'), file('broken.pem'), '--json')
    expect(ran.status).toBe(1)
    expect(ran.json().error).toMatchObject({ code: 'lint.findings' })
  })
})

describe('a question that could not be judged is never a yes:', () => {
  const sealed = async () => {
    const pair = ['-in', file('shop.pem'), '-inkey', file('shop.key')]
    await openssl(['pkcs12', '-export', ...pair, '-passout', 'pass:horse', '-out', file('sealed.p12')])
    return file('sealed.p12')
  }

  test.each(['inspect', 'lint', 'expiring', 'preflight', 'report', 'verify --leaf'])(
    '%s of a locked archive, exit 2',
    async (command) => {
      const ran = await run(...command.split(' '), await sealed(), '--json')
      expect(ran.status).toBe(2)
      expect(ran.json()).toMatchObject({ ok: false, error: { code: 'input.locked' } })
      expect(ran.json().error?.message).toMatch(/^sealed\.p12 is encrypted/)
    },
  )

  test.each(['inspect', 'lint', 'expiring', 'preflight', 'report'])(
    '%s with a wrong passphrase, also beside what can be read, exit 2',
    async (command) => {
      const ran = await run(command, await sealed(), file('lasting.pem'), '--password', 'mule', '--json')
      expect(ran.status).toBe(2)
      expect(ran.json()).toMatchObject({ ok: false, error: { code: 'key.wrong_passphrase' } })
      expect(ran.out + ran.err).not.toContain('mule')
    },
  )

  test.each(['inspect', 'lint', 'expiring', 'preflight', 'compare', 'convert'])(
    '%s of a file that cannot be read beside one that can',
    async (command) => {
      writeFileSync(
        file('half.pem'),
        readFileSync(file('lasting.pem'), 'utf8') + readFileSync(file('broken.pem'), 'utf8'),
      )
      const rest = command === 'compare' ? [file('lasting.pem')] : []
      const more = command === 'convert' ? ['--to', 'der', '--out', file('half.der')] : []
      const ran = await run(command, file('half.pem'), ...rest, ...more, '--json')
      expect(ran.status).toBeGreaterThan(0)
      const { ok, error } = ran.json()
      expect(ok).toBe(false)
      expect(error?.code).toBe(command === 'lint' ? 'lint.findings' : 'certificate.malformed')
    },
  )

  test('inspect of nothing but a locked key asks for its passphrase', async () => {
    await openssl([
      'pkcs8',
      '-topk8',
      '-in',
      file('shop.key'),
      '-passout',
      'pass:horse',
      '-out',
      file('locked.key'),
    ])
    const ran = await run('inspect', file('locked.key'), '--json')
    expect(ran.status).toBe(2)
    expect(ran.json()).toMatchObject({ ok: false, error: { code: 'input.locked' } })
    // A locked key beside a certificate is reported, and the certificate is judged all the same.
    expect((await run('inspect', file('shop.pem'), file('locked.key'), '--json')).status).toBe(0)
    expect((await run('lint', file('shop.pem'), file('locked.key'))).status).toBe(0)
  })

  test('a folder is judged by its certificates; a text beside them does not count, an empty certificate does', async () => {
    mkdirSync(file('live'))
    writeFileSync(file('live/README'), 'This folder holds your certificates.\n')
    writeFileSync(file('live/cert.pem'), toPem(lasting.der))
    for (const command of ['lint', 'expiring']) {
      const ran = await run(command, file('live'))
      expect(ran.status, ran.out).toBe(0)
      expect(ran.out).toContain('Passed over, since there is no certificate in it: README')
    }
    writeFileSync(file('live/fullchain.pem'), '')
    for (const command of ['lint', 'expiring'])
      expect((await run(command, file('live'), '--json')).json()).toMatchObject({
        ok: false,
        error: { code: 'input.other_content' },
      })
  })

  test('the sentence of a refusal is not put into itself', async () => {
    for (const command of ['lint', 'expiring', 'preflight']) {
      const message = (await run(command, file('broken.pem'), '--json')).json().error?.message ?? ''
      expect(message).toMatch(/^The certificate in broken\.pem, block 1, line 1 cannot be read: /)
      expect(message.match(/cannot be read/g)).toHaveLength(1)
      expect(message.match(/Export it again/g)).toHaveLength(1)
    }
  })
})

describe('preflight', () => {
  test('judges without the private key, and refuses with --with-key where it is needed', async () => {
    const args = ['preflight', '--for', 'haproxy,node', '--roots', file('root.pem'), file('lasting.pem')]
    const without = await run(...args)
    expect(without.out).toContain('! HAProxy')
    expect(without.out).toContain('The private key is not among the files')
    expect(without.status).toBe(0)
    const required = await run(...args, '--with-key')
    expect(required.out).toContain('✗ HAProxy')
    expect(required.status).toBe(1)
  })

  test('asks only those that are named, and says no with their own words', async () => {
    const ran = await run(
      'preflight',
      '--for',
      'nginx,haproxy',
      '--roots',
      file('root.pem'),
      file('shop.pem'),
      file('other.key'),
    )
    expect(ran.status).toBe(1)
    expect(ran.out).toContain('✗ nginx and Tengine')
    expect(ran.out).toContain('inconsistencies between private key and certificate loaded')
    expect(ran.out).not.toContain('Cloudflare')
  })

  test('is good where all that are asked take it, and wrong use where nobody has the name', async () => {
    const good = await run(
      'preflight',
      '--for',
      'nginx',
      '--roots',
      file('root.pem'),
      file('shop.pem'),
      file('shop.key'),
      '--json',
    )
    expect(good.status).toBe(0)
    expect(good.json()).toMatchObject({ ok: true, targets: [{ verdict: 'takes' }] })
    const unknown = await run('preflight', '--for', 'nobody', file('shop.pem'), '--json')
    expect(unknown.status).toBe(2)
    expect(unknown.json().error).toMatchObject({ code: 'input.invalid' })
    const all = await run(
      'preflight',
      '--roots',
      file('root.pem'),
      file('shop.pem'),
      file('shop.key'),
      '--json',
    )
    expect(all.json().error).toMatchObject({ code: 'preflight.refused' })
  })
})

describe('compare', () => {
  test('lists lost names with exit 1, and gained ones with exit 0', async () => {
    const lost = await run('compare', file('shop.pem'), file('renewed.pem'), '--json')
    expect(lost.status).toBe(1)
    expect(lost.json()).toMatchObject({
      error: { code: 'comparison.worse' },
      names: { lost: ['www.shop.test'] },
    })
    const gained = await run('compare', file('renewed.pem'), file('shop.pem'))
    expect(gained.status).toBe(0)
    expect(gained.out).toContain('It covers www.shop.test in addition.')
    expect(await run('compare', file('shop.pem'), file('nothing.txt'))).toMatchObject({ status: 2 })
  })
})

describe('expiring', () => {
  test('lists what ends within a part of its life', async () => {
    const ran = await run('expiring', file('certs'), '--json')
    expect(ran.status).toBe(1)
    expect(ran.json().error).toMatchObject({ code: 'certificate.expiring' })
    expect(ran.json().certificates).toMatchObject([
      { title: 'old.test', expiring: true },
      { title: 'shop.test', expiring: false },
    ])
    expect((await run('expiring', file('certs'))).out).toMatch(/old\.test +\d{4}-\d\d-\d\d +\d+ days left/)
  })

  test('accepts a limit in days', async () => {
    expect((await run('expiring', '--within', '5d', file('certs'), file('root.pem'))).status).toBe(0)
    expect((await run('expiring', '--within', '90', file('shop.pem'))).status).toBe(1)
  })

  test('says of one that a list beside it revokes that it is revoked, exit 1', async () => {
    writeFileSync(
      file('lasting.crl'),
      makeCrl({ issuer: root, revoked: [{ serial: lasting.serial }], ...listed }),
    )
    const given = [file('lasting.pem'), file('shop.pem'), file('root.pem'), file('lasting.crl')]
    const ran = await run('expiring', '--within', '5d', ...given, '--json')
    expect(ran.status).toBe(1)
    expect(ran.json()).toMatchObject({ ok: false, error: { code: 'verification.failed' } })
    expect(ran.json().error?.message).toMatch(
      /^lasting\.test: It was revoked by its issuer on .* Replace it at once\.$/,
    )
    expect(ran.json().certificates).toContainEqual(
      expect.objectContaining({ title: 'shop.test', revoked: null }),
    )
  })

  test('says that a revocation list without the certificate of its issuer was not checked', async () => {
    writeFileSync(file('alone.crl'), makeCrl({ issuer: root, ...listed }))
    const ran = await run('expiring', '--within', '5d', file('lasting.pem'), file('alone.crl'))
    expect(ran.status).toBe(0)
    expect(ran.out).toContain('The revocation list was not checked for 1 certificate: add the certificate')
  })

  test('counts what signed itself, as openssl req -x509 makes it, authority or not', async () => {
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const written = ['-keyout', file('own.key'), '-out', file('own.pem')]
    await openssl([...args, ...written, '-days', '5', '-subj', '/CN=own.test'])
    const ran = await run('expiring', '--within', '30d', file('own.pem'), '--json')
    expect(ran.status).toBe(1)
    expect(ran.json()).toMatchObject({
      ok: false,
      error: { code: 'certificate.expiring' },
      certificates: [{ title: 'own.test', expiring: true }],
    })
    expect((await run('expiring', '--within', '1d', file('own.pem'))).out).toContain('None of 1 certificate ')
  })

  test('knows no other times', async () => {
    const ran = await run('expiring', '--within', 'soon', file('shop.pem'), '--json')
    expect(ran.status).toBe(2)
    expect(ran.json().error).toMatchObject({ code: 'usage.wrong' })
  })
})

describe('report', () => {
  test('writes one self-contained page, with no key in it', async () => {
    const page = file('report.html')
    const ran = await run(
      'report',
      file('shop.pem'),
      file('shop.key'),
      '--roots',
      file('root.pem'),
      '--html',
      page,
    )
    expect(ran).toMatchObject({ status: 0, err: '' })
    expect(ran.out).toContain(`Wrote ${page}.`)
    const html = readFileSync(page, 'utf8')
    expect(html).toContain('The certificate for shop.test is valid, its chain is complete')
    expect(html).toContain('default-src &#39;none&#39;')
    expect(html).not.toMatch(/<script|src=|href=|PRIVATE KEY/)
  })

  test('says no where something is wrong, and prints all as JSON', async () => {
    const ran = await run(
      'report',
      file('shop.pem'),
      file('other.key'),
      '--roots',
      file('root.pem'),
      '--json',
    )
    expect(ran.status).toBe(1)
    expect(ran.json()).toMatchObject({
      error: { code: 'verification.failed' },
      diagnosis: { situation: 'key-mismatch' },
      sites: [{ title: 'shop.test' }],
    })
    expect(await run('report', file('nothing.txt'))).toMatchObject({ status: 2 })
  })
})

describe('inspect', () => {
  test('begins with the fault and the next step', async () => {
    const { out } = await run('inspect', file('shop.pem'), file('other.key'))
    expect(out).toMatch(/^✗ The private key does not belong to the certificate for shop\.test/)
    expect(out.split('\n')[1]).toContain("Find the key that was made with this certificate's request")
  })

  test('counts the time left from the moment that is asked about', async () => {
    const at = inDays(75).toISOString().slice(0, 10)
    const { out } = await run('inspect', file('shop.pem'), '--roots', file('root.pem'), '--at', at)
    expect(out).toMatch(/\((?:4|5) days left\)/)
  })

  test('asks a server, and compares its certificate with a file', async () => {
    const server = tls.createServer(
      { cert: readFileSync(file('shop.pem')), key: readFileSync(file('shop.key')) },
      (socket) => socket.end(),
    )
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const { port } = server.address() as AddressInfo
    try {
      const remote = `127.0.0.1:${port}`
      const ran = await run(
        'inspect',
        `https://${remote}/`,
        '--server-name',
        'shop.test',
        file('renewed.pem'),
      )
      expect(ran.status).toBe(1)
      for (const words of [[remote], ['--remote', remote]]) {
        const same = await run('inspect', ...words, '--server-name', 'shop.test', file('renewed.pem'))
        expect(same.out.replace(/[\d.]+ ms/, '')).toBe(ran.out.replace(/[\d.]+ ms/, ''))
      }
      const two = await run('inspect', remote, '--remote', remote, '--json')
      expect(two.json().error?.message).toContain('Name one server at a time')
      expect(ran.out).toContain('Served now, against the file')
      expect(ran.out).toContain('It covers www.shop.test in addition.')
    } finally {
      server.close()
    }
  })

  test('rejects a missing or malformed server as wrong usage', async () => {
    const none = await run('inspect', '--json')
    expect(none.json().error).toMatchObject({ code: 'usage.wrong' })
    const odd = await run('inspect', '--remote', 'a:b:c', '--json')
    expect(odd.json().error).toMatchObject({ code: 'usage.wrong' })
    const gone = await run('inspect', '--remote', '127.0.0.1:1', '--json')
    expect(gone.status).toBe(2)
    expect(gone.json().error).toMatchObject({ code: 'remote.unreachable' })
  })
})

describe('verify --ocsp', () => {
  const answer = (status: OcspStatus) => {
    const [about, issuer] = [certificateOf(shop.der), certificateOf(root.der)]
    const keyPem = Buffer.from(root.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }))
    const material = { certificatePem: toPem(root.der), keyPem }
    const times = { at: inDays(-1), until: inDays(1), statusOf: () => status }
    return answerOcsp(readOcspRequest(ocspRequest(about, issuer)), { issuer, material }, times)
  }
  const verify = (name: string) =>
    run('verify', '--leaf', file('shop.pem'), '--roots', file('root.pem'), '--ocsp', file(name))

  test.each([
    ['good', { status: 'good' }, 0, /The certificate is valid/],
    ['revoked', { status: 'revoked', at: inDays(-2), reason: 1 }, 1, /revoked/],
    ['unknown', { status: 'unknown' }, 1, /not valid/],
  ] as [string, OcspStatus, number, RegExp][])(
    'judges by a response that says %s',
    async (name, status, exit, said) => {
      writeFileSync(file(`${name}.ocsp`), answer(status))
      const ran = await verify(`${name}.ocsp`)
      expect(ran.status).toBe(exit)
      expect(ran.out).toMatch(said)
    },
  )

  test('refuses files without a response', async () => {
    const ran = await verify('shop.pem')
    expect(ran.status).toBe(2)
    expect(ran.err).toContain('There is no OCSP response among the --ocsp files.')
  })
})
