import { AsnConvert } from '@peculiar/asn1-schema'
import { CertificateList } from '@peculiar/asn1-x509'
import type { Place } from '../../contract/errors.ts'
import { signatureAlgorithmName } from './algorithms.ts'
import type { Found, WrittenAs } from './found.ts'
import { nameInWords } from './general-names.ts'
import { extensionLines } from './request.ts'

/** A certificate revocation list (RFC 5280, section 5), or undefined where `der` is none. */
export function sniffRevocationList(der: Buffer, place: Place, writtenAs: WrittenAs): Found | undefined {
  try {
    const piece = revocationListPiece(AsnConvert.parse(der, CertificateList), place, writtenAs)
    return { ...piece, revocationListDer: Uint8Array.from(der) }
  } catch {
    return undefined
  }
}

function revocationListPiece(list: CertificateList, place: Place, writtenAs: WrittenAs): Found {
  const { issuer, thisUpdate, nextUpdate, revokedCertificates, crlExtensions } = list.tbsCertList
  const issuerWords = nameInWords(issuer)
  const count = revokedCertificates?.length ?? 0
  return {
    kind: 'revocation-list',
    place,
    writtenAs,
    title: `Revocation list of ${issuerWords}`,
    words: [
      `Issuer: ${issuerWords}`,
      `Issued: ${thisUpdate.getTime().toISOString()}`,
      nextUpdate ? `Next due: ${nextUpdate.getTime().toISOString()}` : 'Next due: not said',
      `Revoked certificates: ${count}`,
      `Signature: ${signatureAlgorithmName(list.signatureAlgorithm)}`,
      ...(crlExtensions ?? []).flatMap(extensionLines),
    ],
  }
}
