import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { certificateFactsSchema } from '../../../../src/contract/inspect/certificate-facts.ts'
import { certificateFacts, chainFromPem } from '../../../../src/pki/facts/certificate.ts'
import { sample, sampleText } from '../../../support/pki/samples.ts'

const factsOf = (name: string) => certificateFacts(new X509Certificate(sample(name).bytes).raw)
const wordsOf = (name: string, extension: string) =>
  factsOf(name).extensions.find((found) => found.name === extension)?.words

describe('the facts of a certificate', () => {
  test('agree with what OpenSSL says', () => {
    const x509 = new X509Certificate(sample('rsa.crt.pem').bytes)
    const facts = factsOf('rsa.crt.pem')
    expect(facts).toMatchObject({
      subject: 'CN=shop.test',
      issuer: 'CN=Sample intermediate,O=Samples,C=NL',
      title: 'shop.test',
      version: 3,
      serialHex: x509.serialNumber.toLowerCase(),
      fingerprintSha256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
      fingerprintSha1: x509.fingerprint.replaceAll(':', '').toLowerCase(),
      lifetimeDays: 36500,
      signatureAlgorithm: 'ECDSA with SHA-256',
      isCa: false,
      isSelfSigned: false,
    })
    expect(new Date(facts.notAfter)).toEqual(x509.validToDate)
  })

  test('have every alternative name by its kind', () => {
    expect(factsOf('rsa.crt.pem').names).toEqual({
      dns: ['shop.test', '*.shop.test'],
      ip: ['127.0.0.1', '::1'],
      email: ['owner@shop.test'],
      uri: ['https://shop.test/'],
    })
  })

  test.each([
    ['rsa', { type: 'RSA', bits: 2048 }],
    ['rsa-pss', { type: 'RSA-PSS', bits: 2048 }],
    ['p256', { type: 'EC', bits: 256, curve: 'P-256' }],
    ['p384', { type: 'EC', bits: 384, curve: 'P-384' }],
    ['p521', { type: 'EC', bits: 521, curve: 'P-521' }],
    ['ed25519', { type: 'Ed25519' }],
    ['ed448', { type: 'Ed448' }],
    ['dsa', { type: 'DSA', bits: 2048 }],
  ])('name a public key of the type %s', (name, key) => {
    expect(factsOf(`${name}.crt.pem`).publicKey).toMatchObject(key)
  })

  test('say of a root that it signed itself', () => {
    expect(factsOf('root.crt.pem')).toMatchObject({ isCa: true, isSelfSigned: true })
    expect(factsOf('intermediate.crt.pem')).toMatchObject({ isCa: true, isSelfSigned: false })
  })

  test('list usages and purposes in words', () => {
    expect(factsOf('rsa.crt.pem').keyUsage).toEqual(['digital signature', 'key encipherment'])
    expect(factsOf('rsa.crt.pem').extendedKeyUsage).toEqual([
      'TLS server authentication',
      'TLS client authentication',
    ])
  })

  test('match the contract’s schema for every bundled root', () => {
    for (const pem of rootCertificates) {
      const facts = certificateFacts(new X509Certificate(pem).raw)
      expect(certificateFactsSchema.safeParse(facts).error).toBeUndefined()
      expect(facts.extensions.flatMap(({ words }) => words).join()).not.toMatch('cannot be read')
    }
  })

  test('are refused where a time is none, for which Node answers with what stood in memory', () => {
    const der = Buffer.from(new X509Certificate(sample('rsa.crt.pem').bytes).raw)
    const at = der.indexOf(factsOf('rsa.crt.pem').notBefore.slice(2, 4) + '11')
    der.write('99', at + 2)
    expect(() => certificateFacts(der)).toThrow(/a time does not exist/)
  })

  test('are refused for input that is no certificate, with the reason', () => {
    expect(() => certificateFacts(Buffer.from('30820000', 'hex'))).toThrow(
      expect.objectContaining({ code: 'certificate.malformed' }),
    )
    expect(() => certificateFacts(Buffer.alloc(200_000))).toThrow(/at most 102400/)
  })
})

describe('an extension in words', () => {
  test.each([
    ['rsa.crt.pem', 'Basic Constraints', ['not a certificate authority']],
    ['intermediate.crt.pem', 'Basic Constraints', ['a certificate authority', 'no authorities below it']],
    ['root.crt.pem', 'Basic Constraints', ['a certificate authority', 'any number of authorities below it']],
    ['intermediate.crt.pem', 'Name Constraints', ['permitted DNS shop.test', 'excluded IP 10.0.0.0/8']],
    [
      'rsa.crt.pem',
      'Certificate Policies',
      ['domain validated (DV) (2.23.140.1.2.1)', '1.2.3.4.5, statement at https://shop.test/cps'],
    ],
    [
      'rsa.crt.pem',
      'Authority Information Access',
      ['OCSP: URI http://ocsp.shop.test/', 'issuer certificate: URI http://ca.shop.test/ca.crt'],
    ],
    ['rsa.crt.pem', 'CRL Distribution Points', ['URI http://ca.shop.test/ca.crl']],
    [
      'rsa.crt.pem',
      'TLS Feature',
      ['must staple: an OCSP answer has to come with the handshake (status_request)'],
    ],
    ['rsa.crt.pem', '1.2.3.4', ['UTF8String "Hello"']],
  ])('%s: %s', (file, extension, words) => {
    expect(wordsOf(file, extension)).toEqual(words)
  })
})

describe('chainFromPem', () => {
  test('gives back the certificates of a clean chain, in order', () => {
    const pem = sampleText('rsa.crt.pem') + sampleText('intermediate.crt.pem')
    expect(chainFromPem(pem).map((der) => certificateFacts(der).title)).toEqual([
      'shop.test',
      'Sample intermediate',
    ])
  })

  test('refuses a chain that was cut off', () => {
    expect(() => chainFromPem(sampleText('rsa.crt.pem').slice(0, 300))).toThrow(
      expect.objectContaining({ code: 'certificate.malformed' }),
    )
  })
})
