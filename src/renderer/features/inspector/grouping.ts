import type { CertificateFacts, IntakeReport, Piece } from '../../../contract/inspect/certificate-facts.ts'
import { roleOf } from '../../ui/certificate/certificate-facts.tsx'

export interface PieceGroup {
  leaf: Piece
  chain: Piece[]
  root: Piece | null
  key: Piece | null
}

export interface Grouped {
  groups: PieceGroup[]
  /** Pieces without related ones. */
  alone: Piece[]
  /** Ids of duplicates of an earlier piece. */
  repeated: ReadonlySet<string>
}

/** Pieces of `report` in list order: groups first, then single pieces. */
export function groupPieces(report: IntakeReport): Grouped {
  const byId = new Map(report.pieces.map((piece) => [piece.id, piece]))
  const groups = report.bundles.flatMap((bundle) => {
    const leaf = byId.get(bundle.leaf)
    if (!leaf) return []
    const chain = bundle.chain.flatMap((id) => byId.get(id) ?? [])
    const key = (bundle.key && byId.get(bundle.key)) || null
    return [{ leaf, chain, root: rootAbove(chain.at(-1) ?? leaf, report.pieces), key }]
  })
  const grouped = new Set(groups.flatMap(({ leaf, chain, root, key }) => [leaf, ...chain, root, key]))
  return {
    groups,
    alone: report.pieces.filter((piece) => !grouped.has(piece)),
    repeated: repeatedIds(report.pieces),
  }
}

/** Matches the issuer by name, which is enough for a list; verification checks the signature. */
function rootAbove({ certificate }: Piece, pieces: readonly Piece[]): Piece | null {
  if (!certificate || certificate.isSelfSigned) return null
  const isRoot = (facts: CertificateFacts) => roleOf(facts) === 'root' && facts.subject === certificate.issuer
  return pieces.find((piece) => piece.certificate && isRoot(piece.certificate)) ?? null
}

function repeatedIds(pieces: readonly Piece[]): Set<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { id, kind, certificate, publicKey } of pieces) {
    const says = certificate?.fingerprintSha256 ?? publicKey?.spkiSha256
    if (says === undefined) continue
    if (seen.has(kind + says)) repeated.add(id)
    seen.add(kind + says)
  }
  return repeated
}

/** Certificate in `report` with the same public key as `piece`, which is a key or a CSR. */
export function certificateOfKey(report: IntakeReport, piece: Piece): Piece | null {
  const spki = piece.publicKey?.spkiSha256
  if (spki === undefined || piece.certificate) return null
  return report.pieces.find((each) => each.certificate?.publicKey.spkiSha256 === spki) ?? null
}
