import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import {
  type CertificateOptions,
  extension,
  generalName,
  makeCertificate,
  makeChain,
  makeKeys,
  nameConstraints,
} from '../../../support/pki/certificate-maker.ts'
import { headline } from '../../../support/pki/headline.ts'
import { makeCrl } from '../../../support/pki/crl-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'

const keys = () => makeKeys('ec')
const chainOf = (changes: { intermediate?: CertificateOptions; leaf?: CertificateOptions } = {}) =>
  makeChain({
    root: { keys: keys() },
    intermediate: { keys: keys(), ...changes.intermediate },
    leaf: { keys: keys(), ...changes.leaf },
  })

describe('the headline', () => {
  test('never calls files without a certificate good', () => {
    const signedData = der.sequence(
      der.objectIdentifier('1.2.840.113549.1.7.2'),
      der.explicit(
        0,
        der.sequence(
          der.integer(1),
          der.set(),
          der.sequence(der.objectIdentifier('1.2.840.113549.1.7.1')),
          der.set(),
        ),
      ),
    )
    const said = headline([signedData])
    expect(said.severity).toBe('bad')
    expect(said.sentence).toMatch(/no certificate/i)
  })

  test('says a self-signed certificate of an unknown algorithm is self-signed', () => {
    const made = makeCertificate({ subject: 'x.test', names: ['x.test'], authority: true })
    const unknown = Buffer.from(
      Buffer.from(made.der).toString('hex').replaceAll('06032b6570', '06032b6564'),
      'hex',
    )
    expect(headline([unknown]).report.pieces[0]?.certificate?.isSelfSigned).toBe(true)
  })

  test('sends nobody back to an authority that would issue the same fault', () => {
    const constraints = nameConstraints([generalName('corp.test')])
    const { root, intermediate, leaf } = chainOf({
      intermediate: { extensions: { '2.5.29.30': constraints } },
    })
    const said = headline([leaf, intermediate], { roots: [root] })
    expect(said.situation).toBe('not-accepted')
    expect(said.nextStep).toMatch(/may not issue for these names.*Get it from another/)
  })

  test('advises only hosts that work', () => {
    const names = ['www.*.shop.test', '*.test', 'https://shop.test/', 'good.shop.test', '*.shop.test']
    const { root, intermediate, leaf } = chainOf({ leaf: { names } })
    const { all } = headline([leaf, intermediate], { roots: [root], host: 'other.test' })
    const wrongHost = all.find(({ situation }) => situation === 'wrong-host')
    expect(wrongHost?.nextStep).toBe(
      'Use it for good.shop.test, *.shop.test, or get one that also covers this host.',
    )
  })

  test('says the only error of the lint instead of counting it', () => {
    const tlsFeature = '1.3.6.1.5.5.7.1.24'
    const stapled = extension(tlsFeature, der.sequence(der.integer(5)))
    const { root, intermediate, leaf } = chainOf({ leaf: { extensions: { [tlsFeature]: stapled } } })
    const said = headline([leaf, intermediate], { roots: [root] })
    expect(said).toMatchObject({
      severity: 'attention',
      situation: 'fault.revocation.staple_without_responder',
    })
    expect(said.sentence).toMatch(/must staple/)
  })

  test('does not call a certificate good that Apple refuses for its lifetime', () => {
    const { root, intermediate, leaf } = chainOf({
      leaf: { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2028-06-20T00:00:00Z') },
    })
    const said = headline([leaf, intermediate], { roots: [root] })
    expect(said).toMatchObject({ severity: 'attention', situation: 'fault.validity.apple_lifetime' })
  })

  test('names a given root of the same name and another key', () => {
    const { intermediate, leaf } = chainOf()
    const namesake = makeCertificate({ subject: 'Root', authority: true, keys: keys() })
    const said = headline([leaf, intermediate], { roots: [namesake] })
    expect(said.sentence).toMatch(/root given with that name has another key/)
  })

  test('tells how a name in UTF-8 has to be written', () => {
    const { leaf } = chainOf({ leaf: { names: ['müller.test'] } })
    expect(headline([leaf]).sentence).toMatch(/müller\.test has to be written xn--mller-kva\.test/)
  })

  test('says that a part of PEM is missing, not that PEM is needed', () => {
    const { leaf } = chainOf()
    const said = headline([toPem(leaf.der).slice(0, 200)])
    expect(said.sentence).toMatch(/END CERTIFICATE/)
    expect(said.nextStep).toBe('Copy or export it again, whole.')
  })
})

test('a key on SM2, which Node does not name, has its name', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' })
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  expect(headline([pem]).report.pieces[0]?.publicKey?.type).toBe('SM2')
})

describe('the reason of an unreadable file', () => {
  test('is the offset in a time of a revocation list', () => {
    const { intermediate } = chainOf()
    const list = Buffer.from(makeCrl({ issuer: intermediate })).toString('latin1')
    const time = /\u0017\r\d{12}Z/.exec(list)![0]
    // The offset is longer than "Z" by four octets, so that every length around it grows.
    const wide = `\u0017\u0011${time.slice(2, 14)}+0100`
    const pem = armoured('X509 CRL', grown(Buffer.from(list.replace(time, wide), 'latin1'), 4))
    expect(headline([pem]).problems[0]?.message).toMatch(/written with an offset instead of Z/)
  })

  test('is the algorithm of a whole key that is not known', () => {
    const gost = der.sequence(
      der.integer(0),
      der.sequence(der.objectIdentifier('1.2.643.7.1.1.1.1')),
      der.octetString(Buffer.alloc(34, 1)),
    )
    expect(headline([armoured('PRIVATE KEY', gost)]).problems[0]?.message).toMatch(
      /of type GOST R 34\.10-2012 .*"openssl pkey -engine gost/,
    )
  })
})

const armoured = (label: string, bytes: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`

/** Adds to the lengths of the two outermost elements, which have one octet or two behind 0x81. */
function grown(list: Buffer, by: number): Buffer {
  const bytes = Buffer.from(list)
  for (let at = 0, depth = 0; depth < 2; depth += 1) {
    const long = (bytes[at + 1] ?? 0) > 0x80 ? (bytes[at + 1] ?? 0) - 0x80 : 0
    const last = at + 1 + long
    const sum = (bytes[last] ?? 0) + by
    bytes[last] = sum & 0xff
    if (sum > 0xff) bytes[last - 1] = (bytes[last - 1] ?? 0) + 1
    at = last + 1
  }
  return bytes
}
