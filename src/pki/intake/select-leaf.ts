import type { Piece } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Intake, OcspBeside } from './intake.ts'

/** One certificate of an input, and the others, which may be its chain. DER. */
export interface SelectedLeaf {
  leaf: Uint8Array
  piece: Piece
  others: Uint8Array[]
  /** The ones above the leaf, its issuer first; no root. */
  chain: Uint8Array[]
  revocationLists: Uint8Array[]
  ocspResponses: OcspBeside[]
}

/**
 * Selects the certificate with the fingerprint `leafSha256`, else the leaf of the first bundle, else the
 * first certificate.
 * @throws EdgekeepError `certificate.missing`
 */
export function selectLeaf(
  intake: Pick<Intake, 'report' | 'certificates' | 'revocationLists' | 'ocspResponses'>,
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
    ocspResponses: intake.ocspResponses(),
  }
}
