import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { diagnosisSchema } from '../../../../src/contract/inspect/diagnosis.ts'
import { selectLeaf } from '../../../../src/pki/intake/select-leaf.ts'
import { toP7b, toPem } from '../../../../src/pki/formats/convert.ts'
import { lintOfChain } from '../../../../src/pki/inspect/inspect.ts'
import { diagnose } from '../../../../src/pki/diagnosis/diagnose.ts'
import { ofServer } from '../../../../src/pki/report/remote-report.ts'
import { type InputFile, openIntake } from '../../../../src/pki/intake/intake.ts'
import { verifyCertificate } from '../../../../src/pki/verify/verify.ts'
import {
  type CertificateOptions,
  extension,
  generalName,
  makeCertificate,
  makeChain,
  makeKeys,
  type MadeCertificate,
  moment,
} from '../../../support/pki/certificate-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'
import { sample, samplePassphrase } from '../../../support/pki/samples.ts'

const caAddress = '1.3.6.1.5.5.7.1.1'
const publishedAt = extension(
  caAddress,
  der.sequence(
    der.sequence(
      der.objectIdentifier('1.3.6.1.5.5.7.48.2'),
      generalName('http://ca.example/intermediate.crt'),
    ),
  ),
)
const { root, intermediate, leaf } = makeChain({
  intermediate: { keys: makeKeys('ec') },
  leaf: { keys: makeKeys('ec'), extensions: { [caAddress]: publishedAt } },
})

const pem = (...made: MadeCertificate[]): InputFile =>
  file('chain.pem', made.map((each) => toPem(each.der)).join(''))
const file = (name: string, text: string): InputFile => ({ name, bytes: Buffer.from(text) })
const keyOf = ({ keys }: MadeCertificate, name = 'site.key'): InputFile =>
  file(name, keys.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string)

interface Asked {
  about?: MadeCertificate
  host?: string
  anchors?: MadeCertificate[]
  at?: Date
  passphrase?: string
}

function said(files: InputFile[], { host, anchors = [root], at = moment, passphrase, about }: Asked = {}) {
  const leafSha256 = about && createHash('sha256').update(about.der).digest('hex')
  const intake = openIntake(files, passphrase === undefined ? {} : { passphrase })
  const trusted = [{ name: 'the given roots', certificates: anchors.map((each) => each.der) }]
  const verification = intake.certificates().size === 0 ? null : verify()
  function verify() {
    const { leaf: chosen, others } = selectLeaf(intake, leafSha256)
    return verifyCertificate({ leaf: chosen, intermediates: others, anchors: trusted, at, host })
  }
  const publicRoots = { name: 'public roots', certificates: [] }
  const faults = lintOfChain(intake, { leafSha256, publicRoots })
  const { diagnosis, others } = diagnose(intake.report, verification, { at, leafSha256, faults })
  intake[Symbol.dispose]()
  for (const each of [diagnosis, ...others]) diagnosisSchema.parse(each)
  return { ...diagnosis, others: others.map(({ situation }) => situation) }
}

describe('each real situation has one sentence and the next step', () => {
  test('everything is there and good', () => {
    expect(said([pem(leaf, intermediate), keyOf(leaf)], { host: 'shop.test' })).toMatchObject({
      situation: 'good',
      severity: 'good',
      sentence: 'The certificate for shop.test is valid, its chain is complete and its private key matches.',
      others: [],
    })
  })

  test('a wrong key', () => {
    expect(said([pem(leaf, intermediate), keyOf(root)])).toMatchObject({
      situation: 'key-mismatch',
      severity: 'bad',
      sentence: 'The private key does not belong to the certificate for shop.test: their public keys differ.',
      nextStep: expect.stringContaining("made with this certificate's request"),
      others: [],
    })
  })

  test('a missing intermediate', () => {
    expect(said([pem(leaf), keyOf(leaf)])).toMatchObject({
      situation: 'missing-intermediate',
      sentence: 'The intermediate “Intermediate”, which signed shop.test, is missing.',
      nextStep: 'Get it from http://ca.example/intermediate.crt and add it after the certificate.',
    })
  })

  test('a root that is included', () => {
    expect(said([pem(leaf, intermediate, root), keyOf(leaf)])).toMatchObject({
      situation: 'root-included',
      severity: 'attention',
      sentence: expect.stringContaining('it includes the root “Root”'),
      nextStep: expect.stringContaining('clean files'),
    })
  })

  test('an expired intermediate with a cross-signed way out', () => {
    const ended: CertificateOptions = { notAfter: new Date('2026-03-01T00:00:00Z') }
    const keys = makeKeys('ec')
    const stale = makeCertificate({ subject: 'Bridge', authority: true, issuer: root, keys, ...ended })
    const fresh = makeCertificate({ subject: 'Bridge', authority: true, issuer: root, keys })
    const site = makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      issuer: stale,
      keys: makeKeys('ec'),
    })
    expect(said([pem(site, stale, fresh), keyOf(site)])).toMatchObject({
      situation: 'expired-intermediate-way-out',
      severity: 'attention',
      sentence: expect.stringMatching(/“Bridge” in the files has expired, but another path is valid/),
      nextStep: expect.stringContaining('without the expired certificate'),
    })
    expect(said([pem(site, stale), keyOf(site)])).toMatchObject({
      situation: 'expired-intermediate',
      sentence: expect.stringContaining('intermediate “Bridge” was valid until 1 March 2026'),
    })
  })

  test('a wrong host', () => {
    expect(said([pem(leaf, intermediate), keyOf(leaf)], { host: 'www.shop.test' })).toMatchObject({
      situation: 'wrong-host',
      sentence: expect.stringContaining('does not cover www.shop.test'),
      nextStep: expect.stringContaining('Use it for shop.test'),
    })
  })

  test('a PFX from Windows, locked and then opened', () => {
    const pfx = sample('rsa-aes.p12')
    const anchors = [{ der: derOf('root.crt.pem') } as MadeCertificate]
    expect(said([pfx])).toMatchObject({
      situation: 'archive-locked',
      sentence: 'The archive in rsa-aes.p12 is locked with a passphrase.',
      nextStep: expect.stringContaining('Enter the passphrase'),
    })
    expect(said([pfx], { passphrase: 'no' })).toMatchObject({
      situation: 'wrong-passphrase',
      severity: 'bad',
    })
    const opened = said([pfx], {
      passphrase: samplePassphrase,
      anchors,
      at: new Date('2026-12-01T00:00:00Z'),
    })
    expect([opened.situation, ...opened.others]).toContain('archive-complete')
  })

  test('a P7B from an authority', () => {
    const p7b = { name: 'shop.p7b', bytes: toP7b([leaf.der, intermediate.der]) }
    expect(said([p7b])).toMatchObject({
      situation: 'good',
      severity: 'good',
      sentence: 'The certificate for shop.test is valid and its chain is complete.',
      nextStep: expect.stringContaining('A server also needs its private key'),
      others: [],
    })
  })

  test('a key with a passphrase', () => {
    const text = leaf.keys.privateKey.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'p',
    })
    expect(said([pem(leaf, intermediate), file('locked.key', text as string)])).toMatchObject({
      situation: 'key-locked',
      sentence: 'The private key in locked.key is locked with a passphrase.',
    })
  })

  describe('a locked file with another fault names the first step', () => {
    const lockedFor = ({ keys }: MadeCertificate): InputFile =>
      file(
        'locked.key',
        keys.privateKey.export({
          format: 'pem',
          type: 'pkcs8',
          cipher: 'aes-256-cbc',
          passphrase: samplePassphrase,
        }) as string,
      )
    const archive: InputFile = { name: 'shop.pfx', bytes: sample('rsa-aes.p12').bytes }

    test('the passphrase, before an untrusted root', () => {
      const files = [pem(leaf, intermediate), lockedFor(leaf)]
      expect(said(files, { anchors: [] })).toMatchObject({
        situation: 'key-locked',
        others: ['unknown-authority'],
      })
      expect(said(files, { anchors: [], passphrase: samplePassphrase }).situation).toBe('unknown-authority')
    })

    test('the passphrase, before what the locked archive may hold', () => {
      expect(said([pem(leaf), archive])).toMatchObject({
        situation: 'archive-locked',
        others: ['missing-intermediate'],
      })
    })

    test('the intermediate, which a locked key cannot hold', () => {
      expect(said([pem(leaf), lockedFor(leaf)])).toMatchObject({
        situation: 'missing-intermediate',
        others: ['key-locked'],
      })
    })

    test('the passphrase, before the mismatch of another key', () => {
      expect(said([pem(leaf, intermediate), keyOf(root), lockedFor(leaf)])).toMatchObject({
        situation: 'key-locked',
        others: ['key-mismatch'],
      })
    })

    test('the end of the lifetime and a name, which no passphrase mends', () => {
      const files = [pem(leaf, intermediate), lockedFor(leaf)]
      expect(said(files, { at: new Date('2200-01-01') }).situation).toBe('expired')
      expect(said(files, { host: 'other.test' })).toMatchObject({
        situation: 'wrong-host',
        others: ['key-locked'],
      })
    })
  })

  test('a request only, with and without its key', () => {
    const alone = said([sample('p256.request.pem')])
    expect(alone).toMatchObject({
      situation: 'request-only',
      sentence: 'This is a certificate request (CSR) for shop.test, not a certificate.',
      nextStep: expect.stringContaining('Send it to your certificate authority'),
    })
    expect(said([sample('p256.request.pem'), sample('p256.key.pem')]).nextStep).toContain('keep this key')
  })

  test('a mixed folder of two hundred', () => {
    const sites = Array.from({ length: 90 }, (_, index) =>
      makeCertificate({ subject: `s${index}.test`, names: [`s${index}.test`], issuer: intermediate }),
    )
    const files = [
      ...sites.map((site, index) => file(`${index}.crt`, toPem(site.der))),
      ...sites.slice(0, 85).map((site, index) => keyOf(site, `${index}.key`)),
      ...Array.from({ length: 15 }, (_, index) =>
        keyOf({ keys: makeKeys() } as MadeCertificate, `lone${index}.key`),
      ),
      ...Array.from({ length: 10 }, (_, index) =>
        file(`broken${index}.pem`, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
      ),
    ]
    expect(files).toHaveLength(200)
    expect(said(files)).toMatchObject({
      situation: 'several-sites',
      severity: 'attention',
      sentence:
        'These files hold 90 certificates: 85 with a private key, 5 without, 15 keys without a certificate. 10 other items cannot be read.',
      nextStep: expect.stringContaining('Select one'),
    })
  })

  test('one of many, when it is named', () => {
    const other = makeCertificate({
      subject: 'other.test',
      names: ['other.test'],
      issuer: root,
      keys: makeKeys('ec'),
    })
    const files = [file('1.pem', toPem(leaf.der)), pem(other), keyOf(other), keyOf(intermediate, 'lone.key')]
    expect(said(files).situation).toBe('several-sites')
    expect(said(files, { about: other })).toMatchObject({ situation: 'good', others: [] })
    expect(said(files, { about: leaf })).toMatchObject({
      situation: 'missing-intermediate',
      others: [],
    })
  })

  test('a self-signed certificate', () => {
    const self = makeCertificate({ subject: 'shop.test', names: ['shop.test'], keys: makeKeys('ec') })
    expect(said([pem(self), keyOf(self)])).toMatchObject({
      situation: 'self-signed',
      sentence: expect.stringContaining('is self-signed: no trusted authority issued it'),
      nextStep: expect.stringContaining('local authority'),
    })
  })

  test('the certificate of an authority in the place of a site’s', () => {
    expect(said([pem(intermediate), keyOf(intermediate)])).toMatchObject({
      situation: 'authority-as-leaf',
      sentence: '“Intermediate” is an intermediate: a CA certificate, not a server’s.',
    })
    expect(said([pem(root)])).toMatchObject({
      others: [],
      nextStep: expect.stringContaining('Clients install a root as trusted'),
      situation: 'authority-as-leaf',
      sentence: expect.stringContaining('a root'),
    })
  })

  test('an expired certificate, and one that is not valid yet', () => {
    const later = said([pem(leaf, intermediate), keyOf(leaf)], { at: new Date('2027-03-01T00:00:00Z') })
    expect(later.sentence).toMatch(/^The certificate for shop\.test expired on 1 January 2027/)
    const earlier = said([pem(leaf, intermediate), keyOf(leaf)], { at: new Date('2025-12-01T00:00:00Z') })
    expect(earlier).toMatchObject({ situation: 'not-yet-valid' })
  })

  test('an authority that is not trusted', () => {
    expect(said([pem(leaf, intermediate), keyOf(leaf)], { anchors: [] })).toMatchObject({
      situation: 'unknown-authority',
      sentence: expect.stringContaining('which is not trusted here'),
    })
  })

  test('a certificate without its key, a key alone, a list alone', () => {
    expect(said([pem(leaf, intermediate)])).toMatchObject({ situation: 'good', others: [] })
    expect(said([keyOf(leaf)])).toMatchObject({ situation: 'key-only' })
    expect(said([sample('root.crl.pem')])).toMatchObject({ situation: 'no-certificate' })
  })

  test('files in disorder, with strangers and text around them', () => {
    const stranger = makeCertificate({ subject: 'Else', authority: true })
    const text = `some text\n${toPem(intermediate.der)}${toPem(leaf.der)}${toPem(stranger.der)}`
    expect(said([file('all.pem', text), keyOf(leaf)])).toMatchObject({
      situation: 'untidy',
      severity: 'attention',
      sentence: expect.stringMatching(
        /out of order.*text around the PEM blocks.*not everything in them is part of its chain/,
      ),
    })
  })

  test('a key that cannot serve', () => {
    const weak = makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      issuer: intermediate,
      keys: makeKeys('rsa1024'),
    })
    const found = said([pem(weak, intermediate), keyOf(weak)])
    expect([found.situation, ...found.others]).toEqual(['fault.key.rsa_too_short'])
  })

  test('nothing at all, and only what cannot be read', () => {
    expect(said([file('a.txt', 'hello')])).toMatchObject({ severity: 'bad' })
    expect(
      said([file('a.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')]),
    ).toMatchObject({
      situation: 'unreadable',
      sentence: expect.stringMatching(/^The certificate in a\.pem, block 1, line 1 cannot be read/),
    })
  })
})

describe('a fault of the certificate itself comes before the trust of its authority', () => {
  const site = (over: CertificateOptions = {}) =>
    makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      issuer: intermediate,
      keys: makeKeys('ec'),
      ...over,
    })
  const rsaRoot = makeCertificate({ subject: 'Old root', authority: true, keys: makeKeys('rsa') })

  test.each<[string, MadeCertificate, string, string]>([
    [
      'SHA-1',
      site({ issuer: rsaRoot, hash: 'sha1' }),
      'signature.forgeable',
      'It is signed with SHA-1, which can be forged: every browser refuses it.',
    ],
    [
      'RSA 1024',
      site({ keys: makeKeys('rsa1024') }),
      'key.rsa_too_short',
      'Its RSA key has 1024 bits; clients refuse less than 2048.',
    ],
    [
      'no alternative names',
      site({ names: undefined }),
      'names.san_missing',
      'No subject alternative names; clients reject it for every host.',
    ],
    [
      'a malformed name',
      site({ names: ['shop..test'] }),
      'names.malformed',
      'The name “shop..test” has an empty label.',
    ],
    [
      'a wildcard in the middle',
      site({ names: ['a.*.shop.test'] }),
      'names.wildcard_form',
      expect.stringContaining('wildcard where none may be'),
    ],
  ])('%s', (_what, made, rule, sentence) => {
    expect(said([pem(made)], { anchors: [] })).toMatchObject({
      situation: `fault.${rule}`,
      severity: 'bad',
      sentence,
    })
  })

  test('several are ranked, and a fault of the chain is named with its certificate', () => {
    const old = makeCertificate({
      subject: 'Old CA',
      authority: true,
      issuer: rsaRoot,
      hash: 'sha1',
      keys: makeKeys('ec'),
    })
    const found = said([pem(site({ issuer: old, names: undefined }), old)], { anchors: [] })
    expect(found.sentence).toBe(
      '“Old CA” in its chain: it is signed with SHA-1, which can be forged: every browser refuses it.',
    )
    expect(found.others.slice(0, 2)).toEqual(['fault.names.san_missing', 'unknown-authority'])
  })
})

describe('a chain with a gap', () => {
  const acme = makeCertificate({ subject: 'Acme Root', authority: true, keys: makeKeys('ec') })
  const issuing = makeCertificate({
    subject: 'Acme Issuing CA 1',
    authority: true,
    issuer: acme,
    keys: makeKeys('ec'),
  })
  const made = (extensions: CertificateOptions['extensions'] = {}) =>
    makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      issuer: issuing,
      keys: makeKeys('ec'),
      extensions,
    })

  test('names the missing intermediate, both ends and its source', () => {
    const files = [pem(made({ [caAddress]: publishedAt }), acme)]
    expect(said(files, { anchors: [acme] })).toMatchObject({
      situation: 'missing-intermediate',
      sentence: 'The intermediate “Acme Issuing CA 1” between shop.test and “Acme Root” is missing.',
      nextStep: 'Get it from http://ca.example/intermediate.crt and add it after the certificate.',
    })
    expect(said([pem(made(), acme)], { anchors: [] }).nextStep).toMatch(/^Get it from the authority/)
  })

  test('is told from a chain of another authority', () => {
    expect(said([pem(made(), intermediate, root)])).toMatchObject({
      situation: 'unrelated-chain',
      sentence: '“Intermediate” did not issue shop.test: “Acme Issuing CA 1” did, which is missing.',
    })
  })

  test('is told from an issuer of the same name with another key', () => {
    const namesake = makeCertificate({
      subject: 'Acme Issuing CA 1',
      authority: true,
      issuer: acme,
      keys: makeKeys('ec'),
    })
    expect(said([pem(made(), namesake, acme)], { anchors: [acme] })).toMatchObject({
      situation: 'unrelated-chain',
      sentence:
        '“Acme Issuing CA 1” in the files did not issue shop.test: it has the name of the issuer, but another key.',
    })
  })
})

describe('an intermediate that is not the issuer', () => {
  const acme = makeCertificate({ subject: 'Acme Root', authority: true, keys: makeKeys('ec') })
  const ca = (subject: string, authority: CertificateOptions['authority'] = true, issuer = acme) =>
    makeCertificate({ subject, authority, issuer, keys: makeKeys('ec') })
  const first = ca('Acme CA 1')
  const second = ca('Acme CA 2')
  const shop = makeCertificate({
    subject: 'shop.test',
    names: ['shop.test'],
    issuer: first,
    keys: makeKeys('ec'),
    extensions: { [caAddress]: publishedAt },
  })
  const get = 'Get “Acme CA 1” from http://ca.example/intermediate.crt and add it after the certificate.'

  test.each([
    ['with the root', [second, acme], 'Leave “Acme CA 2” out.'],
    ['without the root', [second], 'Leave “Acme CA 2” out.'],
    ['several of a series', [second, ca('Acme CA 3'), acme], 'Leave “Acme CA 2”, “Acme CA 3” out.'],
    ['with two certificates of one', [second, ca('Acme CA 2'), acme], 'Leave “Acme CA 2” out.'],
    ['that allows no authority below it', [ca('Acme OV', { pathLength: 0 }), acme], 'Leave “Acme OV” out.'],
    [
      'that may have issued the issuer',
      [ca('Acme Policy'), acme],
      'Leave “Acme Policy” out, unless “Acme Policy” issued “Acme CA 1”.',
    ],
  ])('is left out, and the issuer named with its source: %s', (_, others, leave) => {
    for (const files of [
      [pem(shop, ...others)],
      [pem(shop, ...others), keyOf(shop)],
      [{ name: 'chain.p7b', bytes: toP7b([shop, ...others].map(({ der }) => der)) }],
    ]) {
      const found = said(files, { anchors: [] })
      expect(found).toMatchObject({ situation: 'unrelated-chain', nextStep: `${leave} ${get}` })
      expect(found.sentence).toMatch(/ did not issue shop\.test: “Acme CA 1” did, which is missing\.$/)
      expect(found.sentence).not.toContain('Acme Root')
    }
  })

  test('is told from an issuer with the same name and another key', () => {
    const renewed = ca('Acme CA 1')
    expect(said([pem(shop, renewed, second, acme)], { anchors: [] })).toMatchObject({
      sentence:
        '“Acme CA 1” in the files did not issue shop.test: it has the name of the issuer, but another key.',
      nextStep:
        'Leave it out. Get the one that did from http://ca.example/intermediate.crt and add it after the certificate.',
    })
  })

  test('says nothing of an intermediate beside the one that is there', () => {
    expect(said([pem(shop, first, second)], { anchors: [] })).toMatchObject({
      situation: 'unknown-authority',
    })
    expect(said([pem(shop, first, second)], { anchors: [acme] })).toMatchObject({ situation: 'good' })
  })

  test('says of no authority that it does not belong, as that cannot be known', () => {
    const intake = openIntake([pem(shop, second, acme), keyOf(shop)])
    expect(intake.report.fixes.map(({ message }) => message)).toEqual([
      expect.stringMatching(/Acme CA 2 .* is not in the chain of this certificate and is left out\.$/),
      expect.stringMatching(/Acme Root .* is not in the chain of this certificate and is left out\.$/),
    ])
    intake[Symbol.dispose]()
  })
})

test('a server’s diagnosis is about its chain', () => {
  const intake = openIntake([pem(leaf, intermediate)])
  const found = diagnose(intake.report, null, { at: moment })
  expect(ofServer(found, 'shop.test').diagnosis.sentence).toMatch(/^The server sends a valid certificate/)
})

function derOf(name: string): Uint8Array {
  return Buffer.from(
    Buffer.from(sample(name).bytes)
      .toString('latin1')
      .replace(/-----[^-]+-----/g, ''),
    'base64',
  )
}
