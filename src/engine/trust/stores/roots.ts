import { X509Certificate } from 'node:crypto'

/** Root of the local authority, public parts only. */
export interface TrustedRoot {
  pem: string
  /** SHA-256 of the certificate, lower-case hex. */
  fingerprint: string
  title: string
  /** True for the root of another authority, which a person chose to trust. */
  isForeign?: boolean
}

export interface WantedRoots {
  /** Root of the signing authority. */
  current: TrustedRoot
  /** Former roots of certificates in use. */
  retired: TrustedRoot[]
  /** Every root that this vault ever had. */
  ours: TrustedRoot[]
}

/** Name of the root's certificate in stores that have names. */
export function nicknameOf({ fingerprint }: Pick<TrustedRoot, 'fingerprint'>): string {
  return `Edgekeep ${fingerprint.slice(0, 16)}`
}

export function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()
}

/** SHA-1, lower-case hex: the key of certificates in macOS, Windows and .NET stores, never a proof. */
export function thumbprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint.replaceAll(':', '').toLowerCase()
}

const beginLine = '-----BEGIN CERTIFICATE-----'
const endLine = '-----END CERTIFICATE-----'

/** Certificates of a PEM bundle verbatim, without text between them. */
export function certificatesIn(bundle: string): string[] {
  const found: string[] = []
  for (let at = bundle.indexOf(beginLine); at >= 0; at = bundle.indexOf(beginLine, at + 1)) {
    const end = bundle.indexOf(endLine, at)
    if (end < 0) break
    found.push(`${bundle.slice(at, end + endLine.length)}\n`)
  }
  return found
}

/** Compares certificates by their bytes, regardless of line wrapping. */
export function bundleHas(bundle: string, { pem }: TrustedRoot): boolean {
  const bytes = (text: string) => text.replaceAll(/[\s]|-----[A-Z ]+-----/g, '')
  const wanted = bytes(pem)
  return certificatesIn(bundle).some((each) => bytes(each) === wanted)
}
