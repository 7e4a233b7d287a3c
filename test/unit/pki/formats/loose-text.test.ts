import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { embeddedIn, hexDumpIn, straightenPem } from '../../../../src/pki/formats/loose-text.ts'
import { sampleText } from '../../../support/pki/samples.ts'

const pem = sampleText('p256.crt.pem')
const keyPem = sampleText('p256.key.pem')
const der = Buffer.from(new X509Certificate(pem).raw)
const pemBase64 = Buffer.from(pem).toString('base64')
const keyBase64 = Buffer.from(keyPem).toString('base64')
const derBase64 = der.toString('base64')

/** Kinds of the pieces of a file, and the codes of its problems. */
function read(text: string | Buffer): { kinds: string[]; codes: string[]; messages: string[] } {
  using intake = openIntake([{ name: 'given', bytes: Buffer.from(text) }])
  const { pieces, problems } = intake.report
  return {
    kinds: pieces.map(({ kind }) => kind),
    codes: problems.map(({ code }) => code),
    messages: problems.map(({ message }) => message),
  }
}

const wrapped = (indent: string) => derBase64.replaceAll(/.{52}/g, `$&\n${indent}`)
const xxd = der
  .toString('hex')
  .match(/.{1,32}/g)!
  .map(
    (row, at) =>
      `${(at * 16).toString(16).padStart(8, '0')}: ${row.replaceAll(/.{4}/g, '$& ').trim()}  0..${at % 2 ? '|' : 'a'}`,
  )
  .join('\n')
const hexdump = der
  .toString('hex')
  .match(/.{1,32}/g)!
  .map((row, at) => {
    const pairs = row.match(/../g)!
    const columns = `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`
    return `${(at * 16).toString(16).padStart(8, '0')}  ${columns}  |0..0ab|`
  })
  .join('\n')
const jwk = createPublicKey(keyPem).export({ format: 'jwk' })
const privateJwk = createPrivateKey(keyPem).export({ format: 'jwk' })

describe('a certificate is read from', () => {
  const forms: [string, string | Buffer, string[]][] = [
    [
      'a TLS secret of Kubernetes in YAML',
      `apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\ndata:\n  tls.crt: ${pemBase64}\n  tls.key: ${keyBase64}\n`,
      ['certificate', 'private-key'],
    ],
    [
      'a TLS secret of Kubernetes in JSON',
      JSON.stringify({ kind: 'Secret', data: { 'tls.crt': pemBase64, 'tls.key': keyBase64 } }, null, 2),
      ['certificate', 'private-key'],
    ],
    [
      'a kubeconfig',
      `clusters:\n- cluster:\n    certificate-authority-data: ${pemBase64}\n    server: https://10.0.0.1\nusers:\n- user:\n    client-key-data: ${keyBase64}\n`,
      ['certificate', 'private-key'],
    ],
    [
      "Traefik's acme.json",
      JSON.stringify({
        le: { Certificates: [{ domain: { main: 'a.test' }, certificate: pemBase64, key: keyBase64 }] },
      }),
      ['certificate', 'private-key'],
    ],
    [
      'a JWKS with x5c',
      JSON.stringify({ keys: [{ ...jwk, x5c: [derBase64] }] }),
      ['public-key', 'certificate'],
    ],
    [
      'a JWKS with escaped slashes',
      JSON.stringify({ x5c: [derBase64] }).replaceAll('/', '\\/'),
      ['certificate'],
    ],
    [
      'SAML metadata',
      `<md:EntityDescriptor><ds:X509Certificate>\n        ${wrapped('        ')}\n</ds:X509Certificate></md:EntityDescriptor>`,
      ['certificate'],
    ],
    [
      'a profile of Apple',
      `<?xml version="1.0"?><plist><dict><data>\n\t\t${wrapped('\t\t')}\n\t\t</data></dict></plist>`,
      ['certificate'],
    ],
    ['LDIF', `dn: cn=a\nuserCertificate;binary:: ${wrapped(' ')}\nsn: a\n`, ['certificate']],
    ['a quoted mail', pem.replaceAll(/^(?=.)/gm, '> '), ['certificate']],
    ['a mail quoted twice', `Hello,\n${pem.replaceAll(/^(?=.)/gm, '>> ')}`, ['certificate']],
    ['dashes of a word processor', pem.replaceAll('-----', '\u2014--'), ['certificate']],
    ['an en dash at the end alone', pem.replace('-----END', '\u2013\u2013-END'), ['certificate']],
    ['four dashes', pem.replaceAll('-----', '----').replaceAll('----BEGIN', '---- BEGIN'), ['certificate']],
    ['UTF-16LE without a mark', Buffer.from(pem, 'utf16le'), ['certificate']],
    ['hexadecimal', der.toString('hex'), ['certificate']],
    ['hexadecimal with colons', der.toString('hex').replaceAll(/..(?=.)/g, '$&:'), ['certificate']],
    ['xxd', xxd, ['certificate']],
    ['hexdump -C', hexdump, ['certificate']],
    ['a private JWK', JSON.stringify(privateJwk), ['private-key']],
  ]
  test.each(forms)('%s', (_, text, kinds) => {
    expect(read(text)).toMatchObject({ kinds, codes: [] })
  })
})

describe('a file is named for what it is:', () => {
  const envelope = Buffer.from('300f06092a864886f70d010703a0023000', 'hex')
  const timeStampQuery = Buffer.from('301b0201013016300d060960864801650304020105000405aaaaaaaaaa', 'hex')
  test.each([
    ['PVK', Buffer.from('b0b5f11e00000000', 'hex'), /PVK.*openssl rsa/],
    ['a private key blob', Buffer.from('0702000000a40000', 'hex'), /key blob/],
    ['a public key blob', Buffer.from('0602000000240000', 'hex'), /public key as a Microsoft key blob/],
    ['SSH2', Buffer.from('---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n'), /SSH/],
    [
      'keytool',
      Buffer.from('Owner: CN=a\nIssuer: CN=b\nCertificate fingerprints:\n'),
      /description of a certificate/,
    ],
    [
      'openssl',
      Buffer.from('Certificate:\n    Signature Algorithm: x\n   Subject Public Key Info:\n'),
      /-noout/,
    ],
    ['a browser', Buffer.from('Issued To\n\nCommon Name (CN) a.test\nIssued By\n'), /description/],
    ['HAR', Buffer.from('{"log": {"version": "1.2", "creator": {}, "entries": []}}'), /HAR.*--remote/],
    ['encrypted CMS', envelope, /encrypted message.*cms -decrypt/],
    ['a time stamp query', timeStampQuery, /TSQ/],
  ])('%s', (_, bytes, expected) => {
    const { codes, messages } = read(bytes)
    expect(codes).toEqual(['input.other_content'])
    expect(messages[0]).toMatch(expected)
  })
})

describe('hostile text', () => {
  const parts = fc.constantFrom(
    'LS0tLS1CRUdJTi',
    'MII',
    'MIIB',
    'MIG',
    '-----BEGIN X',
    '> ',
    '\u2014',
    '30 82',
    '\\',
    '\n',
    '{"kty":"EC"',
    ': ',
  )
  const text = fc
    .array(fc.oneof(parts, fc.string()), { maxLength: 60 })
    .map((all) => Buffer.from(all.join('')))

  test('ends no reading', () => {
    fc.assert(
      fc.property(text, (bytes) => {
        expect(read(bytes).kinds.length).toBeLessThan(61)
      }),
    )
  })

  test('grows by no more than its armour, and yields no more than it holds', () => {
    fc.assert(
      fc.property(text, (bytes) => {
        expect(straightenPem(bytes)?.length ?? 0).toBeLessThanOrEqual(bytes.length * 2 + 16)
        expect(hexDumpIn(bytes)?.length ?? 0).toBeLessThanOrEqual(bytes.length / 2)
        const found = [...embeddedIn(bytes)].reduce((sum, piece) => sum + piece.bytes.length, 0)
        expect(found).toBeLessThanOrEqual(bytes.length * 2)
      }),
    )
  })

  test.each([
    ['starts of DER that promise more than is there', 'MII//w '.repeat(200_000)],
    ['starts of PEM', 'LS0tLS1CRUdJTi '.repeat(100_000)],
    ['one run of base64', `MIIC${'A'.repeat(1_900_000)}`],
    ['short armour', '-BEGIN A-\n'.repeat(150_000)],
    ['quotation marks', '>'.repeat(1_000_000)],
    ['dashes in one line', `BEGIN ${'-'.repeat(1_900_000)}`],
    ['a dump', '00000000: 3082 '.repeat(100_000)],
    ['a deep JWK', `{"kty":${'['.repeat(500_000)}`],
  ])('of %s is read within the limits', (_, hostile) => {
    const { kinds } = read(hostile)
    expect(kinds.length).toBeLessThanOrEqual(2_000)
  })
})
