import type { IntakeReport, Piece } from '../../../contract/certificate-facts.ts'

/** A certificate with its chain and, where it was found, its key: what belongs together by public key. */
export interface PieceGroup {
  leaf: Piece
  chain: Piece[]
  key: Piece | null
}

export interface Grouped {
  groups: PieceGroup[]
  /** What belongs to nothing else that was given. */
  alone: Piece[]
  /** Every listed piece from top to bottom, for moving by arrow keys. */
  order: string[]
}

/** The pieces of `report` as they are listed: groups first, then what stands alone. */
export function groupPieces(report: IntakeReport): Grouped {
  const byId = new Map(report.pieces.map((piece) => [piece.id, piece]))
  const piecesOf = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? [])
  const groups = report.bundles.flatMap((bundle) => {
    const leaf = byId.get(bundle.leaf)
    if (!leaf) return []
    return [{ leaf, chain: piecesOf(bundle.chain), key: (bundle.key && byId.get(bundle.key)) || null }]
  })
  const grouped = new Set(groups.flatMap(idsOf))
  const alone = report.pieces.filter((piece) => !grouped.has(piece.id))
  return { groups, alone, order: [...groups.flatMap(idsOf), ...alone.map((piece) => piece.id)] }
}

function idsOf(group: PieceGroup): string[] {
  return [group.leaf.id, ...group.chain.map((piece) => piece.id), ...(group.key ? [group.key.id] : [])]
}

/** The certificate among `report` with the same public key as `piece`, for a key or a request. */
export function certificateOfKey(report: IntakeReport, piece: Piece): Piece | null {
  const spki = piece.publicKey?.spkiSha256
  if (spki === undefined || piece.certificate) return null
  return report.pieces.find((each) => each.certificate?.publicKey.spkiSha256 === spki) ?? null
}
