import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { packTar } from 'modern-tar'
import { describe, expect, test } from 'vitest'
import { expandFiles } from '../../../../src/pki/expansion/expand-files.ts'
import type { InputFile } from '../../../../src/pki/formats/read-file.ts'
import { diagnose } from '../../../../src/pki/diagnosis/diagnose.ts'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { answerOcsp } from '../../../../src/pki/issue/ocsp-answer.ts'
import { ocspRequest, readOcspRequest } from '../../../../src/pki/ocsp/request.ts'
import { certificateOf } from '../../../../src/pki/x509/certificate.ts'
import { chainFromPem } from '../../../../src/pki/facts/certificate.ts'
import { makeZip, type ZipEntry } from '../../../support/pki/zip-maker.ts'

const authority = createTestAuthority()
const { leafPem, keyPem } = issueTestLeaf(authority, { names: ['shop.test'] })
/** Unencrypted, with an empty key: only its header is read (openssh-portable, PROTOCOL.key). */
const openSsh = openSshFile('ssh-rsa')
const file = (name: string, content: string | Uint8Array) => ({
  name,
  bytes: new Uint8Array(Buffer.from(content)),
})
const zipOf = (...entries: ZipEntry[]) => file('shop.zip', makeZip(entries))
const pair: ZipEntry[] = [
  { name: 'certs/shop.crt', content: leafPem, deflated: true },
  { name: 'certs/shop.key', content: keyPem },
  { name: 'README.txt', content: 'Thank you.' },
]

/** Kinds of the pieces with the place of each, and the codes of the problems. */
async function read(...files: { name: string; bytes: Uint8Array }[]) {
  using intake = openIntake(await expandFiles(files))
  const { report } = intake
  return {
    pieces: report.pieces.map(({ kind, place }) => `${kind} in ${place.file}`),
    problems: report.problems.map(({ code }) => code),
    servable: report.servable !== null,
    headline: diagnose(report, null, { at: new Date() }).diagnosis,
  }
}

const both = (archive: string, folder = '') => [
  `certificate in ${archive}/${folder}shop.crt`,
  `private-key in ${archive}/${folder}shop.key`,
]

describe('an archive is read like the files in it', () => {
  test('a zip, without its README', async () => {
    expect(await read(zipOf(...pair))).toMatchObject({
      pieces: both('shop.zip', 'certs/'),
      problems: [],
      servable: true,
    })
  })

  test('a tar, a tar.gz and a gzipped certificate', async () => {
    const tar = await packTar([
      { header: { name: 'shop.crt', size: leafPem.length }, body: leafPem },
      { header: { name: 'shop.key', size: keyPem.length }, body: keyPem },
      { header: { name: 'link', size: 0, type: 'symlink', linkname: '/etc/passwd' } },
    ])
    expect(await read(file('a.tar', tar))).toMatchObject({ pieces: both('a.tar'), servable: true })
    expect(await read(file('a.tgz', gzipSync(tar)))).toMatchObject({ pieces: both('a.tgz'), servable: true })
    expect((await read(file('shop.crt.gz', gzipSync(leafPem)))).pieces).toEqual([
      'certificate in shop.crt.gz',
    ])
  })

  test('a zip that is attached to a mail, in base64', async () => {
    const zip = makeZip(pair).toString('base64').replace(/.{76}/g, '$&\r\n')
    const mail = mailOf('multipart/mixed; boundary=b', [
      ['Content-Type: text/plain', 'Your certificate is attached.'],
      [
        'Content-Type: application/zip; name="shop.zip"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="shop.zip"',
        zip,
      ],
    ])
    expect(await read(mail)).toMatchObject({ pieces: both('ca.eml/shop.zip', 'certs/'), servable: true })
  })

  test('a certificate in the text of a mail, in quoted-printable', async () => {
    const encoded = leafPem.replaceAll('=', '=3D').replaceAll('\n', '\r\n')
    const mail = mailOf('multipart/alternative; boundary=b', [
      ['Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable', encoded],
      ['Content-Type: text/html', `<pre>${leafPem}</pre>`],
    ])
    expect(await read(mail)).toMatchObject({ pieces: ['certificate in ca.eml/text'], problems: [] })
  })

  test('a certificate in a mail or page of HTML', async () => {
    const html = `<html><body><p>Hello&nbsp;you</p>${leafPem.replaceAll('+', '&#43;').replaceAll('\n', '<br>\n')}</body></html>`
    const mail = mailOf('multipart/alternative; boundary=b', [
      ['Content-Type: text/html; charset=utf-8', html],
    ])
    expect((await read(mail)).pieces).toEqual(['certificate in ca.eml/page'])
    expect((await read(file('saved.html', html))).pieces).toEqual(['certificate in saved.html'])
  })
})

describe('a message within a message', () => {
  const zip = makeZip(pair).toString('base64').replace(/.{76}/g, '$&\r\n')
  const withZip = mailOf('multipart/mixed; boundary=b', [
    ['Content-Type: application/zip; name="shop.zip"\r\nContent-Transfer-Encoding: base64', zip],
  ])

  test('is expanded like any attachment', async () => {
    const { pieces, problems } = await read(forwarded(withZip.bytes, 1))
    expect(problems).toEqual([])
    expect(pieces).toEqual(both('ca.eml/attachment 1/shop.zip', 'certs/'))
  })

  test('counts as an archive within an archive', async () => {
    const { problems, pieces } = await read(forwarded(withZip.bytes, 2))
    expect({ problems, pieces }).toEqual({ problems: ['input.archive_too_large'], pieces: [] })
  })
})

function forwarded(message: Uint8Array, times: number) {
  const head = 'From: a@b.test\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n'
  return file('ca.eml', head.repeat(times) + Buffer.from(message).toString('latin1'))
}

function mailOf(type: string, parts: [header: string, body: string][]) {
  const head = `From: ca@example.test\r\nSubject: Your certificate\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\n\r\n`
  const body = parts.map(([header, content]) => `--b\r\n${header}\r\n\r\n${content}\r\n`).join('')
  return file('ca.eml', `${head}${body}--b--\r\n`)
}

describe('a hostile archive is a problem of its own, and the other files are read', () => {
  const plain = file('plain.pem', leafPem)
  const bomb = Buffer.alloc(8 * 1024 * 1024)
  const mailHead = 'From: ca@example.test\nContent-Type: text/plain\n\n'
  // Non-final blocks of fixed codes that end at once, 10 bits each (RFC 1951, 3.2.6).
  const emptyBlocks = Buffer.from('0208208000'.repeat(1000), 'hex')
  const nested = (depth: number): Buffer =>
    depth === 0 ? Buffer.from(leafPem) : makeZip([{ name: 'inner.crt', content: nested(depth - 1) }])

  test.each<[string, string, { name: string; bytes: Uint8Array }, RegExp]>([
    [
      'a zip bomb',
      'input.archive_too_large',
      zipOf({ name: 'a.crt', content: bomb, deflated: true }),
      /more than 100 times its size/,
    ],
    [
      'a zip that lies about its size',
      'input.archive_malformed',
      zipOf({ name: 'a.crt', content: bomb, deflated: true, claimedBytes: 100 }),
      /damaged/,
    ],
    ['a gzip bomb', 'input.archive_too_large', file('a.gz', gzipSync(bomb)), /expands to far more/],
    [
      'too many entries',
      'input.archive_too_large',
      zipOf(...Array.from({ length: 1001 }, (_, index) => ({ name: `${index}`, content: '' }))),
      /more than 1000 entries/,
    ],
    [
      'many small bombs in one zip',
      'input.archive_too_large',
      zipOf(
        ...Array.from({ length: 6 }, (_, index) => ({
          name: `${index}.crt`,
          content: Buffer.alloc(255 * 1024),
          deflated: true,
        })),
      ),
      /more than 100 times its size/,
    ],
    [
      'an empty entry of many blocks',
      'input.archive_too_large',
      zipOf({ name: 'a.crt', content: emptyBlocks, method: 8, claimedBytes: 0 }),
      /empty entry has content/,
    ],
    [
      'entries that overlap',
      'input.archive_too_large',
      file('overlapping.zip', overlapping(leafPem, 20)),
      /entries overlap/,
    ],
    [
      'a mail of too many octets',
      'input.archive_too_large',
      file('a.eml', mailHead + 'a'.repeat(2 * 1024 * 1024)),
      /larger than 2\.1 MB/,
    ],
    [
      'a mail of too many lines',
      'input.archive_too_large',
      file('a.eml', mailHead + '\n'.repeat(50_000)),
      /more than 50000 lines/,
    ],
    ['archives within archives', 'input.archive_too_large', file('deep.zip', nested(5)), /3 archives deep/],
    [
      'a path that leads out',
      'input.archive_path',
      zipOf({ name: '../../.ssh/authorized_keys', content: leafPem }),
      /leads out of the archive/,
    ],
    [
      'an absolute path',
      'input.archive_path',
      zipOf({ name: '/etc/ssl/shop.crt', content: leafPem }),
      /leads out/,
    ],
    [
      'a password',
      'input.archive_malformed',
      zipOf({ name: 'shop.crt', content: leafPem, encrypted: true }),
      /encrypted with a password/,
    ],
    [
      'an unknown method',
      'input.archive_malformed',
      zipOf({ name: 'shop.crt', content: leafPem, method: 14 }),
      /method \(14\)/,
    ],
    [
      'a cut archive',
      'input.archive_malformed',
      file('cut.zip', makeZip(pair).subarray(0, 200)),
      /damaged or incomplete/,
    ],
    [
      'a cut gzip',
      'input.archive_malformed',
      file('cut.gz', gzipSync(leafPem).subarray(0, 60)),
      /damaged or incomplete/,
    ],
    ['nothing of use', 'input.nothing_found', zipOf({ name: 'README', content: 'hello' }), /No certificate/],
  ])('%s', async (_what, code, archive, sentence) => {
    const { pieces, problems } = await read(archive, plain)
    expect({ pieces, problems }).toEqual({ pieces: ['certificate in plain.pem'], problems: [code] })
    using intake = openIntake(await expandFiles([archive]))
    expect(intake.report.problems[0]?.message).toMatch(sentence)
  })

  test('many mails of too many lines together', async () => {
    const mail = (name: string): InputFile => file(name, mailHead + '\n'.repeat(20_000))
    const expanded = await expandFiles(['a.eml', 'b.eml', 'c.eml'].map(mail))
    expect(expanded.map(({ problem }) => problem?.code)).toEqual([
      'input.nothing_found',
      'input.nothing_found',
      'input.archive_too_large',
    ])
  })

  test('many gzip bombs together, each of which is inflated up to its bound', async () => {
    const bombs = Array.from({ length: 100 }, (_, index) => `${index}.gz`)
    const zeros = gzipSync(Buffer.alloc(17 * 1024 * 1024))
    const expanded = await expandFiles<InputFile>([
      ...bombs.map((name) => file(name, zeros)),
      file('shop.crt.gz', gzipSync(leafPem)),
    ])
    expect(expanded.at(-1)?.problem?.code).toBe('input.archive_too_large')
  })

  test('archives that take too many octets to inflate together, whatever they expand to', async () => {
    const content = Buffer.alloc(5 * 1024 * 1024)
    const archive = (name: string): InputFile =>
      file(name, makeZip([{ name: 'a.txt', content, method: 8, claimedBytes: 100 }]))
    const expanded = await expandFiles(['a.zip', 'b.zip', 'c.zip', 'd.zip'].map(archive))
    expect(expanded.at(-1)?.problem?.message).toContain('more than 16.8 MB to expand')
  })

  test('a tar with a path that leads out, and one of the wrong sum', async () => {
    const tar = await packTar([{ header: { name: '../shop.crt', size: leafPem.length }, body: leafPem }])
    expect((await read(file('a.tar', tar))).problems).toEqual(['input.archive_path'])
    tar[124] = 0x39
    expect((await read(file('a.tar', tar))).problems).toEqual(['input.archive_malformed'])
  })

  test('a message that is nested without end', async () => {
    const part = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'
    const mail = file('deep.eml', `From: a@b.test\r\nMIME-Version: 1.0\r\n${part.repeat(500)}`)
    expect((await read(mail)).problems).toEqual(['input.archive_malformed'])
  })

  test('any damage of a zip, tar or mail ends in facts or a coded problem', async () => {
    const tar = await packTar([{ header: { name: 'shop.crt', size: leafPem.length }, body: leafPem }])
    const originals = [
      makeZip(pair),
      Buffer.from(tar),
      Buffer.from(mailOf('multipart/mixed; boundary=b', [['Content-Type: text/plain', leafPem]]).bytes),
    ]
    const change = fc.record({ which: fc.nat(2), at: fc.nat(4000), value: fc.nat(255) })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const bytes = new Uint8Array(originals[changes[0]!.which] as Buffer)
        for (const { at, value } of changes) bytes[at % bytes.length] = value
        using intake = openIntake(await expandFiles([{ name: 'damaged', bytes }]))
        expect(intake.report.problems.length + intake.report.pieces.length).toBeGreaterThan(0)
      }),
      { numRuns: 150 },
    )
  })
})

/** Zip archive of which each entry of the directory points at the same content. */
function overlapping(content: string, count: number): Buffer {
  const single = makeZip([{ name: 'shop.crt', content }])
  const end = single.subarray(-22)
  const at = end.readUInt32LE(16)
  const index = Buffer.concat(Array.from({ length: count }, () => single.subarray(at, -22)))
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(index.length, 12)
  return Buffer.concat([single.subarray(0, at), index, end])
}

describe('what no server can use is named', () => {
  test.each<[string, string | Uint8Array, string, string]>([
    [
      'a page',
      '<!DOCTYPE html><html><head><title>404 Not\n Found</title></head></html>',
      'shop.crt is a web page (404 Not Found), not a certificate.',
      'The download failed or needs a login',
    ],
    [
      'a page without title',
      '<html><body>Log in</body></html>',
      'shop.crt is a web page, not a certificate.',
      'open its address in a browser',
    ],
    ['nothing', '', 'shop.crt is empty.', 'Save or download it again'],
    [
      'an SSH certificate',
      'ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5 me',
      'shop.crt is an SSH certificate, which servers of TLS cannot use.',
      'ssh-keygen -L',
    ],
    ['a PDF', '%PDF-1.7 …', 'shop.crt is a PDF document.', 'a file of its own'],
  ])('%s', async (_what, content, sentence, advice) => {
    const { headline, problems } = await read(file('shop.crt', content))
    expect(problems).toEqual(['input.other_content'])
    expect(headline.sentence).toBe(sentence)
    expect(headline.nextStep).toContain(advice)
  })

  test('an OpenSSH private key comes with the command that converts it', async () => {
    const { headline } = await read(file('id_rsa', openSsh), file('shop.crt', leafPem))
    expect(headline).toMatchObject({
      sentence: 'The private key in id_rsa is an OpenSSH private key (ssh-rsa).',
      nextStep: expect.stringContaining('ssh-keygen -p -m PEM -f FILE'),
    })
  })

  test('an OpenSSH private key of another type comes with no conversion, and with no type to use instead', () => {
    using intake = openIntake([file('id_ed25519', openSshFile('ssh-ed25519'))])
    const { report } = intake
    const advice =
      'TLS servers cannot read this format, and "ssh-keygen" converts only RSA and ECDSA keys. Use the key that was made with the certificate’s request.'
    expect(diagnose(report, null, { at: new Date() }).diagnosis.nextStep).toBe(advice)
    expect(report.problems.map(({ message }) => message)).toEqual([
      `The private key in id_ed25519, block 1, line 1 is of type OpenSSH ssh-ed25519, which cannot be used for HTTPS here. ${advice}`,
    ])
  })

  test('an OCSP request, and an OCSP response with its end', async () => {
    const issuer = certificateOf(authority.certificateDer)
    const [leafDer] = chainFromPem(leafPem) as [Uint8Array]
    const asked = ocspRequest(certificateOf(leafDer), issuer)
    expect((await read(file('a.ocsp', asked))).headline.sentence).toMatch(/^a\.ocsp is an OCSP request/)
    expect((await read(file('a.ocsp', asked))).problems).toEqual([])
    const keyPem = Buffer.from(authority.privateKey.export({ format: 'pem', type: 'pkcs8' }))
    const material = { certificatePem: authority.certificatePem, keyPem }
    const times = { at: new Date('2026-11-01'), until: new Date('2027-01-05') }
    const answer = answerOcsp(
      readOcspRequest(asked),
      { issuer, material },
      { ...times, statusOf: () => ({ status: 'good' }) },
    )
    expect((await read(file('a.ocsp', answer))).headline).toMatchObject({
      sentence: 'a.ocsp is an OCSP response: good until 5 January 2027.',
      nextStep: expect.stringContaining('Add that certificate'),
    })
  })

  test('an OpenSSH public key has its article', async () => {
    expect((await read(file('id.pub', 'ssh-rsa AAAAB3NzaC1yc2E me'))).headline.sentence).toBe(
      'There is no certificate here, only an OpenSSH public key (ssh-rsa).',
    )
  })
})

function openSshFile(type: string): string {
  const text = (value: string | Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(value.length)
    return Buffer.concat([length, Buffer.from(value as string)])
  }
  const parts = [text('none'), text('none'), text(''), Buffer.from([0, 0, 0, 1]), text(text(type)), text('')]
  const body = Buffer.concat([Buffer.from('openssh-key-v1\0'), ...parts]).toString('base64')
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`
}
