import { describe, expect, test } from 'vitest'
import { describeExtension } from '../../../../src/pki/facts/describe-extension.ts'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { createRecentMap } from '../../../../src/pki/recent-map.ts'
import { makeExtension } from '../../../support/pki/extension.ts'
import { sample, textFile } from '../../../support/pki/samples.ts'

const wordsOf = (name: string) => openIntake([sample(name)]).report.pieces[0]?.words

describe('words for pieces that are no certificates', () => {
  test('a request shows its subject, what it asks for and if its signature holds', () => {
    expect(wordsOf('p256.request.pem')).toEqual([
      'Subject: CN=shop.test',
      'Public key: EC P-256',
      'Signature: ECDSA with SHA-256, valid',
      'Subject Alternative Name: DNS shop.test',
    ])
  })

  test('a revocation list says by whom, from when and until when it is', () => {
    expect(wordsOf('root.crl.pem')).toEqual([
      'Issuer: CN=Sample root,O=Samples,C=NL',
      expect.stringMatching(/^Issued: 2026-/),
      expect.stringMatching(/^Next update: 2026-/),
      'Revoked certificates: 0',
      'Signature: ECDSA with SHA-256',
    ])
  })

  test('a revocation list larger than any key counts its entries and tells the first of them', () => {
    const words = wordsOf('large.crl.der') ?? []
    expect(words.slice(3, 5)).toEqual([
      'Revoked certificates: 2000',
      'Revoked: serial 42424242424242421001 at 2026-01-01T00:00:00.000Z, key compromise',
    ])
    expect(words).toContain('Revoked: … and 1980 more')
  })

  test('an OpenSSH key is recognized, with the next step', () => {
    const { pieces, problems } = openIntake([sample('openssh.pem'), sample('openssh-encrypted.pem')]).report
    expect(pieces.map(({ title }) => title)).toEqual([
      'OpenSSH private key (ssh-ed25519)',
      'OpenSSH private key (ecdsa-sha2-nistp256)',
    ])
    expect(pieces[1]?.words).toEqual([
      'Key type: ecdsa-sha2-nistp256',
      'Passphrase: set',
      expect.stringMatching('ssh-keygen -p -m PEM'),
    ])
    expect(pieces[0]?.words).toEqual([
      'Key type: ssh-ed25519',
      expect.stringMatching('"ssh-keygen" converts only RSA and ECDSA keys'),
    ])
    expect(problems.map(({ code }) => code)).toEqual(['key.unsupported_type', 'key.unsupported_type'])
  })

  test('a line of an OpenSSH public key is named too', () => {
    expect(openIntake([sample('openssh.pub.pem')]).report.pieces[0]).toMatchObject({
      kind: 'public-key',
      title: 'OpenSSH public key (ssh-ed25519)',
    })
  })

  test('a block with a label of its own is kept as unknown, and nothing else in the file is a problem', () => {
    const { pieces, problems } = openIntake([
      textFile('a.pem', '-----BEGIN RECIPE-----\nAAAA\n-----END RECIPE-----\n'),
    ]).report
    expect(pieces).toMatchObject([{ kind: 'unknown', title: 'A PEM block labelled RECIPE' }])
    expect(problems.map(({ code }) => code)).toEqual(['input.nothing_found'])
  })

  test.each([['key.ppk', 'PuTTY-User-Key-File-3: ssh-rsa\n', 'PuTTY private key', /PuTTYgen/]])(
    '%s is named, and what to do about it',
    (name, content, title, advice) => {
      const { pieces, problems } = openIntake([textFile(name, content)]).report
      expect(pieces[0]?.title).toBe(title)
      expect(problems).toMatchObject([{ code: 'input.malformed', message: expect.stringMatching(advice) }])
    },
  )

  test('an OpenPGP block is named', () => {
    const file = textFile(
      'a.asc',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n',
    )
    expect(openIntake([file]).report.problems).toMatchObject([{ message: expect.stringMatching('OpenPGP') }])
  })

  test.each(['PUBLIC KEY', 'X509 CRL', 'CERTIFICATE REQUEST', 'DH PARAMETERS'])(
    'a broken %s says so with its place',
    (label) => {
      const file = textFile('a.pem', `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`)
      expect(openIntake([file]).report.problems).toMatchObject([
        { code: 'input.malformed', place: { block: 1 } },
      ])
    },
  )
})

describe('an extension in words', () => {
  const words = (oid: string, hex: string) =>
    describeExtension(makeExtension(oid, Buffer.from(hex, 'hex'))).words

  test('lists signed certificate timestamps by log and time (RFC 6962, section 3.2)', () => {
    const sct = `00${'ab'.repeat(32)}000001760000000000000403000401020304`
    const list = `${(sct.length / 2).toString(16).padStart(4, '0')}${sct}`
    const whole = `${(list.length / 2).toString(16).padStart(4, '0')}${list}`
    expect(words('1.3.6.1.4.1.11129.2.4.2', `04${(whole.length / 2).toString(16)}${whole}`)).toEqual([
      `log ${'ab'.repeat(32)} at 2020-11-25T15:22:48.704Z`,
    ])
  })

  test.each([
    [
      '2.5.29.36',
      '300680010081010a',
      ['a policy is required after 0 certificates', 'policies are not mapped after 10 certificates'],
    ],
    ['2.5.29.54', '020105', ['"any policy" counts for nothing after 5 certificates']],
    ['2.5.29.33', '300a300806022a0306022a04', ['1.2.3 means 1.2.4']],
    ['2.5.29.17', '300488022a03', ['registered ID 1.2.3']],
    ['2.5.29.17', '3009a00706022a03a0010c', ['other name 1.2.3']],
    ['2.5.29.37', '300406022a03', ['1.2.3']],
    ['2.5.29.20', '02020100', ['256']],
    ['2.5.29.28', '30068101ff8401ff', ['certificates of users only', 'certificates of several issuers']],
    ['1.3.6.1.5.5.7.48.1.5', '0500', ['its own revocation is not asked about']],
  ])('%s %s', (oid, hex, expected) => {
    expect(words(oid, hex)).toEqual(expected)
  })

  test('is shown as it is if its content does not fit its type', () => {
    expect(words('2.5.29.19', '0500')).toEqual(['cannot be read as what it says it is', 'NULL'])
  })

  test('is cut if it is long', () => {
    const lines = words('1.2.3', '00'.repeat(600))
    expect(lines).toHaveLength(33)
    expect(lines.at(-1)).toBe('… 600 bytes in all')
  })
})

test('a map of recent entries forgets the one that was not used for longest', () => {
  const recent = createRecentMap<number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  recent.get('a')
  recent.set('c', 3)
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3])
})
