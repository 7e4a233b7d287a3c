import { OctetString } from '@peculiar/asn1-schema'
import { GeneralName, SubjectAlternativeName } from '@peculiar/asn1-x509'
import { oids } from './authority-certificates.ts'
import { newLeafKey } from './leaf-keys.ts'
import { commonNameOnly, extension, signCertificate } from './certificate-template.ts'
import { toPem } from '../formats/convert.ts'

const hourMs = 3_600_000
/** id-pe-acmeIdentifier (RFC 8737, section 6.1). */
const acmeIdentifier = '1.3.6.1.5.5.7.1.31'

/**
 * The certificate of tls-alpn-01 (RFC 8737, section 3): self-signed, for one name, with the SHA-256 of the
 * key authorization. Its key is used for nothing else.
 */
export async function createChallengeCertificate(request: {
  name: string
  digest: Buffer
  at: Date
}): Promise<{ certificatePem: string; keyPem: string }> {
  const { name, digest, at } = request
  const { publicKey, privateKey } = await newLeafKey('p256')
  const subject = commonNameOnly('Edgekeep challenge')
  const der = signCertificate(
    {
      subject,
      issuer: subject,
      notBefore: new Date(at.getTime() - hourMs),
      notAfter: new Date(at.getTime() + 7 * 24 * hourMs),
      publicKey,
      extensions: [
        extension(oids.names, new SubjectAlternativeName([new GeneralName({ dNSName: name })])),
        extension(acmeIdentifier, new OctetString(new Uint8Array(digest).buffer), true),
      ],
    },
    privateKey,
  )
  return { certificatePem: toPem(der), keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
}
