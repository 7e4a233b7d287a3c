import type { CertificateFacts, IntakeReport, Piece } from '../../../contract/certificate-facts.ts'
import { roleOf } from '../../ui/certificate/role.ts'

/** A certificate with its chain, its root and its key, as far as they were found. */
export interface PieceGroup {
  leaf: Piece
  chain: Piece[]
  root: Piece | null
  key: Piece | null
}

export interface Grouped {
  groups: PieceGroup[]
  /** What belongs to nothing else that was given. */
  alone: Piece[]
  /** Ids of pieces that say the same as an earlier one. */
  repeated: ReadonlySet<string>
}

/** The pieces of `report` as they are listed: groups first, then what stands alone. */
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

/** By name alone, for the list; whether it signed what is below it is the verification's to say. */
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

/** The certificate among `report` with the same public key as `piece`, for a key or a request. */
export function certificateOfKey(report: IntakeReport, piece: Piece): Piece | null {
  const spki = piece.publicKey?.spkiSha256
  if (spki === undefined || piece.certificate) return null
  return report.pieces.find((each) => each.certificate?.publicKey.spkiSha256 === spki) ?? null
}
