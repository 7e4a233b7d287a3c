import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { casesOf } from '../long-form.ts'
import { absent } from '../needs.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import {
  attribute,
  extension,
  makeCertificate,
  makeKeys,
  type CertificateOptions,
  type Keys,
  type MadeCertificate,
} from './certificate-maker.ts'
import * as der from './der-writer.ts'

/*
 * Chains for `shop.test` (and 127.0.0.1) as a hostile peer may show them: keys of every kind that `openssl`
 * makes, and forms that no tool makes. All issued ones end at `peerRoot`.
 */

export interface PeerChain {
  how: 'self-signed' | 'issued' | 'above'
  cert: string
  key: string
}

const dates = {
  notBefore: new Date(Date.now() - 86_400_000),
  notAfter: new Date(Date.now() + 90 * 86_400_000),
}
const names = ['shop.test', 'localhost', '127.0.0.1']
const root = makeCertificate({ subject: 'Root', authority: true, ...dates })
export const peerRoot = toPem(root.der)
const usual = { names, purposes: [], ...dates }
const plain = makeCertificate({ subject: 'shop.test', issuer: root, ...usual })
/** Leaf of an ordinary key. */
export const plainPeer = { cert: toPem(plain.der), key: pemOf(plain.keys) }

function pemOf({ privateKey }: Keys): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
}

/** Certificate and key that every client refuses, by the reason. */
export const refusedPeers = {
  'another name': peer({ names: ['other.test'], issuer: root }),
  'an unknown root': peer({ names, issuer: makeCertificate({ subject: 'Root', authority: true, ...dates }) }),
  'a time that is over': peer({ names, issuer: root, notAfter: new Date(Date.now() - 1000) }),
  'no issuer but itself': peer({ names }),
}

function peer(options: CertificateOptions): { cert: string; key: string } {
  const made = makeCertificate({ subject: 'peer', ...dates, ...options })
  return { cert: toPem(made.der), key: pemOf(made.keys) }
}

let folder: string
const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] })
const file = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(file(name), 'utf8')

function curves(): string[] {
  if (absent('openssl') !== null) return []
  const listed = openssl('ecparam', '-list_curves').toString()
  return [...listed.matchAll(/^ {2}(\S+)\s*:/gm)].map(([, name]) => name!)
}

type Kind = [kind: string, chains: () => PeerChain[]]

const ofKey = (kind: string, ...args: string[]): Kind => [
  kind,
  () => chainsOfKey(() => openssl(...args, '-out', file('key'))),
]
const ofGenerated = (kind: string, algorithm: string, ...options: string[]): Kind =>
  ofKey(kind, 'genpkey', '-algorithm', algorithm, ...options.flatMap((option) => ['-pkeyopt', option]))

/** Chains of a key: a leaf of itself, one of the root, and an ordinary leaf below a namesake of the root. */
function chainsOfKey(generate: () => void): PeerChain[] {
  folder = temporaryFolder()
  for (const [name, text] of [
    ['root', peerRoot],
    ['root.key', pemOf(root.keys)],
  ] as const)
    writeFileSync(file(name), text, { mode: 0o600 })
  generate()
  const san = ['-addext', `subjectAltName=DNS:shop.test,DNS:localhost,IP:127.0.0.1`]
  const request = ['req', '-new', '-key', file('key'), '-subj']
  openssl(...request, '/CN=shop.test', ...san, '-x509', '-out', file('self'))
  openssl(...request, '/CN=Root', '-x509', '-out', file('namesake'))
  openssl(...request, '/CN=shop.test', ...san, '-out', file('request'))
  const issuer = ['-CA', file('root'), '-CAkey', file('root.key'), '-copy_extensions', 'copy']
  openssl('x509', '-req', '-in', file('request'), ...issuer, '-out', file('issued'))
  return chains({ self: read('self'), issued: read('issued'), namesake: read('namesake'), key: read('key') })
}

function chains({
  self,
  issued,
  namesake,
  key,
}: Record<'self' | 'issued' | 'namesake' | 'key', string>): PeerChain[] {
  return [
    { how: 'self-signed', cert: self, key },
    { how: 'issued', cert: issued + peerRoot, key },
    { how: 'above', cert: plainPeer.cert + namesake + peerRoot, key: plainPeer.key },
  ]
}

const ofForm = (kind: string, form: CertificateOptions): Kind => [
  kind,
  () => {
    const keys = form.keys ?? makeKeys()
    const made = (options: CertificateOptions) =>
      toPem(makeCertificate({ subject: 'shop.test', ...usual, keys, ...form, ...options }).der)
    return chains({
      self: made({}),
      issued: made({ issuer: root }),
      namesake: made({ ...(form.subject === undefined && { subject: 'Root' }), authority: true }),
      key: pemOf(keys),
    })
  },
]

/** Chain from a leaf through 99 intermediates to the root. */
function hundredLinks(): PeerChain[] {
  const keys = makeKeys()
  const line: MadeCertificate[] = [root]
  for (let at = 1; at < 100; at += 1)
    line.unshift(makeCertificate({ subject: `${at}`, authority: true, issuer: line[0], keys, ...dates }))
  const leaf = makeCertificate({ subject: 'shop.test', issuer: line[0], keys, ...usual })
  return [{ how: 'issued', cert: [leaf, ...line].map((each) => toPem(each.der)).join(''), key: pemOf(keys) }]
}

const nul = 'shop.test\0.other.test'
const notUtf8 = Uint8Array.of(0xff, 0xfe, 0xc0, 0x80)
const nameOf = (value: Uint8Array) => der.sequence(attribute('2.5.4.3', value))
const alternative = (value: Uint8Array) => ({
  '2.5.29.17': extension('2.5.29.17', der.sequence(der.implicit(2, value))),
})

/** Key whose SPKI names an algorithm that nobody knows. */
function unknownKeys(): Keys {
  const keys = makeKeys()
  const spki = createPublicKey(createPrivateKey(pemOf(keys))).export({ format: 'der', type: 'spki' })
  spki[spki.indexOf(Buffer.from('2a8648ce3d0201', 'hex')) + 6] = 0x7f
  return { ...keys, publicKey: { export: () => spki } as unknown as KeyObject }
}

const forms = {
  'names that are not UTF-8': {
    subject: nameOf(der.element(0x0c, notUtf8)),
    extensions: alternative(notUtf8),
  },
  'an unknown algorithm of SPKI': { keys: unknownKeys() },
} satisfies Record<string, CertificateOptions>

/** Leaves that OpenSSL does not read, and so does not show by itself. */
export const unreadableLeaves = Object.entries(forms).map(([kind, form]): [string, Uint8Array] => [
  kind,
  makeCertificate({ subject: 'shop.test', issuer: root, ...usual, ...form }).der,
])

const slhDsa = ['SHA2', 'SHAKE'].flatMap((hash) =>
  ['128s', '128f', '192s', '192f', '256s', '256f'].map((size) => `SLH-DSA-${hash}-${size}`),
)

const kinds: Kind[] = [
  ...curves().map((curve) => ofGenerated(curve, 'EC', `ec_paramgen_curve:${curve}`)),
  ...['P-256', 'brainpoolP256r1', 'sect283r1'].map((curve) =>
    ofGenerated(`explicit ${curve}`, 'EC', `ec_paramgen_curve:${curve}`, 'ec_param_enc:explicit'),
  ),
  ...[512, 1024, 4096, 8192].map((bits) => ofGenerated(`RSA ${bits}`, 'RSA', `rsa_keygen_bits:${bits}`)),
  // Five primes: the key takes seconds instead of minutes, and the certificate has the same form.
  ofGenerated('RSA 16384', 'RSA', 'rsa_keygen_bits:16384', 'rsa_keygen_primes:5'),
  ofGenerated('RSA-PSS', 'RSA-PSS', 'rsa_keygen_bits:2048'),
  ['DSA', () => chainsOfKey(() => openssl('dsaparam', '-genkey', '-noout', '-out', file('key'), '2048'))],
  ...['ED25519', 'ED448', 'SM2', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', ...slhDsa].map((name) =>
    ofGenerated(name, name),
  ),
  ofForm('1 MB of extensions', { extensions: { '1.2.3.4': extension('1.2.3.4', Buffer.alloc(1_000_000)) } }),
  ['100 links', hundredLinks],
  ofForm('NUL in names', { subject: nameOf(der.utf8(nul)), extensions: alternative(Buffer.from(nul)) }),
  ofForm('no subject', { subject: der.sequence() }),
  ...Object.entries(forms).map(([kind, form]) => ofForm(kind, form)),
]

const short = [
  'brainpoolP256r1',
  'secp256k1',
  'wap-wsg-idm-ecid-wtls8',
  'sect283r1',
  'RSA 512',
  'DSA',
  'ML-DSA-65',
  '1 MB of extensions',
  '100 links',
  'NUL in names',
  'names that are not UTF-8',
  'no subject',
  'an unknown algorithm of SPKI',
]

/** Kinds of this form of a test. */
export const peerKinds = casesOf(kinds, ([kind]) => short.includes(kind))
/** Those of a test that takes seconds for each. */
export const fewPeerKinds = casesOf(kinds, ([kind]) => kind === 'brainpoolP256r1')

/** Chains of a kind; none, with the reason printed, where openssl makes none. */
export function peerChains([kind, make]: Kind): PeerChain[] {
  try {
    return make()
  } catch (error) {
    // Some curves are without a generator, and some keys cannot sign.
    const { stderr } = error as { stderr?: Buffer }
    if (!stderr) throw error
    console.log(`${kind}: openssl makes none: ${String(stderr).split('\n')[0]}`)
    return []
  }
}
