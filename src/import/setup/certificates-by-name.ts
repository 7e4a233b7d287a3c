import { X509Certificate } from 'node:crypto'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import type { CertificateFiles } from './found.ts'

export type CertificateOf = (name: string) => CertificateFiles | 'unknown'

/** Reads a file that may hold a key. */
type Read = (path: string) => Buffer

/** Finds the certificate that covers a name: one that has the name itself before one with a wildcard. */
export function certificatesByName(certificates: CertificateFiles[], bytesOf: Read): CertificateOf {
  const read = certificates.flatMap((each) => {
    const certificate = certificateIn(each.certificate, bytesOf)
    return certificate ? [{ each, certificate }] : []
  })
  return (name) => {
    const host = name.replace(/^\*\./, 'any.')
    const covering = (wildcards: boolean) =>
      read.find(({ certificate }) => certificate.checkHost(host, { subject: 'never', wildcards }))?.each
    return covering(false) ?? covering(true) ?? 'unknown'
  }
}

/** First certificate of a file, which may hold a key too; null without one. */
export function certificateIn(path: string, bytesOf: Read): X509Certificate | null {
  try {
    using bytes = new SecretBytes(bytesOf(path))
    return new X509Certificate(bytes.bytes)
  } catch {
    // Reported when the certificate itself is imported.
    return null
  }
}
