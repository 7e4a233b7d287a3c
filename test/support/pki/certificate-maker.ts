import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import * as der from './der-writer.ts'

/** A number to Node, a string to its types. */
const pssSaltOctets = 32 as unknown as string

/** Ways to make a key, by the kind's name. `rsa-pss` signs with PSS; `pss-key` is a key for PSS alone. */
const keyMakers = {
  ec: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p224: () => generateKeyPairSync('ec', { namedCurve: 'secp224r1' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  p521: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  secp256k1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  brainpoolP256r1: () => generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }),
  brainpoolP384r1: () => generateKeyPairSync('ec', { namedCurve: 'brainpoolP384r1' }),
  brainpoolP512r1: () => generateKeyPairSync('ec', { namedCurve: 'brainpoolP512r1' }),
  'explicit-ec': () => generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }),
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'rsa-pss': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  rsa1024: () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  rsa1536: () => generateKeyPairSync('rsa', { modulusLength: 1536 }),
  rsa2047: () => generateKeyPairSync('rsa', { modulusLength: 2047 }),
  rsa3072: () => generateKeyPairSync('rsa', { modulusLength: 3072 }),
  rsa4096: () => generateKeyPairSync('rsa', { modulusLength: 4096 }),
  'rsa-exponent-3': () => generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }),
  'pss-key': () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
  'pss-key-sha256': () =>
    generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      hashAlgorithm: 'sha256',
      saltLength: pssSaltOctets,
    }),
  dsa: () => generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }),
  ed25519: () => generateKeyPairSync('ed25519'),
  ed448: () => generateKeyPairSync('ed448'),
  'ml-dsa-44': () => generateKeyPairSync('ml-dsa-44'),
  'ml-dsa-65': () => generateKeyPairSync('ml-dsa-65'),
  'ml-dsa-87': () => generateKeyPairSync('ml-dsa-87'),
} satisfies Record<string, () => { publicKey: KeyObject; privateKey: KeyObject }>

export type KeyKind = keyof typeof keyMakers
export interface Keys {
  kind: KeyKind
  publicKey: KeyObject
  privateKey: KeyObject
}

export function makeKeys(kind: KeyKind = 'ec'): Keys {
  return { kind, ...keyMakers[kind]() }
}

export interface MadeCertificate {
  der: Uint8Array
  name: Uint8Array
  keys: Keys
  serial: bigint
}

export interface CertificateOptions {
  subject?: string | Uint8Array
  /** Signs and names itself if absent. */
  issuer?: MadeCertificate | undefined
  /** Replaces the issuer's name. */
  issuerName?: Uint8Array
  keys?: Keys
  notBefore?: Date
  notAfter?: Date
  serial?: bigint
  version?: number
  /** DNS names and IP addresses. */
  names?: string[] | undefined
  authority?: boolean | { pathLength?: number }
  /** Bit numbers; a usual set for its kind if absent, none if empty. */
  keyUsage?: number[]
  /** OIDs; serverAuth for a leaf if absent, none if empty. */
  purposes?: string[]
  /** Extensions by OID: replace the usual one, add one, or with null leave it out. */
  extensions?: Record<string, Uint8Array | null>
  /** `sha1` makes a signature that no client should accept. */
  hash?: 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'
}

export const moment = new Date('2026-06-15T12:00:00Z')
export const authorityInformationAccess = '1.3.6.1.5.5.7.1.1'
const serverAuth = '1.3.6.1.5.5.7.3.1'
export const clientAuth = '1.3.6.1.5.5.7.3.2'
let nextSerial = 1000n

export function commonName(value: string): Uint8Array {
  return der.sequence(attribute('2.5.4.3', der.utf8(value)))
}

export function attribute(oid: string, value: Uint8Array): Uint8Array {
  return der.set(der.sequence(der.objectIdentifier(oid), value))
}

export function makeCertificate(options: CertificateOptions = {}): MadeCertificate {
  const { subject = 'Root', issuer, version = 3, serial = (nextSerial += 1n) } = options
  const keys = options.keys ?? makeKeys()
  const name = typeof subject === 'string' ? commonName(subject) : subject
  const signer = issuer?.keys ?? keys
  const algorithm = signatureAlgorithm(signer, options.hash)
  const extensions =
    version === 3 ? [der.explicit(3, der.sequence(...extensionsFor(options, keys, signer)))] : []
  const tbs = der.sequence(
    ...(version === 1 ? [] : [der.explicit(0, der.integer(version - 1))]),
    der.integer(serial),
    algorithm,
    options.issuerName ?? issuer?.name ?? name,
    der.sequence(
      der.time(options.notBefore ?? new Date('2026-01-01T00:00:00Z')),
      der.time(options.notAfter ?? new Date('2027-01-01T00:00:00Z')),
    ),
    name,
    spki(keys),
    ...extensions,
  )
  return { der: signed(tbs, signer, options.hash), name, keys, serial }
}

export function signed(
  tbs: Uint8Array,
  signer: Keys,
  hash: CertificateOptions['hash'] = 'sha256',
): Uint8Array {
  const pss = { key: signer.privateKey, padding: 6, saltLength: 32 }
  const signature = sign(
    keyAlgorithms[signer.kind] ? null : hash,
    tbs,
    signer.kind === 'rsa-pss' ? pss : signer.privateKey,
  )
  return der.sequence(tbs, signatureAlgorithm(signer, hash), der.bitString(signature))
}

/** Algorithms that name key and signature alike, without parameters. */
const keyAlgorithms: Partial<Record<KeyKind, string>> = {
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
  'ml-dsa-44': '2.16.840.1.101.3.4.3.17',
  'ml-dsa-65': '2.16.840.1.101.3.4.3.18',
  'ml-dsa-87': '2.16.840.1.101.3.4.3.19',
}
const signatureOids = {
  rsa: {
    md5: '1.2.840.113549.1.1.4',
    sha1: '1.2.840.113549.1.1.5',
    sha224: '1.2.840.113549.1.1.14',
    sha256: '1.2.840.113549.1.1.11',
    sha384: '1.2.840.113549.1.1.12',
    sha512: '1.2.840.113549.1.1.13',
  },
  ecdsa: {
    md5: '',
    sha1: '1.2.840.10045.4.1',
    sha224: '1.2.840.10045.4.3.1',
    sha256: '1.2.840.10045.4.3.2',
    sha384: '1.2.840.10045.4.3.3',
    sha512: '1.2.840.10045.4.3.4',
  },
}

export function signatureAlgorithm(signer: Keys, hash: CertificateOptions['hash'] = 'sha256'): Uint8Array {
  const alone = keyAlgorithms[signer.kind]
  if (alone) return der.sequence(der.objectIdentifier(alone))
  if (signer.kind === 'rsa-pss') return pssAlgorithm()
  const asn1Null = der.element(5)
  if (signer.kind.startsWith('rsa'))
    return der.sequence(der.objectIdentifier(signatureOids.rsa[hash]), asn1Null)
  return der.sequence(der.objectIdentifier(signatureOids.ecdsa[hash]))
}

function pssAlgorithm(): Uint8Array {
  const sha256 = der.sequence(der.objectIdentifier('2.16.840.1.101.3.4.2.1'), der.element(5))
  const mgf1 = der.sequence(der.objectIdentifier('1.2.840.113549.1.1.8'), sha256)
  const parameters = der.sequence(
    der.explicit(0, sha256),
    der.explicit(1, mgf1),
    der.explicit(2, der.integer(32)),
  )
  return der.sequence(der.objectIdentifier('1.2.840.113549.1.1.10'), parameters)
}

function spki(keys: Keys): Uint8Array {
  return keys.publicKey.export({ format: 'der', type: 'spki' })
}

export function keyIdentifier(keys: Keys): Uint8Array {
  return createHash('sha1').update(spki(keys)).digest()
}

export function extension(oid: string, value: Uint8Array, critical = false): Uint8Array {
  return der.sequence(
    der.objectIdentifier(oid),
    ...(critical ? [der.boolean(true)] : []),
    der.octetString(value),
  )
}

function extensionsFor(options: CertificateOptions, keys: Keys, signer: Keys): Uint8Array[] {
  const usual: Record<string, Uint8Array | null> = {
    '2.5.29.14': extension('2.5.29.14', der.octetString(keyIdentifier(keys))),
    '2.5.29.35': extension('2.5.29.35', der.sequence(der.implicit(0, keyIdentifier(signer)))),
    '2.5.29.19': extension('2.5.29.19', basicConstraints(options.authority), true),
    '2.5.29.15': keyUsage(options.keyUsage ?? (options.authority ? [5, 6] : [0])),
    '2.5.29.37': purposes(options.purposes ?? (options.authority ? [] : [serverAuth])),
    '2.5.29.17': options.names ? extension('2.5.29.17', alternativeNames(options.names)) : null,
  }
  return Object.values({ ...usual, ...options.extensions }).filter((value) => value !== null)
}

function basicConstraints(authority: CertificateOptions['authority']): Uint8Array {
  if (!authority) return der.sequence()
  const limit = authority === true ? undefined : authority.pathLength
  return der.sequence(der.boolean(true), ...(limit === undefined ? [] : [der.integer(limit)]))
}

function keyUsage(bits: number[]): Uint8Array | null {
  if (bits.length === 0) return null
  const octet = bits.reduce((value, bit) => value | (0x80 >> bit), 0)
  return extension('2.5.29.15', der.bitString(Uint8Array.of(octet), 7 - Math.max(...bits)), true)
}

function purposes(oids: string[]): Uint8Array | null {
  return oids.length === 0 ? null : extension('2.5.29.37', der.sequence(...oids.map(der.objectIdentifier)))
}

export function alternativeNames(names: string[]): Uint8Array {
  return der.sequence(...names.map(generalName))
}

/** An IP address, an e-mail address, a URI or else a DNS name. */
/** Authority information access with a place for the issuer's certificate. */
export function accessInformation(address: string): Uint8Array {
  const description = der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.48.2'), generalName(address))
  return extension(authorityInformationAccess, der.sequence(description))
}

export function generalName(name: string): Uint8Array {
  if (isIP(name)) return der.implicit(7, ipOctets(name))
  const tag = name.includes('://') ? 6 : name.includes('@') ? 1 : 2
  return der.implicit(tag, Buffer.from(name, 'utf8'))
}

function ipOctets(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.'), Number)
  const [head = '', tail = ''] = address.split('::')
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0')
  const all = [...groups(head), ...(address.includes('::') ? zeros : []), ...groups(tail)]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

/** `permitted` and `excluded` are the DER of GeneralNames. */
export function nameConstraints(permitted: Uint8Array[], excluded: Uint8Array[] = []): Uint8Array {
  const trees = (number: number, bases: Uint8Array[]): Uint8Array[] =>
    bases.length === 0 ? [] : [der.explicit(number, ...bases.map((base) => der.sequence(base)))]
  return extension('2.5.29.30', der.sequence(...trees(0, permitted), ...trees(1, excluded)), true)
}

/** Makes a root, an intermediate and a leaf for `shop.test`, each with the test's changes. */
export function makeChain(
  changes: { root?: CertificateOptions; intermediate?: CertificateOptions; leaf?: CertificateOptions } = {},
): { root: MadeCertificate; intermediate: MadeCertificate; leaf: MadeCertificate } {
  const root = makeCertificate({ subject: 'Root', authority: true, ...changes.root })
  const intermediate = makeCertificate({
    subject: 'Intermediate',
    authority: true,
    issuer: root,
    ...changes.intermediate,
  })
  const leaf = makeCertificate({
    subject: 'shop.test',
    names: ['shop.test'],
    issuer: intermediate,
    ...changes.leaf,
  })
  return { root, intermediate, leaf }
}
