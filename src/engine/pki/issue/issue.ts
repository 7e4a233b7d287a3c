import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { promisify } from 'node:util'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  NameConstraints,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509'
import { EdgekeepError } from '../../../contract/errors.ts'
import { commonNameOnly, extension, keyIdentifier, signCertificate } from './certificate-template.ts'
import { toPem, toPemBytes } from '../formats/convert.ts'

/** A certificate with its key in PKCS#8 PEM, which the caller seals and zeroes. */
export interface AuthorityMaterial {
  certificatePem: string
  keyPem: Buffer
}
export interface IssuedMaterial {
  chainPem: string
  keyPem: Buffer
}

const dayMs = 86_400_000
/** Clocks of other machines may be behind. */
const backdatedMs = 3_600_000
const authorityDays = 3650
/** Apple refuses more than 398 days of public authorities; a local one gets no more here. */
const leafDays = 397
const longestCommonName = 64
const serverAuth = '1.3.6.1.5.5.7.3.1'
const oids = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  names: '2.5.29.17',
  basic: '2.5.29.19',
} as const

/** Loopback, private and link-local addresses: the only ones the authority vouches for (ADR 0004). */
const localNetworks = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
] as const

const newKeyPair = promisify(generateKeyPair)

/**
 * Makes this computer's authority: ECDSA P-256, no authorities below it, TLS servers only, and no
 * addresses but local ones. docs/decisions/0004-local-authority.md has the reasons.
 */
export async function createAuthority({ at, host }: { at: Date; host: string }): Promise<AuthorityMaterial> {
  const { publicKey, privateKey } = await newKeyPair('ec', { namedCurve: 'P-256' })
  const name = commonNameOnly(`Edgekeep local authority (${host})`.slice(0, longestCommonName))
  const signing = new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign)
  const der = signCertificate(
    {
      subject: name,
      issuer: name,
      ...period(at, authorityDays),
      publicKey,
      extensions: [
        extension(oids.basic, new BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
        extension(oids.keyUsage, signing, true),
        extension('2.5.29.37', new ExtendedKeyUsage([serverAuth])),
        extension('2.5.29.30', localAddressesOnly(), true),
        extension(oids.subjectKeyId, new SubjectKeyIdentifier(keyIdentifier(publicKey).buffer)),
      ],
    },
    privateKey,
  )
  return { certificatePem: toPem(der), keyPem: keyPem(privateKey) }
}

/** RFC 5280, section 4.2.1.10: with no DNS name among the permitted, every DNS name is. */
function localAddressesOnly(): NameConstraints {
  const permitted = localNetworks.map(
    (iPAddress) => new GeneralSubtree({ base: new GeneralName({ iPAddress }) }),
  )
  return new NameConstraints({ permittedSubtrees: new GeneralSubtrees(permitted) })
}

/**
 * Issues a certificate for domains (exact or `*.`) and local addresses. `chainPem` is the leaf
 * alone: its issuer is the root, which clients have.
 * @throws EdgekeepError `domain.invalid` for an address the authority does not vouch for
 */
export async function issueLeaf(request: {
  authority: AuthorityMaterial
  names: string[]
  at: Date
}): Promise<IssuedMaterial> {
  const { authority, names, at } = request
  const issuer = AsnConvert.parse(new X509Certificate(authority.certificatePem).raw, Certificate)
  const issuerKey = createPrivateKey(authority.keyPem)
  const { publicKey, privateKey } = await newKeyPair('ec', { namedCurve: 'P-256' })
  const subjectName = names.find((name) => name.length <= longestCommonName)
  const issuerKeyId = keyIdentifier(issuerKey)
  const der = signCertificate(
    {
      subject: commonNameOnly(subjectName),
      issuer: issuer.tbsCertificate.subject,
      ...period(at, leafDays, issuer.tbsCertificate.validity.notAfter.getTime()),
      publicKey,
      extensions: [
        extension(oids.basic, new BasicConstraints({ cA: false }), true),
        extension(oids.keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
        extension('2.5.29.37', new ExtendedKeyUsage([serverAuth])),
        // RFC 5280, section 4.2.1.6: critical where the subject is empty.
        extension(
          oids.names,
          new SubjectAlternativeName(names.map(alternativeName)),
          subjectName === undefined,
        ),
        extension(oids.subjectKeyId, new SubjectKeyIdentifier(keyIdentifier(publicKey).buffer)),
        extension(
          '2.5.29.35',
          new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(issuerKeyId.buffer) }),
        ),
      ],
    },
    issuerKey,
  )
  return { chainPem: toPem(der), keyPem: keyPem(privateKey) }
}

function alternativeName(name: string): GeneralName {
  if (isIP(name) === 0) return new GeneralName({ dNSName: name })
  if (isLocal(name)) return new GeneralName({ iPAddress: name })
  const reason = 'the local authority vouches for loopback and private addresses only'
  throw new EdgekeepError('domain.invalid', { name, reason })
}

function isLocal(address: string): boolean {
  const local = new BlockList()
  for (const network of localNetworks) {
    const [base, prefix] = network.split('/') as [string, string]
    local.addSubnet(base, Number(prefix), isIP(base) === 6 ? 'ipv6' : 'ipv4')
  }
  return local.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** The last second counts in (RFC 5280, section 4.1.2.5), so it ends one before `days` are full. */
function period(at: Date, days: number, latest = new Date(8.64e15)): { notBefore: Date; notAfter: Date } {
  const notBefore = new Date(at.getTime() - backdatedMs)
  const notAfter = new Date(notBefore.getTime() + days * dayMs - 1000)
  return { notBefore, notAfter: notAfter < latest ? notAfter : latest }
}

function keyPem(privateKey: KeyObject): Buffer {
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })
  const pem = toPemBytes(der, 'PRIVATE KEY')
  der.fill(0)
  return pem
}
