import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { intakeReportSchema } from '../../../../src/contract/inspect/certificate-facts.ts'
import { type InputFile, openIntake } from '../../../../src/pki/intake/intake.ts'
import { unlockIntake } from '../../../../src/pki/intake/opening.ts'
import { makeCertificate, makeKeys, type MadeCertificate } from '../../../support/pki/certificate-maker.ts'
import { sample, samplePassphrase, sampleText, textFile } from '../../../support/pki/samples.ts'
import { cpuTimeMs } from '../../../support/processes/cpu-time.ts'

const read = (...names: string[]) => openIntake(names.map(sample))
const codeOf = (files: InputFile[]) => openIntake(files).report.notServable?.code
const fixesOf = (files: InputFile[]) => openIntake(files).report.fixes.map(({ kind }) => kind)
const titlesOf = (pem: string) =>
  pem.match(/-----BEGIN[^]*?END CERTIFICATE-----/g)?.map((block) => new X509Certificate(block).subject)

describe('a file that is taken away again', () => {
  test('leaves no piece and no problem behind, and its key is forgotten', () => {
    const intake = read('rsa.crt.pem', 'p256.key.pem')
    intake.add([textFile('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')])
    expect(intake.report.notServable).not.toBeNull()
    intake.remove('p256.key.pem')
    intake.remove('broken.pem')
    expect(intake.report).toMatchObject({ problems: [], keyMatch: null })
    expect(intake.report.pieces.map(({ place }) => place.file)).toEqual(['rsa.crt.pem'])
    intake.add([sample('rsa.key.pem')])
    expect(intake.report.notServable).toBeNull()
  })

  test('makes a duplicate of it the one that counts', () => {
    const { name, bytes } = sample('rsa.crt.pem')
    const intake = openIntake([
      { name, bytes: Buffer.from(bytes) },
      { name: 'again.pem', bytes: Buffer.from(bytes) },
    ])
    intake.add([sample('rsa.key.pem')])
    intake.remove(name)
    expect(intake.report.notServable).toBeNull()
    expect(intake.servable().chainDer).toHaveLength(1)
  })
})

describe('a certificate and its key', () => {
  const keyTypes = ['rsa', 'rsa-pss', 'p256', 'p384', 'p521', 'ed25519', 'ed448']
  test.each(keyTypes)('are servable with type %s, and OpenSSL accepts the result', (type) => {
    const intake = read(`${type}.crt.pem`, `${type}.key.pem`)
    expect(intake.report.notServable).toBeNull()
    expect(intake.report.keyMatch?.matches).toBe(true)
    const { chainPem, keyPem } = intake.servable()
    expect(() => createSecureContext({ cert: chainPem, key: keyPem.bytes })).not.toThrow()
  })

  const keyForms = ['rsa.pkcs1.pem', 'rsa.key.der', 'rsa.key.pem']
  test.each(keyForms)('go together when the key is written as %s', (key) => {
    expect(read('rsa.crt.pem', key).servable().keyPem.bytes.equals(sample('rsa.key.pem').bytes)).toBe(true)
  })

  const ecForms = ['p256.sec1-with-parameters.pem', 'p256.compressed.pem', 'p256.sec1.der']
  test.each(ecForms)('go together when the EC key is written as %s', (key) => {
    const { report } = read('p256.crt.pem', key)
    expect(report.keyMatch).toMatchObject({ matches: true })
  })

  test('are found in one file, in either order, and as DER', () => {
    const [certificate, key] = [sampleText('rsa.crt.pem'), sampleText('rsa.key.pem')]
    expect(codeOf([textFile('both.pem', certificate + key)])).toBeUndefined()
    expect(codeOf([textFile('both.pem', key + certificate)])).toBeUndefined()
    expect(codeOf([sample('rsa.crt.der'), sample('rsa.key.der')])).toBeUndefined()
  })

  test('may come one after the other', () => {
    const intake = read('rsa.crt.pem')
    expect(intake.report.notServable?.code).toBe('certificate.no_private_key')
    intake.add([sample('rsa.key.pem')])
    expect(intake.report.notServable).toBeNull()
  })

  test('are reported in the shape of the contract', () => {
    const { report } = read('rsa.crt.pem', 'intermediate.crt.pem', 'rsa.key.pem', 'root.crl.pem')
    expect(intakeReportSchema.parse(report)).toEqual(report)
  })
})

describe('a self-signed pair that calls itself an authority, as openssl req -x509 makes it', () => {
  const keyOf = ({ keys }: MadeCertificate, name: string) =>
    textFile(name, String(keys.privateKey.export({ format: 'pem', type: 'pkcs8' })))
  const fileOf = ({ der }: MadeCertificate, name: string): InputFile => ({ name, bytes: der })
  const pairs = ({ report }: ReturnType<typeof openIntake>) => {
    const titleOf = (id: string) => report.pieces.find((piece) => piece.id === id)?.certificate?.title
    return report.bundles.map(({ leaf, key }) => [titleOf(leaf), key !== null])
  }
  const own = makeCertificate({ subject: 'own.test', authority: true, keyUsage: [], keys: makeKeys('ec') })
  const root = makeCertificate({ subject: 'Root', authority: true, keys: makeKeys('ec') })
  const shop = makeCertificate({
    subject: 'shop.test',
    issuer: root,
    names: ['shop.test'],
    keys: makeKeys('ec'),
  })
  const shopPair = [fileOf(shop, 'shop.crt'), keyOf(shop, 'shop.key')]
  const ownPair = [fileOf(own, 'own.crt'), keyOf(own, 'own.key')]

  test('is a pair beside another pair', () => {
    const intake = openIntake([...shopPair, ...ownPair])
    expect(pairs(intake)).toEqual([
      ['shop.test', true],
      ['own.test', true],
    ])
    expect(intake.report.orphans).toEqual([])
  })

  test('also one with the usage of an authority, where it names a host', () => {
    const named = makeCertificate({
      subject: 'named',
      authority: true,
      names: ['named.test'],
      keys: makeKeys('ec'),
    })
    const intake = openIntake([...shopPair, fileOf(named, 'named.crt'), keyOf(named, 'named.key')])
    expect(pairs(intake)).toContainEqual(['named', true])
  })

  test('but the authority of the other pair is none, nor one that can be nothing but an authority', () => {
    const another = makeCertificate({ subject: 'Another root', authority: true, keys: makeKeys('ec') })
    for (const authority of [root, another]) {
      const intake = openIntake([...shopPair, fileOf(authority, 'ca.crt'), keyOf(authority, 'ca.key')])
      expect(pairs(intake)).toEqual([['shop.test', true]])
      expect(intake.report.notServable).toBeNull()
    }
  })
})

describe('messy text', () => {
  const certificate = sampleText('rsa.crt.pem')
  const key = sampleText('rsa.key.pem')
  const clean = openIntake([textFile('clean.pem', certificate + key)]).servable()
  const cases: Record<string, string | Buffer> = {
    'Windows line ends': (certificate + key).replaceAll('\n', '\r\n'),
    'old Macintosh line ends': (certificate + key).replaceAll('\n', '\r'),
    'a byte order mark': `\ufeff${certificate}${key}`,
    'UTF-16': Buffer.from(`\ufeff${certificate}${key}`, 'utf16le'),
    'big-endian UTF-16': Buffer.from(`\ufeff${certificate}${key}`, 'utf16le').swap16(),
    'text around the blocks': `Bag Attributes\n  localKeyID: 01\n${certificate}\nsubject=Größe\n${key}end`,
    'indented lines': (certificate + key).replaceAll('\n', '\n    '),
    'no line ends in the blocks': (certificate + key).replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, ''),
    'line ends written as \\n': JSON.stringify(certificate + key).slice(1, -1),
    'the last line end missing': (certificate + key).trimEnd(),
  }
  test.each(Object.entries(cases))('with %s is read and written anew', (_, text) => {
    const { chainPem, keyPem } = openIntake([textFile('messy.pem', text)]).servable()
    expect(chainPem).toBe(clean.chainPem)
    expect(keyPem.bytes.equals(clean.keyPem.bytes)).toBe(true)
  })

  test('is named among the fixes', () => {
    expect(fixesOf([textFile('a.pem', `Hello\n${certificate}${key}`)])).toContain('rewrapped')
    expect(fixesOf([textFile('a.pem', certificate + key)])).toEqual([])
  })

  test('is read if it is base64 without PEM lines', () => {
    const bare = certificate.replace(/-----.*-----\n/g, '')
    expect(openIntake([textFile('pasted.txt', bare)]).report.pieces[0]?.kind).toBe('certificate')
  })
})

describe('a chain', () => {
  const all = ['root.crt.pem', 'intermediate.crt.pem', 'rsa.crt.pem', 'rsa.key.pem']

  test('is put leaf first, without its root', () => {
    const intake = read(...all)
    expect(titlesOf(intake.servable().chainPem)).toEqual([
      'CN=shop.test',
      'C=NL\nO=Samples\nCN=Sample intermediate',
    ])
    expect(intake.report.fixes.map(({ kind }) => kind)).toEqual(['root-removed', 'reordered'])
  })

  test('has its duplicates dropped', () => {
    const intake = read('rsa.crt.pem', 'rsa.crt.der', 'intermediate.crt.pem', 'rsa.key.pem', 'rsa.pkcs1.pem')
    expect(intake.servable().chainDer).toHaveLength(2)
    expect(intake.report.fixes.map(({ kind }) => kind)).toEqual(['duplicate-removed', 'duplicate-removed'])
  })

  test('leaves out a certificate that does not belong to it', () => {
    const intake = read('rsa.crt.pem', 'p384.crt.pem', 'rsa.key.pem')
    expect(intake.servable().chainDer).toHaveLength(1)
    expect(intake.report.fixes).toEqual([
      {
        kind: 'unrelated-left-out',
        message:
          'Certificate shop.test in p384.crt.pem, block 1, line 1 does not belong to this certificate and is left out.',
      },
    ])
  })

  test('does not go through an issuer of the right name whose key did not sign', () => {
    const impostor = openIntake([sample('rsa.crt.pem'), sample('impostor.crt.pem'), sample('rsa.key.pem')])
    expect(impostor.servable().chainDer).toHaveLength(1)
  })

  test('starts at the lowest authority if there is no leaf', () => {
    const { bundles } = read('root.crt.pem', 'intermediate.crt.pem').report
    expect(bundles).toEqual([{ leaf: 'p2', chain: [], key: null, root: 'p1' }])
  })

  test('may be a self-signed certificate that calls itself an authority', () => {
    const { chainDer } = read('root.crt.pem', 'root.key.pem').servable()
    expect(chainDer).toHaveLength(1)
  })
})

describe('a locked key', () => {
  const lockedForms = [
    'p256.encrypted.pem',
    'p256.encrypted.der',
    'p256.encrypted-scrypt.pem',
    'p256.encrypted-3des.pem',
    'p256.encrypted-md5-des.pem',
    'p256.encrypted-rc2.pem',
    'p256.encrypted-v2-rc2.pem',
    'p256.encrypted-v2-des-cbc.pem',
    'p256.encrypted-v2-aes-128-cbc.pem',
  ]

  test.each(lockedForms)('asks for its passphrase in the form %s and opens with it', async (name) => {
    const intake = read('p256.crt.pem', name)
    expect(intake.report.notServable?.code).toBe('key.encrypted')
    const piece = intake.report.pieces.find(({ kind }) => kind === 'encrypted-private-key')
    const id = piece?.id ?? ''
    await expect(unlockIntake(intake, id, 'wrong')).rejects.toMatchObject({ code: 'key.wrong_passphrase' })
    await unlockIntake(intake, id, samplePassphrase)
    expect(intake.report.notServable).toBeNull()
    expect(intake.report.fixes.map(({ kind }) => kind)).toContain('decrypted')
    expect(createPrivateKey(intake.servable().keyPem.bytes).asymmetricKeyType).toBe('ec')
  })

  test.each(['rsa.traditional-encrypted.pem', 'rsa.traditional-des.pem'])(
    'opens with its passphrase in the traditional form %s',
    (name) => {
      const intake = openIntake([sample('rsa.crt.pem'), sample(name)], { passphrase: samplePassphrase })
      expect(intake.report.keyMatch?.matches).toBe(true)
    },
  )

  test('is reported with its place if the given passphrase does not open it', () => {
    const { report } = openIntake([sample('p256.crt.pem'), sample('p256.encrypted.pem')], {
      passphrase: 'no',
    })
    const place = { file: 'p256.encrypted.pem', block: 1, line: 1 }
    expect(report.notServable).toMatchObject({ code: 'key.wrong_passphrase', place })
    expect(report.problems).toHaveLength(1)
  })

  test('loses its first refusal from the report once it opens', () => {
    const intake = openIntake([sample('p256.crt.pem'), sample('p256.encrypted.pem')], { passphrase: 'no' })
    intake.unlock('p2', samplePassphrase)
    expect(intake.report).toMatchObject({ problems: [], notServable: null })
  })

  test('is refused at once if its derivation asks for fifty million rounds', () => {
    const spentMs = cpuTimeMs(() => {
      const { report } = openIntake([sample('p256.encrypted-costly.pem')], { passphrase: samplePassphrase })
      expect(report.problems[0]).toMatchObject({
        code: 'key.malformed',
        message: expect.stringMatching('50000000 rounds'),
      })
    })
    expect(spentMs).toBeLessThan(500)
  })

  test('is distinguished from a wrong passphrase if its form is unknown', () => {
    const intake = read('p256.encrypted-v2-seed-cbc.pem')
    expect(() => intake.unlock('p1', samplePassphrase)).toThrow(
      expect.objectContaining({ code: 'key.unsupported_encryption', message: expect.stringMatching('SEED') }),
    )
  })

  test('is not unlocked twice', () => {
    const intake = read('p256.encrypted.pem')
    intake.unlock('p1', samplePassphrase)
    expect(() => intake.unlock('p1', samplePassphrase)).toThrow(
      expect.objectContaining({ code: 'input.invalid' }),
    )
  })
})

describe('unusable input', () => {
  const broken = sampleText('rsa.crt.pem').replace('M', '*')
  const cases: [string, string, InputFile[]][] = [
    ['certificate.missing', 'a key alone', [sample('rsa.key.pem')]],
    ['certificate.no_private_key', 'a certificate alone', [sample('rsa.crt.pem')]],
    ['certificate.malformed', 'a broken certificate', [textFile('a.pem', broken), sample('rsa.key.pem')]],
    [
      'key.malformed',
      'a broken key',
      [sample('rsa.crt.pem'), textFile('a.key', sampleText('rsa.key.pem').replace('MI', 'MM'))],
    ],
    ['key.mismatch', 'the key of another certificate', [sample('rsa.crt.pem'), sample('p256.key.pem')]],
    ['key.unsupported_type', 'a DSA key', [sample('dsa.crt.pem'), sample('dsa.key.pem')]],
    [
      'key.unsupported_type',
      'a curve that TLS does not have',
      [sample('k256.crt.pem'), sample('k256.key.pem')],
    ],
    ['certificate.weak', 'an RSA key of 1024 bits', [sample('rsa1024.crt.pem'), sample('rsa1024.key.pem')]],
    ['certificate.too_long', 'a chain of twelve', [sample('deep.crt.pem'), sample('p256.key.pem')]],
    [
      'certificate.several_leaves',
      'two certificates with their keys',
      ['rsa.crt.pem', 'rsa.key.pem', 'p256.crt.pem', 'p256.key.pem'].map(sample),
    ],
    ['input.nothing_found', 'a text', [textFile('notes.txt', 'Nothing to see')]],
    ['input.other_content', 'an empty file', [textFile('empty.pem', '')]],
    ['input.too_large', 'a huge file', [textFile('disk.img', Buffer.alloc(3 * 1024 * 1024))]],
  ]
  test.each(cases)('is reported as %s for %s', (code, _, files) => {
    const intake = openIntake(files)
    expect(intake.report.notServable?.code).toBe(code)
    expect(() => intake.servable()).toThrow(expect.objectContaining({ code }))
  })

  test.each(['rsa', 'p256', 'ed25519'])(
    'is a %s key whose private half is of another pair than its public half',
    (type) => {
      const key = Buffer.from(sample(`${type}.key.pem`).bytes)
      const der = Buffer.from(key.toString().replace(/-----.*-----/g, ''), 'base64')
      const { p, d } = createPrivateKey(key).export({ format: 'jwk' })
      // OpenSSL signs with RSA's primes and, where that fails, with d. Ed25519 has no public half in
      // PKCS#8 to disagree with.
      for (const number of [p, d].filter((found) => found !== undefined)) {
        const at = der.indexOf(Buffer.from(number, 'base64url')) + 10
        der.writeUInt8(der.readUInt8(at) ^ 1, at)
      }
      const { report } = openIntake([sample(`${type}.crt.pem`), { name: 'key.der', bytes: der }])
      expect(report.notServable?.code).toBe(type === 'ed25519' ? 'key.mismatch' : 'key.malformed')
    },
  )

  test('is reported with the line of its fault', () => {
    const text =
      sampleText('intermediate.crt.pem') + sampleText('rsa.crt.pem').replace(/.\n-----END/, '!\n-----END')
    const { problems } = openIntake([textFile('chain.pem', text)]).report
    const line = text.slice(0, text.indexOf('!')).split('\n').length
    expect(problems).toMatchObject([
      { code: 'certificate.malformed', place: { file: 'chain.pem', block: 2, line } },
    ])
  })

  test('is reported with a block that has no end', () => {
    const { problems } = openIntake([textFile('a.pem', sampleText('rsa.key.pem').slice(0, 400))]).report
    expect(problems).toMatchObject([
      { code: 'key.malformed', message: expect.stringMatching('"-----END PRIVATE KEY-----" is missing') },
    ])
  })

  test.each(['rsa1024', 'dsa', 'k256', 'rsa', 'rsa-pss', 'p256', 'p384', 'p521', 'ed25519', 'ed448'])(
    'is judged as OpenSSL judges it: %s',
    (type) => {
      const [cert, key] = [sampleText(`${type}.crt.pem`), sampleText(`${type}.key.pem`)]
      const loads = () => createSecureContext({ cert, key })
      if (read(`${type}.crt.pem`, `${type}.key.pem`).report.notServable?.code === 'certificate.weak')
        expect(loads).toThrow(Error)
      else expect(loads).not.toThrow()
    },
  )

  test('does not include a weak signature of the leaf, which the server never checks', () => {
    const { chainPem, keyPem } = read('rsa-sha1.crt.pem', 'rsa.key.pem').servable()
    expect(() => createSecureContext({ cert: chainPem, key: keyPem.bytes })).not.toThrow()
  })
})

test('pieces that are neither certificate nor key are reported by their kind', () => {
  const { pieces } = read(
    'p256.sec1-with-parameters.pem',
    'p256.pub.pem',
    'p256.request.pem',
    'root.crl.pem',
    'rsa.trusted.pem',
  ).report
  expect(pieces.map(({ kind, title }) => [kind, title])).toEqual([
    ['parameters', 'EC parameters'],
    ['private-key', 'EC P-256 private key (SEC1)'],
    ['public-key', 'EC P-256 public key'],
    ['certificate-request', 'Certificate request shop.test'],
    ['revocation-list', 'Revocation list of CN=Sample root,O=Samples,C=NL'],
    ['certificate', 'Certificate shop.test'],
  ])
})

test('the keys are gone after destroy', () => {
  const intake = read('rsa.crt.pem', 'rsa.key.pem')
  intake[Symbol.dispose]()
  expect(intake.report.pieces).toEqual([])
  expect(() => intake.servable()).toThrow(expect.objectContaining({ code: 'certificate.missing' }))
})
