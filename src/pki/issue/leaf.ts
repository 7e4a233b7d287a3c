import { createPrivateKey, type KeyObject } from 'node:crypto'
import {
  AccessDescription,
  AuthorityInfoAccessSyntax,
  BasicConstraints,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  type Extension,
  GeneralName,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { type LeafUsage, longestLifeDays } from '../../contract/issuing/issuing.ts'
import {
  type AuthorityMaterial,
  authorityKeyId,
  extendedUsage,
  issuerName,
  longestCommonName,
  oids,
  type Purpose,
  vouchesForClients,
} from './authority-certificates.ts'
import { commonNameOnly, extension, keyIdentifier, signCertificate } from './certificate-template.ts'
import { certificateInPem } from '../facts/certificate.ts'
import { toPem } from '../formats/convert.ts'
import type { Certificate } from '../x509/certificate.ts'
import { alternativeNames, type LeafNames, requireWithin } from './leaf-names.ts'

/** URLs of the CRL and of the issuer's certificate (RFC 5280, section 4.2.2.1). */
export interface Published {
  crl: string
  ocsp: string
  issuer: string
}

export interface LeafTemplate {
  names: LeafNames
  /** Default: the first DNS name that fits. */
  commonName?: string
  usage: LeafUsage
  publicKey: KeyObject
  at: Date
  /** Lifetime from `at`; limited to 397 days and to the end of the issuer. */
  lifeMs: number
  published?: Published | null
}

const dayMs = 86_400_000
const mostMs = longestLifeDays * dayMs
/** Tolerance for slow clocks of other machines; a short life is backdated by a twelfth of it. */
const backdatedMs = 3_600_000
const purposesOf: Record<LeafUsage, Purpose[]> = {
  server: ['server'],
  client: ['client'],
  both: ['server', 'client'],
}

/**
 * Signs a leaf. Returns it in DER.
 * @throws EdgekeepError `authority.name_outside`, `authority.clients_outside`, `domain.invalid` for an
 *   address that is not local
 */
export function signLeaf(issuer: AuthorityMaterial, template: LeafTemplate): Buffer {
  const { names, usage, publicKey } = template
  requireWithin(issuer.certificatePem, names)
  if (usage !== 'server' && !vouchesForClients(issuer.certificatePem))
    throw new EdgekeepError('authority.clients_outside', {})
  const authority = certificateInPem(issuer.certificatePem)
  const issuerKey = createPrivateKey(issuer.keyPem)
  const subject = commonNameOnly(
    template.commonName ?? names.dns.find(({ length }) => length <= longestCommonName),
  )
  const isNameless = subject.length === 0
  const extensions = [
    extension(oids.basic, new BasicConstraints({ cA: false }), true),
    keyUsageOf(publicKey),
    extendedUsage(purposesOf[usage]),
    ...namesOf(names, isNameless),
    extension(oids.subjectKeyId, new SubjectKeyIdentifier(keyIdentifier(publicKey).buffer)),
    authorityKeyId(issuerKey),
    ...(template.published ? pointersTo(template.published) : []),
  ]
  const times = lifeOf(template, authority)
  return signCertificate(
    { subject, issuer: issuerName(authority), ...times, publicKey, extensions },
    issuerKey,
  )
}

/** The leaf and its intermediate; clients have the root. */
export function chainOf(leaf: Buffer, issuer: Pick<AuthorityMaterial, 'certificatePem'>): string {
  return toPem(leaf) + issuer.certificatePem
}

/** Critical if the subject is empty (RFC 5280, section 4.2.1.6). */
function namesOf(names: LeafNames, critical: boolean): Extension[] {
  const all = alternativeNames(names)
  return all.length === 0 ? [] : [extension(oids.names, new SubjectAlternativeName(all), critical)]
}

/** RFC 8446 needs signatures only; RSA key exchange of TLS 1.2 decrypts with the key. */
function keyUsageOf({ asymmetricKeyType }: KeyObject): Extension {
  const flags =
    asymmetricKeyType === 'rsa'
      ? KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment
      : KeyUsageFlags.digitalSignature
  return extension(oids.keyUsage, new KeyUsage(flags), true)
}

/** Validity period within the issuer's; the last second is included (RFC 5280, section 4.1.2.5). */
function lifeOf(
  { at, lifeMs }: LeafTemplate,
  issuer: Pick<Certificate, 'notBefore' | 'notAfter'>,
): { notBefore: Date; notAfter: Date } {
  const backdated = at.getTime() - Math.min(backdatedMs, Math.floor(lifeMs / 12))
  const begin = Math.max(backdated, issuer.notBefore)
  const end = Math.min(at.getTime() + lifeMs, begin + mostMs) - 1000
  return { notBefore: new Date(begin), notAfter: new Date(Math.min(end, issuer.notAfter)) }
}

function pointersTo({ crl, ocsp, issuer }: Published): Extension[] {
  const uri = (uniformResourceIdentifier: string) => new GeneralName({ uniformResourceIdentifier })
  const access = new AuthorityInfoAccessSyntax([
    new AccessDescription({ accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: uri(ocsp) }),
    new AccessDescription({ accessMethod: '1.3.6.1.5.5.7.48.2', accessLocation: uri(issuer) }),
  ])
  const point = new DistributionPoint({
    distributionPoint: new DistributionPointName({ fullName: [uri(crl)] }),
  })
  return [extension('1.3.6.1.5.5.7.1.1', access), extension('2.5.29.31', new CRLDistributionPoints([point]))]
}
