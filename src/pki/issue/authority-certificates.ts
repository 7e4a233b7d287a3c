import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  NameConstraints,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509'
import { SecretBytes, type Unwiped } from '../../domain/secret-bytes.ts'
import { certificateInPem } from '../facts/certificate.ts'
import { toPem, toPemBytes } from '../formats/convert.ts'
import type { Certificate } from '../x509/certificate.ts'
import { type Extension as DecodedExtension, extensionIn } from '../x509/extensions.ts'
import { textsOf } from '../x509/general-names.ts'
import { commonNameOnly, extension, keyIdentifier, signCertificate } from './certificate-template.ts'

/** A CA certificate with its key in PKCS#8 PEM, lent for a signature. */
export interface AuthorityMaterial {
  certificatePem: string
  keyPem: Buffer
}

/** A new CA certificate with its key in PKCS#8 PEM. */
export interface NewAuthority {
  certificatePem: string
  keyPem: SecretBytes
}

/** Lends a new authority's key for its first signatures. */
export function asIssuer({ certificatePem, keyPem }: NewAuthority): AuthorityMaterial {
  return { certificatePem, keyPem: keyPem.bytes }
}

/** Loopback, private and link-local addresses: the only ones that the authority permits (ADR 0004). */
export const localNetworks = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
] as const

export const oids = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  names: '2.5.29.17',
  basic: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const
/** Purposes of certificates of the local authority (RFC 5280, section 4.2.1.12). */
export const purposes = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const
export type Purpose = keyof typeof purposes
export const longestCommonName = 64
/** Prefix of the common name of every local root. */
export const authorityTitle = 'Edgekeep local authority'

const dayMs = 86_400_000
/** Tolerance for slow clocks of other machines. */
const backdatedMs = 3_600_000
/** The clock may have been fast when the root was made, and a root is trusted for years. */
const rootBackdatedMs = 366 * dayMs
const rootDays = 3650
const intermediateDays = 1095

const newKeyPair = promisify(generateKeyPair)

/**
 * Creates the root: ECDSA P-256, path length 1, for TLS servers only, with `clients` for TLS clients too,
 * limited to names under `suffixes` and local addresses. ADR 0004 has the reasons.
 * @param request.generation from 1; part of the name, so that each root of a computer has its own
 */
export async function createRoot(request: {
  at: Date
  host: string
  generation: number
  suffixes: readonly string[]
  clients?: boolean
}): Promise<NewAuthority> {
  const { at, host, generation, suffixes, clients } = request
  const { publicKey, privateKey } = await newEcKey()
  const name = named(authorityTitle, host, generation)
  const usage = extendedUsage(clients ? ['server', 'client'] : ['server'])
  const extensions = authorityExtensions({
    publicKey,
    pathLength: 1,
    usage,
    constraints: nameConstraintsFor(suffixes),
  })
  const times = period(at, { days: rootDays, beginsMs: rootBackdatedMs })
  const der = signCertificate({ subject: name, issuer: name, ...times, publicKey, extensions }, privateKey)
  return { certificatePem: toPem(der), keyPem: pkcs8Pem(privateKey) }
}

/**
 * Creates the intermediate that signs leaves, with the constraints of its root. Java and others ignore the
 * constraints of a trust anchor, so both certificates have them.
 */
export async function createIntermediate(request: {
  root: AuthorityMaterial
  at: Date
  host: string
  generation: number
}): Promise<NewAuthority> {
  const { root, at, host, generation } = request
  const issuer = certificateInPem(root.certificatePem)
  const issuerKey = createPrivateKey(root.keyPem)
  const { publicKey, privateKey } = await newEcKey()
  const [constraints, usage] = (['nameConstraints', 'extendedKeyUsage'] as const).map((name) =>
    extensionIn(issuer.extensions, name),
  )
  if (!constraints || !usage) throw new TypeError('A root has constraints on names and usage')
  const own = authorityExtensions({
    publicKey,
    pathLength: 0,
    usage: copyOf(usage),
    constraints: copyOf(constraints),
  })
  const der = signCertificate(
    {
      subject: named('Edgekeep local intermediate', host, generation),
      issuer: issuerName(issuer),
      ...period(at, { days: intermediateDays, beginsMs: backdatedMs }, new Date(issuer.notAfter)),
      publicKey,
      extensions: [...own, authorityKeyId(issuerKey)],
    },
    issuerKey,
  )
  return { certificatePem: toPem(der), keyPem: pkcs8Pem(privateKey) }
}

/** Builds the common name. A host name that is too long is cut; the generation stays. */
function named(what: string, host: string, generation: number): Name {
  const end = generation === 1 ? ')' : `) ${generation}`
  return commonNameOnly(`${what} (${host}`.slice(0, longestCommonName - end.length) + end)
}

function authorityExtensions(options: {
  publicKey: KeyObject
  pathLength: number
  usage: Extension
  constraints: Extension
}): Extension[] {
  const { publicKey, pathLength, usage, constraints } = options
  const signing = new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign)
  return [
    extension(oids.basic, new BasicConstraints({ cA: true, pathLenConstraint: pathLength }), true),
    extension(oids.keyUsage, signing, true),
    usage,
    constraints,
    extension(oids.subjectKeyId, new SubjectKeyIdentifier(keyIdentifier(publicKey).buffer)),
  ]
}

export function extendedUsage(of: readonly Purpose[]): Extension {
  return extension(oids.extendedKeyUsage, new ExtendedKeyUsage(of.map((purpose) => purposes[purpose])))
}

function copyOf({ oid, critical, value }: DecodedExtension): Extension {
  return new Extension({ extnID: oid, critical, extnValue: new OctetString(value) })
}

/** RFC 5280, section 4.2.1.10: a kind of name without a permitted subtree is unrestricted. */
function nameConstraintsFor(suffixes: readonly string[]): Extension {
  const bases = [
    ...suffixes.map((dNSName) => new GeneralName({ dNSName })),
    ...localNetworks.map((iPAddress) => new GeneralName({ iPAddress })),
  ]
  const permittedSubtrees = new GeneralSubtrees(bases.map((base) => new GeneralSubtree({ base })))
  return extension(oids.nameConstraints, new NameConstraints({ permittedSubtrees }), true)
}

export function authorityKeyId(issuerKey: KeyObject): Extension {
  const id = new KeyIdentifier(keyIdentifier(issuerKey).buffer)
  return extension(oids.authorityKeyId, new AuthorityKeyIdentifier({ keyIdentifier: id }))
}

/**
 * The permitted DNS suffixes of a CA certificate, in its order; null without constraints, as in early vaults.
 */
export function permittedSuffixes(certificatePem: string): readonly string[] | null {
  const { dns } = textsOf(certificateInPem(certificatePem).decoded.nameConstraints?.permitted)
  return dns.length > 0 ? dns : null
}

/** Whether an authority may sign for TLS clients. Authorities of early vaults have no restriction and may. */
export function vouchesForClients(certificatePem: string): boolean {
  return certificateInPem(certificatePem).decoded.extendedKeyUsage?.includes(purposes.client) ?? true
}

/** The subject of a CA certificate, as the issuer of what it signs. */
export function issuerName({ subject }: Certificate): Name {
  return AsnConvert.parse(subject.bytes, Name)
}

function newEcKey(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return newKeyPair('ec', { namedCurve: 'P-256' })
}

/**
 * Validity period from `beginsMs` before `at`, for `days` from an hour before `at`. The last second is
 * included (RFC 5280, section 4.1.2.5), so it ends one second early.
 */
function period(
  at: Date,
  { days, beginsMs }: { days: number; beginsMs: number },
  latest = new Date(8.64e15),
): { notBefore: Date; notAfter: Date } {
  const notBefore = new Date(at.getTime() - beginsMs)
  const notAfter = new Date(at.getTime() - backdatedMs + days * dayMs - 1000)
  return { notBefore, notAfter: notAfter < latest ? notAfter : latest }
}

export function pkcs8Pem(privateKey: Unwiped<KeyObject>): SecretBytes {
  using der = new SecretBytes(privateKey.export({ type: 'pkcs8', format: 'der' }))
  return new SecretBytes(toPemBytes(der.bytes, 'PRIVATE KEY'))
}
