import type { Certificate } from '../x509/certificate.ts'
import { accessUrls } from '../x509/extension-contents.ts'
import { extensionIn, keyUsageBits } from '../x509/extensions.ts'

const serverAuth = '1.3.6.1.5.5.7.3.1'
const anyPurpose = '2.5.29.37.0'

/** Reasons for which clients refuse a certificate as a TLS server's, each a phrase without details of it. */
export function serverBreaches({ decoded, extensions }: Certificate): string[] {
  const { extendedKeyUsage: purposes, keyUsage, basicConstraints, authorityInfoAccess } = decoded
  const breaches = {
    'it is not issued for TLS servers':
      purposes && !purposes.includes(serverAuth) && !purposes.includes(anyPurpose),
    'its key may not sign handshakes': keyUsage && !keyUsage.has(keyUsageBits.digitalSignature),
    'it is the certificate of an authority': basicConstraints?.isCa,
    'it demands a stapled OCSP answer, and names no OCSP responder':
      extensionIn(extensions, 'tlsFeature') && accessUrls(authorityInfoAccess, 'ocsp').length === 0,
  }
  return Object.entries(breaches).flatMap(([phrase, isBroken]) => (isBroken ? [phrase] : []))
}
