import { schemeInWords, signatureScheme } from './algorithms.ts'
import { tags } from './der.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'
import type { Purpose } from './question.ts'

const smallestRsaBits = 2048
const ecPublicKeyOid = '1.2.840.10045.2.1'
const webCurves = ['prime256v1', 'secp384r1', 'secp521r1']

/** Why the key is too weak or not to be used, `an RSA key of 1024 bits…`, or undefined. */
export function keyFault(certificate: ParsedCertificate, purpose: Purpose): string | undefined {
  const { publicKey, keyAlgorithm } = certificate
  // RFC 5480, section 2.1.1: curves go by name. Parameters spelled out were the way into CVE-2020-0601.
  if (keyAlgorithm.oid === ecPublicKeyOid && keyAlgorithm.parameters?.[0] !== tags.objectIdentifier)
    return 'an elliptic curve that is not named'
  if (!publicKey)
    return purpose === 'any' && isDsa(certificate) ? undefined : 'a key of a kind that cannot be used'
  const details = publicKey.asymmetricKeyDetails
  switch (publicKey.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return rsaFault(details?.modulusLength ?? 0, details?.publicExponent ?? 0n)
    case 'ec':
      return webCurves.includes(details?.namedCurve ?? '')
        ? undefined
        : `a key on the curve ${details?.namedCurve}, which clients do not know`
    case 'ed25519':
    case 'ed448':
      return undefined
    case 'dsa':
      return purpose === 'any' ? undefined : 'a DSA key, which no client accepts any more'
    default:
      return 'a key that cannot sign'
  }
}

const dsaOid = '1.2.840.10040.4.1'

/** A DSA key may leave its parameters to its issuer (RFC 3279, section 2.3.2) and is no key by itself then. */
function isDsa({ keyAlgorithm }: ParsedCertificate): boolean {
  return keyAlgorithm.oid === dsaOid && keyAlgorithm.parameters === undefined
}

function rsaFault(bits: number, exponent: bigint): string | undefined {
  if (bits < smallestRsaBits) return `an RSA key of ${bits} bits; at least ${smallestRsaBits} are needed`
  if (exponent < 3n || exponent % 2n === 0n) return 'an RSA key with a broken exponent'
  return undefined
}

/** Why the signature is worth nothing, `by RSA with SHA-1…`, or undefined. */
export function signatureFault(certificate: ParsedCertificate, purpose: Purpose): string | undefined {
  const scheme = signatureScheme(certificate.signatureAlgorithm)
  if (!scheme) return `by ${schemeInWords(certificate.signatureAlgorithm)}, which is not known`
  const old = scheme.kind === 'dsa' && purpose === 'any'
  const broken = scheme.hash === 'md5' || (scheme.hash === 'sha1' && !old)
  return broken ? `by ${schemeInWords(certificate.signatureAlgorithm)}, which can be forged` : undefined
}
