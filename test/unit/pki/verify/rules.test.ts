import { describe, expect, test } from 'vitest'
import { verifyCertificate } from '../../../../src/pki/verify/verify.ts'
import { ask, noes } from '../../../support/pki/ask.ts'
import * as der from '../../../support/pki/der-writer.ts'
import {
  attribute,
  alternativeNames,
  extension,
  makeCertificate,
  makeChain,
  makeKeys,
  moment,
  type CertificateOptions,
  type MadeCertificate,
} from '../../../support/pki/certificate-maker.ts'

type Changes = Parameters<typeof makeChain>[0]

/** The authority's answer about a chain with these changes, given or lenient roots. */
function authority(changes: Changes, lenient = false) {
  const { root, intermediate, leaf } = makeChain(changes)
  const anchors = [{ name: 'the given roots', certificates: [root.der], lenient }]
  const { answers, candidates } = askWith(leaf, [intermediate], anchors)
  return { ...answers.authority, reference: candidates.find((path) => path.broken)?.broken?.reference }
}

function askWith(
  leaf: MadeCertificate,
  intermediates: MadeCertificate[],
  anchors: { name: string; certificates: Uint8Array[] }[],
) {
  return verifyCertificate({
    leaf: leaf.der,
    intermediates: intermediates.map((certificate) => certificate.der),
    anchors,
    at: moment,
  })
}

describe('authorities', () => {
  test('have to say that they are', () => {
    const notOne: CertificateOptions = { authority: false, keyUsage: [5] }
    expect(authority({ intermediate: notOne })).toMatchObject({
      code: 'not_an_authority',
      reason: 'The intermediate “Intermediate” is not a CA, so it cannot have issued shop.test.',
      reference: 'RFC 5280, section 6.1.4 (k)',
    })
    expect(authority({ root: notOne })).toMatchObject({ code: 'not_an_authority' })
  })

  test('need a key that may sign certificates', () => {
    expect(authority({ intermediate: { keyUsage: [0, 6] } })).toMatchObject({
      code: 'not_an_authority',
      reference: 'RFC 5280, section 6.1.4 (n)',
    })
  })

  test('limit how many may follow', () => {
    const { root } = makeChain()
    const outer = makeCertificate({ subject: 'Outer', issuer: root, authority: { pathLength: 0 } })
    const inner = makeCertificate({ subject: 'Inner', issuer: outer, authority: true })
    const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: inner })
    const verification = ask({ leaf, intermediates: [outer, inner], anchors: [root] })
    expect(verification.answers.authority).toMatchObject({
      code: 'path_too_long',
      reason: 'The intermediate “Outer” allows no intermediates beneath it, and there is 1.',
    })
  })

  test('say how many may follow and how many do', () => {
    const { root } = makeChain()
    const outer = makeCertificate({ subject: 'Outer', issuer: root, authority: { pathLength: 1 } })
    const [first, second] = ['First', 'Second'].reduce<MadeCertificate[]>(
      (made, subject) => [
        ...made,
        makeCertificate({ subject, issuer: made.at(-1) ?? outer, authority: true }),
      ],
      [],
    )
    const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: second! })
    const query = { leaf, intermediates: [outer, first!, second!], anchors: [root] }
    expect(ask(query).answers.authority.reason).toBe(
      'The intermediate “Outer” allows one intermediate beneath it, and there are 2.',
    )
  })

  test('may be of version 1 if they are trusted, and only then', () => {
    const old: CertificateOptions = { version: 1 }
    expect(authority({ root: old }, true)).toMatchObject({ code: 'ok' })
    expect(authority({ intermediate: old }, true)).toMatchObject({ code: 'not_an_authority' })
  })

  test('may be signed with SHA-1 by themselves if they are trusted, and only then', () => {
    const weak: CertificateOptions = { hash: 'sha1', keys: makeKeys('rsa') }
    const old = makeCertificate({ subject: 'Old', authority: true, ...weak })
    const leaf = { subject: 'shop.test', names: ['shop.test'], issuer: old }
    expect(ask({ leaf: makeCertificate(leaf), anchors: [old] }).ok).toBe(true)
    const weakLeaf = makeCertificate({ ...leaf, hash: 'sha1' })
    expect(noes(ask({ leaf: weakLeaf, anchors: [old] }))).toEqual(['weak_signature'])
  })

  test('apart, a leaf needs a key that may be used for TLS', () => {
    expect(authority({ leaf: { keyUsage: [1] } })).toMatchObject({
      code: 'wrong_purpose',
      reason: 'It has a key that may not be used for TLS.',
    })
    for (const bit of [0, 2, 4]) expect(authority({ leaf: { keyUsage: [bit] } }).code).toBe('ok')
  })

  test('expire as trust anchors only on request', () => {
    const { root, intermediate, leaf } = makeChain({ root: { notAfter: new Date('2026-02-01T00:00:00Z') } })
    const query = { leaf, intermediates: [intermediate], anchors: [root] }
    expect(noes(ask({ ...query, anchorsExpire: true }))).toContain('expired')
    expect(ask({ ...query, anchorsExpire: false }).ok).toBe(true)
    const ended = makeChain({ intermediate: { notAfter: new Date('2026-02-01T00:00:00Z') } })
    const through = { leaf: ended.leaf, intermediates: [ended.intermediate], anchors: [ended.root] }
    expect(noes(ask({ ...through, anchorsExpire: false }))).toContain('expired')
  })

  test('are valid in the second in which they begin', () => {
    const { root, intermediate, leaf } = makeChain({ leaf: { notBefore: moment } })
    expect(ask({ leaf, intermediates: [intermediate], anchors: [root] }).ok).toBe(true)
    const before = new Date(moment.getTime() - 1000)
    expect(noes(ask({ leaf, intermediates: [intermediate], anchors: [root], at: before }))).toContain(
      'not_yet_valid',
    )
  })

  test('do not count towards the limit if their names are equal', () => {
    const { root } = makeChain()
    const old = makeCertificate({ subject: 'Roll', issuer: root, authority: { pathLength: 0 } })
    const renewed = makeCertificate({ subject: 'Roll', issuer: old, authority: { pathLength: 0 } })
    const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: renewed })
    const query = { leaf, intermediates: [old, renewed], anchors: [root] }
    expect(ask(query).ok).toBe(true)
    expect(ask({ ...query, maxDepth: 1 }).ok).toBe(true)
    expect(noes(ask({ ...query, maxDepth: 0 }))).toEqual(['path_too_long'])
  })
})

describe('extensions', () => {
  test('must be known if they are critical', () => {
    const unknown = extension('1.3.6.1.4.1.55738.666.1', der.element(5), true)
    for (const changes of [{ leaf: unknown }, { intermediate: unknown }, { root: unknown }]) {
      const [[role, value]] = Object.entries(changes) as [[string, Uint8Array]]
      const result = authority({ [role]: { extensions: { '1.3.6.1.4.1.55738.666.1': value } } })
      expect(result).toMatchObject({ code: 'unknown_critical_extension', ok: false })
    }
  })

  test.each([
    ['subject alt name', '2.5.29.17', der.sequence()],
    ['subject alt name', '2.5.29.17', der.sequence(der.implicit(7, Buffer.from([1, 2, 3])))],
    ['subject alt name', '2.5.29.17', der.sequence(der.implicit(2, Buffer.from('😜.test')))],
    ['extended key usage', '2.5.29.37', der.sequence()],
    ['authority info access', '1.3.6.1.5.5.7.1.1', der.sequence()],
    ['basic constraints', '2.5.29.19', der.sequence(der.integer(1), der.integer(1))],
    ['name constraints', '2.5.29.30', der.sequence()],
  ])('that are malformed make the certificate useless: %s %s', (title, oid, value) => {
    const result = authority({ leaf: { extensions: { [oid]: extension(oid, value) } } })
    expect(result.code).toBe('malformed')
    expect(result.reason).toMatch(new RegExp(`^It cannot be used: its extension “${title}” is malformed: `))
  })

  test('may not occur twice', () => {
    const again = extension('2.5.29.14', der.octetString(Buffer.from('x')))
    expect(authority({ leaf: { extensions: { again } } })).toMatchObject({
      code: 'malformed',
      reason: 'It cannot be used: the extension 2.5.29.14 occurs twice.',
    })
  })
})

describe('the rules for issuers', () => {
  const cases: [string, Changes][] = [
    [
      'The intermediate “Intermediate” lacks a key identifier.',
      { intermediate: { extensions: { '2.5.29.14': null } } },
    ],
    ["It lacks its issuer's key identifier.", { leaf: { extensions: { '2.5.29.35': null } } }],
    ['It has no subject alternative name.', { leaf: { names: undefined } }],
    ['It is an authority, which may not serve by itself.', { leaf: { authority: true, keyUsage: [0] } }],
    ['It may sign certificates without being an authority.', { leaf: { keyUsage: [0, 5] } }],
    [
      'It has a subject, and alternative names that are critical.',
      { leaf: { extensions: { '2.5.29.17': criticalName() } } },
    ],
    [
      'It has no subject, and alternative names that are not critical.',
      { leaf: { subject: der.sequence() } },
    ],
    ['It has a serial number that is not positive or longer than 20 octets.', { leaf: { serial: 0n } }],
    [
      'It has a serial number that is not positive or longer than 20 octets.',
      { leaf: { serial: 2n ** 160n } },
    ],
    [
      'The root “Root” has basic constraints that are not critical.',
      { root: { extensions: { '2.5.29.19': extension('2.5.29.19', der.sequence(der.boolean(true))) } } },
    ],
    [
      'The intermediate “Intermediate” has policy constraints that are not critical.',
      {
        intermediate: {
          extensions: {
            '2.5.29.36': extension('2.5.29.36', der.sequence(der.implicit(0, Uint8Array.of(9)))),
          },
        },
      },
    ],
  ]

  test.each(cases)('are held against given roots: %s', (reason, changes) => {
    expect(authority(changes)).toMatchObject({ ok: false, code: 'issuing_rule', reason })
  })

  test.each(cases)('are left out where the roots are vetted by others: not %s', (_, changes) => {
    expect(authority(changes, true).ok).toBe(true)
  })

  test('do not touch a self-signed certificate that is trusted by itself', () => {
    const own = makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      authority: true,
      keyUsage: [0, 5],
    })
    expect(ask({ leaf: own, anchors: [own], host: 'shop.test' }).ok).toBe(true)
  })
})

describe('names in certificates', () => {
  test('compare without case and extra space, whatever string type they are in', () => {
    const name = (value: Uint8Array) => der.sequence(attribute('2.5.4.10', value))
    const { root } = makeChain()
    const issuer = makeCertificate({ subject: name(der.utf8('Good   CA ')), issuer: root, authority: true })
    const leaf = makeCertificate({
      names: ['shop.test'],
      subject: 'shop.test',
      issuer,
      issuerName: name(der.text(0x13, 'GOOD ca')),
    })
    expect(ask({ leaf, intermediates: [issuer], anchors: [root] }).ok).toBe(true)
  })

  test('cannot steer a terminal, or fill it', () => {
    const { root } = makeChain({ root: { subject: `evil\u001b[2J\u202e${'x'.repeat(5000)}` } })
    const leaf = makeCertificate({ subject: 'shop.test', issuer: root, names: ['shop.test'] })
    const { reason } = ask({ leaf, anchors: [root] }).answers.authority
    expect(reason).not.toMatch(/[\u001b\u202e]/)
    expect(reason.length).toBeLessThan(200)
  })

  test('give a certificate without a name one to call it by', () => {
    const { root } = makeChain()
    const leaf = makeCertificate({ subject: der.sequence(), issuer: root, names: ['shop.test'] })
    expect(ask({ leaf, anchors: [root] }).candidates[0]?.certificates[0]?.title).toBe('shop.test')
  })
})

function criticalName(): Uint8Array {
  return extension('2.5.29.17', alternativeNames(['shop.test']), true)
}
