import { createPrivateKey, X509Certificate } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  GeneralName,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509'
import { EdgekeepError } from '../../../contract/errors.ts'
import { isUnder } from '../../../contract/rules/authority-scope.ts'
import {
  type AuthorityMaterial,
  authorityKeyId,
  localNetworks,
  longestCommonName,
  newEcKey,
  oids,
  period,
  permittedSuffixes,
  pkcs8Pem,
  serverAuth,
} from './authority-certificates.ts'
import { commonNameOnly, extension, keyIdentifier, signCertificate } from './certificate-template.ts'
import { toPem } from '../formats/convert.ts'

export interface IssuedMaterial {
  chainPem: string
  keyPem: Buffer
}

/** Apple refuses more than 398 days of public authorities; a local one gets no more here. */
export const LEAF_DAYS = 397

/**
 * Issues a certificate for domains (exact or `*.`) and local addresses. `chainPem` is the leaf and
 * the intermediate that signed it; the root is what clients have.
 * @throws EdgekeepError `authority.name_outside` for a domain that the authority is not held to,
 *   `domain.invalid` for an address that is no local one
 */
export async function issueLeaf(request: {
  issuer: AuthorityMaterial
  names: string[]
  at: Date
}): Promise<IssuedMaterial> {
  const { names, at } = request
  requireWithin(request.issuer.certificatePem, names)
  const issuer = AsnConvert.parse(new X509Certificate(request.issuer.certificatePem).raw, Certificate)
  const issuerKey = createPrivateKey(request.issuer.keyPem)
  const { publicKey, privateKey } = await newEcKey()
  // An address as common name reads as a domain that no constraint permits (OpenSSL).
  const subjectName = names.find((name) => isIP(name) === 0 && name.length <= longestCommonName)
  const der = signCertificate(
    {
      subject: commonNameOnly(subjectName),
      issuer: issuer.tbsCertificate.subject,
      ...period(at, LEAF_DAYS, issuer.tbsCertificate.validity.notAfter.getTime()),
      publicKey,
      extensions: [
        extension(oids.basic, new BasicConstraints({ cA: false }), true),
        extension(oids.keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
        extension(oids.extendedKeyUsage, new ExtendedKeyUsage([serverAuth])),
        // RFC 5280, section 4.2.1.6: critical where the subject is empty.
        extension(
          oids.names,
          new SubjectAlternativeName(names.map(alternativeName)),
          subjectName === undefined,
        ),
        extension(oids.subjectKeyId, new SubjectKeyIdentifier(keyIdentifier(publicKey).buffer)),
        authorityKeyId(issuerKey),
      ],
    },
    issuerKey,
  )
  return { chainPem: toPem(der) + request.issuer.certificatePem, keyPem: pkcs8Pem(privateKey) }
}

/** What clients would refuse is not issued. Throws `authority.name_outside`. */
function requireWithin(issuerPem: string, names: string[]): void {
  const suffixes = permittedSuffixes(issuerPem)
  if (!suffixes) return
  for (const name of names) {
    if (isIP(name) !== 0 || suffixes.some((suffix) => isUnder(name, suffix))) continue
    throw new EdgekeepError('authority.name_outside', { name, suffixes })
  }
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
