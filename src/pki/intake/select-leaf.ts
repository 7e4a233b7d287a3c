import type { Piece } from '../../contract/certificate-facts.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import type { Intake } from './intake.ts'

/** One certificate among those of an input, and the others, which may be its chain. DER. */
export interface SelectedLeaf {
  leaf: Uint8Array
  /** The leaf as the report has it. */
  piece: Piece
  others: Uint8Array[]
  /** Of those the ones that stand above it, its issuer first; no root. */
  chain: Uint8Array[]
  /** The revocation lists that lie beside them. */
  revocationLists: Uint8Array[]
}

/**
 * The certificate with the fingerprint `leafSha256`, else the leaf of the first bundle, else the first.
 * @throws EdgekeepError `certificate.missing`
 */
export function selectLeaf(
  intake: Pick<Intake, 'report' | 'certificates' | 'revocationLists'>,
  leafSha256?: string,
): SelectedLeaf {
  const certificates = intake.certificates()
  const leafId =
    leafSha256 === undefined
      ? (intake.report.bundles[0]?.leaf ?? certificates.keys().next().value)
      : intake.report.pieces.find((piece) => piece.certificate?.fingerprintSha256 === leafSha256)?.id
  const leaf = leafId === undefined ? undefined : certificates.get(leafId)
  const piece = intake.report.pieces.find(({ id }) => id === leafId)
  if (!leaf || !piece) throw new EdgekeepError('certificate.missing', {})
  const bundle = intake.report.bundles.find((each) => each.leaf === leafId)
  return {
    leaf,
    piece,
    others: [...certificates].flatMap(([id, der]) => (id === leafId ? [] : [der])),
    chain: (bundle?.chain ?? []).flatMap((id) => certificates.get(id) ?? []),
    revocationLists: [...intake.revocationLists().values()],
  }
}
