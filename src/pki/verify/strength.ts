import { formatScheme, signatureScheme, type SignatureScheme } from '../x509/algorithms.ts'
import { tags } from '../asn1/der.ts'
import type { Certificate } from '../x509/certificate.ts'
import { largestRsaBits } from '../x509/signatures.ts'

const smallestRsaBits = 2048
const ecPublicKeyOid = '1.2.840.10045.2.1'
const webCurves = ['prime256v1', 'secp384r1', 'secp521r1']

/** Reason why the key is too weak or unusable, `an RSA key of 1024 bits…`, or undefined. */
export function keyFault({ publicKey, keyAlgorithm }: Certificate): string | undefined {
  // RFC 5480, section 2.1.1: named curves only. Explicit parameters enabled CVE-2020-0601.
  if (keyAlgorithm.oid === ecPublicKeyOid && keyAlgorithm.parameters?.[0] !== tags.objectIdentifier)
    return 'an elliptic curve that is not named'
  const details = publicKey?.asymmetricKeyDetails
  switch (publicKey?.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return rsaFault(details?.modulusLength ?? 0, details?.publicExponent ?? 0n)
    case 'ec':
      return curveFault(details?.namedCurve ?? '')
    case 'ed25519':
    case 'ed448':
    case 'ml-dsa-44':
    case 'ml-dsa-65':
    case 'ml-dsa-87':
      return undefined
    case 'dsa':
      return 'a DSA key, which no client accepts any more'
    default:
      return 'a key of a kind that cannot be used'
  }
}

function rsaFault(bits: number, exponent: bigint): string | undefined {
  if (bits < smallestRsaBits) return `an RSA key of ${bits} bits; at least ${smallestRsaBits} are needed`
  if (bits > largestRsaBits) return `an RSA key of ${bits} bits; at most ${largestRsaBits} are checked`
  if (exponent < 3n || exponent % 2n === 0n) return 'an RSA key with a broken exponent'
  return undefined
}

function curveFault(curve: string): string | undefined {
  return webCurves.includes(curve) ? undefined : `a key on the curve ${curve}, which clients do not know`
}

/** Reason why the signature is worthless, `by RSA with SHA-1…`, or undefined. */
export function signatureFault({ signatureAlgorithm }: Certificate): string | undefined {
  const scheme = signatureScheme(signatureAlgorithm)
  if (!scheme) return `by ${formatScheme(signatureAlgorithm)}, which is not known`
  return isForgeable(scheme) ? `by ${formatScheme(signatureAlgorithm)}, which can be forged` : undefined
}

/** Collisions are feasible for both (RFC 6151, section 2; RFC 9155, section 1). */
export function isForgeable({ hash }: SignatureScheme): boolean {
  return hash === 'md5' || hash === 'sha1'
}
