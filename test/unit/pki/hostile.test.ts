import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EdgekeepError, isErrorCode } from '../../../src/contract/errors/registry.ts'
import { intakeReportSchema } from '../../../src/contract/inspect/certificate-facts.ts'
import { type InputFile, openIntake } from '../../../src/pki/intake/intake.ts'
import { sample, samplePassphrase, sampleText, textFile } from '../../support/pki/samples.ts'

/**
 * CPU time of this thread, since other tests may keep the machine busy. The promise is two seconds on an idle
 * machine; a machine with cold caches takes more, and quadratic growth far more than this.
 */
const patienceMs = 6000
const threadMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function readAndCheck(files: InputFile[], passphrase?: string): void {
  const start = threadMs()
  const intake = openIntake(files, passphrase === undefined ? {} : { passphrase })
  expect(intakeReportSchema.safeParse(intake.report).error).toBeUndefined()
  for (const { code, message } of intake.report.problems) {
    expect(isErrorCode(code)).toBe(true)
    expect(message.length).toBeLessThan(1000)
  }
  try {
    intake.servable()
  } catch (error) {
    expect(error).toBeInstanceOf(EdgekeepError)
  }
  intake[Symbol.dispose]()
  expect(threadMs() - start).toBeLessThan(patienceMs)
}

describe('input made to be costly is answered in time:', () => {
  const certificate = sampleText('rsa.crt.pem')
  const nested = (depth: number, tag: string) => Buffer.from(`${tag}80`.repeat(depth), 'hex')
  const megabyte = 1024 * 1024
  const cases: Record<string, () => InputFile[]> = {
    'a megabyte of BEGIN lines': () => [
      textFile('a.pem', '-----BEGIN CERTIFICATE-----\n'.repeat(megabyte / 28)),
    ],
    'a megabyte of dashes': () => [textFile('a.pem', `-----BEGIN ${'-'.repeat(megabyte)}`)],
    'a megabyte of headers': () => [
      textFile(
        'a.pem',
        `-----BEGIN RSA PRIVATE KEY-----\n${'A: b\n'.repeat(megabyte / 5)}-----END RSA PRIVATE KEY-----`,
      ),
    ],
    'a header line that goes on and on': () => [
      textFile(
        'a.pem',
        `-----BEGIN RSA PRIVATE KEY-----\nA: ${' \n '.repeat(megabyte / 4)}-----END RSA PRIVATE KEY-----`,
      ),
    ],
    'five hundred blocks whose headers end in blanks': () => [
      textFile(
        'a.pem',
        `-----BEGIN RSA PRIVATE KEY-----\nA: b\n${' '.repeat(4000)}-----END RSA PRIVATE KEY-----\n`.repeat(
          500,
        ),
      ),
    ],
    'a megabyte of white space in a block': () => [
      textFile('a.pem', certificate.replace('\n', '\n'.repeat(megabyte))),
    ],
    'the same certificate a thousand times': () => [textFile('a.pem', certificate.repeat(1000))],
    'a thousand files': () => Array.from({ length: 1000 }, (_, i) => textFile(`${i}.pem`, certificate)),
    'two thousand locked keys': () => [textFile('a.pem', sampleText('p256.encrypted.pem').repeat(2000))],
    'ASN.1 nested without end': () => [textFile('a.der', nested(megabyte, '30'))],
    'octet strings nested without end': () => [
      textFile('a.der', Buffer.concat([Buffer.from('3080', 'hex'), nested(megabyte / 2, '24')])),
    ],
    'a length of four gigabytes': () => [textFile('a.der', Buffer.from('3084ffffffff', 'hex'))],
    'a megabyte of nulls in a sequence': () => [
      textFile(
        'a.der',
        Buffer.concat([Buffer.from('3083100000', 'hex'), Buffer.from('0500'.repeat(megabyte / 2), 'hex')]),
      ),
    ],
    'a certificate followed by a megabyte': () => [
      textFile('a.der', Buffer.concat([sample('rsa.crt.der').bytes, Buffer.alloc(megabyte)])),
    ],
  }
  test.each(Object.entries(cases))('%s', (_, files) => readAndCheck(files(), samplePassphrase))
})

describe('damaged input gives facts or a typed error, never a crash:', () => {
  const binary = [
    'rsa.crt.der',
    'rsa.key.der',
    'p256.encrypted.der',
    'chain.p7b.der',
    'p256-3des.p12',
    'rsa-unencrypted.p12',
    'p256-pbmac1.p12',
  ]
  const text = [
    'rsa.traditional-encrypted.pem',
    'root.crl.pem',
    'p256.request.pem',
    'rsa.trusted.pem',
    'openssh.pem',
    'p256.sec1-with-parameters.pem',
    'rsa-pss.key.pem',
  ]

  test.each([...binary, ...text])('%s', (name) => {
    const { bytes } = sample(name)
    const damage = fc.record({
      at: fc.nat(bytes.length - 1),
      put: fc.uint8Array({ maxLength: 4 }),
      drop: fc.nat(4),
    })
    const property = fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
      let bytesNow = Buffer.from(bytes)
      for (const { at, put, drop } of damages) {
        const rest = bytesNow.subarray(Math.min(at + drop, bytesNow.length))
        bytesNow = Buffer.concat([bytesNow.subarray(0, at), put, rest])
      }
      readAndCheck([{ name, bytes: bytesNow }], samplePassphrase)
    })
    fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: 2000 })
  })

  test('anything at all', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }), (contents) => {
        readAndCheck(contents.map((bytes, i) => ({ name: `${i}.bin`, bytes })))
      }),
      { numRuns: 300 },
    )
  })

  test('blocks of any label around anything', () => {
    const labels = [
      'CERTIFICATE',
      'PRIVATE KEY',
      'RSA PRIVATE KEY',
      'ENCRYPTED PRIVATE KEY',
      'PKCS7',
      'PKCS12',
      'OPENSSH PRIVATE KEY',
      'X509 CRL',
      'WHATEVER',
    ]
    const block = fc
      .tuple(fc.constantFrom(...labels), fc.uint8Array({ maxLength: 200 }))
      .map(
        ([label, bytes]) =>
          `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`,
      )
    fc.assert(
      fc.property(fc.array(fc.oneof(block, fc.string({ maxLength: 60 })), { maxLength: 6 }), (parts) => {
        readAndCheck([textFile('a.pem', parts.join(''))], '')
      }),
      { numRuns: 200 },
    )
  })
})

test('parts beyond the limits are reported as left out', () => {
  const certificate = sampleText('rsa.crt.pem')
  const messages = (files: InputFile[]) => openIntake(files).report.problems.map(({ message }) => message)
  const many = Array.from({ length: 1001 }, (_, i) =>
    textFile(`${i}.pem`, i < 3 ? certificate.repeat(900) : ''),
  )
  expect(messages(many)).toContain('There are more than 1000 files; the first 1000 are read.')
  expect(messages(many)).toContain('There are more than 2000 pieces; the first 2000 are read.')
  const large = Array.from({ length: 9 }, (_, i) => textFile(`${i}.pem`, certificate + ' '.repeat(2_000_000)))
  expect(messages(large).join()).toMatch(/8\.pem is [\d.]+ MB, more than/)
})

test('the order of files and blocks does not change the served result', () => {
  const parts = ['rsa.crt.pem', 'intermediate.crt.pem', 'root.crt.pem', 'rsa.key.pem', 'p384.crt.pem'].map(
    sampleText,
  )
  const expected = openIntake([textFile('all.pem', parts.join(''))]).servable().chainPem
  fc.assert(
    fc.property(fc.shuffledSubarray(parts, { minLength: parts.length }), fc.nat(4), (shuffled, cut) => {
      const files = [shuffled.slice(0, cut), shuffled.slice(cut)].map((some, i) =>
        textFile(`${i}.pem`, some.join('Text\n')),
      )
      expect(openIntake(files).servable().chainPem).toBe(expected)
    }),
    { numRuns: 60 },
  )
})
