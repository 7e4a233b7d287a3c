import type {
  CertificateFacts,
  IntakeReport,
  Piece,
} from '../../../src/contract/inspect/certificate-facts.ts'

/** Facts of a certificate for `title` with the public key `key`, as the engine would report them. */
export function certificateFacts(title: string, rest: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: `CN=${title}`,
    issuer: 'CN=Bakery R3',
    title,
    names: { dns: [title], ip: [], email: [], uri: [] },
    notBefore: '2026-11-01T00:00:00.000Z',
    notAfter: '2027-01-30T00:00:00.000Z',
    lifetimeDays: 90,
    serialHex: '01',
    version: 3,
    publicKey: { type: 'EC', curve: 'P-256', spkiSha256: `5b${title}` },
    signatureAlgorithm: 'ECDSA with SHA-256',
    fingerprintSha256: `f1${title}`,
    fingerprintSha1: `f2${title}`,
    spkiPin: 'pin',
    isCa: false,
    isSelfSigned: false,
    keyUsage: [],
    extendedKeyUsage: [],
    extensions: [],
    ...rest,
  }
}

/** Facts of a CA; of a root if it issued itself. */
export function authorityFacts(title: string, issuer: string): CertificateFacts {
  const subject = `CN=${title}`
  return certificateFacts(title, { isCa: true, issuer, isSelfSigned: issuer === subject })
}

export function certificatePiece(id: string, facts: CertificateFacts): Piece {
  return {
    id,
    kind: 'certificate',
    place: { file: 'all.pem', block: 1 },
    title: 'Certificate',
    certificate: facts,
  }
}

export function keyPiece(id: string, spkiSha256: string, file = 'shop.key'): Piece {
  return {
    id,
    kind: 'private-key',
    place: { file },
    title: 'EC P-256 private key (PKCS#8)',
    publicKey: { type: 'EC', curve: 'P-256', spkiSha256 },
  }
}

export function report(rest: Partial<IntakeReport> = {}): IntakeReport {
  return {
    pieces: [],
    problems: [],
    fixes: [],
    bundles: [],
    orphans: [],
    keyMatch: null,
    servable: null,
    clean: null,
    notServable: null,
    ...rest,
  }
}
