import { X509Certificate } from 'node:crypto'

/** A root of the local authority, public parts only. */
export interface TrustedRoot {
  pem: string
  /** SHA-256 of the certificate, lower-case hex. */
  fingerprint: string
  title: string
}

/** Which of the local authority's roots stores should have, and which are ours at all. */
export interface WantedRoots {
  /** The one that signs. */
  current: TrustedRoot
  /** Earlier ones that certificates in use lead to. */
  retired: TrustedRoot[]
  /** Every root that this vault ever had. */
  ours: TrustedRoot[]
}

/** How our certificates are called in stores that take a name. */
export function nicknameOf({ fingerprint }: Pick<TrustedRoot, 'fingerprint'>): string {
  return `Edgekeep ${fingerprint.slice(0, 16)}`
}

export function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()
}

/** SHA-1 of the certificate, lower-case hex, by which macOS, Windows and .NET file certificates; never a proof of what one is. */
export function thumbprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint.replaceAll(':', '').toLowerCase()
}

const beginLine = '-----BEGIN CERTIFICATE-----'
const endLine = '-----END CERTIFICATE-----'

/** The certificates of a PEM bundle, each as it stands there; text between them is left out. */
export function certificatesIn(bundle: string): string[] {
  const found: string[] = []
  for (let at = bundle.indexOf(beginLine); at >= 0; at = bundle.indexOf(beginLine, at + 1)) {
    const end = bundle.indexOf(endLine, at)
    if (end < 0) break
    found.push(`${bundle.slice(at, end + endLine.length)}\n`)
  }
  return found
}

/** Whether a bundle has a certificate: compared by its bytes, however it is wrapped. */
export function bundleHas(bundle: string, { pem }: TrustedRoot): boolean {
  const bytes = (text: string) => text.replaceAll(/[\s]|-----[A-Z ]+-----/g, '')
  const wanted = bytes(pem)
  return certificatesIn(bundle).some((each) => bytes(each) === wanted)
}
